"""What a pull does to the attachment files of one page (sync table B, row "attachment")."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from confsync.convert import referenced_attachments
from confsync.merge import copy_name
from confsync.model.content import Attachment
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record
from confsync.model.settings import AttachmentPolicy, Settings
from confsync.names import assets_folder, file_names
from confsync.plan.copy import Copy
from confsync.plan.operation import Fetched

Step = Fetched | RelPath | None
"""Download it, move it here from another path, or remove it."""


@dataclass(frozen=True, slots=True)
class PageFiles:
    """A page before and after a pull."""

    page: PageId
    before: RelPath
    after: RelPath
    base: Record | None
    record: Record


def places(
    page_path: RelPath, names: Iterable[str], outside: Mapping[str, RelPath] | None = None
) -> dict[str, RelPath]:
    """The file of each attachment of a page; `outside` are those that lie elsewhere, by name."""
    folder = assets_folder(page_path)
    here = {name: RelPath(f"{folder}/{file}") for name, file in file_names(names).items()}
    return here | {name: path for name, path in (outside or {}).items() if name in here}


def attachment_steps(copy: Copy, files: PageFiles) -> dict[RelPath, Step]:
    """The steps that make a page's `.assets` folder what the record says, keeping what people changed."""
    old = {a.name: a for a in files.base.attachments} if files.base else {}
    new = {a.name: a for a in files.record.attachments}
    outside = copy.outside(copy.pages.get(files.page))
    old_places, new_places = places(files.before, old, outside), places(files.after, new, outside)
    steps: dict[RelPath, Step] = {}
    for name, item in new.items():
        here = old_places.get(name, places(files.before, {*old, name}, outside)[name])
        _one(copy, files, old.get(name), item, here=here, there=new_places[name], steps=steps)
    for name in old.keys() - new.keys():
        if copy.assets.get(old_places[name]) == old[name].sha256 and name not in outside:
            steps[old_places[name]] = None
    _strangers(copy, files, steps)
    return steps


def wanted(settings: Settings, item: Attachment, body: str) -> bool:
    """Whether a working copy holds this attachment's bytes."""
    if item.size > settings.max_attachment:
        return False
    match settings.attachments:
        case AttachmentPolicy.ALL:
            return True
        case AttachmentPolicy.REFERENCED:
            return item.name in referenced_attachments(body)
        case AttachmentPolicy.NONE:
            return False


def _one(
    copy: Copy,
    files: PageFiles,
    base: Attachment | None,
    item: Attachment,
    *,
    here: RelPath,
    there: RelPath,
    steps: dict[RelPath, Step],
) -> None:
    local = copy.assets.get(here) or copy.media.get(here)
    if base and (base.id, base.version, base.size) == (item.id, item.version, item.size):
        if here != there and local is not None:
            steps[there], steps[here] = here, None
        return
    if not wanted(copy.settings, item, files.record.page.body):
        return
    if local is not None and (base is None or local != base.sha256):
        steps[there] = Fetched(files.page, item, local=here, aside=_aside(there, local))
        return
    if here != there and local is not None:
        steps[here] = None
    steps[there] = Fetched(files.page, item)


def _aside(path: RelPath, sha256: str) -> RelPath:
    """Where a local file goes whose name the remote side has taken."""
    folder, _, name = path.rpartition("/")
    return RelPath(f"{folder}/{copy_name(name, sha256)}")


def _strangers(copy: Copy, files: PageFiles, steps: dict[RelPath, Step]) -> None:
    """Files in the folder that are no attachments yet move with their page."""
    if files.before == files.after:
        return
    folder = assets_folder(files.after)
    taken = {step.local for step in steps.values() if isinstance(step, Fetched)}
    for path in copy.assets_of(files.before):
        if path not in steps and path not in steps.values() and path not in taken:
            steps[RelPath(f"{folder}/{path.rpartition('/')[2]}")] = path
            steps[path] = None


def moved_folders(moved: Mapping[RelPath, RelPath]) -> dict[RelPath, RelPath]:
    """Moved files, and the attachment folders that go with them."""
    return {**moved, **{assets_folder(old): assets_folder(new) for old, new in moved.items()}}
