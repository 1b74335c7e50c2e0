"""Which Confluence to be, and what one of its kind refuses."""

from dataclasses import dataclass
from enum import StrEnum

MEBIBYTE = 1024 * 1024

CLOUD_ID = "00000000-0000-4000-8000-00000000c10d"
"""Which site this is, as the gateway names it."""


class Flavour(StrEnum):
    """Which Confluence to be."""

    CLOUD = "cloud"
    DATA_CENTER = "datacenter"


class Removed(StrEnum):
    """What becomes of the routes that Cloud has taken out of REST v1."""

    SERVED = "served"
    """They work for everybody."""
    APPS = "apps"
    """They are gone for OAuth and Connect apps, and work for API tokens."""
    GONE = "gone"
    """They are gone for everybody."""


class Downloads(StrEnum):
    """How attachments are given out."""

    DIRECT = "direct"
    """At once, as on Data Center."""
    REDIRECT = "redirect"
    """By a redirect to another host that takes no credentials, as on Cloud."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The sizes a server refuses beyond, in bytes."""

    json_body: int = 5 * MEBIBYTE
    attachment: int = 250 * MEBIBYTE
