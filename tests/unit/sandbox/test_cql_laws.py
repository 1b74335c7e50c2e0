"""CQL against a second reader of the same grammar: whatever the query, both find the same."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confsync.sandbox import Colleague, Store
from confsync.sandbox.cql.grammar import And, Clause, Node, Not, Or, parse
from confsync.sandbox.cql.search import Context, search
from confsync.sandbox.refusals import Invalid, Stumbled

BEGIN = datetime(2026, 5, 1, 12, tzinfo=UTC)
WORDS = ("river", "Valve", "gate way", 'a "quote"', "back\\slash", "and", "(x)")
LABELS = ("howto", "old")
TYPES = ("page", "blogpost", "folder")


@dataclass(frozen=True, slots=True)
class Row:
    """What the second reader knows of a piece of content."""

    id: int
    type: str
    title: str
    space: str
    labels: frozenset[str]
    parent: int | None
    created: datetime


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[Store, list[Row]]]:
    minutes = iter(range(10_000))
    store = Store(clock=lambda: BEGIN + timedelta(hours=next(minutes)))
    robin = Colleague(store, store.people.ensure("r", "Robin"))
    rows: list[Row] = []
    for key in ("ONE", "TWO"):
        store.spaces.create(key, key, author="r")
        for number, word in enumerate(WORDS):
            kind = TYPES[number % len(TYPES)]
            parent = rows[-1].id if rows and rows[-1].space == key and rows[-1].type == "page" else None
            made = robin.create(key, f"{word} {number}", "<p>x</p>", parent=parent, type=kind)
            labels = [name for bit, name in enumerate(LABELS) if number >> bit & 1]
            robin.label(made.id, *labels)
            shown = store.contents.get(made.id)
            when = datetime.fromisoformat(shown.created)
            rows.append(Row(made.id, kind, shown.title, key, frozenset(labels), shown.parent, when))
    yield store, rows
    store.close()


# ------------------------------------------------------------------------------------------ any query

fields: dict[str, st.SearchStrategy[str]] = {
    "type": st.sampled_from(TYPES),
    "space": st.sampled_from(["one", "TWO", "NOPE"]),
    "label": st.sampled_from(["howto", "global:old", "none"]),
    "title": st.sampled_from([f"{word} {number}".upper() for number, word in enumerate(WORDS)]),
}
dates = st.integers(0, 14).map(lambda day: f"{BEGIN + timedelta(hours=day):%Y-%m-%d %H:%M}")


@st.composite
def clauses(draw: st.DrawFn) -> Clause:
    name = draw(st.sampled_from([*fields, "created"]))
    if name == "created":
        return Clause(name, draw(st.sampled_from(["=", "!=", ">", ">=", "<", "<="])), (draw(dates),))
    operator = draw(st.sampled_from(["=", "!=", "in", "not in"]))
    most = 1 if operator in ("=", "!=") else 3
    return Clause(name, operator, tuple(draw(st.lists(fields[name], min_size=1, max_size=most))))


def _grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return inner.map(Not) | some.map(And) | some.map(Or)


queries: st.SearchStrategy[Node] = st.recursive(clauses(), _grown, max_leaves=8)


def spelt(node: Node) -> str:
    """A query, every part in parentheses."""
    match node:
        case Not(inside):
            return f"NOT ({spelt(inside)})"
        case And(parts):
            return " AND ".join(f"({spelt(part)})" for part in parts)
        case Or(parts):
            return " or ".join(f"({spelt(part)})" for part in parts)
        case Clause(field, operator, values):
            said = [_quoted(str(value)) for value in values]
            return f"{field} {operator} " + (f"({', '.join(said)})" if "in" in operator else said[0])


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def holds(node: Node, row: Row) -> bool:
    match node:
        case Not(inside):
            return not holds(inside, row)
        case And(parts):
            return all(holds(part, row) for part in parts)
        case Or(parts):
            return any(holds(part, row) for part in parts)
        case Clause(field, operator, values):
            said = [str(value) for value in values]
            if field == "created":
                return _in_time(operator, row.created, said[0])
            found = bool(_own(field, row) & {_folded(field, value) for value in said})
            return found == (operator in ("=", "in"))


def _folded(field: str, value: str) -> str:
    return value.removeprefix("global:") if field == "label" else value.casefold()


def _own(field: str, row: Row) -> frozenset[str]:
    own: dict[str, frozenset[str]] = {
        "type": frozenset({row.type}),
        "space": frozenset({row.space.casefold()}),
        "title": frozenset({row.title.casefold()}),
        "label": row.labels,
    }
    return own[field]


def _in_time(operator: str, created: datetime, said: str) -> bool:
    begin = datetime.strptime(said, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    within = begin <= created < begin + timedelta(minutes=1)
    compare: dict[str, Callable[[], bool]] = {
        "=": lambda: within,
        "!=": lambda: not within,
        ">": lambda: created > begin,
        ">=": lambda: created >= begin,
        "<": lambda: created < begin,
        "<=": lambda: created <= begin,
    }
    return compare[operator]()


def ids(store: Store, cql: str) -> Sequence[int]:
    return [content.id for content in search(store, cql, "r", start=0, limit=1000).rows]


@settings(max_examples=150, deadline=None)
@given(query=queries)
def test_both_find_the_same(site: tuple[Store, list[Row]], query: Node) -> None:
    store, rows = site
    assert ids(store, f"{spelt(query)} order by id") == [row.id for row in rows if holds(query, row)]


@settings(max_examples=100, deadline=None)
@given(query=queries)
def test_a_query_is_read_as_it_was_written(query: Node) -> None:
    assert _flat(parse(spelt(query)).where) == _flat(query)


def _flat(node: Node | None) -> Node | None:
    """Or within or, and within and, is the same as one."""
    match node:
        case Not(inside):
            return Not(_flat(inside) or inside)
        case And(parts) | Or(parts):
            kind = type(node)
            flat = [_flat(part) or part for part in parts]
            return kind(tuple(x for one in flat for x in (one.parts if isinstance(one, kind) else (one,))))
        case _:
            return node


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("abtype=~!<>()'\"\\ ,in ANDORpage"), max_size=40))
def test_any_text_is_a_query_or_is_refused(site: tuple[Store, list[Row]], text: str) -> None:
    with suppress(Invalid, Stumbled):
        ids(site[0], text)


# -------------------------------------------------------------------------------------------- functions


def test_functions_stand_for_people_content_and_spaces(site: tuple[Store, list[Row]]) -> None:
    store, rows = site
    store.groups.join(store.groups.create("writers"), "r")
    assert len(ids(store, "creator in membersOf('writers')")) == len(rows)
    assert ids(store, "watcher = currentUser()") == []
    store.interest.put("watch", "space", "TWO", "r")
    store.interest.put("favourite", "space", "ONE", "r")
    store.interest.put("view", "content", str(rows[0].id), "r")
    assert set(ids(store, "watcher = currentUser()")) == {row.id for row in rows if row.space == "TWO"}
    assert set(ids(store, "space in favouriteSpaces()")) == {row.id for row in rows if row.space == "ONE"}
    assert ids(store, "id in recentlyViewedContent(5, 0)") == [rows[0].id]
    assert len(ids(store, "space in recentlyViewedSpaces()")) == len(WORDS)
    assert len(ids(store, "space in contributedSpaces()")) == len(rows)
    with pytest.raises(Invalid, match="No group exists"):
        ids(store, "creator in membersOf('nobody')")
    with pytest.raises(Invalid, match="cqlcontext"):
        ids(store, "id = currentContent()")


def test_properties_are_searched_by_key_and_path(site: tuple[Store, list[Row]]) -> None:
    store, rows = site
    store.properties.create("content", rows[0].id, "Mark", {"rev": 12, "who": {"name": "Ann Lee"}}, "r")
    assert ids(store, "content.property[Mark].rev = 12") == [rows[0].id]
    assert ids(store, "content.property[Mark].rev > 12") == []
    assert ids(store, 'content.property[Mark].who.name ~ "ann"') == [rows[0].id]
    assert ids(store, 'content.property[Mark].who.name in ("Ann Lee", "Bo")') == [rows[0].id]


def test_archived_spaces_are_left_out_unless_asked_for(site: tuple[Store, list[Row]]) -> None:

    store, rows = site
    store.spaces.describe(store.spaces.by_key("TWO").id, status="archived")
    everywhere = search(store, "type = page", "r", start=0, limit=100, context=Context(archived_spaces=True))
    assert {row.space for row in rows if row.id in ids(store, "type = page")} == {"ONE"}
    assert len(everywhere.rows) == 2 * len([row for row in rows if row.space == "ONE" and row.type == "page"])
    store.spaces.describe(store.spaces.by_key("TWO").id, status="current")
