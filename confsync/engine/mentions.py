"""People mentioned by name: looked up and written into the file, as a push completes the id of a new page."""

import re
from collections.abc import Iterable
from dataclasses import replace

from confsync.convert import complete_mentions, pending_mentions
from confsync.engine.landing import land
from confsync.engine.outcome import Log
from confsync.engine.session import Options, Session, sha256
from confsync.errors import RemoteError
from confsync.model.ids import RelPath
from confsync.plan.copy import Copy, LocalPage
from confsync.ports import FileChange

_PENDING = re.compile(r"confluence:user[\")]")


def complete_people(session: Session, copy: Copy, options: Options, log: Log) -> Copy:
    """Resolve `[@Jane Doe](confluence:user)` in every page that is about to be pushed.

    A name that nobody or several people have is left as it is, with a word about who they are; the page is
    then refused by the lens. In a dry run nothing is written.
    """
    texts = _completed(session, _waiting(copy), options, log)
    if not texts:
        return copy
    if not options.dry_run:
        changes = [FileChange(path, data, sha256(copy.files[path])) for path, data in texts.items()]
        commit = session.history.prepare(dict(texts), "Complete mentions")
        land(session, commit, changes)
    return replace(copy, files={**copy.files, **texts}, base_texts={**copy.base_texts, **texts})


def _waiting(copy: Copy) -> Iterable[LocalPage]:
    for local in (*copy.pages.values(), *copy.unbound):
        if local.page not in copy.frozen and _PENDING.search(local.text):
            yield local


def _completed(
    session: Session, pages: Iterable[LocalPage], options: Options, log: Log
) -> dict[RelPath, bytes]:
    known: dict[str, str] = {}
    texts: dict[RelPath, bytes] = {}
    for local in pages:
        for name in pending_mentions(local.body):
            if name not in known and (account := _look_up(session, name, local.path, options, log)):
                known[name] = account
        head = local.text[: len(local.text) - len(local.body)]
        text = head + complete_mentions(local.body, known)
        if text != local.text:
            texts[local.path] = text.encode()
    return texts


def _look_up(session: Session, name: str, path: RelPath, options: Options, log: Log) -> str:
    try:
        people = session.remote.find_user(name)
    except RemoteError as error:
        if not options.dry_run:
            raise
        # A plan needs no server: without one it says what it could not find out.
        log.warnings.append(f"{path}: @{name} was not looked up ({error.message})")
        return ""
    if len(people) == 1:
        return people[0].id
    who = ", ".join(f"confluence:user/{user.id}" for user in people) or "nobody has this name"
    log.warnings.append(f"{path}: @{name} is not one person ({who})")
    return ""
