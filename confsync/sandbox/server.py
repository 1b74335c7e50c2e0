"""A sandbox that runs: embedded in a test or a demo, or in the foreground for the command line."""

import hashlib
import hmac
import json
import socket
import sqlite3
import threading
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict, Unpack

import uvicorn

from confsync.errors import ConfsyncError
from confsync.sandbox.accounts import Login
from confsync.sandbox.app import Parts, create_app
from confsync.sandbox.colleague import Colleague
from confsync.sandbox.faults import Fault
from confsync.sandbox.flavour import CLOUD_ID, Flavour, Limits, Removed
from confsync.sandbox.generate import generate
from confsync.sandbox.identity.oauth import App
from confsync.sandbox.options import Options
from confsync.sandbox.protocol import CuttableProtocol
from confsync.sandbox.seed import seed
from confsync.sandbox.site import Site
from confsync.sandbox.store import Store
from confsync.sandbox.store.access import Access
from confsync.sandbox.store.groups import ADMINISTRATORS
from confsync.sandbox.store.store import Habits

ME = "557058:00000000-0000-4000-8000-000000000001"
"""The account id of the sandbox's own login."""

OAUTH_CLIENT = "confsync-sandbox"
"""The client id of the OAuth app that is registered from the start."""

_START_SECONDS = 10
_STOP_SECONDS = 10


class Settings(TypedDict, total=False):
    """The fields of `Options`, for keyword arguments."""

    seed: Path | None
    port: int
    data: Path | None
    generate: int
    flavour: Flavour
    context: str | None
    latency_ms: float
    username: str
    token: str
    faults: tuple[Fault, ...]
    named_entities: bool
    orphans: str
    rewrite_links: bool
    limits: Limits
    removed: Removed
    captcha_after: int
    anonymous: bool
    points: int
    burst: int
    chance_seed: int
    webhook_hosts: tuple[str, ...]


