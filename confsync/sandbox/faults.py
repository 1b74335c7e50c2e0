"""Trouble on demand: which requests go wrong, how often, and in what way."""

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What happens to a request that a fault picks."""

    STATUS = "status"
    """It is answered with this status and never reaches the store."""
    LATENCY = "latency"
    """It waits `delay_ms` first."""
    DROP = "drop"
    """The connection breaks before anything happens."""
    DROP_AFTER = "drop-after"
    """The connection breaks when the change has taken effect."""
    EMPTY_BODY = "empty-body"
    """Storage bodies in the answer are empty strings."""
    TRUNCATE = "truncate"
    """The answer stops half way."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule: it strikes requests whose method and path match, every `every`th of them, `times` times."""

    trouble: Trouble
    status: int = 0
    retry_after: float | None = None
    """In seconds; None sends no such header."""
    delay_ms: float = 0
    method: str = ""
    """Empty: every method."""
    path: str = ""
    """A regular expression searched in the path and query; empty: every path."""
    times: int | None = 1
    """None: for ever."""
    every: int = 1
    message: str = ""
    """The text of the error; empty: the usual one for the status."""

    @classmethod
    def from_json(cls, raw: Mapping[str, object]) -> "Fault":
        """Read a fault as the control endpoint takes it.

        `{"status": 429, "retry_after": 1, "times": 3, "method": "PUT", "path": "/pages/"}`;
        `kind` names any other trouble.

        Raises:
            ValueError: a key or value that means nothing.
        """
        known = {"kind", "status", "retry_after", "delay_ms", "method", "path", "times", "every", "message"}
        if unknown := sorted(set(raw) - known):
            raise ValueError(f"a fault has no {', '.join(unknown)}; it may have {', '.join(sorted(known))}")
        kind = str(raw.get("kind", "status"))
        if kind not in set(Trouble):
            raise ValueError(f"no kind of fault is called {kind}; there are {', '.join(Trouble)}")
        status = int(str(raw.get("status", 0)))
        if kind == Trouble.STATUS and not 400 <= status <= 599:  # noqa: PLR2004 - the error codes of HTTP
            raise ValueError("a fault of kind status needs a status from 400 to 599")
        retry, times, path = raw.get("retry_after"), raw.get("times", 1), str(raw.get("path", ""))
        try:
            re.compile(path)
        except re.error as error:
            raise ValueError(f"path is no regular expression: {error}") from error
        return cls(
            trouble=Trouble(kind),
            status=status,
            retry_after=None if retry is None else float(str(retry)),
            delay_ms=float(str(raw.get("delay_ms", 0))),
            method=str(raw.get("method", "")).upper(),
            path=path,
            times=None if times is None else int(str(times)),
            every=max(1, int(str(raw.get("every", 1)))),
            message=str(raw.get("message", "")),
        )

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """Read a fault as the command line takes it: `429,times=3,path=/pages` or `drop,every=10,times=*`.

        Raises:
            ValueError: as in `from_json`.
        """
        first, *rest = text.split(",")
        raw: dict[str, object] = {"status": int(first)} if first.isdigit() else {"kind": first}
        for part in rest:
            key, equals, value = part.partition("=")
            if not equals:
                raise ValueError(f"{part} is not KEY=VALUE")
            raw[key.strip().replace("-", "_")] = None if value == "*" else value
        return cls.from_json(raw)

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is one this fault is about."""
        return self.method in ("", method) and re.search(self.path, path) is not None


class Faults:
    """The faults in force, counted down as they strike. Safe to use from several threads."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._left: list[tuple[Fault, int, int | None]] = []
        for fault in faults:
            self.add(fault)

    def add(self, fault: Fault) -> None:
        """Put a fault in force."""
        with self._lock:
            self._left.append((fault, 0, fault.times))

    def clear(self) -> None:
        """Be well again."""
        with self._lock:
            self._left.clear()

    def strike(self, method: str, path: str) -> list[Fault]:
        """The faults that hit this request, each counted once; of those that answer only the first."""
        hit: list[Fault] = []
        with self._lock:
            left: list[tuple[Fault, int, int | None]] = []
            for fault, seen, times in self._left:
                strikes = fault.matches(method, path)
                seen_now = seen + strikes
                if strikes and seen_now % fault.every == 0 and not _answered(hit, fault):
                    hit.append(fault)
                    times_now = None if times is None else times - 1
                else:
                    times_now = times
                if times_now is None or times_now > 0:
                    left.append((fault, seen_now, times_now))
            self._left = left
        return hit


def _answered(hit: Iterable[Fault], fault: Fault) -> bool:
    """Two faults that both end a request do not strike at once."""
    ends = {Trouble.STATUS, Trouble.DROP, Trouble.DROP_AFTER, Trouble.TRUNCATE}
    return fault.trouble in ends and any(h.trouble in ends for h in hit)
