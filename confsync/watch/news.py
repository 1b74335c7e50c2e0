"""What a watch has to say, one value for each line."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from confsync.engine.session import Session
from confsync.model.settings import Settings
from confsync.plan.operation import Create, Pulled
from confsync.watch.rounds import Done, Held


class Happened(StrEnum):
    """What kind of news it is."""

    WATCHING = "watching"
    PULLED = "pulled"
    PUSHED = "pushed"
    MERGED = "merged"
    CONFLICT = "conflict"
    HELD = "held"
    """An edit waits for a person: a new page, a deletion, something that cannot be sent."""
    WARNING = "warning"
    PAUSED = "paused"
    """Offline, told to slow down, git busy, another run."""
    RESUMED = "resumed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class News:
    """One event, for a line or a JSON object."""

    happened: Happened
    path: str = ""
    page: str = ""
    detail: str = ""
    hint: str = ""
    title: str = ""
    author: str = ""
    """Who saved the version that came, where the server says."""
    url: str = ""
    """Where the page is in the browser."""
    folder: str = ""
    """The working copy, where several are watched."""


Say = Callable[[News], None]


@dataclass(frozen=True, slots=True)
class Standing:
    """How things are, for a line that is always there."""

    looked: str = ""
    """When Confluence was last looked at: UTC, ISO 8601."""
    conflicts: int = 0
    held: int = 0
    """Edits that wait for a person."""
    trouble: str = ""
    """What is in the way."""
    left: int | None = None
    """Requests that the server still allows for now, where it says."""


class Said:
    """Says what lasts only once: again when it was over in between."""

    def __init__(self) -> None:
        self._standing: frozenset[News] = frozenset()

    def fresh(self, standing: frozenset[News]) -> list[News]:
        """Of everything that is so now, what was not so before; sorted."""
        new = standing - self._standing
        self._standing = standing
        return sorted(new, key=lambda item: (item.happened, item.path, item.detail))


def events(session: Session, done: Done) -> list[News]:
    """What happened once."""
    settings, outcome = session.settings, done.outcome
    pushed = {item.page for item in outcome.pushed}
    pulled = [item for item in outcome.pulled if item.did != "conflict"]
    news = [_of_pull(settings, item) for item in pulled if item.did == "merged" or item.page not in pushed]
    news += [
        News(
            Happened.PUSHED,
            item.path,
            item.page,
            _detail(item.did, item.version),
            title=item.title,
            url=page_url(settings, item.page),
        )
        for item in outcome.pushed
    ]
    return news


def standing(session: Session, done: Done) -> frozenset[News]:
    """What stays so until somebody does something."""
    settings, outcome = session.settings, done.outcome
    found = {
        News(
            Happened.CONFLICT,
            item.path,
            item.page,
            "both sides changed the same words",
            f"`confsync resolve {item.path}`",
            url=page_url(settings, item.page),
        )
        for item in outcome.conflicts
    }
    found |= {
        News(Happened.HELD, item.path, item.page or "", item.reason, item.hint) for item in outcome.refused
    }
    found |= {News(Happened.WARNING, detail=text) for text in outcome.warnings}
    return frozenset(found | {_of_held(settings, one) for one in done.held})


def page_url(settings: Settings, page: str) -> str:
    """Where a page is in the browser: Cloud's address below `/wiki`, elsewhere the one every server knows."""
    if not page:
        return ""
    if urlsplit(settings.url).path.endswith("/wiki"):
        return f"{settings.url}/spaces/{settings.key}/pages/{page}"
    return f"{settings.url}/pages/viewpage.action?pageId={page}"


def _of_pull(settings: Settings, item: Pulled) -> News:
    return News(
        Happened.MERGED if item.did == "merged" else Happened.PULLED,
        item.path,
        item.page,
        _detail(item.did, item.version),
        title=item.title,
        author=item.author,
        url=page_url(settings, item.page),
    )


def _of_held(settings: Settings, held: Held) -> News:
    page = "" if isinstance(held.operation, Create) else held.operation.page
    path = held.operation.path
    return News(Happened.HELD, path, page, held.what, held.way, url=page_url(settings, page))


def _detail(did: str, version: int) -> str:
    return f"{did} v{version}" if version else did
