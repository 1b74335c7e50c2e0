"""Conflicts that wait for a person: a file each in git's folder, and git's own stages in the index.

Everything needed to settle a conflict is in its file, so that no `git gc` can take it away.
"""

import base64
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from confsync.errors import HistoryError, RecordError
from confsync.history.index import HeldIndex
from confsync.history.objects import FILE_MODE, Entry, Objects
from confsync.history.place import Place
from confsync.history.process import Git
from confsync.history.state import read_head
from confsync.model.ids import PageId, RelPath
from confsync.model.record import load_record
from confsync.ports import ConflictState, PendingConflict

_BYTES = ("head_text", "base_text", "ours", "theirs", "marked", "record")


class Conflicts:
    """The pending conflicts of one working copy."""

    def __init__(self, place: Place, git: Git, objects: Objects) -> None:
        self._place = place
        self._git = git
        self._objects = objects
        self._folder = place.own / "conflicts"

    def pending(self) -> Mapping[PageId, PendingConflict]:
        """All of them, by page."""
        if not self._folder.is_dir():
            return {}
        found: dict[PageId, PendingConflict] = {}
        for path in sorted(self._folder.glob("*.json")):
            conflict = self._load(path)
            if conflict is not None:
                found[conflict.page] = conflict
        return found

    def hold(self, conflict: PendingConflict) -> None:
        """Remember a conflict; the index has its stages afterwards if, and only if, it is `MARKED`."""
        self._save(conflict)
        path = self._place.to_repository(conflict.path)
        match conflict.state:
            case ConflictState.MARKED:
                self._stage(path, conflict)
                self._offer_message(conflict)
            case ConflictState.DEFERRED:
                self._clear(path)

    def settle(self, page: PageId) -> None:
        """Forget a conflict and clear its stages, leaving the file and HEAD alone."""
        conflict = self._load(self._file(page)) if self._file(page).exists() else None
        if conflict is None:
            return
        self._clear(self._place.to_repository(conflict.path))
        prepared = self._place.git_dir / "MERGE_MSG"
        if prepared.exists() and prepared.read_bytes() == _message(conflict):
            prepared.unlink()
        self._file(page).unlink(missing_ok=True)

    def _file(self, page: PageId) -> Path:
        return self._folder / f"{page}.json"

    def _save(self, conflict: PendingConflict) -> None:
        data: dict[str, str] = {
            "space": self._place.space_key,
            "folder": self._place.prefix,
            "page": conflict.page,
            "path": conflict.path,
            "state": conflict.state.value,
        }
        for name in _BYTES:
            data[name] = base64.b64encode(getattr(conflict, name)).decode("ascii")
        self._folder.mkdir(parents=True, exist_ok=True)
        temp = self._folder / f"{conflict.page}.tmp"
        with temp.open("w", encoding="ascii") as stream:
            json.dump(data, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        temp.replace(self._file(conflict.page))

    def _load(self, path: Path) -> PendingConflict | None:
        """Read one; None where it is another space's, or another folder's of this work tree."""
        try:
            data = json.loads(path.read_text(encoding="ascii"))
            if (data["space"], data["folder"]) != (self._place.space_key, self._place.prefix):
                return None
            return PendingConflict(
                page=PageId(data["page"]),
                path=RelPath(data["path"]),
                state=ConflictState(data["state"]),
                **{name: base64.b64decode(data[name], validate=True) for name in _BYTES},
            )
        except (ValueError, KeyError, TypeError) as error:
            raise HistoryError(
                f"the pending conflict {path} cannot be read",
                hint="Move that file away; the conflict will be found again.",
            ) from error

    def _stage(self, path: str, conflict: PendingConflict) -> None:
        sides = (conflict.base_text, conflict.ours, conflict.theirs)
        base, ours, theirs = self._objects.write([(path, side) for side in sides])
        with self._index() as held:
            entry = held.before.entries.get(path)
            held.copy.stage(path, (base, ours, theirs), entry.mode if entry else FILE_MODE)

    def _clear(self, path: str) -> None:
        """Where there are stages, put HEAD's entry in their place."""
        with self._index() as held:
            if path in held.before.unmerged:
                held.copy.set({path: self._head_entry(path)})

    def _head_entry(self, path: str) -> Entry | None:
        head = read_head(self._git)
        if head is None:
            return None
        raw = self._git.read("ls-tree", "-z", "--full-tree", head, "--", path)
        if not raw:
            return None
        mode, _, oid = raw.split(b"\t")[0].decode().split(" ")
        return Entry(mode, oid)

    @contextmanager
    def _index(self) -> Iterator[HeldIndex]:
        held = HeldIndex(self._place, self._git)
        try:
            yield held
            held.copy.refresh()
            held.install()
        finally:
            held.release()

    def _offer_message(self, conflict: PendingConflict) -> None:
        """`git commit` picks it up when the user has resolved; a message of the user's own stays."""
        prepared = self._place.git_dir / "MERGE_MSG"
        if not prepared.exists():
            prepared.write_bytes(_message(conflict))


def _message(conflict: PendingConflict) -> bytes:
    try:
        version = f" v{load_record(conflict.record).row.version.number}"
    except RecordError:
        version = ""
    return f"Resolve {conflict.path} with Confluence{version}\n".encode("utf-8", "surrogateescape")
