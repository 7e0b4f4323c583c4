"""Typed questions to a release and a workspace; nothing here prints."""
