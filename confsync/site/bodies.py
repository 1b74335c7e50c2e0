"""The first pass: every body rendered, and what the pages say of each other gathered from them."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from confsync.errors import ConfsyncError
from confsync.model.ids import RelPath
from confsync.site.check import broken_references
from confsync.site.model import BrokenLink, Kind, Node, Problem, Rendered
from confsync.site.output import Output
from confsync.site.render import PageRenderer
from confsync.site.search.index import Entry, Index, text_file, text_name, weigh
from confsync.site.spool import Spool
from confsync.site.surroundings import Surroundings
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

    def render(self, nodes: Sequence[Node], advance: Callable[[int], None], *, jobs: int = 1) -> None:
        """Render pages, in the order in which the search will number them.

        Args:
            nodes: the pages.
            advance: hears of every page that is done.
            jobs: how many processes may work at it; the result is the same.
        """
        for node, (rendered, weights) in zip(nodes, self._made(nodes, jobs), strict=True):
            self._take(node, rendered, weights)
            advance(1)
        files = {SEARCH + name: content for name, content in self._index.files()}
        self._output.plan(files)
        for path, content in files.items():
            self._output.text(path, content)

    def _made(self, nodes: Sequence[Node], jobs: int) -> Iterator["_Made"]:
        jobs = min(jobs, len(nodes) // _WORTH_A_PROCESS)
        if jobs <= 1:
            yield from map(_Maker(self._renderer).make, nodes)
            return
        # Started afresh, not forked: there may be threads, and not every system can fork.
        context = multiprocessing.get_context("spawn")
        with context.Pool(jobs, _start, (self._renderer.around,)) as pool:
            yield from pool.imap(_work, nodes, chunksize=_CHUNK)

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

    def _take(self, node: Node, rendered: Rendered, weights: Mapping[str, int]) -> None:
        self._spool.put(node.out, rendered.html)
        text = rendered.sections
        self._rendered[node.out] = replace(rendered, html="", sections=())
        for out in rendered.links - {node.out}:
            self._linked_from.setdefault(out, []).append(node)
        self._index.add(Entry(node.title, node.out, self._section(node), node.meta.labels), weights)
        self._output.text(SEARCH + text_name(node.out), text_file(node.out, text))

    def _section(self, node: Node) -> str:
        way = (*self._tree.trail(node), node)
        if node.kind is Kind.POST:
            return "Blog"
        return way[1].title if len(way) > 1 else node.title


_Made = tuple[Rendered, dict[str, int]]
"""A body, and the weights of its words."""
_WORTH_A_PROCESS = 300
"""Pages. A process takes about half a second to start."""
_CHUNK = 32


class _Maker:
    """Renders bodies in whichever process."""

    def __init__(self, renderer: PageRenderer) -> None:
        self._renderer = renderer

    def make(self, node: Node) -> _Made:
        rendered = self._rendered(node)
        return rendered, weigh(node.title, node.meta.labels, rendered.sections)

    def _rendered(self, node: Node) -> Rendered:
        if node.source is None:
            return Rendered("")
        try:
            return self._renderer.render(node)
        except Exception as error:  # noqa: BLE001 (one bad page never stops the others)
            said = error.message if isinstance(error, ConfsyncError) else f"{type(error).__name__}: {error}"
            return Rendered("", problems=(Problem(node.source, f"cannot be shown: {said}"),))


_makers: list[_Maker] = []
"""Of this process; filled where it was started to work for another one."""


def _start(around: Surroundings) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    _makers.append(_Maker(PageRenderer(around)))


def _work(node: Node) -> _Made:
    return _makers[0].make(node)
