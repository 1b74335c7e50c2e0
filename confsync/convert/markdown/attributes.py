"""Attribute lists: `{key=value key="two words" key=`raw` flag #id}`."""

import re
from collections.abc import Sequence

from confsync.convert.markdown.code_span import REACH, after_code, backticks, code_span, code_text

Attribute = tuple[str, str | None]
"""A key with its value; None for a bare flag."""

MAX_VALUE = 4000
"""Longer values help no reader; they stay in the base."""

_ID = re.compile(r"#([A-Za-z0-9_-]+)")
_SPACE = re.compile(r"\s*")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
_BARE_VALUE = re.compile(r"""[^\s"`{}]+""")
_WRITE_BARE = re.compile(r"[A-Za-z0-9.:/#%+-]+")
_WRITE_QUOTED = re.compile(r"(?! )(?:[\w.,:;/#%+()=@-]| (?! ))*(?<! )")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def write_attributes(attributes: Sequence[Attribute], *, id: str = "") -> str:  # noqa: A002
    """Write an attribute list with its braces; empty where there is nothing to say."""
    parts = [key if value is None else f"{key}={write_value(value)}" for key, value in attributes]
    if id:
        parts.append(f"#{id}")
    return "{" + " ".join(parts) + "}" if parts else ""


def can_write(value: str) -> bool:
    """Whether an attribute can hold this value: any text on one line."""
    return _CONTROL.search(value) is None and len(value) <= MAX_VALUE


def write_value(value: str) -> str:
    """Write an attribute's value so that no formatter changes it: bare, quoted, or as a code span.

    Raises:
        ValueError: it holds a line break or another control character.
    """
    if not value:
        return '""'
    if _WRITE_BARE.fullmatch(value):
        return value
    if _WRITE_QUOTED.fullmatch(value):
        return f'"{value}"'
    if not can_write(value):
        raise ValueError("an attribute's value must be one line")
    return code_span(value)


def read_attributes(text: str, start: int) -> tuple[tuple[Attribute, ...], str, int] | None:
    """Read an attribute list whose brace has just been passed; None where it is none."""
    found: list[Attribute] = []
    identity = ""
    at = start
    while True:
        gap = _SPACE.match(text, at)
        at = gap.end() if gap else at
        if text.startswith("}", at):
            return tuple(found), identity, at + 1
        if named := _ID.match(text, at):
            identity, at = named[1], named.end()
        elif key := _KEY.match(text, at):
            at = key.end()
            if text.startswith("=", at):
                read = _value(text, at + 1)
                if read is None:
                    return None
                value, at = read
                found.append((key[0], value))
            else:
                found.append((key[0], None))
        else:
            return None
        if at < len(text) and not text[at].isspace() and text[at] != "}":
            return None


def _value(text: str, start: int) -> tuple[str, int] | None:
    if text.startswith('"', start):
        end = text.find('"', start + 1, start + REACH)
        return (" ".join(text[start + 1 : end].split("\n")), end + 1) if end >= 0 else None
    if text.startswith("`", start):
        end = after_code(text, start)
        run = backticks(text, start)
        if end == start + run:
            return None
        return code_text(text[start + run : end - run]), end
    bare = _BARE_VALUE.match(text, start)
    return (bare[0], bare.end()) if bare else None
