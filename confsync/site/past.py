"""What git knows of pages: who wrote them, what they were called, what they said before.

The tracking branch has one commit for each version that Confluence told of, with its real author and date;
renames of files come from the history of the branch that is checked out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from confsync.convert.markdown import front_matter
from confsync.engine.tracking import author_address
from confsync.errors import FrontMatterError, GitMissing, HistoryError
from confsync.history.place import Place, find_place
from confsync.history.process import Git, decode_path
from confsync.model.ids import PageId, RelPath
from confsync.site.memory import digest

_RECORD = re.compile(r"(?:.*/)?\.confsync/pages/[^/]+/([0-9]+)\.page")
_GONE = "0" * 40
_COMMIT = "\x01"
_FORMAT = f"--format={_COMMIT}%H%x00%an%x00%ae%x00%aI%x00%s"
_FIELDS = 5


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a page."""

    author: str
    when: str
    """ISO 8601."""
    message: str
    blob: str
    """The object that holds its Markdown."""
    record: str
    """The object that holds its record; empty where the commit changed none."""


@dataclass(frozen=True, slots=True)
class Past:
    """What git knows; empty without git."""

    versions: Mapping[PageId, Sequence[Version]] = field(default_factory=dict)
    """Oldest first."""
    people: Mapping[str, str] = field(default_factory=dict)
    """Names by the address that stands for an account, see `name_of`."""
    renames: Sequence[tuple[RelPath, RelPath]] = ()
    """Former path and later path, newest first, relative to the source folder."""
    edit_url: str = ""
    """Where a file is edited on the web, with `{path}`; empty where unknown."""
    key: str = ""
    """Changes with anything above."""


def name_of(people: Mapping[str, str], account: str) -> str:
    """Return the name of somebody by account id; empty where nobody knows it."""
    return people.get(author_address(account), "") if account else ""


