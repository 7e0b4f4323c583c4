"""One file a command: its module holds `command`, imports nothing heavy, and loads what it needs when it runs."""
