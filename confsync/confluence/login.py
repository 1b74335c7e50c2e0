"""Logging in with an OAuth app of one's own: ask in the browser, take the code, keep the grant."""

from collections.abc import Callable

import httpx

from confsync.confluence import oauth
from confsync.confluence.consent import Callback
from confsync.confluence.credentials import KEYRING, Credentials
from confsync.confluence.reach import find_reach
from confsync.confluence.url import host_of, is_loopback
from confsync.errors import ConfsyncError, UsageError


def log_in_by_browser(
    site: str,
    client_id: str,
    client_secret: str,
    *,
    port: int,
    show: Callable[[str], None],
    scopes: tuple[str, ...] = (),
    seconds: float = 300.0,
) -> Credentials:
    """Ask a person for consent, and return what was granted, for the keyring.

    Args:
        site: as in `SpaceUrl.site`.
        client_id: of the app.
        client_secret: of the app.
        port: of the loopback address that the app's redirect URI names.
        show: opens, or shows, the address where consent is given.
        scopes: what to ask for; empty: what a sync in both directions needs.
        seconds: how long to wait for the person.

    Raises:
        UsageError: the app is not named, the site is not https, the port is taken.
        RemoteError: nobody agreed, or the app was granted other sites.
    """
    oauth.own_app(client_id, client_secret)
    if not site.startswith("https://") and not is_loopback(site):
        raise UsageError(f"Tokens for {host_of(site)} would travel unencrypted", hint="use an https:// URL")
    with _client(site) as client, Callback(port) as callback:
        at = oauth.authority(site, cloud=bool(oauth.cloud_id(client, site)))
        consent = oauth.ask_consent(at, client_id, callback.url, scopes)
        show(consent.url)
        code = callback.code(consent.state, seconds=seconds)
        grant = oauth.by_code(client, at, oauth.Grant(client_id, client_secret, at.token), code, consent)
        if not grant.refresh_token:
            raise ConfsyncError(
                "The app was granted no refresh token: in an hour it would be locked out",
                hint="ask for the scope offline_access too",
            )
        return Credentials("", "", KEYRING, oauth.placed(client, at, site, grant))


def _client(site: str) -> httpx.Client:
    reach = find_reach(host_of(site))
    return httpx.Client(
        verify=reach.context() or True, proxy=reach.proxy or None, trust_env=not is_loopback(site)
    )
