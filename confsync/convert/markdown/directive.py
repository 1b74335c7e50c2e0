"""The directive grammar of docs/markdown.md, as pure functions on text.

    inline     :name[label]{attributes}
    leaf       ::name[label](target){attributes}       a paragraph of its own
    container  :::name[label]{attributes} … :::        both paragraphs of their own

The unit is the paragraph, not the line: a soft break inside a label or an attribute list equals one space,
because formatters wrap there. Scanning is by position and linear; nothing here backtracks.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from confsync.convert.markdown.attributes import Attribute, read_attributes, write_attributes
from confsync.convert.markdown.code_span import REACH, after_code
from confsync.convert.markdown.labels import escape_label, label_end, unescape_label
from confsync.errors import MalformedMarkdown


class Shape(StrEnum):
    """How much room a directive takes."""

    INLINE = "inline"
    LEAF = "leaf"
    CONTAINER = "container"


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive, or the opening paragraph of a container."""

    shape: Shape
    name: str
    label: str | None = None
    """Plain text, unescaped; None where there are no brackets."""
    target: str | None = None
    """What stands in parentheses, as written."""
    attributes: tuple[Attribute, ...] = ()
    id: str = ""
    """The `#id`, which names bytes of the base."""
    colons: int = 1
    span: tuple[int, int] = (0, 0)
    """Offsets into the text that was read."""
    raw_label: str = ""
    """The label as written, for the few directives whose label is markup."""
    body: str | None = None
    """Text that stands in the opening paragraph behind the directive: `:::info` with text right below."""
    closed: bool = False
    """The opening paragraph also holds the closing colons."""

    def get(self, key: str) -> str | None:
        """The value of an attribute, "" for a flag, None where it is absent."""
        for name, value in self.attributes:
            if name == key:
                return value or ""
        return None


@dataclass(frozen=True, slots=True)
class Close:
    """A paragraph of colons that closes a container."""

    colons: int


_LEAF = 2
_SHOWN = 60
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_OPENING = re.compile(r"(:{2,}) ?(?=[a-z])")
_CLOSING = re.compile(r":{3,}")
_TRAILING = re.compile(r"(?:^|\s)(:{3,})$")


def parse_directive(text: str, *, line: int = 0) -> Directive | Close | None:
    """Read one paragraph.

    Args:
        text: the paragraph's source, without the prefixes of its containers.
        line: its first line, 1-based, for messages.

    Returns:
        What the paragraph is; None for ordinary text.

    Raises:
        MalformedMarkdown: the paragraph begins like a directive and is none.
    """
    text = text.strip()
    if not text.startswith("::"):
        return None
    if _CLOSING.fullmatch(text):
        return Close(len(text))
    opening = _OPENING.match(text)
    if opening is None:
        if text.startswith(":::"):
            raise MalformedMarkdown(
                "three colons begin a directive, and no name follows",
                line=line,
                hint="write `:<!-- -->::` for literal colons; names are lower case",
            )
        return None
    colons = len(opening[1])
    found, end = _head(text, opening.end(), colons)
    if found is None:
        raise MalformedMarkdown(f"this directive cannot be read: {_first_line(text)}", line=line, hint=_HINT)
    rest = text[end:]
    if not rest:
        return found
    if colons == _LEAF or not rest[0].isspace():
        raise MalformedMarkdown(
            f"nothing may follow a directive in its paragraph: {_first_line(text)}", line=line, hint=_HINT
        )
    body, closed = _body(rest.strip(), colons)
    return replace(found, span=(0, end), body=body, closed=closed)


_HINT = 'the grammar is ::name[label](target){key=value key="two words"}, a paragraph of its own'


def split_close(text: str, colons: int) -> str | None:
    """The text before closing colons that a formatter joined to the last paragraph of a container.

    None where the paragraph does not end with exactly `colons` colons.
    """
    found = _TRAILING.search(text)
    if found is None or len(found[1]) != colons:
        return None
    return text[: found.start()].rstrip()


_MOST_UNDERSCORES = 8
"""More of them in a row are no emphasis."""


