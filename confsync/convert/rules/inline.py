"""What every rule for a thing inside a line offers, and the table of such rules.

A token rule knows one atom kind: how it is written in Markdown, in HTML cells, and as new storage.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from confsync.convert.markdown.directive import Directive
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.tree import Atom


@dataclass(frozen=True, slots=True)
class TokenRule:
    """One kind of inline token."""

    kind: str
    markdown: Callable[[Sequence[str], Page | None], str]
    """Fields to Markdown; the page gives names and labels."""
    storage: Callable[[Sequence[str], Page], str]
    """Fields to new storage.

    Raises:
        MalformedMarkdown: the fields cannot be said in storage.
    """
    elements: tuple[str, ...] = ()
    """Storage tags this rule reads."""
    macros: tuple[str, ...] = ()
    """Names of `ac:structured-macro` this rule reads."""
    read: Callable[[Page, Node], Atom | None] | None = None
    """Read an element; None where it is not for this rule after all."""
    directive: str = ""
    """The inline directive this rule reads."""
    from_directive: Callable[[Directive], Atom | None] | None = None
    schemes: tuple[str, ...] = ()
    """Prefixes of link targets that are this token."""
    from_link: Callable[[str, str], Atom | None] | None = None
    """Target (decoded) and text of a Markdown link to an atom."""
    revise: Callable[[str, Sequence[str], Sequence[str], Page], str | None] | None = None
    """Old bytes, old and new fields: the bytes with what the fields do not say kept."""


class TokenTable:
    """All token rules, by what they are looked up by."""

    def __init__(self, rules: Sequence[TokenRule]) -> None:
        self.kinds: Mapping[str, TokenRule] = {rule.kind: rule for rule in rules}
        self.elements = {tag: rule for rule in rules for tag in rule.elements}
        self.macros = {name: rule for rule in rules for name in rule.macros}
        self.directives = {rule.directive: rule for rule in rules if rule.directive}
        self.schemes = [(scheme, rule) for rule in rules for scheme in rule.schemes]
