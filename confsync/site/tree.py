"""The tree of the site: who is whose child, in which order, and under which address.

A page's parent is the page that its folder is named after (`install.md`, `install/index.md` or
`install/README.md`). A folder that nothing speaks for keeps the parent that the base knows, and becomes a
listing of its own where the base knows none.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from confsync.model.ids import PageId, RelPath
from confsync.names.links import join, parent
from confsync.names.slug import FOLDER_PAGES, fold
from confsync.site.model import Kind, Meta, Node, Source
from confsync.site.source import humanise, post_date

HOME = "index.html"
_BLOG = "blog/index.html"


@dataclass(frozen=True, slots=True)
class Above:
    """What the base knows of a page's parent: its id and title."""

    id: PageId
    title: str


BaseParent = Callable[[Source], Above | None]


def nfc(path: str) -> str:
    """Return a path as it is compared: macOS may have decomposed it."""
    return unicodedata.normalize("NFC", path)


@dataclass(frozen=True, slots=True)
class Tree:
    """Every page of the site. Pages are named by their address (`Node.out`)."""

    nodes: Mapping[str, Node]
    parents: Mapping[str, str]
    """Without home, posts and what stands beside the home page."""
    children: Mapping[str, tuple[Node, ...]]
    """In their order."""
    beside: tuple[Node, ...]
    """Pages beside the home page."""
    posts: tuple[Node, ...]
    """Newest first."""
    by_source: Mapping[str, Node]
    by_title: Mapping[str, Node]
    folders: Mapping[str, Node]
    """The page of each folder that has one."""

    @property
    def home(self) -> Node:
        """The page at the top."""
        return self.nodes[HOME]

    def trail(self, node: Node) -> tuple[Node, ...]:
        """The pages above one, from the top down, without itself."""
        above: list[Node] = []
        at = self.parents.get(node.out)
        while at is not None:
            above.append(self.nodes[at])
            at = self.parents.get(at)
        return tuple(reversed(above))

    def walk(self) -> Iterator[Node]:
        """All pages in reading order; posts and the blog are not among them."""
        stack = [*reversed(self.beside), self.home]
        while stack:
            node = stack.pop()
            if node.kind is not Kind.BLOG:
                yield node
            stack.extend(reversed(self.children.get(node.out, ())))


def grow(sources: Iterable[Source], base_parent: BaseParent, *, name: str) -> Tree:
    """Build the tree.

    Args:
        sources: the pages that are to be on the site.
        base_parent: what the base knows of a page's parent; asked only where the folder has no page.
        name: the title of the home page, where no file is one.
    """
    return _Gardener(tuple(sources), base_parent, name).tree()


