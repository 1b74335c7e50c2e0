"""Front matter: the YAML block at the head of a file, read as strings and edited in place.

PyYAML composes nodes with exact marks and is never asked to construct values, so `no`, `012`, `12:30:45`
and dates stay the strings people wrote. An edit replaces the bytes of one value; comments, order, unknown
keys, quoting and line ends of everything else stay.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import yaml

from confsync.errors import FrontMatterError
from confsync.model.content import ContentType, Status

_E = TypeVar("_E", ContentType, Status)

Value = str | tuple[str, ...]
"""What a key says: a scalar as written, or a list of scalars."""

ORDER = ("id", "title", "labels", "type", "parent", "children", "status")
"""Our own keys, in the order in which new ones are written."""

_FENCE = re.compile(r"\ufeff?---[ \t]*(\r\n|\n|\r|\Z)")
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE)
_PLAIN = re.compile(r"[^\W\d_](?:[^\n\r\t:#\"'\[\]{},&*!|>%@`\\]|:(?=[^\s:]))*(?<! )(?<!:)")
_AMBIGUOUS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "~"])
_DIGITS = re.compile(r"[0-9]{1,19}")
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
class FrontMatter:
    """What people say of a page at the head of its file. None: the key is absent, or somebody else's."""

    id: str | None = None
    title: str | None = None
    labels: tuple[str, ...] | None = None
    type: ContentType | None = None
    parent: str | None = None
    """A title, an id, a path, or `none`."""
    children: tuple[str, ...] | None = None
    status: Status | None = None
    confluence: bool = True
    """False keeps the file local."""
    extra: Mapping[str, Value] = field(default_factory=dict)
    """Every other key, under the name in the file."""


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


def read(text: str, names: Mapping[str, str] | None = None) -> FrontMatter:
    """Read the front matter of a file's text.

    Args:
        text: the whole file, or anything that begins like it.
        names: our key to the file's key, where they differ (`{"labels": "tags"}`).

    Raises:
        FrontMatterError: it is not YAML, not a mapping, or names a key twice; the message names the line.
    """
    names = names or {}
    document = split(text)
    if document.front is None:
        return FrontMatter()
    found = {entry.key: entry.value for entry in _entries(document)}
    ours = {key: found.get(names.get(key, key)) for key in (*ORDER, "confluence")}
    taken = {names.get(key, key) for key in ours}
    return FrontMatter(
        id=_scalar(ours["id"], _DIGITS),
        title=_scalar(ours["title"]),
        labels=_listed(ours["labels"]),
        type=_member(ContentType, ours["type"]),
        parent=_scalar(ours["parent"]),
        children=_listed(ours["children"]),
        status=_member(Status, ours["status"]),
        confluence=ours["confluence"] not in ("false", "False", "FALSE", "no", "off"),
        extra={key: value for key, value in found.items() if value is not None and key not in taken},
    )


def edit(text: str, changes: Mapping[str, Value | None], names: Mapping[str, str] | None = None) -> str:
    """Change keys of a file's front matter in place and return the whole text.

    Args:
        text: the whole file; front matter is made where there is none.
        changes: our key (or any other) to its new value; None removes the key.
        names: as for `read`.

    Raises:
        FrontMatterError: the front matter there is cannot be read.
    """
    names = names or {}
    document = split(text)
    newline = _newline(text)
    if document.front is None:
        return _created(text, document, changes, names, newline)
    entries = {entry.key: entry for entry in _entries(document)}
    splices: list[tuple[int, int, str]] = []
    added: list[tuple[str, Value]] = []
    for key in sorted(changes, key=_rank):
        value, entry = changes[key], entries.get(names.get(key, key))
        if entry is None:
            if value is not None:
                added.append((key, value))
        elif value is None:
            splices.append((*entry.lines, ""))
        elif entry.value != value:
            splices.append(_replacement(entry, value, document.front, newline))
    front = _spliced(document.front, splices + _insertions(entries, added, names, document.front, newline))
    if front and not front.endswith(("\n", "\r")):
        front += newline
    return text[: document.front_offset] + front + text[document.front_offset + len(document.front) :]


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    value: Value | None
    """None: something we do not read (a mapping, a list of lists)."""
    span: tuple[int, int]
    """The value's characters in the front matter."""
    lines: tuple[int, int]
    """The entry's whole lines, comments behind its value included."""
    style: str | None
    """The quote character of a scalar; `[` for a flow list; None for plain and block forms."""


def _entries(document: Document) -> Iterator[_Entry]:
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
        start = _line_start(front, key.start_mark.index)
        end = _line_end(front, len(front[: span[1]].rstrip()) if span[1] > span[0] else key.end_mark.index)
        yield _Entry(key.value, _value(value), span, (start, end), _style(value))


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