def _joins_word(text: str, start: int) -> bool:
    """Whether what stands before a colon makes it part of a word; underscores may be emphasis (`_:x[a]_`)."""
    before = text[max(0, start - _MOST_UNDERSCORES) : start].rstrip("_")[-1:]
    return (
        before.isalnum()
        or text[start - 1 : start] in (":", "\\")
        or (not before and start > _MOST_UNDERSCORES)
    )


def parse_inline(text: str, start: int) -> Directive | None:
    """Read an inline directive at `text[start]`, which is its colon; None where none is there."""
    if _joins_word(text, start):
        return None
    name = _NAME.match(text, start + 1)
    if name is None or text[name.end() : name.end() + 1] not in ("[", "\\"):
        return None
    found, end = _head(text, start + 1, 1)
    if found is None or found.label is None or found.target is not None:
        return None
    return replace(found, shape=Shape.INLINE, span=(start, end))


def find_inline(text: str) -> Iterator[Directive]:
    """Every inline directive of a piece of Markdown text, in order; code spans are passed over."""
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 2
        elif char == "`":
            at = after_code(text, at)
        elif char == ":" and (found := parse_inline(text, at)) is not None:
            yield found
            at = found.span[1]
        else:
            at += 1


def write_directive(
    shape: Shape,
    name: str,
    label: str | None = None,
    attributes: Sequence[Attribute] = (),
    *,
    target: str | None = None,
    id: str = "",  # noqa: A002  (the grammar's own word for it)
    colons: int = 3,
    raw_label: str | None = None,
) -> str:
    """Write a directive (for a container: its opening paragraph).

    `raw_label` stands for `label` where the label is markup that is already escaped. `colons` counts only
    for containers.

    Raises:
        ValueError: an attribute's value cannot be written, see `can_write`.
    """
    count = {Shape.INLINE: 1, Shape.LEAF: 2, Shape.CONTAINER: colons}[shape]
    out = ":" * count + name
    if raw_label is not None:
        out += f"[{raw_label}]"
    elif label is not None:
        out += f"[{escape_label(label)}]"
    if target is not None:
        out += f"({target})"
    return out + write_attributes(attributes, id=id)


def _first_line(text: str) -> str:
    line = text.partition("\n")[0]
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"


def _body(rest: str, colons: int) -> tuple[str | None, bool]:
    before = split_close(rest, colons)
    if before is None:
        return rest, False
    return before or None, True


def _head(text: str, start: int, colons: int) -> tuple[Directive | None, int]:
    """Read name, label, target and attributes; None where brackets or braces do not close."""
    name = _NAME.match(text, start)
    if name is None:
        return None, start
    at = name.end()
    raw_label: str | None = None
    if colons > 1 and text[at : at + 2] == " [":
        at += 1
    if text.startswith(("[", "\\["), at):
        end = label_end(text, at, strict=colons == 1)
        if end < 0:
            return None, start
        width = 2 if text[at] == "\\" else 1
        closing = 2 if text[end - 2] == "\\" and width == 2 else 1  # noqa: PLR2004
        raw_label, at = text[at + width : end - closing], end
    target: str | None = None
    if colons > 1 and text.startswith("(", at):
        end = _target_end(text, at)
        if end < 0:
            return None, start
        target, at = text[at + 1 : end - 1].strip(), end
    attributes: tuple[Attribute, ...] = ()
    identity = ""
    gap = 1 if colons > 1 and text[at : at + 2] in (" {", "\n{") else 0
    if text.startswith("{", at + gap):
        read = read_attributes(text, at + gap + 1)
        if read is None:
            if colons > 1:
                return None, start
        else:
            attributes, identity, at = read
    shape = Shape.LEAF if colons == _LEAF else Shape.CONTAINER
    label = None if raw_label is None else unescape_label(raw_label)
    span = (start, at)
    return Directive(shape, name[0], label, target, attributes, identity, colons, span, raw_label or ""), at


def _target_end(text: str, start: int) -> int:
    """The offset behind the parenthesis that closes the one at `start`, -1 where none does."""
    if text.startswith("(<", start):
        end = text.find(">)", start, start + REACH)
        return end + 2 if end >= 0 else -1
    depth = 0
    for at in range(start, min(len(text), start + REACH)):
        char = text[at]
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 0:
                return at + 1
        elif char.isspace() and depth > 1:
            return -1
    return -1
