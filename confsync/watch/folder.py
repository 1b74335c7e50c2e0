"""The door to watchdog: file events of a working copy, as hints."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from watchdog.events import FileClosedNoWriteEvent, FileOpenedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from confsync.errors import WorkTreeError
from confsync.model.ids import RelPath
from confsync.watch.hints import relevant
from confsync.watch.inbox import Inbox

logging.getLogger("watchdog").addHandler(logging.NullHandler())  # it speaks when it is stopped in mid-event


class FolderEvents(FileSystemEventHandler):
    """Turns every event below a folder into hints. A save by rename counts for both of its names."""

    def __init__(self, folder: Path, *inboxes: Inbox) -> None:
        self._folder = folder.resolve()
        self._inboxes = inboxes
        self._observer: BaseObserver | None = None

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note the names; reading a file is no event."""
        quiet = isinstance(event, FileOpenedEvent | FileClosedNoWriteEvent)
        if quiet or (event.is_directory and event.event_type == "modified"):
            return
        for path in relevant([self._relative(event.src_path), self._relative(event.dest_path)]):
            for inbox in self._inboxes:
                inbox.put(RelPath(path))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Listen while the context is open.

        Raises:
            WorkTreeError: the system does not let us listen.
        """
        self.listen()
        try:
            yield
        finally:
            self._deaf()

    def listen(self) -> None:
        """Listen, anew where we did before: a folder that was gone and is back is another one.

        Raises:
            WorkTreeError: the system does not let us listen.
        """
        self._deaf()
        observer = Observer()
        observer.schedule(self, str(self._folder), recursive=True)
        try:
            observer.start()
        except OSError as error:
            raise WorkTreeError(
                f"{self._folder} cannot be watched: {error.strerror}",
                hint="On Linux, raise fs.inotify.max_user_watches.",
            ) from error
        self._observer = observer

    def _deaf(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(1.0)
            self._observer = None

    def _relative(self, path: bytes | str) -> str:
        name = os.fsdecode(path)
        if not name:
            return ""
        found = os.path.relpath(name, self._folder)
        return "" if found == "." or found.startswith("..") else found.replace(os.sep, "/")
