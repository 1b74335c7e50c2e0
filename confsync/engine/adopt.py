"""Taking over files that something else has published: each gets the id of its page.

Nothing else of a file changes, and nothing is sent. The next pull compares: what says the same is adopted as
it stands, what differs becomes a conflict, because nobody knows which side is the newer one.
"""

from dataclasses import replace

from confsync.convert.markdown import front_matter
from confsync.engine.session import Session, sha256
from confsync.model.ids import RelPath
from confsync.model.settings import Settings
from confsync.names import glob_of, page_files
from confsync.plan.adopt import Adoption, Match, Shelf, match
from confsync.plan.heading import first_heading
from confsync.ports import FileChange


def propose(session: Session) -> Adoption:
    """Match the Markdown files of the folder with the pages of the space; writes nothing."""
    settings = session.settings
    scanned = [path for path, fact in session.tree.scan().items() if not fact.symlink]
    wanted = page_files(scanned, root=settings.root, exclude=settings.exclude)
    texts: dict[RelPath, str] = {}
    for path in sorted(wanted):
        try:
            texts[path] = session.tree.read(path).decode("utf-8")
        except UnicodeDecodeError:
            session.reporter.warn(f"{path} is not UTF-8 and stays local")
    shelf = Shelf(
        settings.key,
        session.remote.listing().rows,
        session.remote.space().homepage,
        settings.root,
        settings.front_matter,
    )
    return match(texts, shelf)


def held_back(settings: Settings, adoption: Adoption) -> Settings:
    """Settings under which the files without a page stay local, until somebody takes them off the list."""
    top = settings.root.strip("./")
    inner = (one.path.removeprefix(f"{top}/") if top else one.path for one in adoption.local)
    return replace(settings, exclude=(*settings.exclude, *map(glob_of, inner)))


def bind(session: Session, adoption: Adoption) -> tuple[RelPath, ...]:
    """Write the ids into the files, uncommitted, so that the person can look at them; what was written.

    Raises:
        FileChanged: somebody edited a file meanwhile.
    """
    changes = [change for one in adoption.matches for change in _bound(session, one)]
    with session.tree.lock():
        session.tree.apply(changes)
    return tuple(change.path for change in changes)


def _bound(session: Session, one: Match) -> list[FileChange]:
    before = session.tree.read(one.path)
    text = before.decode("utf-8")
    names = session.settings.front_matter
    front = front_matter.read(text, names)
    keys: dict[str, front_matter.Value | None] = {}
    if front.id != one.page:
        keys["id"] = one.page
    if front.title is None and _heading(text) != one.title:
        keys["title"] = one.title
    after = front_matter.edit(text, keys, names).encode() if keys else before
    return [FileChange(one.path, after, sha256(before))] if after != before else []


def _heading(text: str) -> str:
    """The title that the file shows by itself, in its first heading."""
    return first_heading(front_matter.split(text).body) or ""
