"""What REST v1 does differently on Cloud and on Data Center."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Edition:
    """One of the two."""

    name: str
    person: str
    """The query parameter that asks for a person by what they are known by."""
    moves: bool
    """Whether REST can move a page; else the user interface's own route has to."""
    searches_people: bool
    """Whether people can be searched for; else everybody is listed."""
    downloads: bool
    """Whether REST hands out the bytes of an attachment; else the user interface's route does."""
    nodes: bool
    """Whether the tree has folders and the like."""


CLOUD: Final = Edition(
    "Confluence Cloud", "accountId", moves=True, searches_people=True, downloads=True, nodes=True
)
DATA_CENTER: Final = Edition(
    "Data Center", "key", moves=False, searches_people=False, downloads=False, nodes=False
)
