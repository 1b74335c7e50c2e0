"""Build the site: read the folder, grow the tree, render page by page, write what changed."""

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import urlsplit

from confsync.errors import UsageError
from confsync.model.ids import RelPath
from confsync.names.slug import fold
from confsync.ports import Reporter
from confsync.site.attachments import Attachments
from confsync.site.audience import Audience
from confsync.site.bodies import SEARCH, Bodies
from confsync.site.feeds import FEED, ROBOTS, SITEMAP, feed, robots, sitemap
from confsync.site.labels import Labels
from confsync.site.model import BrokenLink, Kind, Problem, SiteReport
from confsync.site.nav import Navigation
from confsync.site.output import Output
from confsync.site.pages import Chrome, Pages
from confsync.site.render import PageRenderer
from confsync.site.search.index import text_name
from confsync.site.source import Folder, read_folder, read_settings
from confsync.site.spool import Spool
from confsync.site.surroundings import Surroundings, jira_site
from confsync.site.theme import Theme
from confsync.site.tree import Tree, grow


def build_site(
    source: Path,
    out: Path,
    *,
    base_url: str = "",
    templates: Path | None = None,
    jobs: int = 1,
    reporter: Reporter | None = None,
) -> SiteReport:
    """Make a static website of a folder of Markdown, from local files only.

    Args:
        source: a working copy, or any folder of Markdown files.
        out: where the site is written; files that an earlier build wrote there are replaced.
        base_url: where the site will be served, for its sitemap; it works from any path without.
        templates: a folder of templates, styles and scripts that override the shipped ones.
        jobs: how many processes may render; the bytes are the same. A script that says more than 1 needs
            `if __name__ == "__main__":`, as always with processes.
        reporter: hears about progress and about broken links.

    Raises:
        UsageError: the folders or templates cannot be used.
        ConfigError: confsync.toml cannot be read, or `source` is no folder.
        WriteFailed: the disk is full or refuses; every file is whole, old or new.
    """
    source, out = source.resolve(), out.resolve()
    _check_places(source, out, base_url)
    theme = Theme(templates)
    folder = read_folder(source, read_settings(source), skip=out)
    audience = Audience(folder)
    tree = grow(audience.sources, audience.base_parent, name=folder.settings.key or source.name)
    build = _Build(folder, audience, tree, theme=theme, out=out, base_url=base_url)
    return build.run(reporter, jobs)


def _check_places(source: Path, out: Path, base_url: str) -> None:
    if out == source or source.is_relative_to(out):
        raise UsageError(
            f"the site cannot be written into {out}, which holds its source", hint="choose another folder"
        )
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file", hint="name a folder for the site")
    if base_url and urlsplit(base_url).scheme not in ("http", "https"):
        raise UsageError(f"{base_url} is not a web address", hint="write it like https://docs.example.com/")


