"""All of a site that is no page: styles and scripts, attachments, label pages, feeds, redirects."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from confsync.model.ids import RelPath
from confsync.site.feeds import CHANGES, FEED, ROBOTS, SITEMAP, changes_feed, posts_feed, robots, sitemap
from confsync.site.model import Node
from confsync.site.output import Output
from confsync.site.pages import Chrome, Pages
from confsync.site.redirects import RULES, redirects, rules
from confsync.site.served import PICTURE, harmless, served
from confsync.site.theme import ACCENT, STATIC, Theme, accent_style
from confsync.site.world import World

Make = Callable[[], str]
LIVE = f"{STATIC}/live.js"
"""Listens to a preview."""
DIAGRAMS = f"{STATIC}/mermaid/"
"""The scripts that draw diagrams; they are large, and most sites need none."""


class Extras:
    """What stands beside the pages of one site.

    Args:
        world: the site.
        theme: the templates.
        chrome: what stands around pages.
    """

    def __init__(self, world: World, theme: Theme, chrome: Chrome) -> None:
        self._world = world
        self._theme = theme
        self._chrome = chrome
        self._options = chrome.options
        self._pages = Pages(theme, chrome)
        self._redirects = redirects(world.around, world.past.renames)
        self._static = {
            path: file
            for path, file in theme.static().items()
            if (chrome.live or path != LIVE) and not path.startswith(DIAGRAMS)
        }

    @cached_property
    def assets(self) -> Mapping[RelPath, str]:
        """Every attachment of a page that is on the site, with its address there."""
        return self._world.attachments.files

    @property
    def _logo(self) -> Sequence[str]:
        path = self._options.logo
        return [path] if path and (self._world.folder.top / path).is_file() else []

    def planned(self) -> Iterator[str]:
        """Every path that will be written."""
        yield from self._static
        yield from self.assets.values()
        yield from self._texts
        yield from self._redirects
        yield from self._logo

    def write(
        self,
        output: Output,
        posts: Sequence[tuple[Node, str]],
        before: Mapping[str, Sequence[int]],
        rendered: set[str],
    ) -> None:
        """Write them, or find them as they are.

        Args:
            output: the site.
            posts: with what each says first.
            before: the files of an earlier build that are good as they are.
            rendered: the pages whose text is new.
        """
        self._posts = posts
        news = {FEED} if any(post.out in rendered for post, _ in posts) else set()
        for path, make in self._texts.items():
            if path in before and path not in news:
                output.carry(path, before)
            else:
                output.text(path, make())
        for path, node in self._redirects.items():
            if path in before:
                output.carry(path, before)
            else:
                output.text(path, self._pages.redirect(path, node))
        for path, file in self._static.items():
            output.copy(path, file)
        for path in [*self.assets, *self._logo]:
            self.copy(output, RelPath(path))

    def write_diagrams(self, output: Output) -> None:
        """Write what pages with diagrams need."""
        files = {path: file for path, file in self._theme.static().items() if path.startswith(DIAGRAMS)}
        frame = f"{DIAGRAMS}frame.html"
        output.plan([*files, frame])
        for path, file in files.items():
            output.copy(path, file)
        output.text(frame, self._theme.render("diagram.html"))

    def copy(self, output: Output, path: RelPath) -> None:
        """Copy a file of the folder as the site serves it."""
        file = self._world.folder.top / path
        if path.lower().endswith(PICTURE):
            output.data(path, harmless(file))
        else:
            output.copy(served(path), file)

    _posts: Sequence[tuple[Node, str]] = ()

    @cached_property
    def _texts(self) -> Mapping[str, Make]:
        made: dict[str, Make] = {".nojekyll": str, **self._for_machines(), **self._labels()}
        if "404.html" not in self._world.tree.nodes:
            made["404.html"] = self._pages.not_found
        if self._options.accent[0]:
            made[f"{STATIC}/{ACCENT}"] = lambda: accent_style(*self._options.accent)
        if self._redirects and rules(self._world.around):
            made[RULES] = lambda: rules(self._world.around)
        return made

    def _for_machines(self) -> Mapping[str, Make]:
        base, around = self._options.base_url, self._world.around
        if not base:
            return {}
        nodes = self._world.tree.nodes
        made: dict[str, Make] = {
            SITEMAP: lambda: sitemap(base, [*nodes], around.updated),
            ROBOTS: lambda: robots(base, self._options.robots),
        }
        if self._world.tree.posts:
            made[FEED] = lambda: posts_feed(base, self._chrome.title, self._posts)
        if around.updated:
            made[CHANGES] = lambda: changes_feed(base, self._chrome.title, nodes.values(), around.updated)
        return made

    def _labels(self) -> Mapping[str, Make]:
        labels, made = self._world.labels, dict[str, Make]()
        if not labels.nodes:
            return made
        for label, node in labels.nodes.items():
            made[node.out] = lambda node=node, label=label: self._pages.label(  # type: ignore[misc]
                node, labels.overview, labels.pages(label)
            )
        counts = {labels.nodes[label]: len(labels.pages(label)) for label in labels.nodes}
        made[labels.overview.out] = lambda: self._pages.labels(labels.overview, counts)
        return made
