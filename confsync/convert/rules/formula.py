"""``$`a_b`$``: a formula in a line. Which app draws it stays in the base."""

from collections.abc import Sequence

from confsync.convert.markdown.code_span import code_span
from confsync.convert.rules.inline import TokenRule
from confsync.convert.rules.parameters import new_macro, parameter, revise_macro
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.tree import Atom, token

MACROS = ("mathinline", "eazy-math-inline", "easy-math-inline")


def _read(page: Page, node: Node) -> Atom | None:
    body = parameter(page, node, "body")
    sayable = body and body.strip() and "`" not in body and "\n" not in body and not body.startswith("$")
    return token("math", body) if body and sayable else None


def _markdown(fields: Sequence[str], _page: Page | None) -> str:
    return f"${code_span(fields[0])}$"


def _storage(fields: Sequence[str], page: Page) -> str:
    return new_macro(page, MACROS[0], {"body": fields[0]})


def _revise(raw: str, _old: Sequence[str], new: Sequence[str], page: Page) -> str:
    return revise_macro(page, raw, {"body": new[0]})


RULE = TokenRule("math", _markdown, _storage, macros=MACROS, read=_read, revise=_revise)
