"""The part of Confluence's query language that a folder can answer: labels, titles, ancestors, dates.

    label = "runbook" and space = currentSpace() and ancestor = currentContent() order by lastmodified desc

A query that asks for more (who watches, who likes) has no answer here, and says so.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from confsync.names.slug import fold
from confsync.site.model import Kind, Node, Updated
from confsync.site.tree import Tree

Test = Callable[[Node], bool]


class Unanswerable(Exception):
    """A query asks for what a folder does not know; `args[0]` says what."""


@dataclass(frozen=True, slots=True)
class World:
    """What queries are asked of."""

    tree: Tree
    here: Node
    """The page that asks."""
    space: str
    """The key of the space."""
    updated: Callable[[Node], Updated | None]


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood."""

    test: Test
    order: str = ""
    """A field, or empty."""
    descending: bool = False


_LONGEST = 4000
_DEEPEST = 30
_TOKEN = re.compile(
    r"""\s*(?: "((?:[^"\\]|\\.)*)" | '((?:[^'\\]|\\.)*)' | (!=|>=|<=|!~|[=~<>(),]) | ([^\s"'=~<>!(),]+) )""",
    re.VERBOSE,
)


def parse(text: str, world: World) -> Query:
    """Read a query.

    Raises:
        Unanswerable: it cannot be read, or asks for what is not known here.
    """
    return _Parser(text, world).query()


def evaluate(query: Query, nodes: Iterable[Node], world: World) -> list[Node]:
    """Return the pages a query asks for, in its order, else in the order given."""
    found = [node for node in nodes if query.test(node)]
    key = _ORDERS.get(query.order)
    if key:
        found.sort(key=lambda node: key(node, world), reverse=query.descending)
    return found


def _modified(node: Node, world: World) -> str:
    known = world.updated(node)
    return known.when if known else ""


def _created(node: Node, world: World) -> str:
    known = world.updated(node)
    return (known.created if known else "") or node.date


_ORDERS: dict[str, Callable[[Node, World], str]] = {
    "title": lambda node, _: fold(node.title),
    "created": _created,
    "lastmodified": _modified,
}


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    quoted: bool = False


