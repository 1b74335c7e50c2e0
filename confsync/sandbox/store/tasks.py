"""Long tasks: work that is done at once here, though clients see it going on."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from confsync.sandbox.refusals import Missing


@dataclass(frozen=True, slots=True)
class Task:
    """A long task as it was seen last."""

    id: str
    name: str
    """The message key the server has for it."""
    percentage: int
    errors: Sequence[str] = ()
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        """Whether it has ended, well or not."""
        return self.percentage == _WHOLE


_WHOLE = 100


class Tasks:
    """The long tasks since the start of the server. `looks` is how often each is seen still going on."""

    def __init__(self, looks: Callable[[], int] = lambda: 0) -> None:
        self._lock = threading.Lock()
        self._looks = looks
        self._tasks: dict[str, tuple[Task, int, int]] = {}

    def finished(
        self, name: str, details: Mapping[str, object] | None = None, errors: Sequence[str] = ()
    ) -> str:
        """Record a task whose work is done and return its id."""
        looks = self._looks()
        with self._lock:
            task = Task(str(1_180_601 + len(self._tasks)), name, _WHOLE, tuple(errors), details or {})
            self._tasks[task.id] = (task, looks, looks)
        return task.id

    def get(self, task: str) -> Task:
        """One task, a little further each time it is looked at.

        Raises:
            Missing: there is none.
        """
        with self._lock:
            if task not in self._tasks:
                raise Missing("task", task)
            found, left, all_ = self._tasks[task]
            self._tasks[task] = (found, max(0, left - 1), all_)
        return _seen(found, left, all_)

    def all(self) -> list[Task]:
        """Every task, oldest first; this does not count as a look."""
        with self._lock:
            return [_seen(*one) for one in self._tasks.values()]


def _seen(task: Task, left: int, looks: int) -> Task:
    if not left:
        return task
    return Task(task.id, task.name, _WHOLE * (looks - left) // looks)
