"""A running site with its parts, as tests, control endpoints and the command line reach them."""

from collections.abc import Collection
from dataclasses import dataclass, field

from starlette.types import ASGIApp

from confsync.sandbox.accounts import Accounts, Login
from confsync.sandbox.faults import Faults
from confsync.sandbox.gates.index import IndexGate
from confsync.sandbox.gates.meter import Points
from confsync.sandbox.identity.doors import Doors
from confsync.sandbox.journal import Journal
from confsync.sandbox.refusals import Missing
from confsync.sandbox.store import Store
from confsync.sandbox.webhooks.delivery import Deliveries
from confsync.sandbox.webhooks.hook import Hook, Hooks


class Kept:
    """The site as it was at some moment, to go back to."""

    def __init__(self) -> None:
        self._copy: Store | None = None

    def keep(self, store: Store) -> None:
        """Remember it as it is, in place of what was remembered before."""
        self.forget()
        self._copy = store.frozen()

    def restore(self, store: Store) -> None:
        """Make it what it was.

        Raises:
            ValueError: nothing is remembered.
        """
        if self._copy is None:
            raise ValueError("there is no snapshot to go back to")
        self._copy.database.copy_to(store.database)

    def forget(self) -> None:
        """Let go of the memory."""
        if self._copy is not None:
            self._copy.close()
        self._copy = None


@dataclass(frozen=True, slots=True)
class Site:
    """An application with the parts that its owner may want to reach."""

    app: ASGIApp
    store: Store
    doors: Doors
    journal: Journal
    faults: Faults
    points: Points
    hooks: Hooks
    deliveries: Deliveries
    index: IndexGate
    kept: Kept = field(default_factory=Kept)

    @property
    def accounts(self) -> Accounts:
        """The logins."""
        return self.doors.accounts

    def add_user(self, name: str, username: str = "", token: str = "") -> Login:
        """Let a colleague log in."""
        email = username or f"{name.lower().replace(' ', '.')}@example.com"
        account_id = f"557058:{email}"
        self.store.people.ensure(account_id, name, email)
        return self.accounts.add(email, account_id, token)

    def add_token(self, username: str, scopes: Collection[str] | None = None, token: str = "") -> Login:
        """A further token of somebody who may log in; one with scopes works at the gateway alone.

        Raises:
            Missing: nobody has this user name.
        """
        return self.accounts.add(username, self.known(username).account_id, token, scopes=scopes)

    def open_session(self, username: str) -> str:
        """The value of a session cookie of somebody who may log in.

        Raises:
            Missing: nobody has this user name.
        """
        return self.doors.sessions.begin(self.known(username).account_id)

    def known(self, username: str) -> Login:
        """The login of a user.

        Raises:
            Missing: nobody has this name.
        """
        login = self.accounts.named(username)
        if login is None:
            raise Missing("user", username)
        return login

    def add_hook(self, hook: Hook) -> Hook:
        """Register a webhook, and watch the site for it.

        Raises:
            Invalid: it could not be one.
        """
        made = self.hooks.add(hook)
        self.deliveries.begin()
        return made

    def close(self) -> None:
        """Let go of every database and thread."""
        self.deliveries.close()
        self.index.close()
        self.faults.clear()
        self.kept.forget()
        self.store.close()
