"""The storage side."""
