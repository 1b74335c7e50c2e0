"""The first pass: every body rendered, and what the pages say of each other gathered from them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from confsync.errors import ConfsyncError
from confsync.model.ids import RelPath
from confsync.site.check import broken_references
from confsync.site.model import BrokenLink, Kind, Node, Problem, Rendered
from confsync.site.output import Output
from confsync.site.render import PageRenderer
from confsync.site.search.index import Entry, Index, text_file, text_name, weigh
from confsync.site.spool import Spool
from confsync.site.theme import STATIC
from confsync.site.tree import Tree

SEARCH = f"{STATIC}/search/"
"""Where the files of the search lie."""


class Bodies:
    """The rendered bodies of a site and what follows from all of them together.

    Args:
        tree: the pages.
        renderer: renders one.
        output: takes the files of the search.
        spool: keeps the bodies.
    """

    def __init__(self, tree: Tree, renderer: PageRenderer, output: Output, spool: Spool) -> None:
        self._tree = tree
        self._renderer = renderer
        self._output = output
        self._spool = spool
        self._index = Index()
        self._rendered: dict[str, Rendered] = {}
        self._linked_from: dict[str, list[Node]] = {}

    def render(self, nodes: Iterable[Node], advance: Callable[[int], None]) -> None:
        """Render pages, in the order in which the search will number them."""
        for node in nodes:
            self._take(node, self._one(node))
            advance(1)
        files = {SEARCH + name: content for name, content in self._index.files()}
        self._output.plan(files)
        for path, content in files.items():
            self._output.text(path, content)

    def rendered(self, node: Node) -> Rendered:
        """Return a page's body with what is known of it."""
        return replace(self._rendered[node.out], html=self._spool.take(node.out))

    def linked_from(self, node: Node) -> tuple[Node, ...]:
        """The pages whose text leads to this one, by title."""
        found = self._linked_from.get(node.out, ())
        return tuple(sorted(found, key=lambda one: (one.title.casefold(), one.out)))

    @property
    def files(self) -> frozenset[RelPath]:
        """Files of the source that pages refer to."""
        return frozenset(path for one in self._rendered.values() for path in one.files)

    @property
    def broken(self) -> tuple[BrokenLink, ...]:
        """Links that lead nowhere, also those into pages."""
        ids: Mapping[str, frozenset[str]] = {out: one.ids for out, one in self._rendered.items()}
        references = (reference for one in self._rendered.values() for reference in one.references)
        direct = tuple(link for one in self._rendered.values() for link in one.broken)
        return direct + broken_references(references, ids)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What authors should know."""
        return tuple(problem for one in self._rendered.values() for problem in one.problems)

    def _take(self, node: Node, rendered: Rendered) -> None:
        self._spool.put(node.out, rendered.html)
        text = rendered.sections
        self._rendered[node.out] = replace(rendered, html="", sections=())
        for out in rendered.links - {node.out}:
            self._linked_from.setdefault(out, []).append(node)
        self._index.add(
            Entry(node.title, node.out, self._section(node), node.meta.labels),
            weigh(node.title, node.meta.labels, text),
        )
        self._output.text(SEARCH + text_name(node.out), text_file(node.out, text))

    def _section(self, node: Node) -> str:
        way = (*self._tree.trail(node), node)
        if node.kind is Kind.POST:
            return "Blog"
        return way[1].title if len(way) > 1 else node.title

    def _one(self, node: Node) -> Rendered:
        if node.source is None:
            return Rendered("")
        try:
            return self._renderer.render(node)
        except Exception as error:  # noqa: BLE001 (one bad page never stops the others)
            said = error.message if isinstance(error, ConfsyncError) else f"{type(error).__name__}: {error}"
            return Rendered("", problems=(Problem(node.source, f"cannot be shown: {said}"),))
