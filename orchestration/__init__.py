"""Dagster definitions and the command line: two doors to one pipeline."""
