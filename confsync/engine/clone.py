"""The first files of a working copy: which space it is, and how git shall treat the base."""

from collections.abc import Mapping

from confsync.engine.landing import land
from confsync.engine.session import Session
from confsync.model.config import FILE, dump_settings
from confsync.model.ids import RelPath
from confsync.model.record import BASE_FILES
from confsync.ports import FileChange


def foundation(session: Session) -> Mapping[RelPath, bytes]:
    """The files that every working copy has before its first pull."""
    return {RelPath(FILE): dump_settings(session.settings).encode(), **BASE_FILES}


def lay_foundation(session: Session) -> None:
    """Write and commit the first files, so that the first pull is an ordinary one."""
    files = foundation(session)
    session.history.check_identity()
    with session.tree.lock():
        transaction = session.history.prepare(files, f"Begin to follow the space {session.settings.key}")
        land(session, transaction, [FileChange(path, data, None) for path, data in files.items()])