def _scalar(value: Value | None, form: re.Pattern[str] | None = None) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    return value if form is None or form.fullmatch(value) else None


def _listed(value: Value | None) -> tuple[str, ...] | None:
    """A list; `labels: a, b` and `labels: a b` are understood as people mean them."""
    if value is None or isinstance(value, tuple):
        return value
    return tuple(
        part for part in re.split(r"[,\s]+" if "," not in value else r"\s*,\s*", value.strip()) if part
    )


def _member(kind: type[_E], value: Value | None) -> _E | None:
    return next((member for member in kind if member.value == value), None)


def _rank(key: str) -> tuple[int, str]:
    return (ORDER.index(key) if key in ORDER else len(ORDER), key)


def _created(
    text: str, document: Document, changes: Mapping[str, Value | None], names: Mapping[str, str], newline: str
) -> str:
    added = [(key, value) for key in sorted(changes, key=_rank) if (value := changes[key]) is not None]
    if not added:
        return text
    lines = "".join(f"{names.get(key, key)}: {_written(value)}{newline}" for key, value in added)
    gap = "" if not document.body or document.body[0] in "\r\n" else newline
    return f"{text[: document.body_offset]}---{newline}{lines}---{newline}{gap}{document.body}"


def _newline(text: str) -> str:
    found = re.search(r"\r\n|\n", text)
    return found[0] if found else "\n"


def _replacement(entry: _Entry, value: Value, front: str, newline: str) -> tuple[int, int, str]:
    start, end = entry.span
    if isinstance(value, tuple) and entry.style is None and isinstance(entry.value, tuple) and value:
        column = start - _line_start(front, start)
        old_end = len(front[:end].rstrip())
        return start, old_end, (newline + " " * column).join(f"- {_written(item)}" for item in value)
    written = (
        _quoted(value, entry.style)
        if isinstance(value, str) and entry.style in ("'", '"')
        else _written(value)
    )
    if start == end:
        # An empty value: its mark may stand behind the line break.
        start = end = _line_end_bare(front, entry.lines[0])
        return start, end, written if front[start - 1 : start].isspace() else " " + written
    return start, len(front[:end].rstrip()), written


def _insertions(
    entries: Mapping[str, _Entry],
    added: Sequence[tuple[str, Value]],
    names: Mapping[str, str],
    front: str,
    newline: str,
) -> list[tuple[int, int, str]]:
    present = {key: entries[name] for key in ORDER if (name := names.get(key, key)) in entries}
    out: list[tuple[int, int, str]] = []
    for key, value in added:
        at = _place(key, present, front)
        lead = newline if at and front[at - 1] not in "\r\n" else ""
        out.append((at, at, f"{lead}{names.get(key, key)}: {_written(value)}{newline if not lead else ''}"))
    return out


def _place(key: str, present: Mapping[str, _Entry], front: str) -> int:
    """Behind the nearest of our keys that comes earlier in the order, else before the first later one."""
    if key in ORDER:
        before = [entry.lines[1] for other, entry in present.items() if _rank(other) < _rank(key)]
        if before:
            return max(before)
        after = [entry.lines[0] for other, entry in present.items() if _rank(other) > _rank(key)]
        if after:
            return min(after)
        if key == "id":
            return 0
    return len(front)


def _spliced(front: str, splices: Sequence[tuple[int, int, str]]) -> str:
    out, at = [], 0
    for start, end, new in sorted(splices, key=lambda s: (s[0], s[1])):
        out.append(front[at:start])
        out.append(new)
        at = end
    return "".join(out) + front[at:]


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _line_end_bare(text: str, at: int) -> int:
    found = re.compile(r"[\r\n]").search(text, at)
    return found.start() if found else len(text)


def _line_end(text: str, at: int) -> int:
    found = re.compile(r"\r\n|\n|\r").search(text, at)
    return found.end() if found else len(text)


def _written(value: Value) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_written(item) for item in value) + "]"
    plain = value.isprintable() and (_PLAIN.fullmatch(value) or _DIGITS.fullmatch(value))
    # Digits with a leading zero are octal to some readers.
    if plain and value.casefold() not in _AMBIGUOUS and not (value[0] == "0" and len(value) > 1):
        return value
    return _quoted(value, '"')


def _quoted(value: str, style: str) -> str:
    """Quote a string so that YAML readers and formatters agree on it."""
    if style == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return '"' + "".join(_ESCAPES.get(char) or _printable(char) for char in value) + '"'


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _printable(char: str) -> str:
    if char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"  # noqa: PLR2004
