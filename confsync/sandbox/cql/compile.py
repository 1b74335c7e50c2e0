"""What a query means: a condition in SQL on the rows of `content`, here called `c`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from confsync.sandbox.cql.dates import span
from confsync.sandbox.cql.grammar import And, Clause, Function, Node, Not, Or, Query, Value
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.store.contents import fold
from confsync.sandbox.store.database import Value as Bound
from confsync.sandbox.store.database import marks, stamp

_TYPES = ("page", "blogpost", "comment", "attachment", "folder", "whiteboard", "database", "embed")
_OTHER_TYPES = ("space", "user", "slide")
_ORDER = {
    "created": "c.created",
    "lastmodified": "c.modified",
    "title": "c.folded",
    "id": "c.id",
    "content": "c.id",
    "type": "c.type",
    "creator": "c.author",
    "space": "(SELECT lower(key) FROM space WHERE id = c.space)",
}
_BELOW = (
    "c.id IN (WITH RECURSIVE below (id) AS ("
    "SELECT id FROM content WHERE parent IN ({}) AND container IS NULL "
    "UNION SELECT d.id FROM content d JOIN below b ON d.parent = b.id WHERE d.container IS NULL) "
    "SELECT id FROM below)"
)
_BODY = "(SELECT body FROM version v WHERE v.content = c.id AND v.number = c.number)"


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL with its bound values."""

    sql: str
    values: tuple[Bound, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, and when."""

    viewer: str
    now: datetime


def condition(query: Query, scope: Scope) -> Condition:
    """Compile the `where` of a query.

    Raises:
        Invalid: a field, operator or value that CQL does not have.
    """
    return Condition("1") if query.where is None else _node(query.where, scope)


def ordering(query: Query) -> str:
    """Compile the order; without one, rows come by id.

    Raises:
        Invalid: a field nothing is sorted by.
    """
    parts = []
    for sort in query.order:
        if sort.field not in _ORDER:
            raise _unknown(sort.field)
        parts.append(f"{_ORDER[sort.field]} {'DESC' if sort.down else 'ASC'}")
    return ", ".join([*parts, "c.id"])


def _node(node: Node, scope: Scope) -> Condition:
    match node:
        case Not(inside):
            inner = _node(inside, scope)
            return Condition(f"NOT ({inner.sql})", inner.values)
        case And(parts) | Or(parts):
            made = [_node(part, scope) for part in parts]
            word = " AND " if isinstance(node, And) else " OR "
            sql = word.join(f"({one.sql})" for one in made)
            return Condition(sql, tuple(value for one in made for value in one.values))
        case Clause():
            return _clause(node, scope)


def _clause(clause: Clause, scope: Scope) -> Condition:
    maker = _FIELDS.get(clause.field)
    if maker is None:
        raise _unknown(clause.field)
    return maker(clause, scope)


def _unknown(field: str) -> Invalid:
    return Invalid(
        f"No field exists with the name: '{field}'\n"
        "Did you mean one of : space, subtype, space.key, siteSearch, space.type"
    )


# ------------------------------------------------------------------------------------------ fields

Maker = Callable[[Clause, Scope], Condition]


def _set(sql: Callable[[str], str], read: Callable[[Value, Scope], Bound]) -> Maker:
    """A field with `=`, `!=`, `IN` and `NOT IN`; `sql` takes the placeholders."""

    def make(clause: Clause, scope: Scope) -> Condition:
        if clause.operator not in ("=", "!=", "in", "not in"):
            raise _operator(clause)
        values = tuple(read(value, scope) for value in clause.values)
        said = f"coalesce({sql(marks(values))}, 0)"
        return Condition(f"NOT {said}" if clause.operator in ("!=", "not in") else said, values)

    return make


def _operator(clause: Clause) -> Invalid:
    return Invalid(f"Operator {clause.operator} is not supported for field {clause.field}")


def _text(value: Value, scope: Scope) -> str:
    if isinstance(value, Function):
        if value.name == "currentuser":
            return scope.viewer
        raise Invalid(f"No function exists with the name: '{value.name}'")
    return value


def _lower(value: Value, scope: Scope) -> Bound:
    return _text(value, scope).lower()


def _number(value: Value, scope: Scope) -> Bound:
    raw = _text(value, scope).removeprefix("att")
    if not raw.isdigit() or len(raw) > 18:  # noqa: PLR2004 - 64 bits
        raise Invalid(f"Expected a content id, got : {raw}")
    return int(raw)


def _type(value: Value, scope: Scope) -> Bound:
    said = _text(value, scope).lower()
    if said not in (*_TYPES, *_OTHER_TYPES):
        known = ", ".join((*_OTHER_TYPES, *_TYPES))
        raise Invalid(f"Unsupported value for type, got : {said}, expected one of :[{known}]")
    return said


def _label(value: Value, scope: Scope) -> Bound:
    said = _text(value, scope).lower()
    return said if ":" in said else f"global:{said}"


def _title(clause: Clause, scope: Scope) -> Condition:
    said = [_text(value, scope) for value in clause.values]
    match clause.operator:
        case "~" | "!~":
            found = Condition("matches(c.title, ?)", (said[0],))
            return found if clause.operator == "~" else Condition(f"NOT {found.sql}", found.values)
        case "=" | "!=" | "in" | "not in":
            if not all(title.strip() for title in said):
                raise Invalid("Expected a value for field title")
            sql = f"c.folded IN ({marks(said)})"
            return Condition(
                f"NOT {sql}" if clause.operator in ("!=", "not in") else sql, tuple(map(fold, said))
            )
        case _:
            raise _operator(clause)


def _words(clause: Clause, scope: Scope) -> Condition:
    if clause.operator not in ("~", "!~"):
        raise _operator(clause)
    said = f"matches(c.title || ' ' || coalesce(plain({_BODY}), ''), ?)"
    return Condition(said if clause.operator == "~" else f"NOT {said}", (_text(clause.values[0], scope),))


def _date(column: str) -> Maker:
    def make(clause: Clause, scope: Scope) -> Condition:
        asked = span(clause.values[0], scope.now)
        begin, end = stamp(asked.begin), stamp(asked.end)
        match clause.operator:
            case "=":
                return Condition(f"{column} >= ? AND {column} < ?", (begin, end))
            case "!=":
                return Condition(f"NOT ({column} >= ? AND {column} < ?)", (begin, end))
            case ">" | ">=" | "<" | "<=":
                return Condition(f"{column} {clause.operator} ?", (begin,))
            case _:
                raise _operator(clause)

    return make


def _never(clause: Clause, _scope: Scope) -> Condition:
    return Condition("0" if clause.operator in ("=", "in") else "1")


def _in(column: str) -> Callable[[str], str]:
    return lambda given: f"{column} IN ({given})"


def _spaces(column: str) -> Callable[[str], str]:
    sql = f"c.space IN (SELECT id FROM space WHERE lower({column}) IN ({{}}))"  # noqa: S608 - fixed columns
    return sql.format


_FIELDS: dict[str, Maker] = {
    "type": _set(_in("c.type"), _type),
    "id": _set(_in("c.id"), _number),
    "content": _set(_in("c.id"), _number),
    "parent": _set(lambda given: f"c.container IS NULL AND c.parent IN ({given})", _number),
    "container": _set(_in("c.container"), _number),
    "ancestor": _set(_BELOW.format, _number),
    "space": _set(_spaces("key"), _lower),
    "space.key": _set(_spaces("key"), _lower),
    "space.type": _set(_spaces("type"), _lower),
    "space.title": _set(_spaces("name"), _lower),
    "subtype": _set(_in("CASE c.subtype WHEN '' THEN c.type ELSE c.subtype END"), _lower),
    "creator": _set(_in("c.author"), _text),
    "contributor": _set(
        "EXISTS (SELECT 1 FROM version v WHERE v.content = c.id AND v.author IN ({}))".format,
        _text,
    ),
    "mention": _set(lambda given: f"has_mention({_BODY}, {given})", _text),
    "macro": _set(lambda given: f"has_macro({_BODY}, {given})", _text),
    "label": _set(
        (
            "EXISTS (SELECT 1 FROM labelling g JOIN label l ON l.id = g.label WHERE g.content = c.id "
            "AND l.prefix || ':' || l.name IN ({}))"
        ).format,
        _label,
    ),
    "title": _title,
    "text": _words,
    "sitesearch": _words,
    "created": _date("c.created"),
    "lastmodified": _date("c.modified"),
    "watcher": _never,
    "favourite": _never,
    "favorite": _never,
}
