"""What a build says of itself; light, so that nothing else has to be loaded to say that nothing changed."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A link that leads nowhere, or to something that is not on the site."""

    page: str
    """The file it stands in, relative to the source."""
    target: str
    """As written."""
    reason: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about one page that its author should know."""

    page: str
    message: str


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What a build did."""

    home: str
    """The absolute path of the page to open first."""
    pages: int
    posts: int
    attachments: int
    written: int
    """Files whose bytes are new or changed."""
    unchanged: int
    removed: int
    """Files of an earlier build that nothing leads to any more."""
    broken: tuple[BrokenLink, ...] = ()
    problems: tuple[Problem, ...] = ()
    left_out: tuple[Problem, ...] = ()
    """Pages that stay off the site, and why: drafts, view restrictions."""
    restricted_shown: int = 0
    """Pages with view restrictions that are on the site, because somebody said so."""


def to_json(report: SiteReport) -> dict[str, Any]:
    """A report as JSON values."""
    return asdict(report)


def from_json(data: dict[str, Any]) -> SiteReport:
    """The report of a build after which nothing changed.

    Raises:
        KeyError, TypeError: this is none.
    """
    lists = {
        "broken": tuple(BrokenLink(**row) for row in data["broken"]),
        "problems": tuple(Problem(**row) for row in data["problems"]),
        "left_out": tuple(Problem(**row) for row in data["left_out"]),
    }
    unchanged = data["written"] + data["unchanged"]
    return SiteReport(**(data | lists | {"written": 0, "removed": 0, "unchanged": unchanged}))
