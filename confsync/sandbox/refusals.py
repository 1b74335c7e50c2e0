"""Why the store says no. The wire dialects turn these into the status and words of their API."""

from dataclasses import dataclass


class Refusal(Exception):
    """Something the store will not do; the database is as it was before."""


@dataclass
class Missing(Refusal):
    """There is no such thing, or this viewer may not see it."""

    kind: str
    """`page`, `space`, `attachment`, `content`, `property`, …"""
    id: str


@dataclass
class StaleVersion(Refusal):
    """The number sent is not the next one."""

    current: int
    provided: int


@dataclass
class TitleExists(Refusal):
    """Another page of the space, current or archived, has this title."""

    title: str


@dataclass
class Exists(Refusal):
    """A property key, file name or space key is taken."""

    kind: str
    name: str


@dataclass
class Invalid(Refusal):
    """The request makes no sense; `reason` says why in the server's own words."""

    reason: str


@dataclass
class Malformed(Refusal):
    """A body that is not well-formed storage format."""

    reason: str


@dataclass
class Denied(Refusal):
    """The viewer sees it but may not do this."""

    reason: str
