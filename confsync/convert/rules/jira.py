"""`[PROJ-1](jira:PROJ-1)`: one issue of Jira in a line."""

from collections.abc import Sequence

from confsync.convert.rules.inline import TokenRule
from confsync.convert.rules.parameters import new_macro, parameters
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.tree import Atom, token

_SILENT = frozenset(("key", "server", "serverId", "showSummary", "columns", "columnIds", "maximumIssues"))


def _read(page: Page, node: Node) -> Atom | None:
    values = {one.name: one.value for one in parameters(page, node)}
    key = values.get("key")
    if not key or not key.replace("-", "").replace("_", "").isalnum() or not values.keys() <= _SILENT:
        return None
    return token("jira", key)


def _markdown(fields: Sequence[str], _page: Page | None) -> str:
    return f"[{fields[0]}](jira:{fields[0]})"


def _from_link(target: str, _text: str) -> Atom | None:
    return token("jira", target.removeprefix("jira:"))


def _storage(fields: Sequence[str], page: Page) -> str:
    server = {"server": page.links.server} if page.links.server else {}
    return new_macro(page, "jira", {**server, "key": fields[0]})


RULE = TokenRule(
    "jira", _markdown, _storage, macros=("jira",), read=_read, schemes=("jira:",), from_link=_from_link
)
