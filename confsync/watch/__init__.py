"""The watch room: both sides kept the same while people work.

`Watch` is the loop; what it decides is in `state` and `dirt`, which know no clock, no disk and no network.
File events are hints and never data: they say when to run the ordinary sync, not what has changed.
"""

from confsync.watch.folder import FolderEvents
from confsync.watch.inbox import Inbox
from confsync.watch.loop import Surroundings, Watch
from confsync.watch.news import Happened, News, Standing
from confsync.watch.pace import Pace
from confsync.watch.rounds import Done, Manner

__all__ = [
    "Done",
    "FolderEvents",
    "Happened",
    "Inbox",
    "Manner",
    "News",
    "Pace",
    "Standing",
    "Surroundings",
    "Watch",
]