class SandboxServer:
    """A sandbox on loopback, ready when entered and gone when left.

    with SandboxServer(seed=folder) as server:
        httpx.get(f"{server.url}/api/v2/spaces", auth=(server.username, server.token))
    """

    def __init__(self, options: Options | None = None, **settings: Unpack[Settings]) -> None:
        self.options = replace(options or Options(), **settings)
        self._thread: threading.Thread | None = None
        self._server: uvicorn.Server | None = None
        self._site: Site | None = None
        self._login: Login | None = None
        self._port = 0

    # -------------------------------------------------------------------------------------- facts

    @property
    def site(self) -> Site:
        """The running application and its parts.

        Raises:
            ConfsyncError: the server is not running.
        """
        if self._site is None:
            raise ConfsyncError(
                "the sandbox is not running", hint="Enter it first: `with SandboxServer() as server:`"
            )
        return self._site

    @property
    def store(self) -> Store:
        """The site behind the server, for tests that play a colleague."""
        return self.site.store

    @property
    def url(self) -> str:
        """Where it listens, with the context path: `http://127.0.0.1:PORT/wiki` on Cloud."""
        return f"{self.origin}{self.options.home}"

    @property
    def username(self) -> str:
        """The ready login's user name."""
        return self.options.username

    @property
    def token(self) -> str:
        """The ready login's API token."""
        return self._login.token if self._login else ""

    @property
    def spaces(self) -> list[str]:
        """The keys of its spaces."""
        return [space.key for space in self.store.spaces.all()]

    def colleague(self, name: str = "Robin Reyes") -> Colleague:
        """Somebody else who works on the site, without logging in."""
        return Colleague(
            self.store, self.store.people.ensure(f"557058:{name.casefold().replace(' ', '-')}", name)
        )

    def add_space(self, key: str, name: str) -> None:
        """Make a space that holds nothing but its home page."""
        with self.store.database.write():
            space = self.store.spaces.create(key, name, author=ME)
            home = self.colleague().create(space.key, f"{name} Home", "<p>This space is new.</p>")
            self.store.spaces.set_homepage(space.id, home.id)

    @property
    def gateway(self) -> str:
        """Where OAuth apps and tokens with scopes find the site on Cloud, like `/ex/confluence/…/wiki`."""
        return f"{self.origin}/ex/confluence/{CLOUD_ID}{self.options.home}"

    @property
    def origin(self) -> str:
        """Scheme, host and port, without a path."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def oauth_app(self) -> App:
        """A registered OAuth app; it acts for the ready login unless somebody else consents."""
        return self.site.doors.oauth.apps[OAUTH_CLIENT]

    def add_user(self, name: str, username: str = "", token: str = "") -> Login:
        """Let a colleague log in."""
        return self.site.add_user(name, username, token)

    def add_token(self, username: str, scopes: Collection[str] | None = None, token: str = "") -> Login:
        """A further token of somebody who may log in; one with scopes works at the gateway alone."""
        return self.site.add_token(username, scopes, token)

    def open_session(self, username: str) -> str:
        """The value of a session cookie of somebody who may log in."""
        return self.site.open_session(username)

    # -------------------------------------------------------------------------------------- life

    def __enter__(self) -> Self:
        """Start, and return when requests are answered.

        Raises:
            ConfsyncError: the port is taken, the seed cannot be read.
        """
        store = _opened(self.options)
        try:
            self._site = self._furnished(store)
            self._start(self._site)
        except BaseException:
            store.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and return when the thread, the socket and the database are closed."""
        if self._server is not None:
            self._server.should_exit = True
            self._server.force_exit = True
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
        if self._site is not None:
            self._site.close()
        self._server = self._thread = self._site = None

    def _furnished(self, store: Store) -> Site:
        site = create_app(store, replace(self.options, faults=()), Parts())
        Access(store.database).open_to_strangers(yes=self.options.anonymous)
        store.people.ensure(ME, "You", self.options.username)
        store.groups.join(store.groups.get(ADMINISTRATORS), ME)
        self._login = site.accounts.add(self.options.username, ME, self.options.token)
        site.doors.oauth.register(App(OAUTH_CLIENT, _derived(self._login.token, "oauth"), ME))
        if self.options.seed is not None and not store.spaces.all():
            seed(store, self.options.seed, reader=ME)
        if self.options.generate and "GEN" not in {space.key for space in store.spaces.all()}:
            generate(store, self.options.generate, author=ME)
        for fault in self.options.faults:
            site.faults.add(fault)
        return site

    def _start(self, site: Site) -> None:
        listener = _listen(self.options.port)
        self._port = listener.getsockname()[1]
        site.deliveries.base = self.url
        config = uvicorn.Config(
            site.app,
            http=CuttableProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = server = _Quiet(config)
        self._thread = threading.Thread(target=server.serve_on, args=(listener,), name="sandbox", daemon=True)
        self._thread.start()
        if not server.ready.wait(_START_SECONDS):
            raise ConfsyncError("the sandbox did not start in time")


def _derived(token: str, purpose: str) -> str:
    """A secret that is as fixed as the login's token: who fixes that has fixed all."""
    return hmac.new(token.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def _opened(options: Options) -> Store:
    """The store in its file, or in memory.

    Raises:
        ConfsyncError: the file cannot be opened, or is something else.
    """
    habits = Habits(options.named_entities, options.orphans, options.rewrite_links)
    try:
        return Store(options.data, habits=habits)
    except sqlite3.Error as error:
        raise ConfsyncError(
            f"{options.data} cannot be used as the sandbox's data: {error}",
            hint="Name a new file in a folder that exists.",
        ) from error


class _Quiet(uvicorn.Server):
    """A server for a thread: says when it is ready, installs no signal handlers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as ever, then say so."""
        await super().startup(sockets=sockets)
        self.ready.set()

    def serve_on(self, listener: socket.socket) -> None:
        """Serve until told to stop, then close the listener."""
        with listener:
            self.run(sockets=[listener])


def _listen(port: int) -> socket.socket:
    """A listening socket on loopback.

    Raises:
        ConfsyncError: the port is taken.
    """
    # With the protocol named, asyncio turns Nagle's algorithm off; without, every answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise ConfsyncError(
            f"port {port} cannot be used: {error.strerror}",
            hint="Choose another one, or --port 0 for any free one.",
        ) from error
    return listener


def run(options: Options, *, say: Callable[[str], None] = print, as_json: bool = False) -> None:
    """Serve until Ctrl-C; `say` takes the lines to print, the first of them JSON if `as_json`.

    Raises:
        ConfsyncError: it cannot start.
    """
    with SandboxServer(options) as server:
        if as_json:
            said = {
                "url": server.url,
                "username": server.username,
                "token": server.token,
                "spaces": server.spaces,
                "gateway": server.gateway,
                "oauth": {"client_id": OAUTH_CLIENT, "client_secret": server.oauth_app.client_secret},
            }
            say(json.dumps(said))
        else:
            for line in greeting(server):
                say(line)
        try:
            forever()
        except KeyboardInterrupt:
            return


def forever() -> None:
    """Wait until Ctrl-C."""
    threading.Event().wait()


def greeting(server: SandboxServer) -> list[str]:
    """The URL and a login to paste."""
    lines = [
        f"Sandbox Confluence at {server.url}",
        "",
        f"  export CONFSYNC_USERNAME={server.username}",
        f"  export CONFSYNC_TOKEN={server.token}",
    ]
    lines += [f"  confsync clone {server.url}/spaces/{key}" for key in server.spaces]
    return [*lines, "", "Ctrl-C stops it."]
