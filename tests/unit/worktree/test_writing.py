"""Writing on a real disk: after any crash or refusal there is the old file or the new one, and no litter."""

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confsync.errors import FileChanged, WorkTreeError, WriteFailed
from confsync.model.ids import RelPath
from confsync.ports import Content, FileChange
from confsync.worktree import FolderTree
from confsync.worktree.quirks import Folding, probe


def make_tree(folder: Path) -> FolderTree:
    folder.mkdir(exist_ok=True)
    return FolderTree(
        folder, lock_path=folder.parent / "git" / "lock", staging=folder.parent / "git" / "staging"
    )


@pytest.fixture
def tree(tmp_path: Path) -> FolderTree:
    return make_tree(tmp_path / "copy")


def change(path: str, content: Content | None, expected: bytes | None) -> FileChange:
    return FileChange(
        RelPath(path), content, None if expected is None else hashlib.sha256(expected).hexdigest()
    )


def everything(tree: FolderTree) -> dict[str, bytes]:
    """All files, litter included."""
    found = (path for path in tree.folder.rglob("*") if path.is_file())
    return {path.relative_to(tree.folder).as_posix(): path.read_bytes() for path in found}


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EBUSY, "another program"),
        (errno.EIO, "Input/output"),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "replace", "open"])
def test_a_disk_that_refuses_leaves_the_file_and_no_litter(
    tree: FolderTree, monkeypatch: pytest.MonkeyPatch, number: int, words: str, call: str
) -> None:
    (tree.folder / "a.md").write_bytes(b"old")
    tree.folding  # noqa: B018  # found out while the disk still works

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(WriteFailed, match=words) as caught:
        tree.apply([change("a.md", b"new", b"old")])
    monkeypatch.undo()
    assert caught.value.page == "a.md"
    assert everything(tree) == {"a.md": b"old"}


