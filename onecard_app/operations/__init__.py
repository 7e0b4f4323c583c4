"""Looking after an installation: its health, its documentation, what to do next."""
