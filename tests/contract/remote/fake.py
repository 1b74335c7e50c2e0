"""`FakeRemote`: the Remote port on a `FakeSite`, with knobs for everything that goes wrong on the way.

site = FakeSite()
remote = FakeRemote(site)
page = site.page("Install", "<p>one</p>")                       # a colleague
remote.before("update", lambda: site.edit(page, "<p>two</p>"))  # a colleague is faster
remote.fail("publish", Unreachable("cut"), after=True)          # done, but we never hear of it
assert [call.name for call in remote.calls] == [...]
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from confsync.errors import NotFound, Unreachable, VersionConflict
from confsync.model.content import Attachment, ContentType, InlineComment, Page, Row, Space, Status, User
from confsync.model.ids import AccountId, AttachmentId, PageId
from confsync.model.record import Record
from confsync.ports import Fate, Glance, Listing, PageVersion, Place, Recent, Sighting, Trace
from tests.contract.remote.site import ME, Entry, FakeSite, sha256

_WRITES = frozenset(
    {
        "create_draft",
        "publish",
        "update",
        "move",
        "move_to_top",
        "trash",
        "restore",
        "add_labels",
        "remove_label",
        "set_property",
        "upload",
        "remove_attachment",
    }
)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the port: its name, and the page (or pages) it was about."""

    name: str
    pages: tuple[PageId, ...] = ()


@dataclass(slots=True)
class _Failure:
    error: Exception
    after: bool
    times: int


