"""Marimo notebooks over a published release: read-only, offline, pictures as inline SVG of their own."""
