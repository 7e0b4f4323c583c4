"""What is kept: the workspace, its lake and vault, what people decided, and the releases."""
