"""confsync: a Confluence space as a folder of Markdown in git, the same in both directions."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from confsync.convert import markdown_to_storage, storage_to_markdown

__all__ = ["__version__", "markdown_to_storage", "storage_to_markdown"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """The lens, imported when it is first asked for: most commands start without it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from confsync import convert  # noqa: PLC0415

    return getattr(convert, name)
