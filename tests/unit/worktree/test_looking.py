"""Looking through a real folder, and holding it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from confsync.errors import AlreadyRunning, UnsafePath, WorkTreeError
from confsync.model.ids import RelPath
from confsync.worktree import FolderTree
from confsync.worktree.junk import is_junk
from confsync.worktree.paths import is_git_folder


@pytest.fixture
def tree(tmp_path: Path) -> FolderTree:
    (tmp_path / "copy").mkdir()
    return FolderTree(
        tmp_path / "copy", lock_path=tmp_path / "git" / "lock", staging=tmp_path / "git" / "staging"
    )


def put(tree: FolderTree, *paths: str) -> None:
    for path in paths:
        (tree.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (tree.folder / path).write_bytes(b"x")


def test_other_repositories_are_left_out(tree: FolderTree) -> None:
    put(
        tree,
        ".git/HEAD",
        "vendor/lib/.git/HEAD",
        "vendor/lib/README.md",
        "wiki/.git",
        "wiki/a.md",
        "vendor/b.md",
    )
    assert tree.scan().keys() == {"vendor/b.md"}


def test_symlinks_are_reported_and_not_followed(tree: FolderTree, tmp_path: Path) -> None:
    put(tree, "real/a.md")
    (tree.folder / "alias").symlink_to("real")
    (tree.folder / "loop").symlink_to(".")
    (tree.folder / "away.md").symlink_to(tmp_path / "secret")
    (tmp_path / "secret").write_bytes(b"secret")
    found = tree.scan()
    assert {path for path, fact in found.items() if fact.symlink} == {"alias", "loop", "away.md"}
    assert {path for path, fact in found.items() if not fact.symlink} == {"real/a.md"}
    for path in ("away.md", "alias/a.md", "loop/real/a.md"):
        with pytest.raises(UnsafePath, match="symlink"):
            tree.read(RelPath(path))


def test_the_working_copy_itself_may_lie_behind_a_symlink(tree: FolderTree, tmp_path: Path) -> None:
    put(tree, "a.md")
    (tmp_path / "link").symlink_to("copy")
    behind = FolderTree(tmp_path / "link", lock_path=tmp_path / "l", staging=tmp_path / "s")
    assert behind.read(RelPath("a.md")) == b"x"


def test_pipes_and_sockets_are_nobodys_page(tree: FolderTree) -> None:
    os.mkfifo(tree.folder / "pipe.md")
    assert tree.scan() == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything: run as another user")
def test_a_folder_that_cannot_be_read_is_not_an_empty_one_for_a_user(tree: FolderTree) -> None:
    put(tree, "closed/a.md")
    (tree.folder / "closed").chmod(0)
    try:
        with pytest.raises(WorkTreeError, match="cannot be read"):
            tree.scan()
    finally:
        (tree.folder / "closed").chmod(0o700)


def test_a_folder_that_cannot_be_read_is_not_an_empty_one(
    tree: FolderTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tree, "closed/a.md")
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(WorkTreeError, match="cannot be read") as caught:
        tree.scan()
    assert "nothing in it was taken as deleted" in caught.value.hint


def test_a_folder_that_vanishes_while_we_look_is_gone(
    tree: FolderTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tree, "a.md", "gone/b.md")
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("gone"):
            raise FileNotFoundError(2, "No such file")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert tree.scan().keys() == {"a.md"}


def test_a_name_that_is_no_utf8_is_reported_and_readable(tree: FolderTree) -> None:
    Path(os.fsdecode(os.fsencode(tree.folder) + b"/caf\xe9.md")).write_bytes(b"latin")
    (path,) = tree.scan()
    assert tree.read(path) == b"latin"


@pytest.mark.parametrize(
    "name",
    [
        "install.md~",
        ".install.md.swp",
        ".swo",
        "4913",
        "#install.md#",
        ".#install.md",
        ".goutputstream-ABC",
        "install.md___jb_tmp___",
        ".DS_Store",
        "Thumbs.db",
        "page1_LOCAL_77.md",
        "page1.md.orig",
        ".~lock.x.odt#",
        "~$report.docx",
        ".confsync-tmp-abc",
    ],
)
def test_junk(name: str) -> None:
    assert is_junk(name)


@pytest.mark.parametrize(
    "name", ["install.md", "save.bak", "a.tmp", "BASE_1.md", "4913.md", ".env", "x.orig", "#1.md"]
)
def test_somebodys_work(name: str) -> None:
    assert not is_junk(name)


@pytest.mark.parametrize(
    "name", [".git", ".GIT", "GIT~1", ".g\u200cit", ".git.", ".git ", ".git::$INDEX_ALLOCATION", "\ufeff.git"]
)
def test_gits_own_folder_in_every_disguise(name: str) -> None:
    assert is_git_folder(name)


@pytest.mark.parametrize("name", [".gitignore", ".github", "git", "git~2", "a.git"])
def test_other_names_with_git_in_them(name: str) -> None:
    assert not is_git_folder(name)


def test_the_lock_says_who_holds_it(tree: FolderTree) -> None:
    with (
        tree.lock(),
        pytest.raises(AlreadyRunning, match=rf"process {os.getpid()} on ") as caught,
        tree.lock(),
    ):
        pass
    assert "Wait until it is done" in caught.value.hint


def test_the_lock_of_a_process_that_was_killed_is_free(tree: FolderTree, tmp_path: Path) -> None:
    script = f"""
import os, pathlib
from confsync.worktree import FolderTree
folder = pathlib.Path({str(tmp_path)!r})
tree = FolderTree(folder / "copy", lock_path=folder / "git" / "lock", staging=folder / "git" / "staging")
with tree.lock():
    (tree.staging() / "half").write_bytes(b"half")
    os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    with tree.lock():
        assert list(tree.staging().iterdir()) == []


def test_the_lock_is_let_go_after_an_error(tree: FolderTree) -> None:
    with pytest.raises(ZeroDivisionError), tree.lock():
        raise ZeroDivisionError
    with tree.lock():
        pass
