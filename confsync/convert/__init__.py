"""The lens between storage format and Markdown."""
