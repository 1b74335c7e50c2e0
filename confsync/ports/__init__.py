"""What the engine needs of the world, as protocols.

The engine speaks only to these; `confluence`, `worktree` and `history` implement them, tests implement
them in memory, and one contract suite per port runs on every implementation. Implementations raise only
errors of the tree in `confsync.errors`.
"""

from confsync.ports.history import (
    Author,
    ConflictState,
    EditsCommitted,
    History,
    ObservedVersion,
    PendingConflict,
    RepoState,
    Transaction,
)
from confsync.ports.remote import (
    Fate,
    Glance,
    Listing,
    PageVersion,
    Place,
    Recent,
    Remote,
    Sighting,
    Trace,
)
from confsync.ports.run import Cache, Clock, Journal, Reporter
from confsync.ports.worktree import TEMP_PREFIX, Content, FileChange, FileFact, WorkTree

__all__ = [
    "TEMP_PREFIX",
    "Author",
    "Cache",
    "Clock",
    "ConflictState",
    "Content",
    "EditsCommitted",
    "Fate",
    "FileChange",
    "FileFact",
    "Glance",
    "History",
    "Journal",
    "Listing",
    "ObservedVersion",
    "PageVersion",
    "PendingConflict",
    "Place",
    "Recent",
    "Remote",
    "RepoState",
    "Reporter",
    "Sighting",
    "Trace",
    "Transaction",
    "WorkTree",
]
