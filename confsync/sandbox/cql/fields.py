"""The fields of CQL: which operators each takes, and what it means on a row of `content`, here called `c`."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from confsync.sandbox.cql.dates import span
from confsync.sandbox.cql.functions import Scope, values_of
from confsync.sandbox.cql.grammar import Clause, Value
from confsync.sandbox.refusals import Invalid, Stumbled
from confsync.sandbox.store.database import Value as Bound
from confsync.sandbox.store.database import marks, stamp
from confsync.sandbox.store.titles import fold

__all__ = ["FIELDS", "Condition", "Maker", "Scope", "property_field", "unknown"]

_TYPES = ("page", "blogpost", "comment", "attachment", "folder", "whiteboard", "database", "embed")
_OTHER_TYPES = ("space", "user", "slide")
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


def unknown(field: str) -> Invalid:
    """There is no such field; the service proposes some that have nothing to do with it, too."""
    return Invalid(
        f"No field exists with the name: '{field}'\n"
        "Did you mean one of : space, subtype, space.key, siteSearch, space.type"
    )


Maker = Callable[[Clause, Scope], Condition]
Reader = Callable[[Value, Scope], Sequence[Bound]]


def _set(sql: Callable[[str], str], read: Reader) -> Maker:
    """A field with `=`, `!=`, `IN` and `NOT IN`; `sql` takes the placeholders."""

    def make(clause: Clause, scope: Scope) -> Condition:
        if clause.operator not in ("=", "!=", "in", "not in"):
            raise _operator(clause)
        values = tuple(one for value in clause.values for one in read(value, scope))
        said = f"coalesce({sql(marks(values))}, 0)"
        return Condition(f"NOT {said}" if clause.operator in ("!=", "not in") else said, values)

    return make


def _operator(clause: Clause) -> Invalid:
    return Invalid(f"Operator {clause.operator} is not supported for field {clause.field}")


# ---------------------------------------------------------------------------------------------- values


def _lower(value: Value, scope: Scope) -> Sequence[Bound]:
    return [said.lower() for said in values_of(value, scope)]


def _number(value: Value, scope: Scope) -> Sequence[Bound]:
    raw = [said.removeprefix("att") for said in values_of(value, scope)]
    for said in raw:
        if not (said.isascii() and said.isdigit()) or len(said) > 18:  # noqa: PLR2004 - 64 bits
            raise Invalid(f"Expected a content id, got : {said}")
    return [int(said) for said in raw]


def _type(value: Value, scope: Scope) -> Sequence[Bound]:
    said = [str(one) for one in _lower(value, scope)]
    for one in said:
        if one not in (*_TYPES, *_OTHER_TYPES):
            known = ", ".join((*_OTHER_TYPES, *_TYPES))
            raise Invalid(f"Unsupported value for type, got : {one}, expected one of :[{known}]")
    return said


def _label(value: Value, scope: Scope) -> Sequence[Bound]:
    said = [str(one) for one in _lower(value, scope)]
    return [one if ":" in one else f"global:{one}" for one in said]


def _person(value: Value, scope: Scope) -> Sequence[Bound]:
    """Account ids of people by account id, user name or key; who is unknown stays as spelt."""
    found: list[Bound] = []
    for said in values_of(value, scope):
        row = scope.store.database.one(
            "SELECT account_id FROM person WHERE ? IN (account_id, username, user_key)", said
        )
        found.append(said if row is None else str(row["account_id"]))
    return found


# ----------------------------------------------------------------------------------------------- words


def _title(clause: Clause, scope: Scope) -> Condition:
    if clause.operator in ("~", "!~"):
        found = Condition("matches(c.title, ?)", (values_of(clause.values[0], scope)[0],))
        return found if clause.operator == "~" else Condition(f"NOT {found.sql}", found.values)
    said = [one for value in clause.values for one in values_of(value, scope)]
    if not all(title.strip() for title in said):
        raise Invalid("Expected a value for field title")
    return _set(
        lambda given: f"c.folded IN ({given})",
        lambda value, within: [fold(one) for one in values_of(value, within)],
    )(clause, scope)


def _words(clause: Clause, scope: Scope) -> Condition:
    if clause.operator not in ("~", "!~"):
        raise _operator(clause)
    said = f"matches(c.title || ' ' || {_LABELS} || ' ' || coalesce(plain({_BODY}), ''), ?)"
    words = values_of(clause.values[0], scope)[0]
    return Condition(said if clause.operator == "~" else f"NOT {said}", (words,))


def _site_search(clause: Clause, scope: Scope) -> Condition:
    """The quick search; the service stumbles over an empty one."""
    if clause.operator == "~" and not any(said.strip() for said in values_of(clause.values[0], scope)):
        raise Stumbled("java.lang.IllegalArgumentException")
    return _words(clause, scope)


_LABELS = (
    "coalesce((SELECT group_concat(l.name, ' ') FROM labelling g JOIN label l ON l.id = g.label "
    "WHERE g.content = c.id), '')"
)


def _space_text(column: str) -> Maker:
    """A text of the space, equal or with these words."""
    exact = _set(_spaces(column), _lower)

    def make(clause: Clause, scope: Scope) -> Condition:
        if clause.operator not in ("~", "!~"):
            return exact(clause, scope)
        sql = f"(SELECT matches({column}, ?) FROM space WHERE id = c.space)"  # noqa: S608 - fixed columns
        words = values_of(clause.values[0], scope)[0]
        return Condition(sql if clause.operator == "~" else f"NOT {sql}", (words,))

    return make


# ----------------------------------------------------------------------------------------------- dates


def _date(column: str) -> Maker:
    def make(clause: Clause, scope: Scope) -> Condition:
        if clause.operator not in ("=", "!=", ">", ">=", "<", "<="):
            raise _operator(clause)
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


def _in(column: str) -> Callable[[str], str]:
    return lambda given: f"{column} IN ({given})"


def _spaces(column: str) -> Callable[[str], str]:
    sql = f"c.space IN (SELECT id FROM space WHERE lower({column}) IN ({{}}))"  # noqa: S608 - fixed columns
    return sql.format


def _marked(kind: str) -> Callable[[str], str]:
    """Who has marked the content, or for `watch` its space or one of its labels."""
    here = "i.target = 'content' AND i.what = CAST(c.id AS TEXT)"
    own = f"i.kind = '{kind}' AND i.account_id IN ({{}}) AND ({here}"
    more = (
        " OR i.target = 'space' AND i.what = (SELECT key FROM space WHERE id = c.space)"
        " OR i.target = 'label' AND i.what IN (SELECT l.name FROM labelling g JOIN label l ON l.id = g.label "
        "WHERE g.content = c.id)"
    )
    said = f"EXISTS (SELECT 1 FROM interest i WHERE {own}{more if kind == 'watch' else ''}))"  # noqa: S608 - fixed
    return said.format


_CATEGORY: Callable[[str], str] = (
    "EXISTS (SELECT 1 FROM labelling g JOIN label l ON l.id = g.label WHERE g.content = c.space "
    "AND lower(l.name) IN ({}))"
).format

FIELDS: dict[str, Maker] = {
    "type": _set(_in("c.type"), _type),
    "id": _set(_in("c.id"), _number),
    "content": _set(_in("c.id"), _number),
    "parent": _set(lambda given: f"c.container IS NULL AND c.parent IN ({given})", _number),
    "container": _set(_in("c.container"), _number),
    "ancestor": _set(_BELOW.format, _number),
    "space": _set(_spaces("key"), _lower),
    "space.key": _set(_spaces("key"), _lower),
    "space.type": _set(_spaces("type"), _lower),
    "space.title": _space_text("name"),
    "space.category": _set(_CATEGORY, _lower),
    "space.label": _set(_CATEGORY, _lower),
    "subtype": _set(_in("CASE c.subtype WHEN '' THEN c.type ELSE c.subtype END"), _lower),
    "creator": _set(_in("c.author"), _person),
    "contributor": _set(
        "EXISTS (SELECT 1 FROM version v WHERE v.content = c.id AND v.author IN ({}))".format,
        _person,
    ),
    "mention": _set(lambda given: f"has_mention({_BODY}, {given})", _person),
    "macro": _set(lambda given: f"has_macro({_BODY}, {given})", values_of),
    "label": _set(
        (
            "EXISTS (SELECT 1 FROM labelling g JOIN label l ON l.id = g.label WHERE g.content = c.id "
            "AND l.prefix || ':' || l.name IN ({}))"
        ).format,
        _label,
    ),
    "title": _title,
    "text": _words,
    "sitesearch": _site_search,
    "created": _date("c.created"),
    "lastmodified": _date("c.modified"),
    "watcher": _set(_marked("watch"), _person),
    "favourite": _set(_marked("favourite"), _person),
    "favorite": _set(_marked("favourite"), _person),
}


# ------------------------------------------------------------------------------------------ properties

_PROPERTY = re.compile(r"content\.property\[([^\]]+)\]((?:\.\w+)*)", re.IGNORECASE)
_COMPARED = {"=": "=", "!=": "!=", ">": ">", ">=": ">=", "<": "<", "<=": "<="}


def property_field(field: str) -> Maker | None:
    """The field `content.property[KEY].path`, as apps declare it; None for any other name."""
    match = _PROPERTY.fullmatch(field)
    if match is None:
        return None
    key, path = match.group(1), f"${match.group(2)}"

    def make(clause: Clause, scope: Scope) -> Condition:
        said = [one for value in clause.values for one in values_of(value, scope)]
        value = "json_extract(p.value, ?)"
        match clause.operator:
            case "~" | "!~":
                asked = f"matches(CAST({value} AS TEXT), ?)"
            case "in" | "not in":
                asked = f"CAST({value} AS TEXT) IN ({marks(said)})"
            case operator:
                asked = f"{value} {_COMPARED[operator]} ?"
        found = (
            "EXISTS (SELECT 1 FROM property p WHERE p.owner_kind = 'content' AND p.owner = c.id "  # noqa: S608 - fixed
            f"AND p.key = ? AND {asked})"
        )
        bound = tuple(said) if clause.operator in ("in", "not in", "~", "!~") else (_typed(said[0]),)
        negative = clause.operator in ("!~", "not in")
        return Condition(f"NOT {found}" if negative else found, (key, path, *bound))

    return make


def _typed(said: str) -> Bound:
    """A number where it is one."""
    try:
        return float(said)
    except ValueError:
        return said
