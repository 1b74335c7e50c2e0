"""One build, step by step: what is out of date, then bodies, search, pages, and all that is not a page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from confsync.model.ids import RelPath
from confsync.ports import Reporter
from confsync.site.check import broken_references
from confsync.site.crew import SEARCH, BodyJob, Brief, Crew, HistoryJob, PageJob, crew
from confsync.site.extras import Extras
from confsync.site.finding import Finding
from confsync.site.known import Known, broken_links, problems_of
from confsync.site.memory import Facts, Memory, digest
from confsync.site.model import Kind, Node, Reference
from confsync.site.output import Output
from confsync.site.pages import Chrome
from confsync.site.past import Version
from confsync.site.redirects import history_page
from confsync.site.report import Problem, SiteReport
from confsync.site.request import Request
from confsync.site.search.index import text_name
from confsync.site.served import served
from confsync.site.shells import Shells
from confsync.site.staleness import Staleness, damaged_files
from confsync.site.theme import Theme
from confsync.site.world import World

_HISTORIES = 32
"""Pages whose old texts are read at once."""


class Construction:
    """One build.

    Args:
        request: what is wanted.
        world: what is known before.
        theme: the templates.
        memory: keeps bodies.
        facts: what an earlier build left.
        key: a digest of the code, the templates and the options.
        own: the user's templates.
        compiled: keeps compiled templates.
    """

    def __init__(
        self,
        request: Request,
        world: World,
        *,
        theme: Theme,
        memory: Memory,
        facts: Facts,
        key: str,
        own: Path | None,
        compiled: Path | None,
    ) -> None:
        self._request = request
        self._world = world
        self._tree = world.tree
        self._memory = memory
        self._facts = facts
        self._key = key
        self._same_key = facts.key == key
        self._same_world = self._same_key and facts.world == world.digest
        self._histories = self._told()
        told = frozenset(node.meta.id for node in self._histories if node.meta.id)
        edit_url = world.options.edit_url or world.past.edit_url
        chrome = Chrome(world.around, world.options, edit_url, told, request.live)
        self._shells = Shells(chrome)
        self._extras = Extras(world, theme, chrome)
        self._brief = Brief(
            world.around, chrome, own, compiled, request.hooks, world.repository, request.out, memory.folder
        )
        # The blog's list comes last: it shows how the posts begin.
        self._nodes = sorted(self._tree.nodes.values(), key=lambda node: (node.kind is Kind.BLOG, node.out))
        self._known: dict[str, Known] = {}
        self._damaged = damaged_files(request.out, facts.files) if self._same_key else frozenset()

    def run(self, reporter: Reporter | None, jobs: int) -> SiteReport:
        """Build, and remember."""
        before = {out: Known.of(row) for out, row in self._facts.pages.items()} if self._same_key else {}
        if self._memory.waste(self._facts.pages):
            before = {}
        staleness = Staleness(self._world, self._memory, before, same_world=self._same_world)
        stale = [job for node in self._nodes if (job := self._job(node, staleness, before)) is not None]
        output = Output(self._request.out, self._planned())
        work = len(stale) if self._same_world else max(len(stale), len(self._nodes))
        with crew(self._brief, work, jobs) as workers:
            finding = Finding(self._nodes, self._tree, self._memory, self._facts, same_key=self._same_key)
            with _task(reporter, "Rendering pages", len(stale)) as advance:
                self._render(stale, before, workers, output=output, finding=finding, advance=advance)
            self._write_search(finding, output)
            self._write_pages(before, {job.node.out for job in stale}, workers, output)
            self._write_histories(workers, output)
        attachments = self._write_extras(output, {job.node.out for job in stale})
        return self._finish(output, reporter, finding, attachments)

    # ---- what is out of date

    def _job(self, node: Node, staleness: Staleness, before: Mapping[str, Known]) -> BodyJob | None:
        known = before.get(node.out)
        text, key = staleness.text(node), staleness.node(node)
        hurt = SEARCH + text_name(node.out) in self._damaged
        if known is not None and not hurt and not staleness.stale(node, known):
            self._known[node.out] = known
            return None
        return BodyJob(node, text, key)

    def _planned(self) -> Iterator[str]:
        yield from self._tree.nodes
        yield from (SEARCH + text_name(out) for out in self._tree.nodes)
        yield from (history_page(node) for node in self._histories)
        yield from self._extras.planned()

    def _told(self) -> Mapping[Node, Sequence[Version]]:
        versions = self._world.past.versions if self._world.options.history else {}
        return {
            node: versions[node.meta.id]
            for node in self._tree.nodes.values()
            if node.meta.id and node.meta.id in versions
        }

    # ---- bodies

    def _render(
        self,
        stale: Sequence[BodyJob],
        before: Mapping[str, Known],
        workers: Crew,
        *,
        output: Output,
        finding: Finding,
        advance: Callable[[int], None],
    ) -> None:
        ids: dict[str, frozenset[str]] = {}
        references: dict[str, tuple[Reference, ...]] = {}
        for body in workers.bodies(stale):
            self._known[body.out] = body.known
            output.count(body.written)
            ids[body.out], references[body.out] = body.ids, body.references
            finding.changed(body.out, before.get(body.out), body.weights)
            advance(1)
        self._check_places(ids, references)
        for out in self._tree.nodes.keys() - ids.keys():
            output.carry(SEARCH + text_name(out), self._facts.files)

    def _check_places(
        self, ids: dict[str, frozenset[str]], references: dict[str, tuple[Reference, ...]]
    ) -> None:
        """Check links into other pages: those of new bodies, and those of others into new bodies."""
        for out, known in self._known.items():
            if out not in references and not ids.keys().isdisjoint(known.links):
                own = known.rendered(self._memory).references
                references[out] = tuple(one for one in own if one.out != out)
        for out, some in references.items():
            known = self._known[out]
            for target in {one.out for one in some} - ids.keys():
                ids[target] = (
                    self._known[target].rendered(self._memory).ids if target in self._known else frozenset()
                )
            to_self = [row for row in known.adrift if row[1].startswith("#")]
            known.adrift = to_self + [
                [one.page, one.target, one.reason] for one in broken_references(some, ids)
            ]

    # ---- the search

    def _write_search(self, finding: Finding, output: Output) -> None:
        hurt = any(path.startswith(SEARCH) for path in self._damaged)
        files = finding.files(self._known, self._request.out, hurt=hurt, same_world=self._same_world)
        output.plan(SEARCH + name for name in finding.shards)
        output.plan([f"{SEARCH}pages.js"])
        for name, content in files.items():
            output.text(SEARCH + name, content)
        for name in (*finding.shards, "pages.js"):
            if name not in files:
                output.carry(SEARCH + name, self._facts.files)

    # ---- pages

    def _write_pages(
        self, before: Mapping[str, Known], stale: set[str], workers: Crew, output: Output
    ) -> None:
        linked, was_linked = self._linked_from(self._known), self._linked_from(before)
        jobs = []
        for node in self._nodes:
            out = node.out
            known = self._known[out]
            if self._is_candidate(node, stale) or linked.get(out, ()) != was_linked.get(out, ()):
                posts = self._posts() if node.kind is Kind.BLOG else ()
                shell = digest(self._shells.digest(node, linked.get(out, ()), posts), known.body)
                if shell != known.shell or out in self._damaged or out not in before:
                    known.shell = shell
                    jobs.append(PageJob(node, known, tuple(linked.get(out, ())), posts))
                    continue
            output.carry(out, self._facts.files)
        for written in workers.pages(jobs):
            output.count(written)

    def _is_candidate(self, node: Node, stale: set[str]) -> bool:
        if not self._same_world or node.out in stale or node.out in self._damaged:
            return True
        return node.kind is Kind.BLOG and any(post.out in stale for post in self._tree.posts)

    def _linked_from(self, pages: Mapping[str, Known]) -> Mapping[str, Sequence[Node]]:
        found: dict[str, list[Node]] = {}
        nodes = self._tree.nodes
        for out, known in pages.items():
            node = nodes.get(out)
            if node is not None:
                for target in known.links:
                    if target != out:
                        found.setdefault(target, []).append(node)
        for some in found.values():
            some.sort(key=lambda one: (one.title.casefold(), one.out))
        return found

    def _posts(self) -> tuple[tuple[Node, str], ...]:
        return tuple((post, self._known[post.out].summary) for post in self._tree.posts)

    def _write_histories(self, workers: Crew, output: Output) -> None:
        jobs, batch = [], []
        for node, versions in self._histories.items():
            path = history_page(node)
            if self._same_world and path not in self._damaged:
                output.carry(path, self._facts.files)
                continue
            batch.append((node, tuple(versions)))
            if len(batch) == _HISTORIES:
                jobs.append(HistoryJob(tuple(batch), self._world.options.history))
                batch = []
        if batch:
            jobs.append(HistoryJob(tuple(batch), self._world.options.history))
        for written in workers.histories(jobs):
            for one in written:
                output.count(one)

    # ---- the rest

    def _write_extras(self, output: Output, stale: set[str]) -> int:
        late = {
            RelPath(path) for known in self._known.values() for path in known.files
        } - self._extras.assets.keys()
        output.plan(served(path) for path in late)
        fresh = self._same_world and not self._damaged
        self._extras.write(output, self._posts(), self._facts.files if fresh else {}, stale)
        for path in sorted(late):
            self._extras.copy(output, path)
        if any(known.diagrams for known in self._known.values()):
            self._extras.write_diagrams(output)
        return len(self._extras.assets) + len(late)

    def _finish(
        self, output: Output, reporter: Reporter | None, finding: Finding, attachments: int
    ) -> SiteReport:
        removed = output.finish()
        broken = sorted(
            (link for known in self._known.values() for link in broken_links(known)),
            key=lambda link: (link.page, link.target),
        )
        problems = [
            *self._world.folder.problems,
            *self._world.audience.problems,
            *(problem for node in self._nodes for problem in problems_of(self._known[node.out])),
        ]
        if reporter:
            for link in broken:
                reporter.warn(f"broken link {link.target}: {link.reason}", page=link.page)
            for problem in problems:
                reporter.warn(problem.message, page=problem.page)
        self._remember(output, finding)
        return SiteReport(
            home=str(self._request.out / "index.html"),
            pages=sum(node.kind is Kind.PAGE for node in self._nodes),
            posts=len(self._tree.posts),
            attachments=attachments,
            written=output.written,
            unchanged=output.unchanged,
            removed=removed,
            broken=tuple(broken),
            problems=tuple(problems),
            left_out=tuple(
                Problem(path, reason) for path, reason in sorted(self._world.audience.left_out.items())
            ),
            restricted_shown=self._world.audience.restricted_shown,
        )

    def _remember(self, output: Output, finding: Finding) -> None:
        self._memory.save(
            Facts(
                key=self._key,
                world=self._world.digest,
                rows=self._world.rows,
                sources=self._world.sources.rows,
                records=self._world.records.rows,
                pages={out: known.row() for out, known in self._known.items()},
                shards=finding.shards,
                order=finding.order,
                files=output.files,
            )
        )


def _task(reporter: Reporter | None, title: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
    return reporter.task(title, total) if reporter else nullcontext(lambda _: None)
