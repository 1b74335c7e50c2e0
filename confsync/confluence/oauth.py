"""OAuth 2.0 with an app of one's own: consent, codes, tokens that end and are renewed.

On Cloud tokens work at the gateway alone, by the site's cloud id; Data Center has all of it on the site.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

import httpx

from confsync.confluence.payload import Json, as_object, maybe_number, maybe_text, objects, text
from confsync.confluence.url import host_of, is_loopback, origin_of
from confsync.errors import AuthenticationFailed, NotFound, RemoteError, UsageError

GATEWAY: Final = "https://api.atlassian.com"
SCOPES: Final = (
    "read:page:confluence",
    "write:page:confluence",
    "delete:page:confluence",
    "read:attachment:confluence",
    "write:attachment:confluence",
    "delete:attachment:confluence",
    "read:label:confluence",
    "write:label:confluence",
    "read:space:confluence",
    "read:space-details:confluence",
    "read:content:confluence",
    "read:content-details:confluence",
    "read:content.metadata:confluence",
    "read:content.property:confluence",
    "write:content:confluence",
    "write:content.property:confluence",
    "read:content.restriction:confluence",
    "read:hierarchical-content:confluence",
    "read:folder:confluence",
    "write:folder:confluence",
    "read:comment:confluence",
    "read:user:confluence",
    "search:confluence",
    "readonly:content.attachment:confluence",
    "offline_access",
)
"""What a sync in both directions needs on Cloud."""
_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Authority:
    """Where an app asks for consent and gets its tokens."""

    authorize: str
    token: str
    resources: str
    """Which sites a token is for; empty on Data Center, where it is for the site itself."""
    gateway: str
    scopes: tuple[str, ...]


def authority(site: str, *, cloud: bool) -> Authority:
    """The authority for a site. A sandbox on loopback is its own."""
    if not cloud:
        here = f"{site}/rest/oauth2/latest"
        return Authority(f"{here}/authorize", f"{here}/token", "", "", ("WRITE",))
    local = origin_of(site) if is_loopback(site) else ""
    auth, api = local or "https://auth.atlassian.com", local or GATEWAY
    resources = f"{api}/oauth/token/accessible-resources"
    return Authority(f"{auth}/authorize", f"{auth}/oauth/token", resources, api, SCOPES)


@dataclass(frozen=True, slots=True)
class Grant:
    """What an app was granted. Its repr shows no secret."""

    client_id: str
    client_secret: str = field(repr=False)
    token_url: str
    base: str = ""
    """Where the tokens work: the gateway with the cloud id, or the site itself."""
    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    """Empty: the app speaks for itself (client credentials), and simply asks again."""
    until: float = 0.0
    """When the access token ends, in seconds since 1970."""

    def to_json(self) -> str:
        """For the keyring."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(data: Json) -> "Grant":
        """What the keyring kept.

        Raises:
            RemoteError: it is something else.
        """
        words = {name: maybe_text(data, name) for name in Grant.__slots__ if name != "until"}
        until = data.get("until")
        return Grant(**words, until=float(until) if isinstance(until, int | float) else 0.0)


# ------------------------------------------------------------------------------------------- consent


@dataclass(frozen=True, slots=True)
class Consent:
    """One question to a person, and what the answer has to match."""

    url: str
    """To open in a browser."""
    state: str = field(repr=False)
    verifier: str = field(repr=False)
    """Proves that who exchanges the code is who asked for it (PKCE)."""
    redirect: str


