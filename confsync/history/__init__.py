"""The history room: the git side of a working copy.

`open_history` gives the `History` port on a real repository, and with it the paths of the lock and the
staging folder and the `Journal` and `Cache` ports; `init_repository` makes a repository; `merge_records` is
the merge driver for records.
"""

from confsync.history.cache import FileCache
from confsync.history.driver import merge_records
from confsync.history.git_history import GitHistory, current_branch, init_repository, open_history
from confsync.history.journal import FileJournal
from confsync.history.place import Place

__all__ = [
    "FileCache",
    "FileJournal",
    "GitHistory",
    "Place",
    "current_branch",
    "init_repository",
    "merge_records",
    "open_history",
]
