"""One page with neighbours, and everything that either side can do to it: the stage of the decision tables.

Home ── Guide ── First, Page (label `old`, attachment a.txt), Last
     ├─ Notes        where the user moves the page
     └─ Attic        where a colleague moves it
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from confsync.convert.markdown import front_matter
from confsync.engine import runs
from confsync.engine.clone import lay_foundation
from confsync.engine.observe_local import observe_copy
from confsync.engine.outcome import Outcome
from confsync.engine.session import OnConflict, Options
from confsync.model.content import Status
from confsync.model.ids import PageId, RelPath
from confsync.ports import Place
from tests.contract.remote.fake import Call
from tests.contract.remote.site import FakeSite
from tests.sim.world import Fuse, SimWorld

TEXT = "<p>One by one.</p><p>Two in the middle.</p><p>Three at the end.</p>"


@dataclass
class Stage:
    """A site, a clone of it, and the page everything happens to."""

    world: SimWorld
    page: PageId
    outcomes: list[Outcome] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    """The writing requests of all runs since the play began."""

    @property
    def site(self) -> FakeSite:
        return self.world.site

    # ------------------------------------------------------------------------------------ running

    def sync(self, *, says: bool = True, **options: object) -> Outcome:
        """One sync by a new process; `says` is what the person answers when asked."""
        self.world.process(Fuse(), says=says)
        given = {"on_conflict": OnConflict.MARK, "create": True, "delete": True, **options}
        try:
            self.outcomes.append(runs.sync(self.world.session, Options(**given)))  # type: ignore[arg-type]
        finally:
            self.calls += self.world.remote.writes
        return self.outcomes[-1]

    def pull(self, **options: object) -> Outcome:
        self.world.process(Fuse())
        return runs.pull(self.world.session, Options(**options))  # type: ignore[arg-type]

    def push(self, **options: object) -> Outcome:
        self.world.process(Fuse())
        given = {"create": True, "delete": True, **options}
        try:
            return runs.push(self.world.session, Options(**given))  # type: ignore[arg-type]
        finally:
            self.calls += self.world.remote.writes

    def said(self) -> str:
        """Everything that the runs reported, in one text."""
        lines: list[str] = []
        for outcome in self.outcomes:
            lines += outcome.warnings
            lines += [f"{item.path}: {item.reason} {item.hint}" for item in outcome.refused]
        return "\n".join(lines)

    def settled(self) -> bool:
        """Whether one more sync writes nothing on either side."""
        before = dict(self.world.tree.files), self.world.repository.head
        done = len(self.calls)
        self.sync()
        return before == (dict(self.world.tree.files), self.world.repository.head) and len(self.calls) == done

    # ------------------------------------------------------------------------------------- looking

    @property
    def file(self) -> str:
        """The path of the page's file now; empty where it has none."""
        return observe_copy(self.world.session).base_paths.get(self.page, RelPath("")) or self._unborn()

    def _unborn(self) -> str:
        return next((p for p in self.world.pages() if f"id: {self.page}" in self.world.text(p)), "")

    def exists(self) -> bool:
        return bool(self.file) and RelPath(self.file) in self.world.tree.files

    @property
    def text(self) -> str:
        return self.world.text(self.file)

    def children(self, parent: str = "Guide") -> list[str]:
        """Titles of the pages below, in their order."""
        return [row.title for row in self.site.children(self.site.by_title(parent))]

    @property
    def trashed(self) -> bool:
        return self.site.row(self.page).status is Status.TRASHED

    # -------------------------------------------------------------------------------------- acting

    def replace(self, path: str, old: str, new: str) -> None:
        assert old in self.world.text(path), f"{old!r} is not in {path}: {self.world.text(path)}"
        self.world.tree.write(path, self.world.text(path).replace(old, new).encode())

    def keys(self, path: str, **values: front_matter.Value | None) -> None:
        """Edit the front matter of a file."""
        self.world.tree.write(path, front_matter.edit(self.world.text(path), values).encode())

    def rename(self, old: str, new: str) -> None:
        """Move a file with what belongs to it."""
        for path in sorted(self.world.tree.files):
            if path == f"{old}.md" or path.startswith((f"{old}.assets/", f"{old}/")):
                self.world.tree.write(new + path[len(old) :], self.world.tree.files[path])
                self.world.tree.delete(path)

    def delete(self, stem: str) -> None:
        for path in sorted(self.world.tree.files):
            if path == f"{stem}.md" or path.startswith(f"{stem}.assets/"):
                self.world.tree.delete(path)