class _Parser:
    def __init__(self, text: str, world: World) -> None:
        if len(text) > _LONGEST:
            raise Unanswerable("the query is too long")
        self._words = list(_lexed(text))
        self._at = 0
        self._depth = 0
        self._world = world

    def query(self) -> Query:
        test = self._either()
        order, descending = "", False
        if self._takes("order"):
            self._expect("by")
            order = self._word().text.lower()
            descending = self._takes("desc")
            self._takes("asc")
        if self._at < len(self._words):
            raise Unanswerable(f"“{self._words[self._at].text}” is not understood")
        return Query(test, order, descending)

    def _either(self) -> Test:
        tests = [self._both()]
        while self._takes("or"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda node: any(test(node) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._takes("and"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda node: all(test(node) for test in tests)

    def _one(self) -> Test:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unanswerable("the query is nested too deeply")
        if self._takes("not"):
            test = self._one()
            self._depth -= 1
            return lambda node: not test(node)
        if self._takes("("):
            test = self._either()
            self._expect(")")
        else:
            test = self._clause()
        self._depth -= 1
        return test

    def _clause(self) -> Test:
        field = self._word().text.lower()
        negated, operator = self._operator()
        values = self._values() if operator == "in" else [self._value()]
        make = _FIELDS.get(field)
        if make is None:
            raise Unanswerable(f"“{field}” is not known here")
        test = make(self._world, operator, values)
        return (lambda node: not test(node)) if negated else test

    def _operator(self) -> tuple[bool, str]:
        if self._takes("not"):
            self._expect("in")
            return True, "in"
        word = self._word().text.lower()
        if word in ("!=", "!~"):
            return True, word[1]
        if word not in ("=", "~", "in", ">", ">=", "<", "<="):
            raise Unanswerable(f"“{word}” is no comparison")
        return False, word

    def _values(self) -> list[str]:
        self._expect("(")
        found = [self._value()]
        while self._takes(","):
            found.append(self._value())
        self._expect(")")
        return found

    def _value(self) -> str:
        word = self._word()
        if not word.quoted and self._takes("("):
            inside = [] if self._takes(")") else [self._value()]
            if inside:
                self._expect(")")
            return f"{word.text.lower()}({','.join(inside)})"
        return word.text

    def _takes(self, text: str) -> bool:
        if self._at < len(self._words):
            word = self._words[self._at]
            if not word.quoted and word.text.lower() == text:
                self._at += 1
                return True
        return False

    def _expect(self, text: str) -> None:
        if not self._takes(text):
            raise Unanswerable(f"“{text}” is missing")

    def _word(self) -> _Word:
        if self._at >= len(self._words):
            raise Unanswerable("the query ends too early")
        self._at += 1
        return self._words[self._at - 1]


def _lexed(text: str) -> Iterable[_Word]:
    at = 0
    text = text.strip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise Unanswerable(f"“{text[at : at + 20]}” is not understood")
        at = found.end()
        quoted = found[1] if found[1] is not None else found[2]
        if quoted is not None:
            yield _Word(re.sub(r"\\(.)", r"\1", quoted), quoted=True)
        else:
            yield _Word(found[3] or found[4])


def _label(_: World, operator: str, values: Sequence[str]) -> Test:
    _only(operator, "=", "in")
    wanted = {fold(value) for value in values}
    return lambda node: any(fold(label) in wanted for label in node.meta.labels)


def _space(world: World, operator: str, values: Sequence[str]) -> Test:
    _only(operator, "=", "in")
    here = any(value in ("currentspace()", world.space) for value in values)
    return lambda _: here


def _type(_: World, operator: str, values: Sequence[str]) -> Test:
    _only(operator, "=", "in")
    kinds = {kind for value in values for kind in _KINDS.get(value.lower(), ())}
    return lambda node: node.kind in kinds


_KINDS = {"page": (Kind.PAGE,), "blogpost": (Kind.POST,), "folder": (Kind.FOLDER,)}


def _title(_: World, operator: str, values: Sequence[str]) -> Test:
    if operator == "~":
        words = [fold(word.strip("*\"'")) for value in values for word in value.split()]
        return lambda node: all(word in fold(node.title) for word in words)
    _only(operator, "=", "in")
    wanted = {fold(value) for value in values}
    return lambda node: fold(node.title) in wanted


def _identity(world: World, operator: str, values: Sequence[str]) -> Test:
    _only(operator, "=", "in")
    wanted = {node.out for node in _named(world, values)}
    return lambda node: node.out in wanted


def _ancestor(world: World, operator: str, values: Sequence[str]) -> Test:
    _only(operator, "=", "in")
    wanted = {node.out for node in _named(world, values)}
    return lambda node: any(above.out in wanted for above in world.tree.trail(node))


def _parent(world: World, operator: str, values: Sequence[str]) -> Test:
    _only(operator, "=", "in")
    wanted = {node.out for node in _named(world, values)}
    return lambda node: world.tree.parents.get(node.out) in wanted


def _named(world: World, values: Sequence[str]) -> list[Node]:
    found = []
    for value in values:
        if value == "currentcontent()":
            found.append(world.here)
        else:
            found += [node for node in world.tree.nodes.values() if node.meta.id == value]
    return found


def _date(key: Callable[[Node, World], str]) -> Callable[[World, str, Sequence[str]], Test]:
    def make(world: World, operator: str, values: Sequence[str]) -> Test:
        day = values[0].replace("/", "-")[:10]
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
            raise Unanswerable(f"“{values[0]}” depends on the day of reading")
        compare = _COMPARE.get(operator)
        if compare is None:
            raise Unanswerable(f"“{operator}” is no comparison of days")
        return lambda node: bool(key(node, world)) and compare(key(node, world)[:10], day)

    return make


_COMPARE: dict[str, Callable[[str, str], bool]] = {
    "=": lambda a, b: a == b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}


def _only(operator: str, *allowed: str) -> None:
    if operator not in allowed:
        raise Unanswerable(f"“{operator}” is not known here")


_FIELDS: dict[str, Callable[[World, str, Sequence[str]], Test]] = {
    "ancestor": _ancestor,
    "content": _identity,
    "created": _date(_created),
    "id": _identity,
    "label": _label,
    "lastmodified": _date(_modified),
    "parent": _parent,
    "space": _space,
    "title": _title,
    "type": _type,
}
