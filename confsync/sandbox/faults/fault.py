"""One fault: what goes wrong, and for which requests."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from confsync.sandbox.faults.deeds import DEEDS
from confsync.sandbox.faults.trouble import Trouble

_FIRST_ERROR, _LAST_ERROR = 400, 599
REASONS = {
    "burst": "confluence-burst-based",
    "quota": "confluence-quota-global-based",
    "tenant": "confluence-quota-tenant-based",
}
"""Why a 429 says it was sent."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule: it strikes requests whose method and path match, every `every`th of them, `times` times."""

    trouble: Trouble
    status: int = 0
    retry_after: float | None = None
    """In seconds; None sends no such header."""
    dated: bool = False
    """Whether `Retry-After` is a date instead of seconds."""
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
    jitter_ms: float = 0
    """How much longer than `delay_ms` it may take, drawn from the seed."""
    skip: int = 0
    """How many matching requests are spared first."""
    chance: float = 1
    """How likely it strikes, drawn from the seed: the same request meets the same luck."""
    page: int | None = None
    """The content it is about; None: all in the answer, or that in the path."""
    do: str = ""
    """What somebody does to the page meanwhile; one of `deeds.DEEDS`."""
    detail: str = ""
    """What they do it with: words, a title, a label, the id of a parent."""
    when: str = "after"
    """Whether they do it `after` or `before` the request is served."""
    reads: int = 1
    """How many readings of new content find nothing."""
    reason: str = "burst"
    """Why a 429 is sent; one of `REASONS`."""

    def __post_init__(self) -> None:
        """Refuse what means nothing.

        Raises:
            ValueError: says what.
        """
        if self.trouble is Trouble.STATUS and not _FIRST_ERROR <= self.status <= _LAST_ERROR:
            raise ValueError("a fault of kind status needs a status from 400 to 599")
        if self.trouble is Trouble.MEANWHILE and self.do not in DEEDS:
            raise ValueError(f"meanwhile needs do=, one of {', '.join(DEEDS)}")
        if self.when not in ("after", "before"):
            raise ValueError("when is after or before")
        if self.reason not in REASONS:
            raise ValueError(f"reason is one of {', '.join(REASONS)}")
        if self.every < 1 or self.skip < 0 or self.reads < 1 or not 0 <= self.chance <= 1:
            raise ValueError("every and reads are at least 1, skip at least 0, chance from 0 to 1")
        try:
            re.compile(self.path)
        except re.error as error:
            raise ValueError(f"path is no regular expression: {error}") from error

    @classmethod
    def from_json(cls, raw: Mapping[str, object]) -> "Fault":
        """Read a fault as the control endpoint takes it.

        `{"status": 429, "retry_after": 1, "times": 3, "method": "PUT", "path": "/pages/"}`;
        `kind` names any other trouble.

        Raises:
            ValueError: a key or value that means nothing.
        """
        known = {"kind", *_READERS}
        if unknown := sorted(set(raw) - known):
            raise ValueError(f"a fault has no {', '.join(unknown)}; it may have {', '.join(sorted(known))}")
        kind = str(raw.get("kind", "status"))
        if kind not in set(Trouble):
            raise ValueError(f"no kind of fault is called {kind}; there are {', '.join(Trouble)}")
        fault: Fault = _made(Trouble(kind), {key: _READERS[key](raw[key]) for key in raw if key != "kind"})
        return fault

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
            name = key.strip().replace("-", "_")
            raw[name] = None if (name, value) == ("times", "*") else value
        return cls.from_json(raw)

    def to_json(self) -> dict[str, object]:
        """What `from_json` reads, without what is as ever."""
        told = {key: getattr(self, key) for key in _READERS}
        usual = {field.name: field.default for field in fields(self)}
        return {"kind": str(self.trouble)} | {k: v for k, v in told.items() if v != usual[k]}

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is one this fault is about."""
        return self.method in ("", method) and re.search(self.path, path) is not None


def _whole(value: object) -> int:
    return int(str(value))


def _real(value: object) -> float:
    return float(str(value))


def _truth(value: object) -> bool:
    return str(value).lower() in ("true", "1", "yes")


def _optional(read: Callable[[object], object]) -> Callable[[object], object]:
    return lambda value: None if value is None else read(value)


_READERS: dict[str, Callable[[object], object]] = {
    "status": _whole,
    "retry_after": _optional(_real),
    "dated": _truth,
    "delay_ms": _real,
    "jitter_ms": _real,
    "method": lambda value: str(value).upper(),
    "path": str,
    "times": _optional(_whole),
    "every": _whole,
    "skip": _whole,
    "chance": _real,
    "message": str,
    "page": _optional(_whole),
    "do": str,
    "detail": str,
    "when": str,
    "reads": _whole,
    "reason": str,
}


def _made(trouble: Trouble, values: Mapping[str, object]) -> Fault:
    """A fault with these fields; `_READERS` has given each its type."""
    return Fault(trouble, **values)  # type: ignore[arg-type]
