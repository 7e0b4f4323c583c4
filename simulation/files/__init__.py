"""Writes what is paid as the files that offices and banks send."""
