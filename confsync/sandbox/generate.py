"""A space of any size, the same for the same size: for benchmarks and for tests of scale."""

import html
import random
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from confsync.sandbox.rows import SpaceRow, VersionRow
from confsync.sandbox.store import Store
from confsync.sandbox.store.database import stamp
from confsync.sandbox.store.titles import fold

KEY = "GEN"
_SPACE_ID = 90_000_000
_FIRST_PAGE = 100_000_001
_BEGIN = datetime(2024, 1, 8, 8, 0, tzinfo=UTC)
_AUTHORS = tuple(f"557058:00000000-0000-4000-8000-{n:012d}" for n in range(101, 106))
_LABELS = ("howto", "runbook", "reference", "draft-idea", "archive-candidate", "api", "release", "onboarding")
_WORDS = [
    "the",
    "pump",
    "valve",
    "station",
    "gateway",
    "sensor",
    "river",
    "level",
    "report",
    "service",
    "team",
    "deploy",
    "release",
    "window",
    "backup",
    "restore",
    "alarm",
    "threshold",
    "battery",
    "antenna",
    "firmware",
    "update",
    "check",
    "before",
    "after",
    "every",
    "morning",
    "operator",
    "opens",
    "closes",
    "writes",
    "reads",
    "measures",
    "compares",
    "sends",
    "receives",
    "data",
    "message",
    "queue",
    "table",
    "index",
    "page",
    "link",
    "picture",
    "road",
    "bridge",
    "weather",
    "quiet",
    "slow",
    "quick",
    "simple",
    "careful",
    "steady",
    "remote",
    "local",
    "shared",
    "private",
    "public",
    "small",
    "large",
    "first",
    "second",
    "last",
]
_TOPICS = (
    "Install",
    "Operate",
    "Monitor",
    "Repair",
    "Plan",
    "Review",
    "Calibrate",
    "Upgrade",
    "Migrate",
    "Explain",
)
_FANOUT = 7


def generate(store: Store, pages: int, *, author: str) -> SpaceRow:
    """Make the space `GEN` of this many pages, the home page included."""
    rng = random.Random(f"confsync {pages}")  # noqa: S311 - the same pages every time
    with store.database.write():
        for account in _AUTHORS:
            store.people.ensure(account)
        space = store.spaces.create(KEY, "Generated", author=author, space_id=_SPACE_ID)
        for index in range(pages):
            _page(store, space, rng, index)
        if pages:
            store.spaces.set_homepage(space.id, _FIRST_PAGE)
    return store.spaces.get(space.id)


def _page(store: Store, space: SpaceRow, rng: random.Random, index: int) -> None:
    page = _FIRST_PAGE + index
    parent = None if index == 0 else _FIRST_PAGE + (index - 1) // _FANOUT
    title = _title(rng, index)
    number, when = (
        rng.randint(1, 6),
        stamp(_BEGIN + timedelta(minutes=97 * index, seconds=rng.randint(0, 59))),
    )
    editor = rng.choice(_AUTHORS)
    store.database.insert(
        "content",
        id=page,
        type="page",
        subtype="",
        status="current",
        space=space.id,
        parent=parent,
        container=None,
        position=index * 100,
        title=title,
        folded=fold(title),
        author=rng.choice(_AUTHORS),
        owner=editor,
        created=stamp(_BEGIN + timedelta(minutes=90 * index)),
        number=number,
        editor=editor,
        modified=when,
        message="",
        minor=0,
    )
    store.contents.put_version(VersionRow(page, number, title, editor, when, "", minor=False), _body(rng))
    if rng.random() < 0.4:  # noqa: PLR2004 - two pages in five
        store.labels.add(page, [("global", name) for name in rng.sample(_LABELS, rng.randint(1, 3))])
    store.database.keep_id(page)


def _title(rng: random.Random, index: int) -> str:
    if index == 0:
        return "Generated Home"
    return f"{rng.choice(_TOPICS)} the {rng.choice(_WORDS)} {rng.choice(_WORDS)} {index}"


def _body(rng: random.Random) -> str:
    return "".join(rng.choice(_BLOCKS)(rng) for _ in range(rng.randint(4, 14)))


def _sentence(rng: random.Random, least: int = 6, most: int = 18) -> str:
    words = [rng.choice(_WORDS) for _ in range(rng.randint(least, most))]
    said = " ".join(words).capitalize()
    if rng.random() < 0.3:  # noqa: PLR2004 - now and then
        said += f" <strong>{rng.choice(_WORDS)}</strong> &ndash; <em>{rng.choice(_WORDS)}</em>"
    return f"{said}."


def _paragraph(rng: random.Random) -> str:
    return "<p>" + " ".join(_sentence(rng) for _ in range(rng.randint(1, 5))) + "</p>"


def _heading(rng: random.Random) -> str:
    level = rng.choice((2, 2, 3))
    return f"<h{level}>{' '.join(rng.choice(_WORDS) for _ in range(3)).capitalize()}</h{level}>"


def _list(rng: random.Random) -> str:
    tag = rng.choice(("ul", "ol"))
    items = "".join(f"<li><p>{_sentence(rng, 3, 9)}</p></li>" for _ in range(rng.randint(2, 6)))
    return f"<{tag}>{items}</{tag}>"


def _table(rng: random.Random) -> str:
    columns = rng.randint(2, 4)
    head = "".join(f"<th><p>{rng.choice(_WORDS)}</p></th>" for _ in range(columns))
    rows = "".join(
        "<tr>" + "".join(f"<td><p>{_sentence(rng, 1, 5)}</p></td>" for _ in range(columns)) + "</tr>"
        for _ in range(rng.randint(1, 6))
    )
    return f"<table><tbody><tr>{head}</tr>{rows}</tbody></table>"


def _macro(rng: random.Random, name: str, inside: str) -> str:
    macro_id = uuid.UUID(int=rng.getrandbits(128), version=4)
    return (
        f'<ac:structured-macro ac:name="{name}" ac:schema-version="1" ac:macro-id="{macro_id}">'
        f"{inside}</ac:structured-macro>"
    )


def _panel(rng: random.Random) -> str:
    body = f"<ac:rich-text-body>{_paragraph(rng)}</ac:rich-text-body>"
    return _macro(rng, rng.choice(("info", "note", "tip", "warning")), body)


def _code(rng: random.Random) -> str:
    lines = "\n".join(
        f"{rng.choice(_WORDS)} = {rng.choice(_WORDS)}({rng.randint(1, 99)})" for _ in range(rng.randint(2, 8))
    )
    language = '<ac:parameter ac:name="language">python</ac:parameter>'
    return _macro(rng, "code", f"{language}<ac:plain-text-body><![CDATA[{lines}]]></ac:plain-text-body>")


def _link(rng: random.Random) -> str:
    words = html.escape(" ".join(rng.choice(_WORDS) for _ in range(3)))
    return (
        f'<p>{_sentence(rng)} <a href="https://example.com/{rng.randint(1, 999)}">{words}</a>, and '
        '<ac:link><ri:page ri:content-title="Generated Home" ri:version-at-save="1" />'
        "<ac:link-body>home</ac:link-body></ac:link>.</p>"
    )


_BLOCKS: tuple[Callable[[random.Random], str], ...] = (
    _paragraph,
    _paragraph,
    _paragraph,
    _heading,
    _list,
    _table,
    _panel,
    _code,
    _link,
)
