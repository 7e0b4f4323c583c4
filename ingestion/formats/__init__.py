"""File formats: workbooks and text files become rows of text with their place in the file."""
