"""Words of the trade: money, months, names, numbers, places, and errors that people can act on; imports nothing of the other rooms."""
