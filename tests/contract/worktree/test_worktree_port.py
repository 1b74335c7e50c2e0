"""What every `WorkTree` does, the real one and the one in memory alike."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import pytest

from confsync.errors import AlreadyRunning, FileChanged, UnsafePath, WorkTreeError, WriteFailed
from confsync.model.ids import RelPath
from confsync.ports import Content, FileChange, WorkTree
from confsync.worktree import FolderTree
from tests.contract.worktree.fake import MemoryWorkTree


class Disk(Protocol):
    """A working copy, and what its user does to it."""

    tree: WorkTree

    def put(self, path: str, content: bytes) -> None: ...
    def link(self, path: str) -> None: ...
    def files(self) -> Mapping[str, bytes]: ...


class RealDisk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "copy"
        self.folder.mkdir()
        self.tree: WorkTree = FolderTree(
            self.folder, lock_path=folder / "git" / "lock", staging=folder / "git" / "staging"
        )

    def put(self, path: str, content: bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def link(self, path: str) -> None:
        (self.folder / path).symlink_to("elsewhere")

    def files(self) -> Mapping[str, bytes]:
        found = (p for p in self.folder.rglob("*") if p.is_file() and not p.is_symlink())
        return {p.relative_to(self.folder).as_posix(): p.read_bytes() for p in found}


class MemoryDisk:
    def __init__(self, _: Path) -> None:
        self._memory = MemoryWorkTree()
        self.tree: WorkTree = self._memory

    def put(self, path: str, content: bytes) -> None:
        self._memory.write(path, content)

    def link(self, path: str) -> None:
        self._memory.link(path)

    def files(self) -> Mapping[str, bytes]:
        return {str(path): content for path, content in self._memory.files.items()}


@pytest.fixture(params=[RealDisk, MemoryDisk], ids=["real", "memory"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    made: Disk = request.param(tmp_path)
    return made


def change(path: str, content: Content | None, expected: bytes | None) -> FileChange:
    return FileChange(RelPath(path), content, None if expected is None else digest(expected))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_scan_finds_files_at_every_depth_with_their_sizes(disk: Disk) -> None:
    disk.put("index.md", b"home")
    disk.put("install/linux.md", b"linux!")
    found = disk.tree.scan()
    assert {path: fact.size for path, fact in found.items()} == {"index.md": 4, "install/linux.md": 6}


@pytest.mark.parametrize(
    "path",
    [
        ".confsync/pages/45/12345.page",
        ".obsidian/workspace.md",
        "install.md~",
        ".install.md.swp",
        "page1_BASE_1234.md",
        "page1.md.orig",
        ".DS_Store",
        ".confsync-tmp-123",
    ],
)
def test_a_scan_leaves_out_what_is_nobodys_page(disk: Disk, path: str) -> None:
    disk.put(path, b"junk")
    disk.put("index.md", b"home")
    assert list(disk.tree.scan()) == ["index.md"]


def test_a_scan_reports_a_symlink_as_one(disk: Disk) -> None:
    disk.link("linked.md")
    assert disk.tree.scan()[RelPath("linked.md")].symlink


def test_two_names_that_fold_to_one_are_both_reported(disk: Disk) -> None:
    disk.put("caf\u00e9.md", b"composed")
    disk.put("cafe\u0301.md", b"decomposed")
    assert set(disk.tree.scan()) == {"caf\u00e9.md", "cafe\u0301.md"}


def test_files_are_read_and_summed(disk: Disk) -> None:
    disk.put("a.md", b"text\r\n")
    assert disk.tree.read(RelPath("a.md")) == b"text\r\n"
    assert disk.tree.sha256(RelPath("a.md")) == digest(b"text\r\n")
    disk.put("b.png", b"\x89PNG")
    assert disk.tree.local_path(RelPath("b.png")).read_bytes() == b"\x89PNG"


def test_reading_what_is_not_there_says_so(disk: Disk) -> None:
    with pytest.raises(WorkTreeError, match="no such file") as caught:
        disk.tree.read(RelPath("gone.md"))
    assert caught.value.page == "gone.md"


@pytest.mark.parametrize(
    "path",
    ["../out.md", "/etc/passwd", "a/../../b", "a//b", "", "a\0b", ".git/hooks/x", "x/.GIT/config", "git~1/x"],
)
def test_no_path_leaves_the_working_copy(disk: Disk, path: str) -> None:
    for attempt in (
        lambda: disk.tree.read(RelPath(path)),
        lambda: disk.tree.local_path(RelPath(path)),
        lambda: disk.tree.apply([change(path, b"x", None)]),
    ):
        with pytest.raises(UnsafePath):
            attempt()
    assert disk.files() == {}


def test_nothing_is_read_or_written_through_a_symlink(disk: Disk) -> None:
    disk.link("link")
    for path in ("link", "link/page.md"):
        with pytest.raises(UnsafePath):
            disk.tree.read(RelPath(path))
        with pytest.raises(UnsafePath):
            disk.tree.apply([change(path, b"x", None)])


def test_apply_creates_changes_and_removes(disk: Disk) -> None:
    disk.put("old.md", b"1")
    disk.put("gone.md", b"2")
    disk.tree.apply(
        [change("old.md", b"new", b"1"), change("deep/er/new.md", b"3", None), change("gone.md", None, b"2")]
    )
    assert disk.files() == {"old.md": b"new", "deep/er/new.md": b"3"}


def test_a_file_that_changed_meanwhile_keeps_its_bytes(disk: Disk) -> None:
    disk.put("a.md", b"edited meanwhile")
    for content in (b"from the wiki", None):
        with pytest.raises(FileChanged) as caught:
            disk.tree.apply([change("a.md", content, b"as read")])
        assert caught.value.page == "a.md"
    assert disk.files() == {"a.md": b"edited meanwhile"}


def test_a_file_that_appeared_meanwhile_keeps_its_bytes(disk: Disk) -> None:
    disk.put("a.md", b"new file of the user")
    with pytest.raises(FileChanged):
        disk.tree.apply([change("a.md", b"from the wiki", None)])
    assert disk.files() == {"a.md": b"new file of the user"}


def test_a_file_that_was_removed_meanwhile_is_not_written_again(disk: Disk) -> None:
    with pytest.raises(FileChanged):
        disk.tree.apply([change("a.md", b"from the wiki", b"as read")])
    assert disk.files() == {}


def test_applying_twice_is_applying_once(disk: Disk) -> None:
    disk.put("a.md", b"1")
    disk.put("b.md", b"2")
    changes = [change("a.md", b"new", b"1"), change("b.md", None, b"2"), change("c.md", b"3", None)]
    disk.tree.apply(changes)
    before = disk.tree.scan()
    disk.tree.apply(changes)
    assert disk.tree.scan() == before


def test_two_files_swap_names(disk: Disk) -> None:
    disk.put("a.md", b"A")
    disk.put("b.md", b"B")
    disk.tree.apply([change("a.md", b"B", b"A"), change("b.md", b"A", b"B")])
    assert disk.files() == {"a.md": b"B", "b.md": b"A"}


def test_a_name_changes_in_case_only(disk: Disk) -> None:
    disk.put("api/api.md", b"text")
    disk.tree.apply([change("api/api.md", None, b"text"), change("Api/API.md", b"text", None)])
    assert disk.files() == {"Api/API.md": b"text"}


def test_a_file_gives_way_to_a_folder_and_back(disk: Disk) -> None:
    disk.put("a", b"file")
    disk.tree.apply([change("a/b", b"inner", None), change("a", None, b"file")])
    assert disk.files() == {"a/b": b"inner"}
    disk.tree.apply([change("a", b"file", None), change("a/b", None, b"inner")])
    assert disk.files() == {"a": b"file"}


def test_a_folder_with_something_in_it_is_not_written_over(disk: Disk) -> None:
    disk.put("a/foreign.txt", b"precious")
    with pytest.raises(WriteFailed):
        disk.tree.apply([change("a", b"file", None)])
    assert disk.files() == {"a/foreign.txt": b"precious"}


def test_a_staged_file_is_moved_to_its_place(disk: Disk) -> None:
    staged = disk.tree.staging() / "download"
    staged.write_bytes(b"\0" * 1000)
    disk.tree.apply([change("a.assets/big.bin", staged, None)])
    assert disk.files() == {"a.assets/big.bin": b"\0" * 1000}
    assert not staged.exists()


def test_a_staged_file_replaces_only_what_was_expected(disk: Disk) -> None:
    disk.put("a.bin", b"mine")
    staged = disk.tree.staging() / "download"
    staged.write_bytes(b"theirs")
    with pytest.raises(FileChanged):
        disk.tree.apply([change("a.bin", staged, b"as read")])
    assert disk.files() == {"a.bin": b"mine"}
    assert staged.exists()


def test_one_file_has_one_change(disk: Disk) -> None:
    with pytest.raises(WorkTreeError, match="two changes"):
        disk.tree.apply([change("a.md", b"1", None), change("a.md", b"2", None)])


def test_one_run_at_a_time(disk: Disk) -> None:
    with disk.tree.lock(), pytest.raises(AlreadyRunning, match="another run"), disk.tree.lock():
        pass
    with disk.tree.lock():
        pass


def test_taking_the_lock_empties_staging(disk: Disk) -> None:
    (disk.tree.staging() / "left by a crash").write_bytes(b"half")
    with disk.tree.lock():
        assert list(disk.tree.staging().iterdir()) == []
