"""The lens between storage format and Markdown.

`get` shows a body as Markdown, `put` takes an edited text back: what was not edited keeps its bytes. The
Markdown is described in docs/markdown.md; what Markdown cannot say stays in the base behind a placeholder.
"""

import re

from confsync.convert.headings import headings_of
from confsync.convert.lens.check import Fidelity, check
from confsync.convert.lens.get import Got, get
from confsync.convert.lens.losses import Loss, LossKind, comment_refs
from confsync.convert.lens.put import Put, blocks_of, put
from confsync.convert.mentions import complete_mentions, pending_mentions
from confsync.convert.rules.macro import Form, MacroRule
from confsync.convert.storage.text import decode
from confsync.model.links import Links

__all__ = [
    "Fidelity",
    "Form",
    "Got",
    "Links",
    "Loss",
    "LossKind",
    "MacroRule",
    "Put",
    "blocks_of",
    "check",
    "complete_mentions",
    "get",
    "headings_of",
    "inline_comment_refs",
    "markdown_to_storage",
    "pending_mentions",
    "put",
    "referenced_attachments",
    "storage_to_markdown",
]

_ATTACHMENT = re.compile(
    r"""<ri:attachment\b[^>]*?\sri:filename\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*?(/?)>\s*(</?)?"""
)


def storage_to_markdown(storage: str) -> str:
    """Convert a body to Markdown; one that is not well-formed becomes a placeholder that says why."""
    return get(storage).markdown


def markdown_to_storage(markdown: str, base: str | None = None) -> str:
    """Convert Markdown to a body, keeping every byte of `base` that the text does not change.

    Raises:
        MalformedMarkdown: a directive cannot be read.
        WouldLose: the edit would destroy something that Markdown does not show.
    """
    return put(markdown, base).storage


def referenced_attachments(storage: str) -> frozenset[str]:
    """The names of this page's attachments that a body refers to; those of other pages are left out."""
    return frozenset(
        decode(found[1] or found[2] or "")
        for found in _ATTACHMENT.finditer(storage)
        if found[3] or found[4] == "</"
    )


def inline_comment_refs(storage: str) -> frozenset[str]:
    """The ids (`ac:ref`) of the inline comments that a body is marked with."""
    return comment_refs(storage)
