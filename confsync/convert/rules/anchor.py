"""`<a id="setup"></a>`: an anchor that links can jump to."""

import html
from collections.abc import Sequence

from confsync.convert.rules.inline import TokenRule
from confsync.convert.rules.parameters import new_macro, parameter
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.tree import Atom, token


def _read(page: Page, node: Node) -> Atom | None:
    name = parameter(page, node, "") or parameter(page, node, "default")
    return token("anchor", name) if name and "\n" not in name else None


def _markdown(fields: Sequence[str], _page: Page | None) -> str:
    return f'<a id="{html.escape(fields[0])}"></a>'


def _storage(fields: Sequence[str], page: Page) -> str:
    return new_macro(page, "anchor", {"": fields[0]})


RULE = TokenRule("anchor", _markdown, _storage, macros=("anchor",), read=_read)
