"""A sandbox that runs, embedded in a test, a demo or a command."""

import hashlib
import hmac
import sqlite3
from collections.abc import Collection
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict, Unpack

from confsync.errors import ConfsyncError
from confsync.sandbox.accounts import Login
from confsync.sandbox.app import Parts, create_app
from confsync.sandbox.colleague import Colleague
from confsync.sandbox.faults import Fault
from confsync.sandbox.flavour import CLOUD_ID, Downloads, Flavour, Limits, Removed
from confsync.sandbox.generate import generate
from confsync.sandbox.identity.oauth import App
from confsync.sandbox.options import Options
from confsync.sandbox.seed import seed
from confsync.sandbox.serving import Serving
from confsync.sandbox.site import Site
from confsync.sandbox.store import Store
from confsync.sandbox.store.access import Access
from confsync.sandbox.store.groups import ADMINISTRATORS
from confsync.sandbox.store.store import Habits

ME = "557058:00000000-0000-4000-8000-000000000001"
"""The account id of the sandbox's own login."""

OAUTH_CLIENT = "confsync-sandbox"
"""The client id of the OAuth app that is registered from the start."""


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
    search_lag_ms: float
    points: int
    burst: int
    chance_seed: int
    webhook_hosts: tuple[str, ...]
    downloads: Downloads
    listen: str
    hosts: tuple[str, ...]
    tls: tuple[Path, Path] | None
    users: tuple[str, ...]


class SandboxServer:
    """A sandbox on loopback, ready when entered and gone when left.

    with SandboxServer(seed=folder) as server:
        httpx.get(f"{server.url}/api/v2/spaces", auth=(server.username, server.token))
    """

    def __init__(self, options: Options | None = None, **settings: Unpack[Settings]) -> None:
        self.options = replace(options or Options(), **settings)
        self._serving: Serving | None = None
        self._site: Site | None = None
        self._login: Login | None = None

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
        scheme = "http" if self.options.tls is None else "https"
        port = self._serving.port if self._serving else self.options.port
        return f"{scheme}://{self._name}:{port}"

    @property
    def _name(self) -> str:
        """What to call this machine: the first name it was given, or the address it listens on."""
        if self.options.hosts:
            return self.options.hosts[0]
        address = ip_address(self.options.listen)
        if address.is_unspecified:
            return "127.0.0.1"
        return f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004 - IPv6

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
            self._site = site = self._furnished(store)
            self._serving = Serving(self.options)
            site.deliveries.base = self.url
            self._serving.begin(site.app)
        except BaseException:
            self.__exit__(None, None, None)
            store.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and return when the thread, the socket and the database are closed."""
        if self._serving is not None:
            self._serving.end()
        if self._site is not None:
            self._site.close()
        self._serving = self._site = None

    def _furnished(self, store: Store) -> Site:
        site = create_app(store, replace(self.options, faults=()), Parts())
        Access(store.database).open_to_strangers(yes=self.options.anonymous)
        store.people.ensure(ME, "You", self.options.username)
        store.groups.join(store.groups.get(ADMINISTRATORS), ME)
        self._login = site.accounts.add(self.options.username, ME, self.options.token)
        for user in self.options.users:
            username, _, token = user.partition("=")
            site.add_user(username.partition("@")[0].replace(".", " ").title(), username, token)
        site.doors.oauth.register(App(OAUTH_CLIENT, _derived(self._login.token, "oauth"), ME))
        if self.options.seed is not None and not store.spaces.all():
            seed(store, self.options.seed, reader=ME)
        if self.options.generate and "GEN" not in {space.key for space in store.spaces.all()}:
            generate(store, self.options.generate, author=ME)
        for fault in self.options.faults:
            site.faults.add(fault)
        return site


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
