"""Run a query on the store."""

from collections.abc import Sequence
from dataclasses import dataclass

from confsync.sandbox.cql.compile import Scope, condition, ordering
from confsync.sandbox.cql.grammar import And, Clause, Function, Node, Not, Or, parse
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.rows import Content, Person
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


def search(
    store: Store, cql: str, viewer: str, *, start: int, limit: int, statuses: Sequence[str] = ("current",)
) -> Found:
    """Content that matches and that the viewer may see.

    Raises:
        Invalid: the query is wrong; the reason is in the server's own words.
    """
    query = parse(cql)
    asked = condition(query, Scope(viewer, store.database.clock()))
    hidden = store.restrictions.hidden_from(viewer)
    where = f"FROM content c WHERE ({asked.sql}) AND {_VISIBLE}"
    values = (*asked.values, _json(statuses), viewer, str(sorted(hidden)))
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
    return [person for person in store.people.all() if where is None or _holds(where, person, viewer)]


def _holds(node: Node, person: Person, viewer: str) -> bool:
    match node:
        case Not(inside):
            return not _holds(inside, person, viewer)
        case And(parts):
            return all(_holds(part, person, viewer) for part in parts)
        case Or(parts):
            return any(_holds(part, person, viewer) for part in parts)
        case Clause():
            return _person_matches(node, person, viewer)


def _person_matches(clause: Clause, person: Person, viewer: str) -> bool:
    if clause.field not in _USER_FIELDS:
        raise Invalid(f"No field exists with the name: '{clause.field}'")
    said = [viewer if isinstance(v, Function) else v for v in clause.values]
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
