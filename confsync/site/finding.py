"""The search of a site during one build: numbered anew where pages came or went, else patched."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from confsync.site.crew import SEARCH
from confsync.site.known import Known, Weights
from confsync.site.memory import Facts, Memory, digest
from confsync.site.model import Kind, Node
from confsync.site.search.index import Entry, Index, check, page_list, patched
from confsync.site.tree import Tree

_PART = 4
"""With a page in so many changed, the search is made anew."""


class Finding:
    """Gathers the words of pages that were rendered, and writes what differs.

    Args:
        nodes: all pages, in the order in which the search numbers them.
        tree: the site.
        memory: keeps the words of pages that were not rendered.
        facts: what an earlier build left.
        same_key: whether its files are still good.
    """

    def __init__(
        self, nodes: Sequence[Node], tree: Tree, memory: Memory, facts: Facts, *, same_key: bool
    ) -> None:
        self._nodes = nodes
        self._tree = tree
        self._memory = memory
        self.order = digest([node.out for node in nodes])
        """Of the pages as they are numbered."""
        self.shards: dict[str, str] = dict(facts.shards)
        """The files of words with their checks."""
        self._patch = same_key and facts.order == self.order and bool(facts.shards)
        self._now: dict[str, Weights] = {}
        self._before: dict[str, Weights] = {}

    def changed(self, out: str, before: Known | None, now: Weights) -> None:
        """Note the words of a page that was rendered; of too many pages, they are read again at the end."""
        if self._patch and len(self._now) * _PART >= len(self._nodes):
            self._patch = False
            self._now, self._before = {}, {}
        if self._patch:
            self._now[out] = now
            self._before[out] = before.weights(self._memory) if before is not None else {}

    def files(
        self, known: Mapping[str, Known], out: Path, *, hurt: bool, same_world: bool
    ) -> Mapping[str, str]:
        """Return the files that differ, by their names.

        Args:
            known: what is known of all pages.
            out: the site.
            hurt: whether files of the search cannot be trusted.
            same_world: whether titles and labels are as they were.
        """
        if self._patch and not hurt:
            found = self._patched(out)
            if same_world and not found:
                return {}
        else:
            found = self._anew(known)
        return found | {"pages.js": page_list([self._entry(node) for node in self._nodes], self.shards)}

    def _patched(self, out: Path) -> dict[str, str]:
        if not self._now:
            return {}
        numbers = {node.out: at for at, node in enumerate(self._nodes, 1)}
        changes = {
            numbers[page]: (self._before.get(page, {}), weights)
            for page, weights in self._now.items()
            if self._before.get(page, {}) != weights
        }
        new, gone = patched(
            changes, self.shards, lambda name: (out / SEARCH / name).read_text(encoding="utf-8")
        )
        for name in gone:
            del self.shards[name]
        self.shards |= {name: check(content) for name, content in new.items()}
        return dict(new)

    def _anew(self, known: Mapping[str, Known]) -> dict[str, str]:
        index = Index()
        for node in self._nodes:
            index.add(known[node.out].weights(self._memory))
        found = dict(index.files())
        self.shards = {name: check(content) for name, content in found.items()}
        return found

    def _entry(self, node: Node) -> Entry:
        if node.kind is Kind.POST:
            return Entry(node.title, node.out, "Blog", node.meta.labels)
        way = (*self._tree.trail(node), node)
        return Entry(node.title, node.out, way[1].title if len(way) > 1 else node.title, node.meta.labels)
