"""CQL: what a query finds, and how wrong ones are refused."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from confsync.sandbox import Colleague, Store
from confsync.sandbox.cql.search import EVERYWHERE, Context, search
from confsync.sandbox.refusals import Invalid


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """Home > Install > Linux, Windows; a folder, a post, a file, a comment."""
    times = iter(
        datetime(2026, 5, day, 12, minute, tzinfo=UTC) for day in range(1, 28) for minute in range(60)
    )
    store = Store(clock=lambda: next(times))
    robin = Colleague(store, store.people.ensure("r", "Robin Reyes"))
    space = store.spaces.create("DOCS", "Docs", author="r")
    home = robin.create("DOCS", "Home", "<p>welcome to the river</p>")
    store.spaces.set_homepage(space.id, home.id)
    install = robin.create("DOCS", "Install", "<p>how to install</p>")
    for title in ("Linux, the penguin", "Windows"):
        made = robin.create("DOCS", title, "<p>Run it.</p>", parent=install.id)
        robin.label(made.id, "howto", title[:3].lower())
    robin.create("DOCS", "Guides", type="folder")
    robin.create("DOCS", "News", "<p>Fresh</p>", type="blogpost")
    robin.attach(install.id, "plan.pdf", b"1")
    robin.comment(install.id, "how to")
    robin.trash(robin.create("DOCS", "Old").id)
    robin.archive(robin.create("DOCS", "Shelf").id)
    store.spaces.create("OTHER", "Other", author="r")
    Colleague(store, store.people.ensure("o", "Other")).create(
        "OTHER", "Elsewhere", '<p><ri:user ri:account-id="r" /></p><ac:structured-macro ac:name="toc" />'
    )
    yield store
    store.close()


def titles(store: Store, cql: str, context: Context = EVERYWHERE) -> list[str]:
    found = search(store, cql, "r", start=0, limit=100, context=context)
    assert found.total == len(found.rows)
    return [c.title for c in found.rows]


@pytest.mark.parametrize(
    ("cql", "expected"),
    [
        ('space = "docs" and type = page', ["Home", "Install", "Linux, the penguin", "Windows"]),
        ("space != DOCS", ["Elsewhere"]),
        ("type in (folder, blogpost) order by title", ["Guides", "News"]),
        ("type = attachment", ["plan.pdf"]),
        ("type = comment and space = DOCS", ["Re: Install"]),
        ('title = "INSTALL"', ["Install"]),
        ('title ~ "penguin linux"', ["Linux, the penguin"]),
        ('title ~ "win*"', ["Windows"]),
        ('title ~ "win"', []),
        (
            'title !~ "o*" and type = page and space = DOCS and title != Home',
            ["Install", "Linux, the penguin", "Windows"],
        ),
        ('text ~ "RIVER"', ["Home"]),
        ("text ~ '\"the river\"'", ["Home"]),
        ("label = howto and not label = lin", ["Windows"]),
        ("label in (lin, win) order by title desc", ["Windows", "Linux, the penguin"]),
        ("type = page and label not in (howto) and space = DOCS", ["Home", "Install"]),
        ("creator = o", ["Elsewhere"]),
        ("creator = currentUser() and type = blogpost", ["News"]),
        ("contributor in (o)", ["Elsewhere"]),
        ("mention = r", ["Elsewhere"]),
        ("macro = toc", ["Elsewhere"]),
        ("type=folder or type=blogpost and title=News", ["Guides", "News"]),
        ("(type=folder or type=blogpost) and title=News", ["News"]),
        (
            "NOT (type = page OR type = comment OR type = attachment) ORDER BY created DESC",
            ["News", "Guides"],
        ),
        ('created < "2020-01-01"', []),
        ("created >= 2026/05/01 and type = folder", ["Guides"]),
        ('lastmodified >= "2026-05-01 12:00" and type = folder', ["Guides"]),
        ('created = "2026-05-01" and type = folder', ["Guides"]),
        ('created > "2026-05-02" and type = folder', []),
        ('created > now("-2d") and type = folder', ["Guides"]),
        ("created > now() and type = folder", []),
        ("created >= startOfYear() and type = folder", ["Guides"]),
        ("space = NOPE", []),
        ("favourite = currentUser()", []),
        ("id in (1, 2)", []),
    ],
)
def test_queries(store: Store, cql: str, expected: list[str]) -> None:
    assert titles(store, cql) == expected


def test_ids_ancestors_parents_and_containers(store: Store) -> None:
    home, install = (
        search(store, f"title = {t}", "r", start=0, limit=1).rows[0].id for t in ("Home", "Install")
    )
    assert titles(store, f"id = {install}") == ["Install"]
    assert titles(store, f"ancestor = {home} and type = page") == ["Install", "Linux, the penguin", "Windows"]
    assert titles(store, f"parent = {install}") == ["Linux, the penguin", "Windows"]
    assert titles(store, f"type = page and space = DOCS and parent != {install}") == ["Home", "Install"]
    assert titles(store, f"container = {install}") == ["plan.pdf", "Re: Install"]


def test_trash_is_never_found_and_the_archive_when_asked_for(store: Store) -> None:
    assert titles(store, "title in (Old, Shelf)") == []
    assert titles(store, "title in (Old, Shelf)", Context(statuses=("archived",))) == ["Shelf"]


def test_pages_of_a_search_add_up(store: Store) -> None:
    whole = titles(store, "type = page order by title desc")
    parts = [search(store, "type = page order by title desc", "r", start=n, limit=2) for n in (0, 2, 4)]
    assert [c.title for part in parts for c in part.rows] == whole
    assert {part.total for part in parts} == {5}


@pytest.mark.parametrize(
    ("cql", "words"),
    [
        ("status = current", "No field exists with the name: 'status'\nDid you mean one of"),
        ("type = bogus", "Unsupported value for type, got : bogus, expected one of :["),
        ("type = ", "Could not parse cql : type = "),
        ("((type = page)", "Could not parse cql"),
        ("type = page garbage", "Could not parse cql"),
        ('title = ""', "Expected a value"),
        ("id = abc", "Expected a content id"),
        ("created = yesterday", "Could not parse date"),
        ("created > now('x')", "Could not parse increment"),
        ("created > tomorrow()", "No function exists with the name: 'tomorrow'"),
        ("text = river", "Operator = is not supported for field text"),
        ("space ~ docs", "Operator ~ is not supported"),
        ("type = page order by colour", "No field exists with the name: 'colour'"),
        ("title = '; drop table content; --", "Could not parse"),
    ],
)
def test_wrong_queries_are_refused_with_a_reason(store: Store, cql: str, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        search(store, cql, "r", start=0, limit=1)
    assert words in caught.value.reason


def test_quotes_are_values_not_sql(store: Store) -> None:
    assert titles(store, "title = \"x' OR '1'='1\"") == []
    assert titles(store, 'title = "a \\"quoted\\" one"') == []
