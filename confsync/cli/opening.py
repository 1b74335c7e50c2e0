"""Opening a working copy: the one place where the adapters meet the engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from confsync.cli.clock import SystemClock
from confsync.cli.finding import find_folder as find_folder  # noqa: PLC0414 (commands look for it here)
from confsync.cli.person import TerminalPerson
from confsync.cli.reporter import TerminalReporter
from confsync.cli.terminal import Terminal
from confsync.confluence import Credentials, Patience, SpaceRemote, connect, find_credentials, host_of
from confsync.engine.session import OnConflict, Session
from confsync.errors import ConfigError, UsageError
from confsync.history import open_history
from confsync.history.cache import FileCache
from confsync.model.config import FILE, load_settings
from confsync.model.settings import Settings
from confsync.worktree import FolderTree


def read_settings(folder: Path) -> Settings:
    """What the confsync.toml of a working copy says.

    Raises:
        ConfigError: it cannot be read.
    """
    path = folder / FILE
    try:
        return load_settings(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(f"{path} cannot be read: {reason}") from error


class Access(Enum):
    """Whether a run will ask Confluence something."""

    ALWAYS = "always"
    MAYBE = "maybe"
    """Credentials are used where there are some: a dry run may have to look somebody up."""
    NEVER = "never"


@contextmanager
def opened(
    terminal: Terminal,
    *,
    folder: Path | None = None,
    access: Access = Access.ALWAYS,
    patience: Patience | None = None,
) -> Iterator[Session]:
    """A session on the working copy around a folder, closed afterwards.

    Args:
        terminal: who hears and answers.
        folder: where to look from; the current folder where None.
        access: whether credentials are looked for.
        patience: shares a retry budget and rate limit with other sessions.

    Raises:
        NotAWorkingCopy: there is no working copy here.
        UsageError: there are no credentials, or confsync.toml cannot be read.
    """
    here = find_folder(folder or Path.cwd())
    settings = read_settings(here)
    credentials = _credentials(host_of(settings.url), access)
    remote = connect(
        settings.url, settings.key, credentials, space_id=settings.space_id or None, patience=patience
    )
    try:
        yield join(here, settings, remote, terminal)
    finally:
        remote.close()


def logged_in(settings: Settings) -> bool:
    """Whether there are credentials for the site of a working copy; nobody is asked."""
    return _credentials(host_of(settings.url), Access.MAYBE) is not None


def _credentials(host: str, access: Access) -> Credentials | None:
    if access is Access.NEVER:
        return None
    try:
        return find_credentials(host)
    except UsageError:
        if access is Access.ALWAYS:
            raise
        return None


def join(folder: Path, settings: Settings, remote: SpaceRemote, terminal: Terminal) -> Session:
    """The adapters of one working copy, as the engine wants them.

    Raises:
        GitMissing: no git, or no repository around the folder.
    """
    history = open_history(folder, settings.key, host_of(settings.url))
    cache = FileCache(history.place.shared)
    remote.use(cache)
    return Session(
        settings=settings,
        remote=remote,
        tree=FolderTree(folder, lock_path=history.lock_path, staging=history.staging_path),
        history=history,
        journal=history.journal(),
        cache=cache,
        clock=SystemClock(),
        reporter=TerminalReporter(terminal),
        person=TerminalPerson(terminal),
    )


def on_conflict(wanted: OnConflict | None, terminal: Terminal) -> OnConflict:
    """What to do with conflicts: markers only where a person asked for them or is there to see them."""
    if wanted is not None:
        return wanted
    return OnConflict.MARK if terminal.asks else OnConflict.DEFER
