"""Large trees grow without being searched for garbage.

A conversion builds trees without cycles, so a collector that wakes up while one grows walks all of it and
finds nothing; on a page of a megabyte that is a third of the time.
"""

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


def growing(build: Callable[_P, _R]) -> Callable[_P, _R]:
    """Put the collector off until `build` is done; where it is off already it stays off."""

    @wraps(build)
    def built(*said: _P.args, **named: _P.kwargs) -> _R:
        if not gc.isenabled():
            return build(*said, **named)
        gc.disable()
        try:
            return build(*said, **named)
        finally:
            gc.enable()

    return built
