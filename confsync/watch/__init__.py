"""The watch room: both sides kept the same while people work.

`Watch` is the loop; what it decides is in `state` and `dirt`, which know no clock, no disk and no network.
File events are hints and never data: they say when to run the ordinary sync, not what has changed.
"""

from confsync.watch.folder import FolderEvents
from confsync.watch.inbox import Inbox
from confsync.watch.loop import Watch
from confsync.watch.news import Happened, News
from confsync.watch.pace import Pace

__all__ = ["FolderEvents", "Happened", "Inbox", "News", "Pace", "Watch"]
