"""The whole site behind one door."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from confsync.sandbox.saving.text import has_macro, has_mention, matches, words_of
from confsync.sandbox.store.comments import Comments
from confsync.sandbox.store.contents import Contents
from confsync.sandbox.store.database import Database, utc_now
from confsync.sandbox.store.files import Files
from confsync.sandbox.store.groups import Groups
from confsync.sandbox.store.interest import Interest
from confsync.sandbox.store.labels import Labels
from confsync.sandbox.store.life import Life
from confsync.sandbox.store.listing import Listings
from confsync.sandbox.store.people import People
from confsync.sandbox.store.properties import Properties
from confsync.sandbox.store.restrictions import Restrictions
from confsync.sandbox.store.spaces import Spaces
from confsync.sandbox.store.tasks import Tasks
from confsync.sandbox.store.templates import Templates
from confsync.sandbox.store.todos import Todos
from confsync.sandbox.store.tree import Tree


@dataclass(frozen=True, slots=True)
class Habits:
    """Where real servers differ from one another."""

    named_entities: bool = True
    """Whether text is stored with HTML names for characters that have one, as Cloud does."""
    orphans: str = "reparent"
    """What becomes of the pages below a trashed page: `reparent` to the grandparent, or `archive`."""
    rewrite_links: bool = False
    """Whether a new title changes the links of other pages, silently and without a version of theirs."""
    cascade_folders: bool = True
    """Whether trashing a page takes its folders and everything in them along."""
    ticks_make_versions: bool = False
    """Whether a task ticked off over the API makes a new version of its page."""
    looks_at_tasks: int = 0
    """How often a long task is seen going on before it has ended."""


class Store:
    """A Confluence site without a network. Safe to use from several threads.

    `path` None keeps it in memory.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        habits: Habits | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.habits = habits or Habits()
        self.database = Database(path, clock)
        self.database.function("plain", 1, words_of)
        self.database.function("matches", 2, matches)
        self.database.function("has_macro", -1, has_macro)
        self.database.function("has_mention", -1, has_mention)
        self.people = People(self.database)
        self.spaces = Spaces(self.database)
        self.tree = Tree(self.database)
        self.contents = Contents(
            self.database,
            self.tree,
            named_entities=self.habits.named_entities,
            rewrite_links=self.habits.rewrite_links,
        )
        self.labels = Labels(self.database)
        self.files = Files(self.database, self.contents)
        self.comments = Comments(self.database, self.contents)
        self.properties = Properties(self.database)
        self.restrictions = Restrictions(self.database)
        self.tasks = Tasks(lambda: self.habits.looks_at_tasks)
        self.groups = Groups(self.database, self.people)
        self.interest = Interest(self.database)
        self.templates = Templates(self.database)
        self.todos = Todos(self.database, self.contents, versions=self.habits.ticks_make_versions)
        self.listings = Listings(self.database)
        self.life = Life(
            self.database,
            self.contents,
            self.tree,
            orphans=self.habits.orphans,
            cascade=self.habits.cascade_folders,
        )

    def frozen(self) -> "Store":
        """The site as it is at this moment, in memory and on its own; close it when done."""
        copy = Store(habits=self.habits, clock=self.database.clock)
        self.database.copy_to(copy.database)
        return copy

    def close(self) -> None:
        """Close the database."""
        self.database.close()