def test_a_file_that_changed_is_seen_before_its_neighbours_are_written(tree: FolderTree) -> None:
    (tree.folder / "b.md").write_bytes(b"edited meanwhile")
    with pytest.raises(FileChanged):
        tree.apply([change("a.md", b"1", None), change("b.md", b"2", b"as read"), change("c.md", b"3", None)])
    assert everything(tree) == {"b.md": b"edited meanwhile"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere: run as another user")
def test_a_folder_without_permission(tree: FolderTree) -> None:
    folder = tree.folder / "closed"
    folder.mkdir()
    folder.chmod(0o500)
    with pytest.raises(WriteFailed, match="permission denied"):
        tree.apply([change("closed/a.md", b"1", None)])
    folder.chmod(0o700)


def test_a_name_too_long(tree: FolderTree) -> None:
    with pytest.raises(WriteFailed, match="too long"):
        tree.apply([change("é" * 130 + ".md", b"1", None)])
    assert everything(tree) == {}


def test_a_file_in_the_way_of_a_folder(tree: FolderTree) -> None:
    (tree.folder / "install").write_bytes(b"a file")
    with pytest.raises(WriteFailed):
        tree.apply([change("install/linux.md", b"1", None)])
    assert everything(tree) == {"install": b"a file"}


@pytest.mark.parametrize("call", ["fsync", "replace", "unlink", "link"])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_killed_at_any_step_every_page_is_old_or_new_and_never_gone(
    tree: FolderTree, monkeypatch: pytest.MonkeyPatch, call: str, after: int
) -> None:
    """Two files swap names, one is renamed, one changes."""
    for name in "abcd":
        (tree.folder / name).write_bytes(name.encode())
    changes = [
        change("a", b"b", b"a"),
        change("b", b"a", b"b"),
        change("c", None, b"c"),
        change("c2", b"c", None),
        change("d", b"d2", b"d"),
    ]
    tree.folding  # noqa: B018  # found out before
    real: Callable[..., object] = getattr(os, call)
    left = [after]

    def die(*args: object, **kwargs: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return real(*args, **kwargs)

    monkeypatch.setattr(os, call, die)
    with contextlib.suppress(Killed):
        tree.apply(changes)
    monkeypatch.undo()
    found = {
        name: content for name, content in everything(tree).items() if not name.startswith(".confsync-tmp")
    }
    assert found["a"] in {b"a", b"b"}
    assert found["b"] in {b"a", b"b"}
    assert found["d"] in {b"d", b"d2"}
    assert b"c" in {found.get("c"), found.get("c2")}
    with tree.lock():
        tree.scan()
    tree.apply(changes)
    assert everything(tree) == {"a": b"b", "b": b"a", "c2": b"c", "d": b"d2"}


def test_what_a_crash_left_is_swept_away_under_the_lock_only(tree: FolderTree) -> None:
    left = tree.folder / "deep" / ".confsync-tmp-1"
    left.parent.mkdir()
    left.write_bytes(b"half")
    assert tree.scan() == {}
    assert left.exists()  # it may be another run's
    with tree.lock():
        tree.scan()
    assert not left.exists()


def test_a_file_keeps_its_mode(tree: FolderTree) -> None:
    script = tree.folder / "a.assets" / "run.sh"
    script.parent.mkdir()
    script.write_bytes(b"old")
    script.chmod(0o750)
    staged = tree.staging() / "x"
    staged.write_bytes(b"staged")
    tree.apply([change("a.assets/run.sh", b"new", b"old")])
    tree.apply([change("a.assets/run.sh", staged, b"new")])
    assert stat.S_IMODE(script.stat().st_mode) == 0o750


def test_a_new_file_has_the_mode_the_user_asks_for(tree: FolderTree) -> None:
    before = os.umask(0o027)
    try:
        tree.apply([change("a.md", b"1", None)])
    finally:
        os.umask(before)
    assert stat.S_IMODE((tree.folder / "a.md").stat().st_mode) == 0o640


def test_a_file_already_at_its_goal_keeps_its_date(tree: FolderTree) -> None:
    target = tree.folder / "a.md"
    target.write_bytes(b"goal")
    os.utime(target, (1, 1))
    tree.apply([change("a.md", b"goal", b"as read"), change("gone.md", None, b"as read")])
    assert target.stat().st_mtime == 1


def test_empty_folders_go_and_folders_with_anything_in_them_stay(tree: FolderTree) -> None:
    for name in ("a/b/c.md", "a/notes.txt", "x/y.md", "x/.hidden"):
        (tree.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (tree.folder / name).write_bytes(b"1")
    tree.apply([change("a/b/c.md", None, b"1"), change("x/y.md", None, b"1")])
    assert everything(tree) == {"a/notes.txt": b"1", "x/.hidden": b"1"}
    assert not (tree.folder / "a" / "b").exists()


def test_the_working_copy_itself_never_goes(tree: FolderTree) -> None:
    (tree.folder / "a.md").write_bytes(b"1")
    tree.apply([change("a.md", None, b"1")])
    assert tree.folder.is_dir()


def test_without_hard_links_new_files_are_written_all_the_same(
    tree: FolderTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", unsupported)
    tree.apply([change("a.md", b"1", None)])
    assert everything(tree) == {"a.md": b"1"}


def test_a_file_that_appears_at_the_last_moment_is_not_overwritten(
    tree: FolderTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.link

    def late(source: Path, target: Path, **kwargs: bool) -> None:
        target.write_bytes(b"the user was faster")
        real(source, target, **kwargs)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(FileChanged):
        tree.apply([change("a.md", b"1", None)])
    assert everything(tree) == {"a.md": b"the user was faster"}


def test_a_file_that_changes_at_the_last_moment_is_not_overwritten(
    tree: FolderTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tree.folder / "a.md"
    target.write_bytes(b"as read")
    real = os.fsync

    def late(descriptor: int) -> None:
        target.write_bytes(b"the user was faster")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", late)
    with pytest.raises(FileChanged):
        tree.apply([change("a.md", b"new", b"as read")])
    assert everything(tree) == {"a.md": b"the user was faster"}


def test_a_staged_file_from_another_file_system_is_copied(
    tree: FolderTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not Path("/dev/shm").is_dir() or Path("/dev/shm").stat().st_dev == tree.folder.stat().st_dev:
        pytest.skip("there is no second file system here")
    foreign = Path("/dev/shm") / f"confsync-test-{os.getpid()}"
    foreign.write_bytes(b"far away")
    try:
        tree.apply([change("a.bin", foreign, None)])
        assert everything(tree) == {"a.bin": b"far away"}
        other = FolderTree(
            tree.folder, lock_path=tree.folder.parent / "l", staging=foreign.parent / "x" / "staging"
        )
        assert other.staging().stat().st_dev == tree.folder.stat().st_dev
        assert other.scan().keys() == {"a.bin"}
    finally:
        foreign.unlink()


class TestFoldingFileSystems:
    """A file system that takes `Api.md` and `api.md` for one, played by links on one that does not."""

    def test_this_one_is_probed(self, tmp_path: Path) -> None:
        (tmp_path / "x").touch()
        assert probe(tmp_path).case == (tmp_path / "X").exists()
        assert [path.name for path in tmp_path.iterdir()] == ["x"]

    def test_where_probing_is_refused_names_are_taken_as_they_are(self, tmp_path: Path) -> None:
        assert probe(tmp_path / "gone") == Folding(case=False, unicode=False)

    def test_keys(self) -> None:
        both = Folding(case=True, unicode=True)
        assert both.key("Straße/É.md") == both.key("STRASSE/e\u0301.md")
        assert Folding(case=False, unicode=True).key("A\u0301") != Folding(case=False, unicode=True).key(
            "a\u0301"
        )
        assert Folding(case=False, unicode=False).key("e\u0301") == "e\u0301"

    def test_a_respelled_file_is_rewritten_and_renamed_never_removed(
        self, tree: FolderTree, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tree, "_folding", Folding(case=True, unicode=True))
        (tree.folder / "api").mkdir()
        (tree.folder / "api" / "get.md").write_bytes(b"old")
        # The alias is what such a file system would show under the other spelling.
        (tree.folder / "Api").mkdir()
        (tree.folder / "Api" / "Get.md").write_bytes(b"old")
        tree.apply([change("api/get.md", None, b"old"), change("Api/Get.md", b"new", None)])
        assert (tree.folder / "Api" / "Get.md").read_bytes() == b"new"
        assert (tree.folder / "api" / "get.md").exists()  # there it would be the same file


def test_a_folder_that_is_gone_is_not_an_empty_one(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "copy")
    tree.folder.rmdir()
    for attempt in (tree.scan, tree.staging, lambda: tree.apply([change("a", b"1", None)])):
        with pytest.raises(WorkTreeError, match="is gone"):
            attempt()


names = st.sampled_from(["a", "b", "c/x", "c/y", "c", "a/z"])
states = st.dictionaries(names, st.binary(max_size=3)).map(
    lambda found: {n: c for n, c in found.items() if not any(o.startswith(f"{n}/") for o in found)}
)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], FolderTree]:
    return lambda: make_tree(tmp_path_factory.mktemp("law") / "copy")


@given(before=states, after=states)
@settings(max_examples=60, deadline=None)
def test_any_state_becomes_any_other(
    fresh: Callable[[], FolderTree], before: dict[str, bytes], after: dict[str, bytes]
) -> None:
    tree = fresh()
    tree.apply([change(name, content, None) for name, content in before.items()])
    tree.apply([change(name, after.get(name), before.get(name)) for name in sorted({*before, *after})])
    assert everything(tree) == after
    assert {path.as_posix() for path in tree.folder.rglob("*") if path.is_dir()} == {
        (tree.folder / name).parent.as_posix() for name in after if "/" in name
    }
