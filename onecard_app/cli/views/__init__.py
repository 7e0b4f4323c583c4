"""How answers look in a terminal: trees and tables; loaded by the command that shows them."""
