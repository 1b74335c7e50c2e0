"""The work on single pages: rendering bodies and writing pages, here or in several processes at once.

What a worker needs of the site is given to it once, when it starts; between processes go only names of pages
and rows of facts, bodies go through packs.
"""

import gc
import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from multiprocessing.pool import Pool
from pathlib import Path

from confsync.errors import ConfsyncError
from confsync.site.check import broken_references
from confsync.site.history import objects, shown
from confsync.site.hooks import Hooks, load_hooks
from confsync.site.known import Known, Weights, remember
from confsync.site.memory import Memory, Pack
from confsync.site.model import Kind, Node, Reference, Rendered
from confsync.site.output import Written, put
from confsync.site.pages import Chrome, Pages
from confsync.site.past import Repository, Version
from confsync.site.questions import Answers
from confsync.site.redirects import history_page
from confsync.site.render import PageRenderer
from confsync.site.report import Problem
from confsync.site.search.index import text_file, text_name, weigh
from confsync.site.surroundings import Surroundings
from confsync.site.theme import STATIC, Theme

SEARCH = f"{STATIC}/search/"
"""Where the files of the search lie."""
_WORTH_A_PROCESS = 120
"""Pages for which another process is worth its start."""
_CHUNK = 24
_RARELY = (100_000, 20, 20)
"""When Python looks for circles of garbage: tokens come by the thousand and make none."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What every worker is told."""

    around: Surroundings
    chrome: Chrome
    templates: Path | None
    compiled: Path | None
    """A folder that keeps compiled templates."""
    hooks: Path | None
    repository: Repository
    out: Path
    memory: Path


@dataclass(frozen=True, slots=True)
class BodyJob:
    """A body to render."""

    node: Node
    text: str
    """The digest of its text."""
    key: str
    """The digest of its title and labels."""


@dataclass(frozen=True, slots=True)
class PageJob:
    """A page to write."""

    node: Node
    known: Known
    linked_from: tuple[Node, ...]
    posts: tuple[tuple[Node, str], ...] = ()
    """For the blog's list: posts with what they say first."""


@dataclass(frozen=True, slots=True)
class Body:
    """What came of a body."""

    out: str
    known: Known
    weights: Weights
    ids: frozenset[str]
    references: tuple[Reference, ...]
    """Into other pages; those into the page itself are checked already."""
    written: Written


@dataclass(frozen=True, slots=True)
class HistoryJob:
    """The histories of some pages."""

    pages: tuple[tuple[Node, tuple[Version, ...]], ...]
    most: int


class Crew:
    """Does jobs in the order in which they are given.

    Args:
        worker: works in this process; None where others do.
        pool: other processes.
    """

    def __init__(self, worker: "Worker | None", pool: Pool | None) -> None:
        self._worker = worker
        self._pool = pool

    def bodies(self, jobs: Sequence[BodyJob]) -> Iterator[Body]:
        """Render bodies."""
        return self._each(jobs, Worker.body, _body)

    def pages(self, jobs: Sequence[PageJob]) -> Iterator[Written]:
        """Write pages."""
        return self._each(jobs, Worker.page, _page)

    def histories(self, jobs: Sequence[HistoryJob]) -> Iterator[list[Written]]:
        """Write histories."""
        return self._each(jobs, Worker.history, _history)

    def _each(
        self, jobs: Sequence[object], here: Callable[..., object], there: Callable[..., object]
    ) -> Iterator:  # type: ignore[type-arg]
        if self._pool is not None:
            return self._pool.imap(there, jobs, chunksize=_CHUNK)
        worker = self._worker
        return (here(worker, job) for job in jobs)


