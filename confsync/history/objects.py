"""Blobs, trees and the differences between them."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from confsync.errors import HistoryError
from confsync.history.place import Place
from confsync.history.process import Git, decode_path, encode_path
from confsync.model.ids import CommitId, RelPath
from confsync.ports import Content

FILE_MODE = "100644"
_FILE_MODES = {b"100644", b"100755"}
_BASE_FOLDER = ".confsync/"
_CONVERTING = ("filter", "ident", "working-tree-encoding")
_UNSET = {b"unspecified", b"unset"}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a tree or the index has at a path."""

    mode: str
    oid: str


@dataclass(frozen=True, slots=True)
class Change:
    """One path of a difference between two trees; `path` is relative to the top of the repository."""

    path: str
    old: Entry | None
    new: Entry | None


class Objects:
    """The object store of one repository."""

    def __init__(self, place: Place, git: Git) -> None:
        self._place = place
        self._git = git

    def files(self, commit: CommitId) -> Mapping[RelPath, str]:
        """Blob ids by path below the working copy; symlinks and submodules are left out."""
        tree = f"{commit}:{self._place.prefix}" if self._place.prefix else commit
        done = self._git.run("ls-tree", "-r", "-z", "--full-tree", tree, allow=(128,), reading=True)
        if done.returncode and self._git.run("cat-file", "-e", tree, allow=(1, 128)).returncode == 0:
            raise HistoryError(f"the tree of {commit} cannot be read")
        found: dict[RelPath, str] = {}
        for line in done.stdout.split(b"\0")[:-1]:
            head, _, path = line.partition(b"\t")
            if head[:6] in _FILE_MODES:
                found[RelPath(decode_path(path))] = head[12:].decode()
        return found

    def blobs(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        """The bytes of many blobs by id.

        Raises:
            HistoryError: one is not there.
        """
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return {}
        raw = self._git.read("cat-file", "--batch", "--buffer", stdin="\n".join([*wanted, ""]).encode())
        return dict(_batch(wanted, raw))

    def diff(self, old: CommitId | None, new: CommitId) -> Sequence[Change]:
        """What differs between two commits (None: an empty tree), renames as removal and addition."""
        base = old or self._git.line("hash-object", "-t", "tree", "--stdin")
        raw = self._git.read("diff-tree", "-r", "-z", "--raw", "--no-renames", "--full-index", base, new)
        parts = raw.split(b"\0")
        return [_change(parts[at], parts[at + 1]) for at in range(0, len(parts) - 1, 2)]

    def write(self, contents: Sequence[tuple[str, Content]]) -> Sequence[str]:
        """Write blobs and return their ids, in order.

        What a user's attributes ask for (LFS and other filters, line ends, encodings) is done by git itself,
        exactly as `git add` would; without it the file would look edited for ever, and large files would be
        stored raw. Records are always stored as they are: their checksum covers every byte.

        Args:
            contents: pairs of path, relative to the top of the repository, and content.
        """
        converted = self._converted([path for path, _ in contents])
        with_line_ends = [path for path, content in contents if _may_hold_crlf(content)]
        converted |= self._line_ended([path for path in with_line_ends if path not in converted])
        ids: dict[int, str] = {}
        raw: list[tuple[int, str, Content]] = []
        for at, (path, content) in enumerate(contents):
            if path in converted:
                ids[at] = self._write_filtered(path, content)
            else:
                raw.append((at, path, content))
        ids |= self._write_raw(raw)
        return [ids[at] for at in range(len(contents))]

    def _converted(self, paths: Sequence[str]) -> set[str]:
        """Paths for which an attribute asks for a conversion of any bytes."""
        found = self._attributes(paths, _CONVERTING)
        return {path for path, values in found.items() if any(value not in _UNSET for value in values)}

    def _line_ended(self, paths: Sequence[str]) -> set[str]:
        """Paths whose line ends git may convert: not those with `-text`; git itself decides on the rest."""
        found = self._attributes(paths, ("text",))
        return {path for path, values in found.items() if b"unset" not in values}

    def _attributes(self, paths: Sequence[str], names: Sequence[str]) -> dict[str, list[bytes]]:
        base = f"{self._place.prefix}{_BASE_FOLDER}"
        asked = [path for path in dict.fromkeys(paths) if not path.startswith(base)]
        if not asked:
            return {}
        stdin = b"".join(encode_path(path) + b"\0" for path in asked)
        parts = self._git.read("check-attr", "-z", "--stdin", *names, stdin=stdin).split(b"\0")
        found: dict[str, list[bytes]] = {}
        for at in range(0, len(parts) - 1, 3):
            found.setdefault(decode_path(parts[at]), []).append(parts[at + 2])
        return found

    def _write_filtered(self, path: str, content: Content) -> str:
        command = ("hash-object", "-w", "--stdin", f"--path={path}")
        if isinstance(content, bytes):
            return self._git.line(*command, stdin=content)
        with content.open("rb") as stream:
            return self._git.run(*command, stdin=stream).stdout.decode().strip()

    def _write_raw(self, contents: Sequence[tuple[int, str, Content]]) -> dict[int, str]:
        # Sorted by path: versions of one page lie side by side, and fast-import stores the differences.
        texts = [
            (at, content)
            for at, _, content in sorted(contents, key=lambda c: c[1])
            if isinstance(content, bytes)
        ]
        ids = {at: self.name(content) for at, content in texts}
        if texts:
            self._git.feed("fast-import", "--quiet", "--done", chunks=self._stream(texts, ids))
        staged = [(at, content) for at, _, content in contents if not isinstance(content, bytes)]
        if staged:
            stdin = "".join(f"{content.resolve()}\n" for _, content in staged).encode(
                "utf-8", "surrogateescape"
            )
            done = self._git.run("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=stdin)
            ids |= zip((at for at, _ in staged), done.stdout.decode().split(), strict=True)
        return ids

    def name(self, content: bytes) -> str:
        """Return the id git gives to these bytes."""
        return hashlib.new(self._place.hash_name, b"blob %d\0%b" % (len(content), content)).hexdigest()

    def _stream(self, texts: Sequence[tuple[int, bytes]], ids: Mapping[int, str]) -> Iterator[bytes]:
        written: set[str] = set()
        for at, content in texts:
            if ids[at] not in written:
                written.add(ids[at])
                yield b"blob\ndata %d\n%b\n" % (len(content), content)
        yield b"done\n"


def _may_hold_crlf(content: Content) -> bool:
    return b"\r\n" in content if isinstance(content, bytes) else True


def _batch(wanted: Sequence[str], raw: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    for oid in wanted:
        end = raw.index(b"\n", at)
        head = raw[at:end].split(b" ")
        if head[-1] == b"missing" or head[1:2] != [b"blob"]:
            raise HistoryError(
                f"git has no blob {oid}", hint="Run `git fsck`; in a partial clone, check the connection."
            )
        size = int(head[2])
        yield oid, raw[end + 1 : end + 1 + size]
        at = end + 1 + size + 1


def _change(head: bytes, path: bytes) -> Change:
    old_mode, new_mode, old, new, _ = head[1:].decode().split(" ")
    return Change(
        decode_path(path),
        Entry(old_mode, old) if old_mode != "000000" else None,
        Entry(new_mode, new) if new_mode != "000000" else None,
    )
