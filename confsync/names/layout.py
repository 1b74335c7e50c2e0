"""Where every page and folder of a space lies.

A path comes from the titles of a page and of its ancestors alone, never from whether it has children.
It stays until the title or the place in the tree changes. Of two that want the same path the newer one
gets a suffix from its id, `setup~123456.md`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from confsync.model.content import ContentType, Row
from confsync.model.ids import PageId, RelPath
from confsync.names.links import join, parent
from confsync.names.paths import BLOG, keys, page_path, rename, suffixed, without_suffix
from confsync.names.slug import fold, slug
from confsync.names.tree import children_folder, home_path, is_folder_page, top


def lay_out(
    rows: Mapping[PageId, Row],
    *,
    home: PageId | None,
    before: Mapping[PageId, Row] | None = None,
    paths: Mapping[PageId, RelPath] | None = None,
    taken: Iterable[str] = (),
    root: str = ".",
) -> dict[PageId, RelPath]:
    """Return the path of everything in `rows`: files for what has text, folders (no `.md`) for the rest.

    Args:
        rows: the tree as it shall be; a parent that is not in it counts as the top.
        home: the space's home page.
        before: the tree that the present paths stand for.
        paths: where files lie now, by id; folders may be left out, their place is seen from their pages.
        taken: files that are nobody's page and must not be touched.
        root: the folder that holds the space.
    """
    now = dict(paths or {})
    plan = _Plan(rows, home, before or {}, now, frozenset(now.values()), top(root))
    plan.taken = {key for path in taken for key in keys(path)}
    plan.find_folders()
    return plan.run()


def _age(id_: PageId) -> tuple[int, str]:
    """Ids grow with time."""
    return (int(id_) if id_.isdecimal() else 0, id_)


@dataclass(slots=True)
class _Plan:
    """The state of one allocation."""

    rows: Mapping[PageId, Row]
    home: PageId | None
    before: Mapping[PageId, Row]
    paths: dict[PageId, RelPath]
    files: frozenset[RelPath]
    root: str
    taken: set[str] = field(default_factory=set)
    dwellers: dict[str, set[PageId | None]] = field(default_factory=dict)
    """Whose children lie in a folder now. Nobody else may get a path that would make them its own."""
    result: dict[PageId, RelPath] = field(default_factory=dict)
    open: set[PageId] = field(default_factory=set)
    """Being placed. A cycle of parents ends at the top."""

    def run(self) -> dict[PageId, RelPath]:
        for id_ in filter(self.stays, self.rows):
            self.claim(id_, self.paths[id_])
            self.dwellers.setdefault(fold(parent(self.paths[id_])), set()).add(self.up(id_, self.rows))
        rest = [id_ for id_ in self.rows if id_ not in self.result]
        for id_ in sorted(rest, key=lambda id_: (id_ not in self.before, self.level(id_), _age(id_))):
            self.place(id_)
        return self.result

    def up(self, id_: PageId, rows: Mapping[PageId, Row]) -> PageId | None:
        """Return the parent whose folder holds it; None at the top, where the home page's children lie."""
        found = rows[id_].parent
        return None if found == self.home or found not in rows else found

    def level(self, id_: PageId) -> int:
        return sum(1 for _ in self.ancestors(id_))

    def ancestors(self, id_: PageId) -> Iterator[PageId]:
        seen: set[PageId] = {id_}
        above = self.up(id_, self.rows)
        while above is not None and above not in seen:
            seen.add(above)
            yield above
            above = self.up(above, self.rows)

    def find_folders(self) -> None:
        """Find where folders without a file lie: the pages in them know."""
        votes: dict[PageId, Counter[str]] = {}
        lying = [(id_, parent(path)) for id_, path in self.paths.items() if id_ in self.before]
        while lying:
            id_, folder = lying.pop()
            above = self.up(id_, self.before)
            if above is None or above in self.paths or self.before[above].type.has_text:
                continue
            if without_suffix(folder.rpartition("/")[2]) == slug(self.before[above].title):
                if above not in votes:
                    lying.append((above, parent(folder)))
                votes.setdefault(above, Counter())[folder] += 1
        for id_, found in votes.items():
            self.paths[id_] = RelPath(min(found, key=lambda folder: (-found[folder], folder)))

    def stays(self, id_: PageId) -> bool:
        """Whether it has a path, and nothing that the path comes from has changed, up to the top."""
        if id_ not in self.paths or id_ not in self.before:
            return False
        if id_ == self.home:
            return True
        return self.is_right(id_) and all(map(self.same, (id_, *self.ancestors(id_))))

    def is_right(self, id_: PageId) -> bool:
        """Whether its path is of the right kind: the home page's is the home page's alone."""
        path = self.paths[id_]
        return path.endswith(".md") == self.rows[id_].type.has_text and path != home_path(self.root)

    def same(self, id_: PageId) -> bool:
        old = self.before.get(id_)
        if old is None or old.title != self.rows[id_].title:
            return False
        return self.up(id_, self.before) == self.up(id_, self.rows)

    def place(self, id_: PageId) -> RelPath:
        if id_ not in self.result:
            self.open.add(id_)
            path = self.free(id_, self.wanted(id_))
            self.claim(id_, path)
        return self.result[id_]

    def claim(self, id_: PageId, path: RelPath) -> None:
        self.result[id_] = path
        self.taken.update(keys(path))
        if id_ != self.home:
            self.taken.add(fold(children_folder(path, self.files, self.root)))

    def wanted(self, id_: PageId) -> RelPath:
        """Return the path it would have if it were alone."""
        if id_ == self.home:
            return self.paths.get(id_, home_path(self.root))
        row, folder = self.rows[id_], self.new_folder(id_)
        if id_ not in self.paths or id_ not in self.before or not self.is_right(id_):
            return page_path(row, folder, at_top=folder == self.root)
        path, old = self.paths[id_], self.before[id_]
        if self.up(id_, self.before) == self.up(id_, self.rows):
            folder = self.followed(id_, folder)
        return rename(path, old=old.title, new=row.title, folder=folder, files=self.files)

    def new_folder(self, id_: PageId) -> str:
        """Return the folder in which it belongs."""
        above = self.up(id_, self.rows)
        if self.rows[id_].type is ContentType.BLOGPOST:
            return join(self.root, BLOG)
        if above is None or (above in self.open and above not in self.result):
            return self.root
        return self.inside(above, self.place(above), self.rows)

    def inside(self, id_: PageId, path: RelPath, rows: Mapping[PageId, Row]) -> str:
        return children_folder(path, self.files, self.root) if rows[id_].type.has_text else path

    def followed(self, id_: PageId, folder: str) -> str:
        """Return where a page under the same parent goes: along with the folder, or nowhere."""
        path = self.paths[id_]
        lies = parent(parent(path)) if is_folder_page(path, self.files) else parent(path)
        above = self.up(id_, self.before)
        if above is None or above not in self.paths:
            return lies
        was = self.inside(above, self.paths[above], self.before)
        return folder + lies[len(was) :] if lies == was or lies.startswith(f"{was}/") else lies

    def free(self, id_: PageId, path: RelPath) -> RelPath:
        """Return the path, with as much of the id behind it as makes it unique."""
        on_folder = is_folder_page(path, {path})
        result, width = path, 6
        while not self.is_free(id_, result, on_folder=on_folder):
            result = suffixed(path, id_.zfill(width)[-width:], on_folder=on_folder)
            width += 1
        return result

    def is_free(self, id_: PageId, path: RelPath, *, on_folder: bool) -> bool:
        seat = fold(parent(path)) if on_folder else keys(path)[1]
        strangers = self.dwellers.get(seat, set()) - {id_}
        return self.taken.isdisjoint((*keys(path), seat)) and not strangers
