"""`confsync auth`: credentials, kept in the system keyring and nowhere else."""

import os
import sys
import webbrowser
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from confsync.cli.app import new_app
from confsync.cli.opening import find_folder, read_settings
from confsync.cli.options import JsonFlag, NoInputFlag
from confsync.cli.terminal import Terminal
from confsync.confluence import (
    Credentials,
    erase_credentials,
    find_credentials,
    host_of,
    log_in_by_browser,
    parse_space_url,
    store_credentials,
    verify,
)
from confsync.errors import NotAWorkingCopy, UsageError

app = new_app(about="Log in to a Confluence site.")

_MAKE_ONE = "https://id.atlassian.com/manage-profile/security/api-tokens"

SiteArgument = Annotated[
    str,
    typer.Argument(
        metavar="SITE",
        help="https://example.atlassian.net, or the address of a space; in a working copy its own site.",
        show_default=False,
    ),
]


@app.command()
def login(
    site: SiteArgument = "",
    username: Annotated[
        str, typer.Option("--username", "-u", help="Your e-mail address; empty for a personal access token.")
    ] = "",
    with_token: Annotated[
        bool, typer.Option("--with-token", help="Read the token from standard input.")
    ] = False,
    oauth: Annotated[
        bool, typer.Option("--oauth", help="Log in in the browser, with an OAuth app of your own.")
    ] = False,
    client_id: Annotated[
        str, typer.Option("--client-id", envvar="CONFSYNC_CLIENT_ID", help="The app's id.")
    ] = "",
    port: Annotated[
        int,
        typer.Option(
            "--port", min=0, max=65535, help="The app's callback URL: http://127.0.0.1:PORT/callback."
        ),
    ] = 8765,
    no_input: NoInputFlag = False,
) -> None:
    """Check a token and keep it in the system keyring.

    API tokens, tokens with scopes and personal access tokens are told apart by asking the site. With --oauth
    the secret of the app is asked for, or taken from CONFSYNC_CLIENT_SECRET.

    Where there is no keyring (in CI, in a container), set CONFSYNC_USERNAME and CONFSYNC_TOKEN instead, or
    write a netrc file that only you can read. Tokens are never written into a working copy, and never shown.
    """
    terminal = Terminal(no_input=no_input)
    where = find_site(site)
    if oauth:
        credentials = _granted(terminal, where, client_id, port)
    else:
        credentials = _asked(terminal, where, username, with_token=with_token)
    user = verify(where, credentials)
    store_credentials(host_of(where), credentials)
    terminal.say(f"Logged in to {host_of(where)} as {user.name}; the token is in the system keyring")


@app.command()
def logout(site: SiteArgument = "") -> None:
    """Take a site's token out of the system keyring."""
    host = host_of(find_site(site))
    if not erase_credentials(host):
        raise UsageError(f"The system keyring holds nothing for {host}")
    Terminal().say(f"Logged out of {host}")


@app.command()
def status(
    site: SiteArgument = "",
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask the site.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Say whose credentials are used for a site, where they come from, and whether they work."""
    terminal = Terminal(as_json=as_json)
    where = find_site(site)
    credentials = find_credentials(host_of(where))
    user = None if offline else verify(where, credentials)
    terminal.document(
        {
            "site": where,
            "username": credentials.username,
            "source": credentials.source,
            "account": None if user is None else {"id": user.id, "name": user.name},
        }
    )
    terminal.say(f"{host_of(where)}: {credentials}")
    if user is not None:
        terminal.say(f"  logged in as {user.name}")


def find_site(given: str) -> str:
    """The site that was named, by any of its addresses; in a working copy its own.

    Raises:
        UsageError: none was named, and this is no working copy.
    """
    if not given:
        try:
            return read_settings(find_folder(Path.cwd())).url
        except NotAWorkingCopy:
            raise UsageError(
                "no site is named", hint="`confsync auth login https://example.atlassian.net`"
            ) from None
    if "://" not in given:
        given = f"https://{given}"
    try:
        return parse_space_url(given).site
    except UsageError:
        return _bare_site(given)


def _bare_site(given: str) -> str:
    """A site named by its home page."""
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise UsageError(
            "This is not the address of a site", hint="Write it like https://example.atlassian.net"
        )
    path = parts.path.rstrip("/")
    if parts.hostname.endswith(".atlassian.net"):
        path = "/wiki"
    return f"{parts.scheme}://{host_of(given)}{path}"


def _granted(terminal: Terminal, site: str, client_id: str, port: int) -> Credentials:
    secret = os.environ.get("CONFSYNC_CLIENT_SECRET", "")
    if not secret and terminal.asks:
        secret = typer.prompt("The app's secret", hide_input=True, err=True).strip()
    return log_in_by_browser(site, client_id, secret, port=port, show=lambda url: _show(terminal, url))


def _show(terminal: Terminal, url: str) -> None:
    terminal.note(f"Give your consent in the browser: {url}")
    webbrowser.open(url)


def _asked(terminal: Terminal, site: str, username: str, *, with_token: bool) -> Credentials:
    if with_token:
        token = sys.stdin.readline().strip()
    elif terminal.asks:
        terminal.note(f"Make a token at {_MAKE_ONE}")
        username = username or typer.prompt("E-mail address", default="", show_default=False, err=True)
        token = typer.prompt(f"Token for {host_of(site)}", hide_input=True, err=True).strip()
    else:
        raise UsageError(
            "nobody is here to be asked for a token",
            hint="Pipe it in: `confsync auth login SITE --username you@example.com --with-token < token.txt`",
        )
    if not token:
        raise UsageError("the token is empty", hint=f"Make one at {_MAKE_ONE}")
    return Credentials(username, token, "login")
