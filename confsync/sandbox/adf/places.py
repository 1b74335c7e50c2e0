"""What a document must ask the site about: files, pages and people by their several names."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Media:
    """A file as documents know it."""

    file_id: str
    collection: str


class Places(Protocol):
    """The site as seen from one page."""

    def media(self, filename: str) -> Media | None:
        """The file of this name on the page."""
        ...

    def filename(self, file_id: str) -> str | None:
        """The name of the file with this id."""
        ...

    def page_address(self, title: str, space_key: str) -> str | None:
        """The absolute address of a page; an empty key means the page's own space."""
        ...

    def person_name(self, account_id: str) -> str:
        """What a user is called."""
        ...
