"""The markdown side."""