class _Build:
    def __init__(
        self, folder: Folder, audience: Audience, tree: Tree, *, theme: Theme, out: Path, base_url: str
    ) -> None:
        self._folder = folder
        self._audience = audience
        self._tree = tree
        self._theme = theme
        self._out = out
        self._base_url = base_url and base_url.rstrip("/") + "/"
        settings = folder.settings
        left_out = {fold(path): reason for path, reason in audience.left_out.items()}
        self._labels = Labels(tree)
        people: Mapping[str, str] = {}
        updated = {out: when for out, node in tree.nodes.items() if (when := audience.updated(node, people))}
        self._attachments = Attachments(folder, audience, tree)
        around = Surroundings(
            tree,
            folder.top,
            folder.base,
            settings.url,
            settings.key,
            jira_site(settings),
            left_out,
            updated,
            self._attachments.by_page,
            self._labels.nodes,
            people,
        )
        page_url = f"{settings.url}/pages/viewpage.action?pageId={{id}}" if settings.url else ""
        self._renderer = PageRenderer(around)
        self._pages = Pages(
            theme,
            Navigation(tree),
            tree,
            Chrome(page_url, self._base_url, self._labels.nodes, lambda node: updated.get(node.out)),
        )
        self._broken: list[BrokenLink] = []
        self._problems: list[Problem] = [*folder.problems, *audience.problems]

    def run(self, reporter: Reporter | None, jobs: int) -> SiteReport:
        static = self._theme.static()
        assets = self._attachments.files
        extra = self._extra_pages()
        texts = [SEARCH + text_name(out) for out in self._tree.nodes]
        feeds = [FEED] if self._base_url and self._tree.posts else []
        output = Output(self._out, [*self._tree.nodes, *static, *assets.values(), *extra, *texts, *feeds])
        for path, file in static.items():
            output.copy(path, file)
        referenced = self._render_all(output, reporter, jobs)
        for path, text in extra.items():
            output.text(path, text)
        for path in feeds:
            output.text(path, feed(self._base_url, self._tree.home.title, self._pages.told()))
        for asset, path in assets.items():
            output.copy(path, self._folder.top / asset)
        late = self._late(output, referenced - assets.keys())
        return self._report(output, reporter, attachments=len(assets) + late)

    def _late(self, output: Output, files: frozenset[RelPath]) -> int:
        """Copy what pages refer to and no assets folder holds."""
        output.plan(files)
        for file in sorted(files):
            output.copy(file, self._folder.top / file)
        return len(files)

    def _render_all(self, output: Output, reporter: Reporter | None, jobs: int) -> frozenset[RelPath]:
        # The blog's list comes last: it shows how the posts begin.
        nodes = sorted(self._tree.nodes.values(), key=lambda node: (node.kind is Kind.BLOG, node.out))
        task = reporter.task("Rendering pages", len(nodes)) if reporter else nullcontext(lambda _: None)
        with Spool() as spool, task as advance:
            bodies = Bodies(self._tree, self._renderer, output, spool)
            bodies.render(nodes, advance, jobs=jobs)
            for node in nodes:
                rendered = bodies.rendered(node)
                if node.kind is Kind.POST:
                    self._pages.summarise(node, rendered)
                output.text(node.out, self._pages.page(node, rendered, bodies.linked_from(node)))
        self._broken.extend(bodies.broken)
        self._problems.extend(bodies.problems)
        return bodies.files

    def _extra_pages(self) -> Mapping[str, str]:
        extra = {".nojekyll": ""}
        if "404.html" not in self._tree.nodes:
            extra["404.html"] = self._pages.not_found(self._base_url)
        if self._base_url:
            extra[SITEMAP] = sitemap(self._base_url, [*self._tree.nodes])
            extra[ROBOTS] = robots(self._base_url)
        if self._labels.nodes:
            extra |= self._label_pages()
        return extra

    def _label_pages(self) -> Mapping[str, str]:
        held = {label: self._labels.pages(label) for label in self._labels.nodes}
        pages = {
            node.out: self._pages.label(node, self._labels.overview, held[label])
            for label, node in self._labels.nodes.items()
        }
        counts = {self._labels.nodes[label]: len(nodes) for label, nodes in held.items()}
        return pages | {self._labels.overview.out: self._pages.labels(self._labels.overview, counts)}

    def _report(self, output: Output, reporter: Reporter | None, *, attachments: int) -> SiteReport:
        removed = output.finish()
        broken = tuple(sorted(self._broken, key=lambda link: (link.page, link.target)))
        if reporter:
            for link in broken:
                reporter.warn(f"broken link {link.target}: {link.reason}", page=link.page)
            for problem in self._problems:
                reporter.warn(problem.message, page=problem.page)
        return SiteReport(
            home=str(self._out / "index.html"),
            pages=sum(node.kind is Kind.PAGE for node in self._tree.nodes.values()),
            posts=len(self._tree.posts),
            attachments=attachments,
            written=output.written,
            unchanged=output.unchanged,
            removed=removed,
            broken=broken,
            problems=tuple(self._problems),
            left_out=tuple(Problem(path, reason) for path, reason in sorted(self._audience.left_out.items())),
        )