def ask_consent(at: Authority, client_id: str, redirect: str, scopes: tuple[str, ...] = ()) -> Consent:
    """The question; nothing is sent yet."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "audience": "api.atlassian.com",
        "client_id": client_id,
        "scope": " ".join(scopes or at.scopes),
        "redirect_uri": redirect,
        "state": state,
        "response_type": "code",
        "prompt": "consent",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return Consent(f"{at.authorize}?{urlencode(query)}", state, verifier, redirect)


def by_code(client: httpx.Client, at: Authority, grant: Grant, code: str, consent: Consent) -> Grant:
    """The first tokens.

    Raises:
        AuthenticationFailed: the authority refuses.
    """
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": consent.redirect,
        "code_verifier": consent.verifier,
    }
    return _granted(client, at.token, grant, fields)


def renewed(client: httpx.Client, grant: Grant) -> Grant:
    """The next tokens.

    Raises:
        AuthenticationFailed: the grant has ended.
    """
    if grant.refresh_token:
        fields = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
    else:
        fields = {"grant_type": "client_credentials"}
    return _granted(client, grant.token_url, grant, fields)


def _granted(client: httpx.Client, url: str, grant: Grant, fields: Mapping[str, str]) -> Grant:
    sent = {**fields, "client_id": grant.client_id, "client_secret": grant.client_secret}
    form = "/rest/oauth2/" in url
    data = _said(client, "POST", url, data=sent) if form else _said(client, "POST", url, json=sent)
    answer = as_object(data)
    return replace(
        grant,
        access_token=text(answer, "access_token"),
        refresh_token=maybe_text(answer, "refresh_token") or grant.refresh_token,
        until=time.time() + (maybe_number(answer, "expires_in") or 0),
    )


def placed(client: httpx.Client, at: Authority, site: str, grant: Grant) -> Grant:
    """The grant with the base where its tokens work for a site.

    Raises:
        NotFound: the tokens are not for this site.
    """
    if not at.resources:
        return replace(grant, base=site)
    found = objects(
        _said(client, "GET", at.resources, headers={"Authorization": f"Bearer {grant.access_token}"}),
        "resources",
    )
    cloud = next((text(one, "id") for one in found if host_of(maybe_text(one, "url")) == host_of(site)), "")
    if not cloud:
        named = ", ".join(sorted({host_of(maybe_text(one, "url")) for one in found})) or "no site"
        raise NotFound(
            f"The app was granted {named}, not {host_of(site)}", hint="choose the site when asked for consent"
        )
    return replace(grant, base=gateway_base(at.gateway, cloud))


def gateway_base(gateway: str, cloud_id: str) -> str:
    """The site's base at a gateway."""
    if not cloud_id.replace("-", "").isalnum():
        raise RemoteError("The server's cloud id is no id")
    return f"{gateway}/ex/confluence/{cloud_id}/wiki"


def cloud_id(client: httpx.Client, site: str) -> str:
    """A site's cloud id, which it tells everybody; empty: it is no Cloud site."""
    try:
        data = _said(client, "GET", f"{origin_of(site)}/_edge/tenant_info")
        return maybe_text(as_object(data), "cloudId")
    except RemoteError:
        return ""


def _said(client: httpx.Client, method: str, url: str, **more: object) -> object:
    """The JSON of one exchange; what was sent is never part of an error."""
    try:
        answer = client.request(method, url, timeout=_TIMEOUT, **more)  # type: ignore[arg-type]
        data: object = answer.json() if answer.content else None
    except httpx.HTTPError as error:
        raise RemoteError(f"{host_of(url)} does not answer ({type(error).__name__})") from None
    except ValueError:
        raise RemoteError(f"{host_of(url)} answered with something that is not JSON") from None
    if not answer.is_success:
        said = data if isinstance(data, dict) else {}
        why = maybe_text(said, "error_description") or maybe_text(said, "error")
        raise AuthenticationFailed(
            f"{host_of(url)} refuses: {why or answer.reason_phrase}",
            status=answer.status_code,
            hint="run `confsync auth login --oauth` again",
        )
    return data


def own_app(client_id: str, client_secret: str) -> None:
    """Refuse half an app.

    Raises:
        UsageError: the id or the secret is missing.
    """
    if not client_id or not client_secret:
        raise UsageError(
            "OAuth needs the client id and the secret of an app of your own",
            hint="make one at https://developer.atlassian.com/console/myapps, then give --client-id and "
            "CONFSYNC_CLIENT_SECRET",
        )
