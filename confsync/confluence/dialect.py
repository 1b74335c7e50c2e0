"""Which dialect a site is spoken to in, chosen by asking the site."""

import threading
from urllib.parse import urlsplit

from confsync.confluence.cloud import CloudRemote
from confsync.confluence.datacenter import DataCenterRemote
from confsync.confluence.transport import Transport
from confsync.errors import Forbidden, NotFound, Rejected
from confsync.model.ids import SpaceId, SpaceKey


def below_wiki(site: str) -> bool:
    """Whether a site is where Cloud always is, so that asking it would be a request for nothing."""
    return urlsplit(site).path == "/wiki"


def is_data_center(transport: Transport) -> bool:
    """Whether a site is Data Center: it alone tells its access mode.

    Raises:
        RemoteError: it does not answer, or does not know these credentials.
    """
    try:
        return isinstance(transport.get("/rest/api/accessmode").data, str)
    except (NotFound, Forbidden, Rejected):
        return False


class Undecided:
    """A remote that asks its site at the first call, and from then on is what the site said.

    Commands that only look at the files make a remote too, and must work without a network.
    """

    def __init__(self, transport: Transport, key: SpaceKey, space_id: SpaceId | None) -> None:
        self._transport = transport
        self._key = key
        self._space_id = space_id
        self._lock = threading.Lock()
        self._chosen: CloudRemote | DataCenterRemote | None = None

    def close(self) -> None:
        """Let go of connections and threads."""
        self._transport.close()

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        with self._lock:
            if self._chosen is None:
                self._chosen = self._choose()
        found: object = getattr(self._chosen, name)
        return found

    def _choose(self) -> CloudRemote | DataCenterRemote:
        if is_data_center(self._transport):
            return DataCenterRemote(self._transport, self._key)
        return CloudRemote(self._transport, self._key, space_id=self._space_id)
