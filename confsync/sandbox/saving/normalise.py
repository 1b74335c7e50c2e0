"""Rewrite storage on save as a Confluence Cloud server does; a second save changes nothing more.

Ids are added, never changed, and a macro that already has them keeps its attribute order.
"""

import html
import html.entities
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from confsync.sandbox.saving.elements import cdata
from confsync.sandbox.saving.tokens import Kind, Token, spell, tokens

_XML_NAMES = frozenset({"lt", "gt", "amp", "quot", "apos"})
_NUMERIC = re.compile(r"&#(?:x([0-9A-Fa-f]+)|([0-9]+));")
_KEPT_CODES = frozenset({0x22, 0x26, 0x27, 0x3C, 0x3E})
_START_ALIGN = re.compile(r"text-align:\s*start;?")
_MACRO_FIRST = ("ac:name", "ac:schema-version", "data-layout", "ac:local-id")
_PLAIN = frozenset({"ac:plain-text-body", "ac:plain-text-link-body"})
_TASK_ID = re.compile(r"<ac:task-id>\s*(\d+)\s*</ac:task-id>")


def _new_uuid() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Saving:
    """How a server writes what it is given.

    `page_version` answers the current version number of a page by title and space key (None: this space),
    None where there is no such page; resolved links carry it as `ri:version-at-save`.
    """

    named_entities: bool = True
    """Whether characters that have an HTML name are stored by that name, as Cloud does."""
    new_id: Callable[[], str] = _new_uuid
    page_version: Callable[[str, str | None], int | None] = lambda _title, _space: None
    space_key: str = ""
    """The key of the page's own space; links that name it lose it."""
    user_key: Callable[[str], str | None] = lambda _username: None
    """The key of a user by user name; mentions by name become mentions by key."""

    def __call__(self, body: str) -> str:
        """Return well-formed storage as the server would keep it."""
        out = "".join(self._written(tokens(body)))
        return _number_tasks(out)

    def _written(self, stream: Iterable[Token]) -> Iterable[str]:
        plain = False
        for token in stream:
            if token.name in _PLAIN:
                plain = token.kind is Kind.OPEN
            match token.kind:
                case Kind.COMMENT | Kind.INSTRUCTION:
                    continue
                case Kind.TEXT if plain:
                    yield cdata(html.unescape(token.source))
                case Kind.OPEN | Kind.EMPTY:
                    yield self._tag(token)
                case Kind.TEXT:
                    yield self._text(token.source)
                case Kind.CLOSE:
                    yield f"</{token.name}>"
                case Kind.CDATA:
                    yield token.source

    def _tag(self, token: Token) -> str:
        attributes = {key: self._value(key, value) for key, value in token.attributes.items()}
        if token.name == "ac:structured-macro":
            attributes = self._macro(attributes)
        elif token.name == "ri:page":
            attributes = self._page(attributes)
        elif token.name == "ri:user":
            attributes = self._user(attributes)
        return spell(token.name, attributes, empty=token.kind is Kind.EMPTY)

    def _macro(self, attributes: dict[str, str]) -> dict[str, str]:
        if {"ac:schema-version", "ac:macro-id"} <= attributes.keys():
            return attributes
        full = {"ac:schema-version": "1", "ac:macro-id": self.new_id()} | attributes
        macro_id = full.pop("ac:macro-id")
        first = {key: full.pop(key) for key in _MACRO_FIRST if key in full}
        return first | full | {"ac:macro-id": macro_id}

    def _page(self, attributes: dict[str, str]) -> dict[str, str]:
        if self.space_key and attributes.get("ri:space-key") == self.space_key:
            attributes = {key: value for key, value in attributes.items() if key != "ri:space-key"}
        return attributes if "ri:version-at-save" in attributes else attributes | self._link(attributes)

    def _user(self, attributes: dict[str, str]) -> dict[str, str]:
        named = attributes.get("ri:username")
        key = None if named is None else self.user_key(html.unescape(named))
        return attributes if key is None else {"ri:userkey": key}

    def _link(self, attributes: dict[str, str]) -> dict[str, str]:
        title = attributes.get("ri:content-title")
        if title is None:
            return {}
        number = self.page_version(html.unescape(title), attributes.get("ri:space-key"))
        return {} if number is None else {"ri:version-at-save": str(number)}

    def _value(self, key: str, value: str) -> str:
        if key == "style":
            value = _START_ALIGN.sub("", value).strip()
        return self._characters(value)

    def _text(self, text: str) -> str:
        said = self._characters(text)
        return said.replace("'", "&#039;") if self.named_entities else said

    def _characters(self, text: str) -> str:
        decoded = _NUMERIC.sub(_decode, text)
        if not self.named_entities:
            return decoded.replace("\u00a0", "&nbsp;")
        return "".join(_named(c) if ord(c) > 127 else c for c in decoded)  # noqa: PLR2004 - ASCII ends there


def _named(character: str) -> str:
    name = html.entities.codepoint2name.get(ord(character))
    return f"&{name};" if name else character


def _decode(match: re.Match[str]) -> str:
    code = int(match.group(1), 16) if match.group(1) else int(match.group(2))
    return match.group() if code in _KEPT_CODES else chr(code)


def _number_tasks(body: str) -> str:
    """Give tasks without an id the next free one."""
    if "<ac:task>" not in body:
        return body
    following = max((int(m.group(1)) for m in _TASK_ID.finditer(body)), default=0)
    pieces = re.split(r"(<ac:task>(?!\s*<ac:task-id>))", body)
    for index in range(1, len(pieces), 2):
        following += 1
        pieces[index] = f"<ac:task><ac:task-id>{following}</ac:task-id>"
    return "".join(pieces)
