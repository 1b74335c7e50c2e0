"""Long tasks. Here they are done before anybody can ask."""

import threading
from dataclasses import dataclass

from confsync.sandbox.refusals import Missing


@dataclass(frozen=True, slots=True)
class Task:
    """A task that has ended well."""

    id: str
    name: str
    """The message key the server has for it."""


class Tasks:
    """The tasks since the start of the server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tasks: dict[str, Task] = {}

    def finished(self, name: str) -> str:
        """Record a task that is done already and return its id."""
        with self._lock:
            task = Task(str(1_180_601 + len(self._tasks)), name)
            self._tasks[task.id] = task
        return task.id

    def get(self, task: str) -> Task:
        """One task.

        Raises:
            Missing: there is none.
        """
        with self._lock:
            found = self._tasks.get(task)
        if found is None:
            raise Missing("task", task)
        return found
