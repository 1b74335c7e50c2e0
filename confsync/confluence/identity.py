"""Who we are to a site, by which way, and who is to know.

Credentials go to the site, or to the gateway that it is reached by, and nowhere else: whatever a server's
redirects say.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import httpx

from confsync.confluence import oauth
from confsync.confluence.credentials import KEYRING, Credentials, kept_grant, store_credentials
from confsync.confluence.retry import Failed, Stage
from confsync.confluence.url import host_of, is_atlassian, is_loopback
from confsync.confluence.wallet import Wallet
from confsync.errors import RemoteError

T = TypeVar("T")


class Identity:
    """One caller of one site.

    Args:
        site: scheme, host and context path, no trailing slash.
        credentials: None for anonymous.
        client: how authorities are reached.
    """

    def __init__(self, site: str, credentials: Credentials | None, client: httpx.Client) -> None:
        grant = credentials.grant if credentials else None
        self.base = (grant.base if grant else "") or site
        self._site = site
        self._credentials = credentials
        self._client = client
        self._wallet = _wallet(credentials, host_of(site), client)

    def is_home(self, url: httpx.URL) -> bool:
        """Whether a URL is on the host that requests go to."""
        return _origin(url) == _origin(httpx.URL(self.base))

    def auth_for(self, request: httpx.Request) -> httpx.Auth | None:
        """What proves who we are; nothing to strangers.

        Raises:
            Failed: a grant has ended.
        """
        if self._credentials is None or not self.is_home(request.url):
            return None
        if self._wallet is not None:
            return _Bearer(_told(self._wallet.token))
        if not self._credentials.token:
            return None  # cookies or a certificate say it
        if self._credentials.username:
            return httpx.BasicAuth(self._credentials.username, self._credentials.token)
        return _Bearer(self._credentials.token)

    def renewed_after(self, request: httpx.Request) -> bool:
        """Whether there is another token to try, after the one of this request was refused."""
        wallet = self._wallet
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return wallet is not None and _told(lambda: wallet.refused(token))

    # ----------------------------------------------------------------------------------- the gateway

    def by_gateway(self) -> bool:
        """Go by the gateway from now on, where tokens with scopes work; False: there is none to go by."""
        if self.base != self._site or not self._may_use_gateway():
            return False
        cloud = oauth.cloud_id(self._client, self._site)
        return bool(cloud) and self.go_by(oauth.gateway_base(self._gateway(), cloud))

    def go_by(self, base: str) -> bool:
        """Go by a base that was found before; False: it is not one that these credentials are for."""
        if base == self.base:
            return True
        if self._may_use_gateway() and base.startswith(f"{self._gateway()}/ex/confluence/"):
            self.base = base
            return True
        return False

    def _may_use_gateway(self) -> bool:
        """Only API tokens, and only those of Atlassian's own sites, may be shown to Atlassian's gateway."""
        known = self._credentials
        token = known is not None and bool(known.username and known.token)
        return token and (is_atlassian(self._site) or is_loopback(self._site))

    def _gateway(self) -> str:
        return oauth.authority(self._site, cloud=True).gateway


def _told(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except RemoteError as error:
        raise Failed(error, Stage.FINAL) from None


def _wallet(credentials: Credentials | None, host: str, client: httpx.Client) -> Wallet | None:
    if credentials is None or credentials.grant is None:
        return None
    if credentials.source != KEYRING:
        return Wallet(credentials.grant, client)
    return Wallet(
        credentials.grant,
        client,
        keep=lambda grant: store_credentials(host, replace(credentials, grant=grant)),
        recall=lambda: kept_grant(host),
    )


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host.lower(), url.port or {"https": 443, "http": 80}.get(url.scheme)
