"""The tokens of one grant, renewed in time.

Refresh tokens change with every use: the new one is kept before anything is done with what came with it.
"""

import threading
import time
from collections.abc import Callable

import httpx

from confsync.confluence.oauth import Grant, renewed

_EARLY = 60.0
"""Seconds before its end that a token is renewed."""


class Wallet:
    """The tokens of one grant, renewed in time, for many threads.

    Args:
        grant: what the keyring or the environment said.
        client: how the authority is reached.
        keep: keeps a renewed grant, before anything is done with it.
        recall: what is kept now: another process may have renewed it.
        now: the time, in seconds since 1970.
    """

    def __init__(
        self,
        grant: Grant,
        client: httpx.Client,
        *,
        keep: Callable[[Grant], None] | None = None,
        recall: Callable[[], Grant | None] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._grant = grant
        self._client = client
        self._keep = keep
        self._recall = recall
        self._now = now
        self._lock = threading.Lock()
        self._fresh = ""

    def token(self) -> str:
        """An access token that holds.

        Raises:
            AuthenticationFailed: the grant has ended.
        """
        with self._lock:
            if self._grant.until - _EARLY <= self._now():
                self._renew()
            return self._grant.access_token

    def refused(self, token: str) -> bool:
        """A token was not accepted; whether there is another one to try.

        A token that we have only just got is as good as it gets.
        """
        with self._lock:
            if token != self._grant.access_token:
                return True
            if token == self._fresh:
                return False
            self._renew()
            return True

    def _renew(self) -> None:
        kept = self._recall() if self._recall else None
        if kept is not None and kept.access_token != self._grant.access_token:
            self._grant = kept
            if kept.until - _EARLY > self._now():
                return
        self._grant = renewed(self._client, self._grant)
        self._fresh = self._grant.access_token
        if self._keep is not None:
            self._keep(self._grant)
