"""Parse CQL into a tree."""

import re
from dataclasses import dataclass
from functools import cache

from lark import Lark, Token, Transformer, UnexpectedInput

from confsync.sandbox.refusals import Invalid

_GRAMMAR = r"""
start: [disjunction] [order]
?disjunction: conjunction (_OR conjunction)*      -> either
?conjunction: negation (_AND negation)*           -> both
?negation: _NOT negation                          -> negated
         | "(" disjunction ")"
         | clause
clause: field OPERATOR value                      -> compared
      | field _IN values                          -> among
      | field _NOT _IN values                     -> not_among
values: "(" value ("," value)* ")"
      | function
?value: function | literal
function: WORD "(" [literal ("," literal)*] ")"
literal: WORD | DOUBLE | SINGLE
field: WORD
order: _ORDER _BY sort ("," sort)*
sort: field [DIRECTION]

OPERATOR: "!=" | ">=" | "<=" | "!~" | "=" | ">" | "<" | "~"
_AND.3: /and(?![\w.])/i
_OR.3: /or(?![\w.])/i
_NOT.3: /not(?![\w.])/i
_IN.3: /in(?![\w.])/i
_ORDER.3: /order(?=\s+by(?![\w.]))/i
_BY.3: /by(?![\w.])/i
DIRECTION.3: /(asc|desc)(?![\w.])/i
DOUBLE: /"(?:[^"\\]|\\.)*"/s
SINGLE: /'(?:[^'\\]|\\.)*'/s
WORD: /[^\s"'()=!<>~,]+/
%ignore /\s+/
"""


@dataclass(frozen=True, slots=True)
class Function:
    """A call such as `now("-4w")`."""

    name: str
    arguments: tuple[str, ...]


Value = str | Function


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison; `IN` has several values, everything else one."""

    field: str
    """Lower case."""
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What is inside does not hold."""

    inside: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some part holds."""

    parts: tuple["Node", ...]


Node = Clause | Not | And | Or


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of the order."""

    field: str
    """Lower case."""
    down: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query; `where` is None where it asks for everything."""

    where: Node | None
    order: tuple[Sort, ...]


class _Tree(Transformer[Token, Query]):
    """Makes the tree; one method per rule of the grammar."""

    def start(self, parts: list[object]) -> Query:
        where, order = parts
        return Query(
            where if isinstance(where, Clause | Not | And | Or) else None,
            order if isinstance(order, tuple) else (),
        )

    def either(self, parts: list[Node]) -> Node:
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self, parts: list[Node]) -> Node:
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def negated(self, parts: list[Node]) -> Node:
        return Not(parts[0])

    def compared(self, parts: list[object]) -> Node:
        field, operator, value = parts
        return Clause(str(field), str(operator), (_value(value),))

    def among(self, parts: list[object]) -> Node:
        field, values = parts
        return Clause(str(field), "in", _values(values))

    def not_among(self, parts: list[object]) -> Node:
        field, values = parts
        return Clause(str(field), "not in", _values(values))

    def values(self, parts: list[Value]) -> tuple[Value, ...]:
        return tuple(parts)

    def function(self, parts: list[object]) -> Function:
        name, *arguments = parts
        return Function(str(name).lower(), tuple(str(a) for a in arguments if a is not None))

    def literal(self, parts: list[Token]) -> str:
        token = str(parts[0])
        return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL) if token[:1] in ('"', "'") else token

    def field(self, parts: list[Token]) -> str:
        name = str(parts[0])
        # The key and path of a property keep their case.
        return name if name.lower().startswith("content.property[") else name.lower()

    def order(self, parts: list[Sort]) -> tuple[Sort, ...]:
        return tuple(parts)

    def sort(self, parts: list[object]) -> Sort:
        field, direction = parts
        return Sort(str(field), str(direction or "").lower() == "desc")


def _value(value: object) -> Value:
    return value if isinstance(value, Function) else str(value)


def _values(values: object) -> tuple[Value, ...]:
    return tuple(_value(v) for v in values) if isinstance(values, tuple) else (_value(values),)


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=True)


def parse(cql: str) -> Query:
    """Parse a query.

    Raises:
        Invalid: it is none.
    """
    try:
        return _Tree().transform(_parser().parse(cql))
    except UnexpectedInput as error:
        raise Invalid(f"Could not parse cql : {cql}") from error
