"""The entries of a file's front matter, with the exact characters of each.

PyYAML composes nodes with exact marks and is never asked to construct values, so `no`, `012`, `12:30:45`
and dates stay the strings people wrote.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from confsync.errors import FrontMatterError

Value = str | tuple[str, ...]
"""What a key says: a scalar as written, or a list of scalars."""

_FENCE = re.compile(r"\ufeff?---[ \t]*(\r\n|\n|\r|\Z)")
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE)
_LIMIT = 64 * 1024
"""Characters of front matter that are read; more is an error, not work."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file's text, taken apart."""

    front: str | None
    """The YAML between the fences; None where there is no front matter."""
    body: str
    front_offset: int
    """Where `front` begins, in characters."""
    body_offset: int
    """Where `body` begins, in characters."""
    body_line: int
    """The line `body` begins on, counted from 0."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One key with its value and where both stand."""

    key: str
    value: Value | None
    """None: something we do not read (a mapping, a list of lists)."""
    span: tuple[int, int]
    """The value's characters in the front matter."""
    lines: tuple[int, int]
    """The entry's whole lines, comments behind its value included."""
    style: str | None
    """The quote character of a scalar; `[` for a flow list; None for plain and block forms."""


def entries_of(document: Document) -> Iterator[Entry]:
    """The entries of a file's front matter, in order.

    Raises:
        FrontMatterError: it is not YAML, not a mapping, or names a key twice; the message names the line.
    """
    front = document.front or ""
    node = _composed(front)
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        raise _broken("front matter must be `key: value` lines", node.start_mark)
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _broken("a key must be a word", key.start_mark)
        if key.value in seen:
            raise _broken(f"the key `{key.value}` stands here a second time", key.start_mark)
        seen.add(key.value)
        span = (value.start_mark.index, max(value.start_mark.index, value.end_mark.index))
        start = line_start(front, key.start_mark.index)
        end = line_end(front, len(front[: span[1]].rstrip()) if span[1] > span[0] else key.end_mark.index)
        yield Entry(key.value, _value(value), span, (start, end), _style(value))


def _composed(front: str) -> yaml.Node | None:
    if len(front) > _LIMIT:
        raise FrontMatterError(
            f"front matter is longer than {_LIMIT} characters", hint="is its end `---` missing?"
        )
    try:
        # A BaseLoader resolves nothing, so every scalar stays the string it is.
        return yaml.compose(front, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except yaml.MarkedYAMLError as error:
        raise _broken(
            error.problem or "it cannot be read", error.problem_mark or error.context_mark
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise FrontMatterError(f"front matter cannot be read: {error}", hint="it must be YAML") from error


def _broken(problem: str, mark: yaml.Mark | None) -> FrontMatterError:
    # The fence is the file's first line, and marks count from 0.
    where = f"line {mark.line + 2}: " if mark else ""
    return FrontMatterError(
        f"{where}front matter: {problem}",
        hint="quote values that hold `: ` or begin with a special character",
    )


def _value(node: yaml.Node) -> Value | None:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in node.value):
        return tuple(str(item.value) for item in node.value)
    return None


def _style(node: yaml.Node) -> str | None:
    if isinstance(node, yaml.SequenceNode):
        return "[" if node.flow_style else None
    style = getattr(node, "style", None)
    return style if style in ("'", '"') else None


def split(text: str) -> Document:
    """Take a file's text apart. A BOM, any line ends and a missing final newline are fine."""
    opening = _FENCE.match(text)
    if opening is None or not opening[1]:
        return _no_front(text)
    closing = _END.search(text, opening.end())
    if closing is None:
        return _no_front(text)
    front = text[opening.end() : closing.start()]
    lines = len(re.findall(r"\r\n|\n|\r", text[: closing.end()]))
    return Document(front, text[closing.end() :], opening.end(), closing.end(), lines)


def _no_front(text: str) -> Document:
    start = 1 if text.startswith("\ufeff") else 0
    return Document(None, text[start:], start, start, 0)


def line_start(text: str, at: int) -> int:
    """Where the line of an offset begins."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def text_end(text: str, at: int) -> int:
    """Where the text of a line ends, its line end not included."""
    found = re.compile(r"[\r\n]").search(text, at)
    return found.start() if found else len(text)


def line_end(text: str, at: int) -> int:
    """Where the line of an offset ends, its line end included."""
    found = re.compile(r"\r\n|\n|\r").search(text, at)
    return found.end() if found else len(text)
