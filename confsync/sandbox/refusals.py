"""Why the store says no. The wire dialects turn these into the status and words of their API."""

from dataclasses import dataclass


class Refusal(Exception):
    """Something the store will not do; the database is as it was before."""


@dataclass(eq=False)
class Missing(Refusal):
    """There is no such thing, or this viewer may not see it."""

    kind: str
    """`page`, `space`, `attachment`, `content`, `property`, …"""
    id: str


@dataclass(eq=False)
class StaleVersion(Refusal):
    """The number sent is not the next one."""

    current: int
    provided: int


@dataclass(eq=False)
class TitleExists(Refusal):
    """Another page of the space, current or archived, has this title."""

    title: str


@dataclass(eq=False)
class Exists(Refusal):
    """A property key, file name or space key is taken."""

    kind: str
    name: str


@dataclass(eq=False)
class Invalid(Refusal):
    """The request makes no sense; `reason` says why in the server's own words."""

    reason: str


@dataclass(eq=False)
class Malformed(Refusal):
    """A body that is not well-formed storage format."""

    reason: str


@dataclass(eq=False)
class Denied(Refusal):
    """The viewer sees it but may not do this."""

    reason: str


@dataclass(eq=False)
class Stumbled(Refusal):
    """The real service answers this with an error of its own, 500."""

    reason: str
