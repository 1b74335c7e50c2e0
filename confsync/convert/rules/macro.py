"""What a rule for a macro says: the form its Markdown takes and which parameters are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


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
    """The parameter that is a page, written as the directive's target."""
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

    def __init__(self, rules: Sequence[MacroRule]) -> None:
        self.by_name = {rule.name: rule for rule in rules}
        self.by_directive = {rule.markdown_name: rule for rule in reversed(rules)}
        self.by_alert = {rule.alert: rule for rule in rules if rule.alert}


ALWAYS_HIDDEN = frozenset(
    ("breakoutMode", "breakoutWidth", "atlassian-macro-output-type", "showBodyAsExcerpt", "__body")
)
"""Geometry and bookkeeping of the editor."""
