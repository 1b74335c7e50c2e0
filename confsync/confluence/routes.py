"""Paths of the REST APIs, made only of what cannot break out of them."""

from confsync.errors import NotFound
from confsync.model.ids import PageId

V2 = "/api/v2"
V1 = "/rest/api"


def is_id(page: str) -> bool:
    """Whether this is a content id at all: ids come from files that people edit."""
    return page.isascii() and page.isdigit()


def v1_path(page: PageId) -> str:
    """The v1 route of one piece of content.

    Raises:
        NotFound: this is no id; it must not become part of a URL.
    """
    return f"{V1}/content/{checked(page)}"


def checked(page: PageId) -> PageId:
    """The id itself.

    Raises:
        NotFound: this is no id; it must not become part of a URL.
    """
    if not is_id(page):
        raise NotFound("This is no content id", page=page, hint="ids are digits: check the file")
    return page
