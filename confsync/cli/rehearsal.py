"""Where restored pages go: their own space, another one, or a sandbox made for the rehearsal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from confsync.confluence import Credentials, SpaceRemote, connect, find_credentials, host_of, parse_space_url
from confsync.engine.session import Session
from confsync.model.ids import SpaceKey
from confsync.ports import Remote
from confsync.sandbox import SandboxServer

SANDBOX = "sandbox"
"""What `--to` says for a rehearsal."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A space that pages are restored into."""

    remote: Remote
    key: SpaceKey
    site: str
    elsewhere: bool = True
    server: SandboxServer | None = field(default=None, compare=False)
    """The sandbox, where it is one."""


@contextmanager
def destination(session: Session, *, key: str, to: str) -> Iterator[Destination]:
    """Open the space that `--space` or `--to` names; without either it is the working copy's own.

    Raises:
        UsageError: `--to` is neither `sandbox` nor the address of a space; there are no credentials for it.
    """
    here = session.settings
    if to == SANDBOX:
        with SandboxServer() as server:
            server.add_space(here.key, here.key)
            login = Credentials(server.username, server.token)
            with _closed(connect(server.url, here.key, login)) as remote:
                yield Destination(remote, here.key, server.url, server=server)
    elif to:
        where = parse_space_url(to)
        with _closed(connect(where.site, where.key, find_credentials(where.host))) as remote:
            yield Destination(remote, where.key, where.site)
    elif key and key != here.key:
        login = find_credentials(host_of(here.url))
        with _closed(connect(here.url, SpaceKey(key), login)) as remote:
            yield Destination(remote, SpaceKey(key), here.url)
    else:
        yield Destination(session.remote, here.key, here.url, elsewhere=False)


@contextmanager
def _closed(remote: SpaceRemote) -> Iterator[SpaceRemote]:
    try:
        yield remote
    finally:
        remote.close()
