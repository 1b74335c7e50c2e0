"""The rules side."""