@contextmanager
def crew(brief: Brief, pages: int, jobs: int) -> Iterator[Crew]:
    """Gather workers for so many pages; at most `jobs` processes."""
    jobs = min(jobs, pages // _WORTH_A_PROCESS)
    if jobs <= 1:
        worker = Worker(brief)
        before = gc.get_threshold()
        gc.set_threshold(*_RARELY)
        try:
            yield Crew(worker, None)
        finally:
            gc.set_threshold(*before)
            worker.close()
        return
    with _context().Pool(jobs, _start, (brief,)) as pool:
        yield Crew(None, pool)
        pool.close()
        pool.join()


def _context() -> BaseContext:
    """Forked where nothing can go wrong: everything is loaded already. Threads do not survive a fork."""
    if sys.platform == "linux" and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context("spawn")


class Worker:
    """Renders and writes pages in whichever process."""

    def __init__(self, brief: Brief) -> None:
        self._brief = brief
        self._memory = Memory(brief.memory)
        self._renderer: PageRenderer | None = None
        self._pages: Pages | None = None
        self._pack: Pack | None = None
        self._answers = Answers(brief.around)
        self._hooks: Hooks = load_hooks(brief.hooks)

    def close(self) -> None:
        """End."""
        if self._pack is not None:
            self._pack.close()
        self._memory.__exit__()

    def body(self, job: BodyJob) -> Body:
        """Render a body, put it into the pack, and write what the search shows of it."""
        if self._pack is None:
            self._pack = Pack(self._brief.memory)
        rendered = self._rendered(job.node)
        weights = weigh(job.node.title, job.node.meta.labels, rendered.sections)
        answers = self._answers.all(rendered.asked)
        known = remember(rendered, weights, answers, self._pack, text=job.text, node=job.key)
        text = text_file(job.node.out, job.node.title, rendered.summary, rendered.sections)
        written = put(self._brief.out, SEARCH + text_name(job.node.out), text.encode())
        own = [one for one in rendered.references if one.out == job.node.out]
        known.adrift = [
            [one.page, one.target, one.reason] for one in broken_references(own, {job.node.out: rendered.ids})
        ]
        others = tuple(one for one in rendered.references if one.out != job.node.out)
        return Body(job.node.out, known, weights, rendered.ids, others, written)

    def page(self, job: PageJob) -> Written:
        """Write a page around its body."""
        rendered = job.known.rendered(self._memory)
        html = self._theme_pages().page(job.node, rendered, job.linked_from, job.posts)
        return put(self._brief.out, job.node.out, self._hooks.after(job.node, html).encode())

    def history(self, job: HistoryJob) -> list[Written]:
        """Write how some pages became what they are."""
        blobs = [blob for _, versions in job.pages for blob in objects(versions, job.most)]
        texts = self._brief.repository.texts(list(dict.fromkeys(blobs)))
        written = []
        for page, versions in job.pages:
            node = Node(history_page(page), f"History of {page.title}", Kind.FOLDER, None)
            html = self._theme_pages().history(node, page, shown(versions, texts, job.most))
            written.append(put(self._brief.out, node.out, html.encode()))
        return written

    def _theme_pages(self) -> Pages:
        if self._pages is None:
            self._pages = Pages(Theme(self._brief.templates, self._brief.compiled), self._brief.chrome)
        return self._pages

    def _rendered(self, node: Node) -> Rendered:
        if node.source is None:
            return Rendered("")
        if self._renderer is None:
            self._renderer = PageRenderer(self._brief.around, self._hooks.before)
        try:
            return self._renderer.render(node)
        except Exception as error:  # noqa: BLE001 (one bad page never stops the others)
            said = error.message if isinstance(error, ConfsyncError) else f"{type(error).__name__}: {error}"
            return Rendered("", problems=(Problem(node.source, f"cannot be shown: {said}"),))


_workers: list[Worker] = []
"""Of this process; filled where it was started to work for another one."""


def _start(brief: Brief) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    gc.freeze()  # what was there before lives on; looking at it would copy it
    gc.set_threshold(*_RARELY)
    _workers[:] = [Worker(brief)]


def _body(job: BodyJob) -> Body:
    return _workers[0].body(job)


def _page(job: PageJob) -> Written:
    return _workers[0].page(job)


def _history(job: HistoryJob) -> list[Written]:
    return _workers[0].history(job)