class _Gardener:
    def __init__(self, sources: tuple[Source, ...], base_parent: BaseParent, name: str) -> None:
        self._sources = sources
        self._base_parent = base_parent
        self._taken: set[str] = set()
        self._nodes: dict[str, Node] = {}
        self._parents: dict[str, str] = {}
        self._folders: dict[str, Node] = {}
        self._by_source: dict[str, Node] = {}
        self._place_files(name)
        self._by_id = {node.meta.id: node for node in self._nodes.values() if node.meta.id}

    def tree(self) -> Tree:
        posts = [node for node in self._nodes.values() if node.kind is Kind.POST]
        beside = [node for node in self._nodes.values() if node.meta.beside_home and node.out != HOME]
        for source in self._sources:
            node = self._by_source[nfc(source.path)]
            if node.out != HOME and node.kind is Kind.PAGE and not node.meta.beside_home:
                self._parents[node.out] = self._parent_of(source, node).out
        self._cut_circles()
        if posts:
            blog = self._make(_BLOG, "Blog", Kind.BLOG)
            self._parents[blog.out] = HOME
            self._parents |= {post.out: blog.out for post in posts}
        return Tree(
            nodes=self._nodes,
            parents=self._parents,
            children=self._children(),
            beside=tuple(sorted(beside, key=_by_title)),
            posts=tuple(sorted(posts, key=lambda post: (post.date, post.out), reverse=True)),
            by_source=self._by_source,
            by_title=_titles(self._nodes.values()),
            folders=self._folders,
        )

    def _place_files(self, name: str) -> None:
        for source in sorted(self._sources, key=_address_order):
            kind = Kind.POST if source.meta.blogpost else Kind.PAGE
            node = self._add(address_of(source.path), source, kind)
            if kind is Kind.PAGE:
                self._folders.setdefault(_folder_of(source.path), node)
            self._by_source[nfc(source.path)] = node
        if HOME not in self._nodes:
            self._make(HOME, name, Kind.FOLDER)
        self._folders[""] = self._nodes[HOME]

    def _add(self, address: str, source: Source, kind: Kind) -> Node:
        date = post_date(source.path) if kind is Kind.POST else ""
        node = Node(self._free(address), source.title, kind, source.path, source.meta, date)
        self._nodes[node.out] = node
        return node

    def _make(self, address: str, title: str, kind: Kind) -> Node:
        node = Node(self._free(address), title, kind, None, Meta())
        self._nodes[node.out] = node
        return node

    def _free(self, address: str) -> str:
        """An address that no other page has, even where case does not count."""
        stem, number, result = address.removesuffix(".html"), 1, address
        while fold(result) in self._taken:
            number += 1
            result = f"{stem}-{number}.html"
        self._taken.add(fold(result))
        return result

    def _parent_of(self, source: Source, node: Node) -> Node:
        folder = parent(source.path)
        if self._folders.get(folder) is node:
            folder = parent(folder)
        found = self._folders.get(folder)
        if found is not None and found.kind is not Kind.FOLDER:
            return found
        above = self._base_parent(source) if folder else None
        if above is not None and above.id in self._by_id and self._by_id[above.id] is not node:
            return self._by_id[above.id]
        return self._listing(folder, above.title if above else "")

    def _listing(self, folder: str, title: str) -> Node:
        """The page of a folder; made up where no file is it."""
        if folder not in self._folders:
            made = title or humanise(folder.rpartition("/")[2])
            node = self._folders[folder] = self._make(join(folder, "index.html"), made, Kind.FOLDER)
            self._parents[node.out] = self._listing(parent(folder), "").out
        return self._folders[folder]

    def _cut_circles(self) -> None:
        """What the base says may contradict the folders; a page that is its own ancestor goes to the top."""
        for start in list(self._parents):
            seen = {start}
            at = start
            while (above := self._parents.get(at)) is not None:
                if above in seen:
                    self._parents[at] = HOME
                    break
                seen.add(above)
                at = above

    def _children(self) -> dict[str, tuple[Node, ...]]:
        below: dict[str, list[Node]] = {}
        for child, above in self._parents.items():
            node = self._nodes[child]
            if node.kind is not Kind.POST:
                below.setdefault(above, []).append(node)
        return {out: _ordered(self._nodes[out], nodes) for out, nodes in below.items()}


def _folder_of(path: RelPath) -> str:
    """The folder that a file speaks for."""
    stem = path.removesuffix(".md")
    folder, _, name = stem.rpartition("/")
    return folder if name.lower() in FOLDER_PAGES else stem


def address_of(path: RelPath) -> str:
    """Return the address of the page that a file becomes."""
    folder, _, name = path.removesuffix(".md").rpartition("/")
    return join(folder, "index.html" if name.lower() in FOLDER_PAGES else f"{name}.html")


def _address_order(source: Source) -> tuple[bool, int, str]:
    """Files that may claim a folder, in the order of their claim: `a.md`, `a/index.md`, `a/README.md`."""
    stem = source.path.removesuffix(".md").rpartition("/")[2].lower()
    return (
        source.meta.blogpost,
        ("index", "readme").index(stem) + 1 if stem in FOLDER_PAGES else 0,
        source.path,
    )


def _by_title(node: Node) -> tuple[str, str]:
    return fold(node.title), node.out


def _ordered(above: Node, nodes: list[Node]) -> tuple[Node, ...]:
    """Children as their parent lists them, the others behind, by title; the blog last."""
    wanted = {fold(name): place for place, name in enumerate(above.meta.children)}

    def place(node: Node) -> tuple[bool, int, tuple[str, str]]:
        stem = (node.source or "").removesuffix(".md").rpartition("/")[2]
        names = (node.title, stem, node.meta.id or "", node.source or "")
        rank = min((wanted[fold(name)] for name in names if fold(name) in wanted), default=len(wanted))
        return node.kind is Kind.BLOG, rank, _by_title(node)

    return tuple(sorted(nodes, key=place))


def _titles(nodes: Iterable[Node]) -> dict[str, Node]:
    """Pages by title; of two with the same title the one nearer to the top."""
    found: dict[str, Node] = {}
    for node in sorted(nodes, key=lambda node: (node.out.count("/"), node.out)):
        found.setdefault(fold(node.title), node)
    return found