class FakeRemote:
    """One user's view of a site. See the module for its knobs."""

    def __init__(self, site: FakeSite | None = None, user: User = ME) -> None:
        self.site = FakeSite() if site is None else site
        self.user = user
        self.calls: list[Call] = []
        self.offline = False
        self.left: int | None = None
        self._failures: dict[str, list[_Failure]] = defaultdict(list)
        self._hooks: dict[str, list[Callable[[], object]]] = defaultdict(list)

    def allowance(self) -> int | None:
        return self.left

    # --------------------------------------------------------------------------------------- knobs

    def fail(self, name: str, error: Exception, *, after: bool = False, times: int = 1) -> None:
        """Let the next `times` calls of `name` raise: before anything happens, or `after` it took effect."""
        self._failures[name].append(_Failure(error, after, times))

    def before(self, name: str, action: Callable[[], object]) -> None:
        """Run something once, just before the next call of `name` takes effect."""
        self._hooks[name].append(action)

    @property
    def writes(self) -> list[Call]:
        """The calls that were meant to change something."""
        return [call for call in self.calls if call.name in _WRITES]

    @contextmanager
    def _call(self, name: str, *pages: PageId) -> Iterator[None]:
        self.calls.append(Call(name, pages))
        hooks, self._hooks[name] = self._hooks[name], []
        for hook in hooks:
            hook()
        if self.offline:
            raise Unreachable("The network is down")
        failure = self._failure(name)
        if failure is not None and not failure.after:
            raise failure.error
        yield
        if failure is not None:
            raise failure.error

    def _failure(self, name: str) -> _Failure | None:
        waiting = self._failures[name]
        if not waiting:
            return None
        failure = waiting[0]
        failure.times -= 1
        if failure.times <= 0:
            waiting.pop(0)
        return failure

    # ------------------------------------------------------------------------------------- reading

    def space(self) -> Space:
        with self._call("space"):
            return self.site.space

    def me(self) -> User:
        with self._call("me"):
            return self.user

    def users(self, ids: Collection[AccountId]) -> Mapping[AccountId, User]:
        with self._call("users"):
            return {one: self.site.users.get(one, User(one, one)) for one in ids}

    def find_user(self, name: str) -> Sequence[User]:
        with self._call("find_user"):
            return [user for user in self.site.users.values() if user.name == name]

    def listing(self, *, since: str = "") -> Listing:
        with self._call("listing"):
            rows = [e.row for e in self.site.current()]
            shown = [r for r in rows if r.type.has_text or self.site.indexed(r.created)]
            return Listing({row.id: row for row in shown}, self._recent(since) if since else Recent())

    def _recent(self, since: str) -> Recent:
        since = (datetime.fromisoformat(since) - timedelta(hours=26)).isoformat()
        entries = list(self.site.current())
        files = {
            Trace(e.row.id, f.item.id, f.item.version, when=f.changed)
            for e in entries
            for f in e.files.values()
            if f.changed >= since and self.site.indexed(f.changed)
        }
        talk = {
            Trace(e.row.id, f"{e.row.id}-{comment.ref}", 1, comment.ref, e.commented)
            for e in entries
            for comment in e.comments.values()
            if e.commented >= since and self.site.indexed(e.commented)
        }
        return Recent(frozenset(files), frozenset(talk))

    def glance(self, since: str, *, most: int = 250) -> Glance:
        with self._call("glance"):
            texts = [e.row for e in self.site.current() if e.row.type is ContentType.PAGE]
            texts.sort(key=lambda row: row.version.when, reverse=True)
            others = [e.row for e in self.site.current() if self.site.indexed(e.row.version.when)]
            nodes = {row.id: row for row in others if not row.type.has_text}
            posts = {
                row.id: row.version.number
                for row in others
                if row.type is ContentType.BLOGPOST and row.version.when >= since
            }
            rows = {row.id: row for row in texts[:most]} | nodes
            return Glance(rows, posts, self._recent(since), cut=len(texts) > most)

    def survey(self, known: Sequence[Record], requests: int) -> Mapping[PageId, Sighting]:
        asked = known[: 100 * requests]
        with self._call("survey", *(record.id for record in asked)):
            shown = {e.row.id: e for e in self.site.current()}
            return {record.id: self._sighting(shown[record.id]) for record in asked if record.id in shown}

    def _sighting(self, entry: Entry) -> Sighting:
        files = frozenset((f.item.id, f.item.version) for f in entry.files.values())
        return Sighting(frozenset(entry.labels), files, entry.restricted)

    def fetch(self, ids: Sequence[PageId], known: Mapping[PageId, Record] | None = None) -> Iterator[Record]:
        with self._call("fetch", *ids):
            found = [self.site.entries[i] for i in ids if i in self.site.entries]
            for entry in found:
                if entry.row.status is Status.CURRENT and not entry.hidden:
                    yield Record(self.site.as_page(entry.row.id), self._files(entry.row.id))

    def read(self, page: PageId, *, draft: bool = False) -> Page:
        with self._call("read", page):
            entry = self.site.visible(page)
            if entry.row.status is Status.DRAFT and not draft:
                raise NotFound(f"Cannot find a page with id [{page}]", status=404, page=page)
            return self.site.as_page(page)

    def attachments(self, page: PageId) -> Sequence[Attachment]:
        with self._call("attachments", page):
            self.site.visible(page)
            return self._files(page)

    def labels(self, ids: Collection[PageId]) -> Mapping[PageId, frozenset[str]]:
        with self._call("labels", *ids):
            shown = {e.row.id: e for e in self.site.current()}
            return {i: frozenset(shown[i].labels) for i in ids if i in shown}

    def properties(self, page: PageId, keys: Collection[str]) -> Mapping[str, object]:
        with self._call("properties", page):
            have = self.site.visible(page).properties
            return {key: have[key] for key in keys if key in have}

    def fates(self, ids: Collection[PageId]) -> Mapping[PageId, Fate]:
        with self._call("fates", *ids):
            return {one: self._fate(one) for one in ids}

    def restricted(self, ids: Collection[PageId] | None = None) -> frozenset[PageId]:
        with self._call("restricted", *(ids or ())):
            shut = frozenset(e.row.id for e in self.site.current() if e.restricted)
            return shut if ids is None else shut & frozenset(ids)

    def versions(self, page: PageId, after: int, upto: int) -> Sequence[PageVersion]:
        with self._call("versions", page):
            every = self.site.visible(page).versions
            return [one for one in every if after < one.version.number <= upto]

    def inline_comments(self, page: PageId) -> Sequence[InlineComment]:
        with self._call("inline_comments", page):
            return list(self.site.visible(page).comments.values())

    def children(self, page: PageId) -> Sequence[Row]:
        with self._call("children", page):
            self.site.visible(page)
            return [row for row in self.site.children(page) if not self.site.entry(row.id).hidden]

    # ------------------------------------------------------------------------------------- writing

    def create_draft(self, row: Row, body: str) -> PageId:
        with self._call("create_draft"):
            status = Status.DRAFT if row.type.has_text else Status.CURRENT
            top = row.parent is None
            return self.site.page(
                row.title, body, parent=row.parent, top=top, type=row.type, status=status, by=self.user
            )

    def publish(self, row: Row, body: str, *, message: str) -> Page:
        with self._call("publish", row.id):
            if self.site.visible(row.id).row.status is Status.CURRENT:
                return self.site.as_page(row.id)
            return self.site.publish(row.id, row.title, body, message, self.user)

    def find_created(self, row: Row, body: str, since: str) -> PageId | None:
        with self._call("find_created"):
            want = self.site.normalise(body)
            for entry in self.site.entries.values():
                first = entry.versions[0]
                mine = first.version.author == self.user.id and entry.row.created >= since
                same = entry.row.type is row.type and first.body == want
                known = entry.row.status in (Status.CURRENT, Status.DRAFT)
                draft_of_it = entry.row.status is not Status.DRAFT or first.title == row.title
                if mine and same and known and draft_of_it:
                    return entry.row.id
            return None

    def update(self, row: Row, body: str, *, message: str) -> Page:
        with self._call("update", row.id):
            if self.site.visible(row.id).row.status is not Status.CURRENT:
                raise VersionConflict("The page is not current", status=409, page=row.id)
            return self.site.edit(
                row.id, body, title=row.title, message=message, by=self.user, number=row.version.number
            )

    def move(self, page: PageId, place: Place, target: PageId) -> None:
        with self._call("move", page):
            self.site.move(page, place, target)

    def move_to_top(self, page: PageId) -> None:
        with self._call("move_to_top", page):
            self.site.move(page, Place.AFTER, self.site.home)

    def trash(self, page: PageId) -> None:
        with self._call("trash", page):
            self.site.trash(page)

    def restore(self, page: PageId) -> Page:
        with self._call("restore", page):
            return self.site.restore(page, by=self.user)

    def add_labels(self, page: PageId, labels: Collection[str]) -> None:
        with self._call("add_labels", page):
            self.site.visible(page)
            self.site.label(page, *labels)

    def remove_label(self, page: PageId, label: str) -> None:
        with self._call("remove_label", page):
            self.site.visible(page)
            self.site.unlabel(page, label)

    def set_property(self, page: PageId, key: str, value: object) -> None:
        with self._call("set_property", page):
            self.site.visible(page).properties[key] = value

    def download(self, page: PageId, attachment: Attachment, to: Path) -> str:
        with self._call("download", page):
            for file in self.site.visible(page).files.values():
                if file.item.id == attachment.id:
                    data = file.data[attachment.version - 1]
                    with to.open("xb") as target:
                        target.write(data)
                    return sha256(data)
            raise NotFound("There is no such attachment", status=404, page=page)

    def upload(self, page: PageId, name: str, source: Path, *, comment: str, media_type: str) -> Attachment:
        with self._call("upload", page):
            data = source.read_bytes()
            item = self.site.attach(page, name, data, media_type=media_type, comment=comment)
            return replace(item, sha256=sha256(data))

    def remove_attachment(self, page: PageId, attachment: AttachmentId) -> None:
        with self._call("remove_attachment", page):
            for name, file in list(self.site.visible(page).files.items()):
                if file.item.id == attachment:
                    del self.site.entry(page).files[name]
                    return
            raise NotFound("There is no such attachment", status=404, page=page)

    # ------------------------------------------------------------------------------------- the rest

    def _files(self, page: PageId) -> tuple[Attachment, ...]:
        return tuple(sorted((f.item for f in self.site.entry(page).files.values()), key=lambda a: a.name))

    def _fate(self, page: PageId) -> Fate:
        entry = self.site.entries.get(page)
        if entry is None or entry.hidden:
            return Fate.HIDDEN
        if entry.space != self.site.space.id:
            return Fate.MOVED_OUT
        return Fate(entry.row.status.value)
