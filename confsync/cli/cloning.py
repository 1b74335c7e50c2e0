"""Cloning a space: resolve it, lay the foundation, pull everything, count what came."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from confsync.cli.exclude import hides_base
from confsync.cli.fidelity import Fidelity, fidelity_of
from confsync.cli.foundation import refuse_busy, refuse_second, removed_on_failure, survey
from confsync.cli.opening import join
from confsync.cli.terminal import Terminal
from confsync.confluence import Credentials, Patience, SpaceUrl, connect, find_credentials
from confsync.engine import runs
from confsync.engine.clone import lay_foundation
from confsync.engine.observe_local import observe_copy
from confsync.engine.outcome import Outcome
from confsync.engine.session import Options, Session
from confsync.model.content import Space
from confsync.model.settings import AttachmentPolicy, HistoryPolicy, Settings


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be cloned, where, and how."""

    url: SpaceUrl
    folder: Path
    """Absolute."""
    branch: str = ""
    history: HistoryPolicy | None = None
    attachments: AttachmentPolicy = AttachmentPolicy.ALL
    include_restricted: bool = False
    patience: Patience | None = None
    """Shares a retry budget and rate limit with other clones."""


@dataclass(frozen=True, slots=True)
class Cloned:
    """A new working copy."""

    folder: Path
    space: Space
    settings: Settings
    contents: Mapping[str, int]
    """How many `page`s, `blogpost`s, `folder`s …, and `attachment`s there are."""
    fidelity: Fidelity
    outcome: Outcome


def clone_space(wish: Wish, terminal: Terminal, credentials: Credentials | None = None) -> Cloned:
    """Make a working copy of a space in an empty folder.

    Raises:
        UsageError: the folder is not empty; there are no credentials.
        RemoteError: the space cannot be read. Nothing is left behind.
        IdentityMissing: git does not know who commits. Nothing is left behind.
    """
    ground = survey(wish.folder, branch=wish.branch, history=wish.history)
    login = credentials or find_credentials(wish.url.host)
    remote = connect(wish.url.site, wish.url.key, login, patience=wish.patience)
    try:
        space = remote.space()
        settings = Settings(
            url=wish.url.site,
            key=space.key,
            space_id=space.id,
            branch=ground.branch,
            attachments=wish.attachments,
            history=ground.history,
            include_restricted=wish.include_restricted,
        )
        with removed_on_failure(ground):
            wish.folder.mkdir(parents=True, exist_ok=True)
            session = join(wish.folder, settings, remote, terminal)
            begin(session, terminal)
            outcome = runs.pull(session, Options(this_branch=bool(wish.branch)))
        return Cloned(wish.folder, space, settings, *_counted(session), outcome)
    finally:
        remote.close()


def begin(session: Session, terminal: Terminal) -> None:
    """Lay the foundation, and tell git how to merge records."""
    refuse_busy(session.history.state().operation)
    folder = getattr(session.tree, "folder", None)
    if folder is not None:
        refuse_second(folder, session.settings.key)
    lay_foundation(session)
    session.history.install()
    if folder is not None and hides_base(folder):
        terminal.warn("a .gitignore hides .confsync/, where the base lies; run `confsync doctor`")


def _counted(session: Session) -> tuple[Mapping[str, int], Fidelity]:
    copy = observe_copy(session)
    contents = Counter(record.row.type.value for record in copy.records.values())
    contents["attachment"] = sum(len(record.attachments) for record in copy.records.values())
    pages = {page: path for page, path in copy.paths.items() if path in copy.files}
    texts = {str(path): copy.files[path].decode("utf-8", "replace") for path in pages.values()}
    return contents, fidelity_of(texts)
