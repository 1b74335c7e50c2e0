"""Refuse storage that is not well-formed XML, in the words of the server's parser.

The real one wraps the fragment in a root element that declares the `ac:`, `ri:` and `at:` prefixes and
the HTML entities; nothing beyond well-formedness is checked.
"""

import html.entities
import re
from xml.parsers import expat

from confsync.sandbox.refusals import Malformed

ENTITIES = {
    name: code
    for name, code in html.entities.name2codepoint.items()
    if name not in ("lt", "gt", "amp", "quot")
}
"""The HTML 4 names that stand for characters outside XML's own five."""

_PREFIXES = frozenset({"", "ac", "ri", "at", "xml", "xmlns"})
_DOCTYPE = "<!DOCTYPE xml [" + "".join(f'<!ENTITY {n} "&#{c};">' for n, c in ENTITIES.items()) + "]>\n<xml>"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ERROR = expat.errors


class _Fragment:
    """One parse: the open elements, and where expat stands."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.buffer_text = True

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        for spelt in (name, *attributes):
            prefix, colon, _ = spelt.partition(":")
            if colon and prefix not in _PREFIXES:
                raise Malformed(self.placed(f'Undeclared namespace prefix "{prefix}"'))
        self.open.append(name)

    def _end(self, _name: str) -> None:
        self.open.pop()

    def placed(self, reason: str) -> str:
        """The server's sentence with the parser's row and column."""
        row, column = self.parser.ErrorLineNumber - 1, self.parser.ErrorColumnNumber + 1
        return f"Error parsing xhtml: {reason}\n at [row,col {{unknown-source}}]: [{row},{column}]"

    def explain(self, body: str, error: expat.ExpatError) -> str:
        """Say what expat found as the server's parser would."""
        inner = self.open[-1] if self.open else "xml"
        rest = _at(body, error.lineno, error.offset)
        if error.code == expat.errors.codes[_ERROR.XML_ERROR_TAG_MISMATCH]:
            found = re.match(r"(?:</)?\s*([^\s>]*)", rest)
            name = found.group(1) if found else ""
            if not name or (len(self.open) == 1 and not rest):
                return f"Unexpected EOF; was expecting a close tag for element <{inner}>"
            return f"Unexpected close tag </{name}>; expected </{inner}>."
        if error.code == expat.errors.codes[_ERROR.XML_ERROR_UNDEFINED_ENTITY]:
            found = re.match(r"&([^;\s]*)", rest)
            return f'Undeclared general entity "{found.group(1) if found else ""}"'
        if error.code == expat.errors.codes[_ERROR.XML_ERROR_NO_ELEMENTS] or not rest:
            return f"Unexpected EOF; was expecting a close tag for element <{inner}>"
        expected = _expected(_before(body, error.lineno, error.offset), rest)
        return f"Unexpected character '{rest[0]}' (code {ord(rest[0])}) {expected}"


def _at(body: str, line: int, column: int) -> str:
    """The text from expat's position (line from 1, column from 0, bytes of UTF-8) on, wrapper left out."""
    lines = (_DOCTYPE + body).encode().split(b"\n")
    if line > len(lines):
        return ""
    return b"\n".join([lines[line - 1][column:], *lines[line:]]).decode(errors="replace")


def _before(body: str, line: int, column: int) -> str:
    """The text of expat's line up to its position."""
    return (_DOCTYPE + body).encode().split(b"\n")[line - 1][:column].decode(errors="replace")


def _expected(before: str, rest: str) -> str:
    """What the server's parser had hoped for; the misspelling is its own."""
    if before.endswith(("&", "<", "</")):
        return "(expected a name start character)"
    if rest[0] in ">/" and re.search(r"<[^<>]*\s[\w:.-]+\s*$", before):
        return "expected '='"
    return "excepted space, or '>' or \"/>\""


def check(body: str) -> None:
    """Return when `body` is well-formed storage.

    Raises:
        Malformed: it is not; the reason names what the parser tripped over and where.
    """
    control = _CONTROL.search(body)
    if control:
        raise Malformed(f"Error parsing xhtml: Illegal character ((CTRL-CHAR, code {ord(control.group())}))")
    fragment = _Fragment()
    try:
        fragment.parser.Parse(f"{_DOCTYPE}{body}</xml>", True)  # noqa: FBT003 - expat takes it by position
    except expat.ExpatError as error:
        raise Malformed(fragment.placed(fragment.explain(body, error))) from error
