"""Large trees grow without being searched for garbage.

A conversion builds trees without cycles, so a collector that wakes up while one grows walks all of it and
finds nothing; on a page of a megabyte that is a third of the time. The collector belongs to the whole
process, so it is put off at most for one conversion's time, counted over all threads, and whatever happens
it is left as it was found.
"""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


class _Collector:
    """Python's collector, put off while anything grows."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Nothing grows, as in a process that has just been forked off one where something did."""
        self._lock = Lock()
        self._growing = 0
        self._was_on = False

    @contextmanager
    def put_off(self) -> Iterator[None]:
        """Hold the collector back; the first to come turns it off, the last to go on, where it was on."""
        with self._lock:
            if not self._growing:
                self._was_on = gc.isenabled()
                gc.disable()
            self._growing += 1
        try:
            yield
        finally:
            with self._lock:
                self._growing -= 1
                if not self._growing and self._was_on:
                    gc.enable()

    def after_fork(self) -> None:
        """What was growing here grows in the parent alone."""
        held = self._growing > 0 and self._was_on
        self.reset()
        if held:
            gc.enable()


_COLLECTOR = _Collector()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_COLLECTOR.after_fork)


def growing(build: Callable[_P, _R]) -> Callable[_P, _R]:
    """Put the collector off until `build` is done; where it is off already it stays off."""

    @wraps(build)
    def built(*said: _P.args, **named: _P.kwargs) -> _R:
        with _COLLECTOR.put_off():
            return build(*said, **named)

    return built