class Repository:
    """The repository around a source folder, as far as a site cares.

    Args:
        base: the folder with confsync.toml.
        root: the folder of the pages, relative to it.
        space: the key of the space.
    """

    def __init__(self, base: Path, root: str, space: str) -> None:
        self._root = "" if root in (".", "") else f"{root.strip('/')}/"
        try:
            self._place: Place | None = find_place(base, space or "any")
        except GitMissing:
            self._place = None

    def key(self, *, history: int) -> str:
        """A digest of where branches stand; past facts hold as long as it does."""
        if self._place is None:
            return ""
        names = ("HEAD", self._place.tracking_ref)
        heads = self._git().run("rev-parse", "--verify", "--quiet", *names, allow=(1, 128), reading=True)
        remote = self._git().run("config", "--get", "remote.origin.url", allow=(1,), reading=True)
        return digest(heads.stdout, remote.stdout, history, self._root)

    def past(self, *, history: int) -> Past:
        """Read what git knows; an unreadable repository knows nothing."""
        if self._place is None:
            return Past()
        try:
            return Past(
                self._versions() if history else {},
                self._people(),
                self._renames(),
                self._edit_url(),
                self.key(history=history),
            )
        except HistoryError:
            return Past()

    def texts(self, blobs: Sequence[str]) -> Mapping[str, bytes]:
        """Return the bytes of objects; those that are gone are left out."""
        asked = "".join(f"{blob}\n" for blob in blobs).encode()
        raw = self._git().read("cat-file", "--batch", stdin=asked)
        found, at = {}, 0
        for blob in blobs:
            end = raw.index(b"\n", at)
            head = raw[at:end].split()
            at = end + 1
            if head[-1] != b"missing":
                size = int(head[-1])
                found[blob] = raw[at : at + size]
                at += size + 1
        return found

    def _git(self) -> Git:
        if self._place is None:
            raise GitMissing("there is no repository")
        return Git(self._place.top)

    def _tracked(self) -> bool:
        place = self._place
        ref = place.tracking_ref if place else ""
        return (
            self._git().run("rev-parse", "--verify", "--quiet", ref, allow=(1, 128), reading=True).returncode
            == 0
        )

    def _people(self) -> Mapping[str, str]:
        if self._place is None or not self._tracked():
            return {}
        raw = self._git().read("log", "--format=%ae%x00%an", self._place.tracking_ref)
        found: dict[str, str] = {}
        for line in raw.decode("utf-8", "replace").splitlines():
            address, _, name = line.partition("\0")
            if address != author_address("") and name not in ("", "unknown", "Confluence"):
                found.setdefault(address, name)
        return found

    def _versions(self) -> Mapping[PageId, Sequence[Version]]:
        if self._place is None or not self._tracked():
            return {}
        prefix = self._place.prefix
        arguments = (
            "log",
            "--first-parent",
            "--reverse",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "-z",
            _FORMAT,
        )
        raw = self._git().read(*arguments, self._place.tracking_ref, "--", prefix or ".")
        owners: dict[str, PageId] = {}
        found: dict[PageId, list[Version]] = {}
        for head, changes in _commits(raw):
            records = {
                PageId(one[1]): blob for path, blob in changes.items() if (one := _RECORD.fullmatch(path))
            }
            texts = {path: blob for path, blob in changes.items() if path.endswith(".md") and blob != _GONE}
            self._learn_owners(texts, owners)
            for path, blob in texts.items():
                page = owners.get(path)
                if page is not None:
                    version = Version(head[1], head[3], head[4], blob, records.get(page, ""))
                    found.setdefault(page, []).append(version)
        return found

    def _learn_owners(self, texts: Mapping[str, str], owners: dict[str, PageId]) -> None:
        unknown = [path for path in texts if path not in owners]
        bodies = self.texts([texts[path] for path in unknown]) if unknown else {}
        for path in unknown:
            try:
                read = front_matter.read(bodies.get(texts[path], b"").decode("utf-8", "replace"), {})
            except FrontMatterError:
                continue
            if read.id:
                owners[path] = PageId(read.id)

    def _renames(self) -> Sequence[tuple[RelPath, RelPath]]:
        if self._place is None:
            return ()
        done = self._git().run(
            "log", "--first-parent", "-m", "-M", "--diff-filter=R", "--name-status", "-z", "--format=",
            "HEAD", "--", self._place.prefix or ".", allow=(128,), reading=True,
        )  # fmt: skip
        parts = [decode_path(part).lstrip("\n") for part in done.stdout.split(b"\0")]
        found = []
        for at, part in enumerate(parts):
            if re.fullmatch(r"R\d+", part) and at + 2 < len(parts):
                before, after = self._inside(parts[at + 1]), self._inside(parts[at + 2])
                if before and after and before.endswith(".md"):
                    found.append((before, after))
        return found

    def _inside(self, path: str) -> RelPath | None:
        inner = self._place.to_copy(path) if self._place else None
        if inner is None or not inner.startswith(self._root):
            return None
        return RelPath(inner[len(self._root) :])

    def _edit_url(self) -> str:
        raw = self._git().run("config", "--get", "remote.origin.url", allow=(1,), reading=True).stdout
        branch = (
            self._git().run("symbolic-ref", "--short", "--quiet", "HEAD", allow=(1, 128), reading=True).stdout
        )
        prefix = (self._place.prefix if self._place else "") + self._root
        return edit_url(
            raw.decode("utf-8", "replace").strip(), branch.decode("utf-8", "replace").strip(), prefix
        )


def _commits(raw: bytes) -> Iterator[tuple[list[str], Mapping[str, str]]]:
    """The commits of `git log --raw -z`: heads, and the new object of every path (zeros: it is gone)."""
    for part in decode_path(raw).split(_COMMIT)[1:]:
        pieces = part.split("\0")
        head, rest = pieces[:_FIELDS], pieces[_FIELDS:]
        last, _, first = head[-1].partition("\n")
        head[-1] = last
        rows = [first, *rest] if first else rest
        changes: dict[str, str] = {}
        for row, path in pairwise(rows):
            if row.lstrip("\n").startswith(":"):
                changes[path] = row.split(" ")[3]
        yield head, changes


_HOSTS = {
    "github.com": "https://{host}/{repo}/edit/{branch}/{path}",
    "gitlab.com": "https://{host}/{repo}/-/edit/{branch}/{path}",
    "bitbucket.org": "https://{host}/{repo}/src/{branch}/{path}?mode=edit",
    "codeberg.org": "https://{host}/{repo}/_edit/{branch}/{path}",
}
_REMOTE = re.compile(
    r"(?:https?://(?:[^@/]*@)?|ssh://(?:[^@/]*@)?|[^@/:]+@)([\w.-]+)(?::\d+)?[:/](.+?)(?:\.git)?/?"
)


def edit_url(remote: str, branch: str, prefix: str) -> str:
    """Return where a file is edited on the web, with `{path}` in it; empty for hosts that we do not know."""
    found = _REMOTE.fullmatch(remote)
    form = _HOSTS.get(found[1].lower()) if found else None
    if form is None or found is None or not branch:
        return ""
    return form.format(host=found[1].lower(), repo=found[2], branch=branch, path=prefix + "{path}")
