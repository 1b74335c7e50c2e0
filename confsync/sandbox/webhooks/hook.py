"""Who wants to be told what."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from confsync.sandbox.refusals import Invalid, Missing

_MAX_SECRET = 255
_LONGEST = 2000

EVENTS = (
    *(f"page_{ending}" for ending in ("created", "updated", "moved", "removed", "trashed", "restored")),
    *("page_archived", "page_unarchived"),
    *(f"blog_{ending}" for ending in ("created", "updated", "moved", "removed", "trashed", "restored")),
    *(f"comment_{ending}" for ending in ("created", "updated", "removed")),
    *(f"attachment_{ending}" for ending in ("created", "updated", "removed", "trashed", "restored")),
    *("label_added", "label_removed", "space_created", "space_updated", "space_removed"),
)
"""What the sandbox tells of; other names may be asked for and never come."""


class Style(StrEnum):
    """In whose way a hook is told."""

    DATA_CENTER = "datacenter"
    """Ids, signed with `X-Hub-Signature`."""
    CONNECT = "connect"
    """As Cloud tells an app: whole objects, with a token in `Authorization`."""


@dataclass(frozen=True, slots=True)
class Hook:
    """One registration."""

    id: int
    name: str
    url: str
    events: tuple[str, ...]
    secret: str = ""
    active: bool = True
    style: Style = Style.DATA_CENTER
    created: int = 0
    """Milliseconds since 1970."""
    updated: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to tell something."""

    hook: int
    event: str
    request_id: str
    attempt: int
    status: int
    """What was answered; 0: nothing."""
    at: int
    """Milliseconds since 1970."""
    body: str

    @property
    def ok(self) -> bool:
        """Whether it was taken."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP


@dataclass(slots=True)
class Hooks:
    """The registrations. They end with the server."""

    hosts: Collection[str] = ()
    """Names of other machines that may be told; loopback always may."""
    _hooks: dict[int, Hook] = field(default_factory=dict)
    _next: int = 1

    def all(self) -> list[Hook]:
        """Every registration by id."""
        return list(self._hooks.values())

    def get(self, hook: int) -> Hook:
        """One of them.

        Raises:
            Missing: there is none.
        """
        if hook not in self._hooks:
            raise Missing("webhook", str(hook))
        return self._hooks[hook]

    def wanting(self, event: str) -> Sequence[Hook]:
        """Those to be told of an event."""
        return [hook for hook in self._hooks.values() if hook.active and event in hook.events]

    def add(self, hook: Hook) -> Hook:
        """Register one; it gets its id here.

        Raises:
            Invalid: no name, no event, a secret that is too long, or an address that may not be told.
        """
        self.check(hook)
        made = replace(hook, id=self._next)
        self._next += 1
        self._hooks[made.id] = made
        return made

    def change(self, hook: Hook) -> Hook:
        """Put a registration in place of the one of the same id.

        Raises:
            Invalid: as in `add`.
        """
        self.check(hook)
        self._hooks[hook.id] = hook
        return hook

    def remove(self, hook: int) -> None:
        """End a registration."""
        del self._hooks[self.get(hook).id]

    def check(self, hook: Hook) -> None:
        """Raise `Invalid` where it could not be one."""
        if not hook.name or not hook.events:
            raise Invalid("A webhook has a name and at least one event")
        if len(hook.secret) > _MAX_SECRET:
            raise Invalid(f"The secret is at most {_MAX_SECRET} characters long")
        self.check_address(hook.url)

    def check_address(self, url: str) -> None:
        """Raise `Invalid` unless this address may be told."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > _LONGEST:
            raise Invalid(f"{url!r} is no address that can be told")
        if not (is_loopback(parts.hostname) or parts.hostname in self.hosts):
            raise Invalid(f"The sandbox tells this machine alone; {parts.hostname} is another one")


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine, whatever a name server says."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
