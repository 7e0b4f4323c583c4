"""Delivered files in, lake or quarantine out: every row accounted for, no personal data in clear."""
