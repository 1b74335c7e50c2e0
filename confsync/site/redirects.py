"""Addresses that never change, and those that pages once had.

p/12345/                               the page with this id, whatever it is called today
wiki/spaces/DOC/pages/12345/           the same, as Confluence spells it
install-old.html                       where the page was before its file was renamed
"""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from confsync.model.ids import RelPath
from confsync.names.slug import fold
from confsync.site.model import Node
from confsync.site.surroundings import Surroundings
from confsync.site.tree import address_of, nfc

RULES = "_redirects"
"""Rules for hosts that read them (Netlify, Cloudflare Pages)."""


def permalink(node: Node) -> str:
    """Where the address lies that a page keeps; empty for pages without id."""
    return f"p/{node.meta.id}/index.html" if node.meta.id else ""


def history_page(node: Node) -> str:
    """Where the history of a page lies."""
    return f"_history/{node.meta.id}.html"


def redirects(around: Surroundings, renames: Sequence[tuple[RelPath, RelPath]]) -> Mapping[str, Node]:
    """Return the page that each former or lasting address leads to; pages themselves come first.

    Args:
        around: the site.
        renames: former and later path of files, newest first.
    """
    taken = {fold(out) for out in around.tree.nodes}
    found: dict[str, Node] = {}
    for out, node in (*_lasting(around), *_former(around, renames)):
        if fold(out) not in taken:
            taken.add(fold(out))
            found[out] = node
    return found


def rules(around: Surroundings) -> str:
    """Return the rules for addresses with a title behind the id, which no file can answer."""
    if not around.key:
        return ""
    return f"/wiki/spaces/{quote(around.key)}/pages/:id/* /p/:id/ 301\n"


def _lasting(around: Surroundings) -> Iterator[tuple[str, Node]]:
    for node in around.tree.nodes.values():
        if node.meta.id:
            yield permalink(node), node
            if around.key and "/" not in around.key:
                yield f"wiki/spaces/{around.key}/pages/{node.meta.id}/index.html", node


def _former(around: Surroundings, renames: Sequence[tuple[RelPath, RelPath]]) -> Iterator[tuple[str, Node]]:
    now: dict[str, str] = {}
    for before, after in renames:
        now.setdefault(before, now.get(after, after))
        node = around.tree.by_source.get(nfc(now[before]))
        if node is not None and not _tells_of_hidden(around, before):
            yield address_of(before), node


def _tells_of_hidden(around: Surroundings, path: RelPath) -> bool:
    """Whether a former address names a page that stays off the site."""
    parts = path.removesuffix(".md").split("/")
    above = ("/".join(parts[: at + 1]) for at in range(len(parts)))
    return any(
        fold(f"{folder}{end}") in around.left_out
        for folder in above
        for end in (".md", "/index.md", "/README.md")
    )
