"""Macros that are written without their `#id`: where the base has the same one, it is meant.

Somebody typed `::macro[livetable]{limit=5}` and it was pushed; the text stays as it was typed, and the macro
must not be made anew, without its ids, by every push that follows.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from confsync.convert.markdown.directive import parse_inline
from confsync.convert.rules.labels import MACROS
from confsync.convert.rules.macro import ALWAYS_HIDDEN
from confsync.convert.rules.parameters import DEFAULT, macro_name, parameters
from confsync.convert.rules.resource import normal_value
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import child, parse
from confsync.convert.tree import TOKEN, Atom, Item, fields_of, token

_FENCE = "macro-"
_SHAPES = {"code": "ac:plain-text-body", "macro": "ac:rich-text-body", "leaf": ""}
_Said = tuple[str, str, frozenset[tuple[str, str]]]
"""The element of a macro's body, its name, its parameters."""


def recognise(page: Page, edited: Iterable[Item]) -> None:
    """Give macros written by hand the `#id` of the same macro of the base, each at most once."""
    recogniser = _Recogniser(page)
    for item in edited:
        recogniser.block(item)


def writes_macros(markdown: str) -> bool:
    """Whether a text may hold such macros at all."""
    return "macro[" in markdown or _FENCE in markdown


class _Recogniser:
    def __init__(self, page: Page) -> None:
        self.page = page

    @cached_property
    def waiting(self) -> dict[_Said, list[str]]:
        """The ids of the base's macros by what they say; looked at only where one was typed."""
        waiting: dict[_Said, list[str]] = {}
        for identity, raw in self.page.placeholders.items():
            said = _said(Page(raw, self.page.links))
            if said is not None:
                waiting.setdefault(said, []).append(identity)
        return waiting

    def block(self, item: Item) -> bool:
        """Look through a block; whether anything in it was recognised."""
        changed = False
        for kid in item.children or ():
            changed = self.block(kid) or changed
        atoms = item.atoms
        if atoms is not None and any(_is_handwritten(atom) for atom in atoms):
            item.atoms = [self._atom(atom) for atom in atoms]
            changed = True
        identity = self._identity(item)
        if identity:
            item.kind = "opaque" if item.kind == "leaf" else item.kind
            item.props = {**({"name": "macro"} if item.kind == "macro" else {}), "id": identity}
            changed = True
        if changed:
            item.seal()
        return changed

    def _identity(self, item: Item) -> str:
        name = item.props.get("label", "") if item.props.get("name") == "macro" else ""
        if item.kind == "code" and item.props.get("language", "").startswith(_FENCE):
            name = item.props["language"].removeprefix(_FENCE)
        if not name or item.kind not in _SHAPES or "id" in item.props:
            return ""
        values = {key[1:]: value for key, value in item.props.items() if key[0] == "@"}
        return self._take(_SHAPES[item.kind], name, values)

    def _atom(self, atom: Atom) -> Atom:
        if not _is_handwritten(atom):
            return atom
        _, _, name, written = fields_of(atom)
        found = parse_inline(f":x[]{written}", 0) if written else None
        values = (
            {key: "true" if value is None else normal_value(value) for key, value in found.attributes}
            if found
            else {}
        )
        identity = self._take("", name, values)
        return token("macro", identity) if identity else atom

    def _take(self, body: str, name: str, values: Mapping[str, str]) -> str:
        pairs = frozenset(("" if key == DEFAULT else key, value) for key, value in values.items())
        waiting = self.waiting.get((body, name, pairs))
        return waiting.pop(0) if waiting else ""


def _is_handwritten(atom: Atom) -> bool:
    return atom.startswith(TOKEN + "macro") and not fields_of(atom)[1]


def _said(page: Page) -> _Said | None:
    """What a placeholder's bytes say, where that can be written by hand."""
    nodes = parse(page.source).kids
    if len(nodes) != 1 or nodes[0].tag not in MACROS:
        return None
    node = nodes[0]
    bodies = [tag for tag in _SHAPES.values() if tag and child(node, tag) is not None]
    values: Sequence[tuple[str, str | None]] = [
        (one.name, one.said(page)) for one in parameters(page, node) if one.name not in ALWAYS_HIDDEN
    ]
    pairs = frozenset((name, value) for name, value in values if value is not None)
    if len(bodies) > 1 or len(pairs) != len(values):
        return None
    return "".join(bodies), macro_name(page, node), pairs
