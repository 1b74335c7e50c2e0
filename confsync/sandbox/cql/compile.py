"""What a query means: a condition in SQL on the rows of `content`, here called `c`."""

from confsync.sandbox.cql.fields import FIELDS, Condition, Scope, property_field, unknown
from confsync.sandbox.cql.grammar import And, Clause, Node, Not, Or, Query

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
            raise unknown(sort.field)
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
    maker = FIELDS.get(clause.field) or property_field(clause.field)
    if maker is None:
        raise unknown(clause.field)
    return maker(clause, scope)