def stage() -> Stage:
    """A fresh one, cloned and at rest."""
    site = FakeSite()
    world = SimWorld(site)
    guide = site.page("Guide", TEXT)
    site.page("First", TEXT, parent=guide)
    page = site.page("Page", TEXT, parent=guide, labels=["old"])
    site.page("Last", TEXT, parent=guide)
    site.page("Notes", TEXT)
    site.page("Attic", TEXT)
    site.attach(page, "a.txt", b"the first a")
    lay_foundation(world.session)
    runs.pull(world.session, Options())
    return Stage(world, page)


# ---------------------------------------------------------------------------------- what the user does

Action = Callable[[Stage], object]


def _delete_here(s: Stage) -> None:
    s.delete("guide/page")


HERE: Mapping[str, Action] = {
    "edit": lambda s: s.replace("guide/page.md", "One by one.", "One at a time."),
    "rename": lambda s: s.keys("guide/page.md", title="Mine"),
    "move": lambda s: s.rename("guide/page", "notes/page"),
    "reorder": lambda s: s.keys("guide.md", children=("page", "last", "first")),
    "labels": lambda s: s.keys("guide/page.md", labels=("mine", "old")),
    "attach": lambda s: s.world.tree.write("guide/page.assets/mine.txt", b"my own file"),
    "delete": _delete_here,
}

# ----------------------------------------------------------------------------- what a colleague does

THERE: Mapping[str, Action] = {
    "edit": lambda s: s.site.edit(s.page, TEXT.replace("Three at the end.", "Three at last.")),
    "rename": lambda s: s.site.edit(s.page, title="Theirs"),
    "move": lambda s: s.site.move(s.page, Place.APPEND, s.site.by_title("Attic")),
    "reorder": lambda s: s.site.move(s.site.by_title("Last"), Place.BEFORE, s.site.by_title("First")),
    "labels": lambda s: s.site.label(s.page, "theirs"),
    "attach": lambda s: s.site.attach(s.page, "theirs.txt", b"their file"),
    "delete": lambda s: s.site.trash(s.page),
}

# --------------------------------------------------------------------------------- whether it is done


def _behind(found: list[str], later: str, earlier: str) -> bool:
    return later not in found or earlier not in found or found.index(later) > found.index(earlier)


ARRIVED_THERE: Mapping[str, Callable[[Stage], bool]] = {
    "edit": lambda s: "One at a time." in s.site.body(s.page),
    "rename": lambda s: s.site.row(s.page).title == "Mine",
    "move": lambda s: s.site.row(s.page).parent == s.site.by_title("Notes"),
    "reorder": lambda s: _behind(s.children(), "First", "Page") and _behind(s.children(), "First", "Mine"),
    "labels": lambda s: {"mine"} <= s.site.entry(s.page).labels,
    "attach": lambda s: "mine.txt" in s.site.entry(s.page).files,
}
"""The user's change is in Confluence."""

ARRIVED_HERE: Mapping[str, Callable[[Stage], bool]] = {
    "edit": lambda s: "Three at last." in s.text and "Three at last." in s.site.body(s.page),
    "rename": lambda s: "title: Theirs" in s.text and s.site.row(s.page).title == "Theirs",
    "move": lambda s: s.file.startswith("attic/") and s.site.row(s.page).parent == s.site.by_title("Attic"),
    "reorder": lambda s: s.children()[0] == "Last" and "children: [last, " in s.world.text("guide.md"),
    "labels": lambda s: "theirs" in s.text and "theirs" in s.site.entry(s.page).labels,
    "attach": lambda s: (
        RelPath(f"{s.file[:-3]}.assets/theirs.txt") in s.world.tree.files
        and "theirs.txt" in s.site.entry(s.page).files
    ),
}
"""The colleague's change is in the files, and still in Confluence."""
