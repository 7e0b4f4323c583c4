"""Measurements beside the obvious alternative; run by hand or by `make bench`, never by the tests."""
