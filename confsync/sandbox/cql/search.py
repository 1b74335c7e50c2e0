"""Run a query on the store."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from confsync.sandbox.cql.compile import condition, ordering
from confsync.sandbox.cql.fields import unknown
from confsync.sandbox.cql.functions import Scope, values_of
from confsync.sandbox.cql.grammar import And, Clause, Node, Not, Or, parse
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.rows import Content, Person, SpaceRow
from confsync.sandbox.saving.text import matches
from confsync.sandbox.store import Store
from confsync.sandbox.store.database import marks

_USER_FIELDS = ("user", "user.fullname", "user.accountid", "user.userkey", "type")
_VISIBLE = (
    "c.status IN (SELECT value FROM json_each(?)) AND (c.status != 'draft' OR c.author = ?) "
    "AND c.id NOT IN (SELECT value FROM json_each(?)) "
    "AND (c.container IS NULL "
    "OR EXISTS (SELECT 1 FROM content p WHERE p.id = c.container AND p.status = 'current'))"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search, and how many rows there are in all."""

    rows: Sequence[Content]
    total: int


@dataclass(frozen=True, slots=True)
class Context:
    """Where a query is asked from, and what besides the usual it may find."""

    statuses: Sequence[str] = ("current",)
    content: str = ""
    """The id that `currentContent()` stands for."""
    space: str = ""
    """The key that `currentSpace()` stands for."""
    archived_spaces: bool = False
    """Whether content of archived spaces is found, too."""


EVERYWHERE = Context()


def search(
    store: Store, cql: str, viewer: str, *, start: int, limit: int, context: Context = EVERYWHERE
) -> Found:
    """Content that matches and that the viewer may see.

    Raises:
        Invalid: the query is wrong; the reason is in the server's own words.
    """
    query = parse(cql)
    scope = Scope(store, viewer, store.database.clock(), context.content, context.space)
    asked = condition(query, scope)
    hidden = store.restrictions.hidden_from(viewer)
    where = f"FROM content c WHERE ({asked.sql}) AND {_VISIBLE}"
    if not context.archived_spaces:
        where += " AND c.space NOT IN (SELECT id FROM space WHERE status = 'archived')"
    values = (*asked.values, _json(context.statuses), viewer, str(sorted(hidden)))
    order = ordering(query)
    found = store.database.all(f"SELECT c.id {where} ORDER BY {order}", *values)
    shown = [int(row["id"]) for row in found[start : start + limit]]
    rows = store.database.all(f"SELECT * FROM content WHERE id IN ({marks(shown)})", *shown)  # noqa: S608 - placeholders
    contents = {int(row["id"]): Content.of(row) for row in rows}
    return Found([contents[content] for content in shown], len(found))


def _json(values: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values if value.isalpha()) + "]"


def search_people(store: Store, cql: str, viewer: str) -> list[Person]:
    """Users that match.

    Raises:
        Invalid: the query is wrong, or has fields that users do not have.
    """
    where = parse(cql).where
    scope = Scope(store, viewer, store.database.clock())
    return [person for person in store.people.all() if where is None or _holds(where, person, scope)]


def _holds(node: Node, person: Person, scope: Scope) -> bool:
    match node:
        case Not(inside):
            return not _holds(inside, person, scope)
        case And(parts):
            return all(_holds(part, person, scope) for part in parts)
        case Or(parts):
            return any(_holds(part, person, scope) for part in parts)
        case Clause():
            return _person_matches(node, person, scope)


def _person_matches(clause: Clause, person: Person, scope: Scope) -> bool:
    if clause.field not in _USER_FIELDS:
        raise Invalid(f"No field exists with the name: '{clause.field}'")
    said = [one for value in clause.values for one in values_of(value, scope)]
    if clause.operator in ("~", "!~"):
        return matches(f"{person.name} {person.email}", said[0]) == (clause.operator == "~")
    own = {
        "user": {person.account_id, person.user_key, person.username},
        "user.fullname": {person.name},
        "user.accountid": {person.account_id},
        "user.userkey": {person.user_key},
        "type": {"user"},
    }[clause.field]
    return bool(own & set(said)) == (clause.operator in ("=", "in"))


def search_spaces(store: Store, cql: str, viewer: str) -> list[SpaceRow]:
    """Spaces that match a query for `type = space`.

    Raises:
        Invalid: the query is wrong, or has fields that spaces do not have.
    """
    where = parse(cql).where
    scope = Scope(store, viewer, store.database.clock())
    return [space for space in store.spaces.all() if where is None or _space_holds(where, space, scope)]


def _space_holds(node: Node, space: SpaceRow, scope: Scope) -> bool:
    match node:
        case Not(inside):
            return not _space_holds(inside, space, scope)
        case And(parts):
            return all(_space_holds(part, space, scope) for part in parts)
        case Or(parts):
            return any(_space_holds(part, space, scope) for part in parts)
        case Clause():
            return _space_matches(node, space, scope)


def _space_matches(clause: Clause, space: SpaceRow, scope: Scope) -> bool:
    said = [one.casefold() for value in clause.values for one in values_of(value, scope)]
    if clause.operator in ("~", "!~"):
        return matches(f"{space.name} {space.description}", said[0]) == (clause.operator == "~")
    own = {
        "type": "space",
        "space": space.key,
        "space.key": space.key,
        "space.title": space.name,
        "title": space.name,
        "space.type": space.type,
    }
    if clause.field not in own:
        raise unknown(clause.field)
    return (own[clause.field].casefold() in said) == (clause.operator in ("=", "in"))


def entity(cql: str) -> str:
    """What a query is about: `space` or `user` where its every answer must be one, else `content`.

    Raises:
        Invalid: the query cannot be parsed.
    """
    where = parse(cql).where
    clauses = where.parts if isinstance(where, And) else (where,)
    for clause in clauses:
        if not isinstance(clause, Clause) or clause.field != "type":
            continue
        if clause.operator in ("=", "in") and clause.values in (("space",), ("user",)):
            return str(clause.values[0])
    return "content"


def highlighted(text: str, cql: str) -> str:
    """A text with the words that a query looks for between the service's own marks."""
    words = [re.escape(word) for word in _words(parse(cql).where)]
    if not words:
        return text
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)
    return pattern.sub(lambda match: f"@@@hl@@@{match.group()}@@@endhl@@@", text)


def _words(node: Node | None) -> list[str]:
    match node:
        case And(parts) | Or(parts):
            return [word for part in parts for word in _words(part)]
        case Clause("title" | "text" | "sitesearch", "~", (str(said),)):
            return re.findall(r"\w+", said)
        case _:
            return []
