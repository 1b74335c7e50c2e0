"""What an edit costs, said in words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from confsync.convert.lens.copies import placeholder_ids
from confsync.convert.storage.page import Page
from confsync.convert.tree import Item

_REF = re.compile(r"""<ac:inline-comment-marker\b[^>]*?\sac:ref\s*=\s*["']([^"']+)["']""")


_LABEL = re.compile(r":macro\[((?:\\.|[^\[\]\\]){0,300})\]\{#([0-9a-f]{6})(?:-\d+)?[}\s]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


class LossKind(StrEnum):
    """What sort of loss, from mild to severe."""

    REMOVED = "removed"
    """A placeholder or macro that people saw and took away."""
    COPIED = "copied"
    """A placeholder that now stands twice; the copy gets ids of its own."""
    IGNORED = "edit ignored"
    """Words of a placeholder were changed, which only say what it is and are no part of the page."""
    COMMENT = "comment detached"
    """All the words of an inline comment are gone."""
    UNKNOWN = "unknown placeholder"
    """A `#id` that neither this page nor its space knows."""
    READ_ONLY = "read-only page edited"
    """The body could not be parsed, and its text was changed."""


SEVERE = frozenset((LossKind.COMMENT, LossKind.UNKNOWN, LossKind.READ_ONLY))
"""What is refused unless the user says so."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss."""

    kind: LossKind
    text: str
    """What it is, for people."""
    ref: str = ""
    """The comment's or placeholder's id."""

    @property
    def severe(self) -> bool:
        """Whether it destroys something that Markdown does not show."""
        return self.kind in SEVERE


def comment_refs(storage: str) -> frozenset[str]:
    """The ids of the inline comments that a body is marked with."""
    return frozenset(_REF.findall(storage))


def placeholder_losses(
    page: Page, base: Sequence[Item], edited: Sequence[Item], library: Mapping[str, str]
) -> list[Loss]:
    """Placeholders removed, copied and unknown."""
    known = {id(item) for item in edited}
    kept = [item for item in base if id(item) in known]
    shared = {id(item) for item in kept}
    had = placeholder_ids(item for item in base if id(item) not in shared)
    has = placeholder_ids(item for item in edited if id(item) not in shared)
    if not had and not has:
        return []
    both = placeholder_ids(kept)
    had, has = had + both, has + both
    losses = []
    for identity, count in has.items():
        if identity not in page.placeholders and identity not in library:
            losses.append(Loss(LossKind.UNKNOWN, f"nobody knows the placeholder #{identity}", identity))
        elif count > max(1, had[identity]):
            label = page.labels.get(identity, identity)
            losses.append(Loss(LossKind.COPIED, f"{label} (#{identity}) now stands {count} times", identity))
    for identity, count in had.items():
        if has[identity] < count:
            label = page.labels.get(identity, identity)
            losses.append(Loss(LossKind.REMOVED, f"{label} (#{identity}) is removed", identity))
    return losses


def label_losses(page: Page, before: str, after: str) -> list[Loss]:
    """Edits of the words in a placeholder's brackets."""
    if "{#" not in after:
        return []
    shown = set(_labels(before))
    return [
        Loss(LossKind.IGNORED, f"“{label}” only names #{identity}: the edit of it is ignored", identity)
        for label, identity in dict.fromkeys(_labels(after))
        if (label, identity) not in shown and identity in page.placeholders
    ]


def _labels(markdown: str) -> Iterator[tuple[str, str]]:
    for found in _LABEL.finditer(markdown):
        yield " ".join(_ESCAPE.sub(r"\1", found[1]).split()), found[2]


def comment_losses(before: str, after: str) -> list[Loss]:
    """Inline comments that no longer mark anything."""
    return [
        Loss(LossKind.COMMENT, f"the inline comment on “{_words(before, ref)}” loses its text", ref)
        for ref in sorted(comment_refs(before) - comment_refs(after))
    ]


def _words(storage: str, ref: str) -> str:
    start = storage.find(ref)
    inside = storage[storage.find(">", start) + 1 :][:400].partition("</ac:inline-comment-marker>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", inside).split())[:60]
