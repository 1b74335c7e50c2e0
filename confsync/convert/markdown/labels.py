"""Labels of directives: plain text in brackets, escaped so that Markdown reads no markup in it."""

import html
import re

from confsync.convert.markdown.code_span import REACH

_NESTED = 8
"""Brackets inside each other in a label."""

_ESCAPED = re.compile(
    r"\\([!-/:-@\[-`{-~])|(&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)|\s+|_"
)
_LABEL_ESCAPE = re.compile(
    r"[\\`*\[\]<>~|$]|(?<![^\W_])_|_(?![^\W_])|!(?=\[)|&(?=#?\w+;)|:(?=:)|:(?=[a-z][a-z0-9-]*\\?\[)"
)


def escape_label(text: str) -> str:
    """Write plain text as a label: what Markdown would read as markup is backslash-escaped."""
    return _LABEL_ESCAPE.sub(lambda m: "\\" + m[0], text)


def unescape_label(raw: str) -> str:
    """The plain text of a label as written; line breaks become spaces."""
    return _ESCAPED.sub(lambda m: _unescaped(m, raw), raw).strip()


def _unescaped(found: re.Match[str], raw: str) -> str:
    if found[1]:
        return found[1]
    if found[2]:
        return html.unescape(found[2])
    if found[0] == "_":
        # Prettier writes a hand-written `*x*` as `_x_`; an underscore that could only be one of those is one.
        before, after = raw[found.start() - 1 : found.start()], raw[found.end() : found.end() + 1]
        return "_" if _wordy(before) and _wordy(after) else "*"
    return " " if "\xa0" not in found[0] else found[0]


def _wordy(char: str) -> bool:
    return bool(char) and (char.isalnum() or char == "_")


def label_end(text: str, start: int, *, strict: bool) -> int:
    """The offset behind the bracket that closes the one at `start`, -1 where none does.

    mdformat escapes only the first bracket where a label ends with a URL: what is not `strict` accepts that.
    """
    escaped = text[start] == "\\"
    at = start + (2 if escaped else 1)
    depth = 0
    limit = min(len(text), start + REACH)
    while at < limit:
        char = text[at]
        if escaped and text.startswith("\\]", at) and depth == 0:
            return at + 2
        if char == "\\":
            at += 2
            continue
        if char == "[":
            depth += 1
            if depth > _NESTED:
                return -1
        elif char == "]":
            if depth == 0:
                return -1 if escaped and strict else at + 1
            depth -= 1
        at += 1
    return -1
