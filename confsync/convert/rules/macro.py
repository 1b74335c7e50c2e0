"""What a rule for a macro says: the form its Markdown takes and which parameters are shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Form(StrEnum):
    """The Markdown form of a macro."""

    LEAF = "leaf"
    CONTAINER = "macro"
    FENCE = "fence"


@dataclass(frozen=True, slots=True)
class MacroRule:
    """One macro of Confluence."""

    name: str
    """Its `ac:name`."""
    form: Form
    directive: str = ""
    """Its name in Markdown where that differs."""
    label: str = ""
    """The parameter that is the directive's label."""
    target: str | None = None
    """The parameter that is a page, a file, a person or an address, written as the directive's target."""
    code: str = ""
    """The parameter that holds a fence's text where the macro has no body."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Values that are not shown, because they change nothing."""
    hidden: frozenset[str] = frozenset()
    """Parameters that are never shown."""
    flags: frozenset[str] = frozenset()
    """Parameters that are written as a bare word when they are `true`."""
    alert: str = ""
    """The GitHub alert that says the same where there is no title."""
    positional: bool = True
    """Whether an unnamed parameter may be shown as `default`."""

    @property
    def markdown_name(self) -> str:
        """The directive's (or fence's) name."""
        return self.directive or self.name


class MacroTable:
    """All macro rules, by what they are looked up by."""

    def __init__(self, rules: Sequence[MacroRule], others: Callable[[], Sequence[MacroRule]] = tuple) -> None:
        self._own = rules
        self._others = others

    @cached_property
    def _rules(self) -> Sequence[MacroRule]:
        # Found when first needed: what is wrong with a package then has a command to be told by.
        return [*self._own, *self._others()]

    @cached_property
    def by_name(self) -> Mapping[str, MacroRule]:
        """By `ac:name`; a rule from another package comes before our own."""
        return {rule.name: rule for rule in self._rules}

    @cached_property
    def by_directive(self) -> Mapping[str, MacroRule]:
        """By the name in Markdown; of several macros with one name the first is what new ones become."""
        return {rule.markdown_name: rule for rule in reversed(self._rules)}

    @cached_property
    def by_alert(self) -> Mapping[str, MacroRule]:
        """By GitHub alert."""
        return {rule.alert: rule for rule in self._own if rule.alert}


ALWAYS_HIDDEN = frozenset(
    ("breakoutMode", "breakoutWidth", "atlassian-macro-output-type", "showBodyAsExcerpt", "__body")
)
"""Geometry and bookkeeping of the editor."""
