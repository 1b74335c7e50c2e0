"""confsync: a Confluence space as a folder of Markdown in git, the same in both directions."""

from confsync.convert import markdown_to_storage, storage_to_markdown

__all__ = ["__version__", "markdown_to_storage", "storage_to_markdown"]
__version__ = "0.1.0"
