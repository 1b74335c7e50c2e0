"""Strings as YAML that readers and formatters agree on."""

import re

from confsync.convert.markdown.front_entries import Value

_PLAIN = re.compile(r"[^\W\d_](?:[^\n\r\t:#\"'\[\]{},&*!|>%@`\\]|:(?=[^\s:]))*(?<! )(?<!:)")
_AMBIGUOUS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "~"])
_DIGITS = re.compile(r"[0-9]{1,19}")


def written(value: Value) -> str:
    """A value in its shortest safe form: plain where no reader takes it for anything else."""
    if isinstance(value, tuple):
        return "[" + ", ".join(written(item) for item in value) + "]"
    plain = value.isprintable() and (_PLAIN.fullmatch(value) or _DIGITS.fullmatch(value))
    # Digits with a leading zero are octal to some readers.
    if plain and value.casefold() not in _AMBIGUOUS and not (value[0] == "0" and len(value) > 1):
        return value
    return quoted(value, '"')


def quoted(value: str, style: str) -> str:
    """Quote a string so that YAML readers and formatters agree on it."""
    if style == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return '"' + "".join(_ESCAPES.get(char) or _printable(char) for char in value) + '"'


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _printable(char: str) -> str:
    if char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"  # noqa: PLR2004
