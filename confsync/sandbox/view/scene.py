"""What a rendered page shows of its site."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Linked:
    """Something a page points at."""

    id: str
    address: str
    title: str


class Scene(Protocol):
    """The site as seen from one page."""

    @property
    def id(self) -> str:
        """The page's own id."""
        ...

    def page(self, title: str, space_key: str) -> Linked | None:
        """A page by title; an empty key means the page's own space."""
        ...

    def file(self, filename: str) -> Linked | None:
        """An attachment of the page."""
        ...

    def person(self, account_id: str) -> str:
        """What a user is called."""
        ...

    def children(self) -> Sequence[Linked]:
        """The pages directly below."""
        ...

    def storage(self, title: str, space_key: str) -> str | None:
        """The storage of a page, for what includes it."""
        ...


class _Nowhere:
    """No site: links find nothing."""

    id = "0"

    def page(self, title: str, space_key: str) -> Linked | None:
        del title, space_key
        return None

    def file(self, filename: str) -> Linked | None:
        del filename
        return None

    def person(self, account_id: str) -> str:
        del account_id
        return ""

    def children(self) -> Sequence[Linked]:
        return ()

    def storage(self, title: str, space_key: str) -> str | None:
        del title, space_key
        return None


NOWHERE: Scene = _Nowhere()
"""For bodies that belong to no page."""
