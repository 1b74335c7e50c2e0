"""Working copies in every kind of repository people have."""

from pathlib import Path

import pytest

from confsync.errors import GitMissing
from confsync.history import init_repository, open_history
from confsync.history.place import encode_key
from confsync.model.ids import RelPath
from confsync.ports import ObservedVersion
from tests.unit.history.repositories import ANN, PAGE, RECORD, User, conflict, new_repository

PULL = {PAGE: b"v2\n", RECORD: b"record v2"}


@pytest.fixture
def user(tmp_path: Path) -> User:
    made = new_repository(tmp_path / "repo", "docs")
    made.commit({PAGE: b"v1\n", RECORD: b"record v1", "../main.c": b"int main;\n"})
    return made


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(GitMissing, match="not in a git repository") as caught:
        open_history(tmp_path, "DOCS", "x.net")
    assert caught.value.hint == "Run: git init"


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(GitMissing, match="does not exist"):
        open_history(tmp_path / "gone", "DOCS", "x.net")


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitMissing, match="not installed"):
        open_history(tmp_path, "DOCS", "x.net")


def test_a_bare_repository(tmp_path: Path) -> None:
    User(tmp_path).git("init", "--quiet", "--bare", "bare.git")
    with pytest.raises(GitMissing, match="bare"):
        open_history(tmp_path / "bare.git", "DOCS", "x.net")


def test_a_new_repository_has_the_branch_that_follows_the_space(tmp_path: Path) -> None:
    init_repository(tmp_path / "deep" / "repo", "wiki")
    assert open_history(tmp_path / "deep" / "repo", "DOCS", "x.net").state().branch == "wiki"


class TestPartOfARepository:
    def test_paths_are_relative_to_the_working_copy(self, user: User) -> None:
        history = user.history()
        assert history.files().keys() == {PAGE, RECORD}
        user.save("../main.c", b"edited\n")
        user.save("new.md", b"n\n")
        assert history.edited() == {RelPath("new.md")}

    def test_a_pull_changes_nothing_outside(self, user: User) -> None:
        user.save("../main.c", b"edited\n")
        user.pull(user.history(), PULL)
        assert user.status() == [" M main.c"]
        assert user.git("show", "--name-only", "--format=", "HEAD").split() == [
            f"docs/{RECORD}",
            f"docs/{PAGE}",
        ]

    def test_a_folder_of_a_similar_name_is_another_folder(self, user: User) -> None:
        user.commit({"../docs2/a.md": b"1\n"})
        user.save("../docs2/a.md", b"2\n")
        assert user.history().edited() == frozenset()
        assert user.history().files().keys() == {PAGE, RECORD}

    def test_a_folder_that_head_does_not_know_yet(self, user: User) -> None:
        (user.top / "wiki").mkdir()
        history = open_history(user.top / "wiki", "DOCS", "x.net")
        assert history.files() == {}
        User.pull(User(user.top, "wiki"), history, {PAGE: b"first\n"})
        assert history.files().keys() == {PAGE}

    def test_two_spaces_in_one_repository_keep_their_conflicts_apart(self, user: User) -> None:
        (user.top / "wiki").mkdir()
        other = open_history(user.top / "wiki", "WIKI", "x.net")
        user.history().hold(conflict())
        assert other.pending() == {}
        other.settle(conflict().page)
        assert user.history().pending().keys() == {conflict().page}


class TestLinkedWorkTrees:
    @pytest.fixture
    def linked(self, user: User) -> User:
        user.git("worktree", "add", "--quiet", "-b", "feature", str(user.top.parent / "linked"))
        return User(user.top.parent / "linked", "docs")

    def test_the_lock_and_the_journal_are_shared(self, user: User, linked: User) -> None:
        assert user.history().lock_path == linked.history().lock_path
        user.history().journal().intend({"key": "1"})
        assert linked.history().journal().open() == [{"key": "1"}]

    def test_conflicts_and_staging_are_not(self, user: User, linked: User) -> None:
        linked.history().hold(conflict())
        assert user.history().pending() == {}
        assert user.history().state().unmerged == frozenset()
        assert linked.history().state().unmerged == {PAGE}
        assert user.history().staging_path != linked.history().staging_path

    def test_each_has_its_own_head_and_index(self, user: User, linked: User) -> None:
        linked.pull(linked.history(), PULL)
        assert linked.status() == []
        assert user.status() == []
        assert linked.at_head(PAGE) == b"v2\n"
        assert user.at_head(PAGE) == b"v1\n"

    def test_one_index_that_is_held_does_not_stop_the_other(self, user: User, linked: User) -> None:
        move = user.history().prepare(PULL, "pull")
        linked.pull(linked.history(), PULL)
        move.abandon()

    def test_the_tracking_branch_is_shared(self, user: User, linked: User) -> None:
        head = user.history().state().head
        assert head is not None
        user.history().set_tracking(head)
        assert linked.history().tracking() == head


def test_a_submodule(user: User, tmp_path: Path) -> None:
    outer = new_repository(tmp_path / "outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(user.top), "wiki")
    outer.commit({})
    inner = User(outer.top / "wiki", "docs")
    inner.pull(inner.history(), PULL)
    assert inner.status() == []
    assert inner.history().state().branch == "main"
    outer_copy = open_history(outer.top, "OUT", "x.net")
    assert outer_copy.edited() == frozenset()  # the submodule is somebody else's copy
    assert outer_copy.files().keys() == {".gitmodules"}


class TestSparseCheckout:
    @pytest.fixture
    def sparse(self, user: User) -> User:
        user.commit({"guide/linux.md": b"v1\n"})
        user.git("sparse-checkout", "set", "--cone", "docs/guide")
        assert not (user.copy / RECORD).exists()
        return user

    def test_absent_is_not_deleted(self, sparse: User) -> None:
        history = sparse.history()
        assert RECORD in history.state().absent
        assert history.edited() == frozenset()
        assert RECORD in history.files()

    def test_records_are_pulled_into_the_commit_only(self, sparse: User) -> None:
        move = sparse.history().prepare(PULL, "pull")
        sparse.save(PAGE, b"v2\n")
        move.publish()
        assert sparse.at_head(RECORD) == b"record v2"
        assert sparse.status() == []
        assert RECORD in sparse.history().state().absent

    def test_committing_edits_removes_nothing(self, sparse: User) -> None:
        sparse.save("guide/linux.md", b"edited\n")
        sparse.history().commit_edits([RelPath("guide/linux.md"), RECORD], "edit")
        assert sparse.at_head(RECORD) == b"record v1"
        assert sparse.at_head("guide/linux.md") == b"edited\n"
        assert sparse.status() == []


def test_a_detached_head(user: User) -> None:
    user.git("checkout", "--quiet", "--detach")
    user.pull(user.history(), PULL)
    assert user.history().state().branch is None
    assert user.at_head(PAGE) == b"v2\n"


def test_a_shallow_clone(user: User, tmp_path: Path) -> None:
    user.commit({PAGE: b"v1b\n"})
    user.git("clone", "--quiet", "--depth=1", user.top.as_uri(), str(tmp_path / "shallow"))
    shallow = User(tmp_path / "shallow", "docs")
    history = shallow.history()
    shallow.pull(history, PULL)
    assert shallow.status() == []
    head = history.state().head
    assert head is not None
    assert not history.is_ancestor(user.git("rev-parse", "HEAD~1").strip(), head)


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("MERGE_HEAD", "merge"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
        ("REVERT_HEAD", "revert"),
        ("BISECT_START", "bisect"),
        ("rebase-merge/head-name", "rebase"),
        ("rebase-apply/next", "rebase"),
    ],
)
def test_an_operation_under_way_is_named(user: User, name: str, operation: str) -> None:
    target = user.top / ".git" / name
    target.parent.mkdir(exist_ok=True)
    target.write_text("")
    assert user.history().state().operation == operation


@pytest.mark.parametrize(("todo", "operation"), [("pick 1\n", "cherry-pick"), ("revert 1\n", "revert")])
def test_between_two_picks_there_is_only_the_sequencer(user: User, todo: str, operation: str) -> None:
    (user.top / ".git" / "sequencer").mkdir()
    (user.top / ".git" / "sequencer" / "todo").write_text(todo)
    assert user.history().state().operation == operation


@pytest.mark.parametrize("key", ["~alice", "~557058:ab-cd", "docs.lock", "a..b", "@{", "Ünï", "DOCS"])
def test_every_space_key_has_a_tracking_branch(user: User, key: str) -> None:
    history = user.history(key)
    seen = history.observe([ObservedVersion(ANN, "v2", {PAGE: b"v2\n"})], history.state().head)
    history.set_tracking(seen)
    assert history.tracking() == seen
    assert user.git("for-each-ref", "--format=%(refname)", "refs/remotes", "refs/confsync").split() == [
        f"refs/remotes/confluence/{encode_key(key)}"
    ]


def test_keys_are_percent_encoded() -> None:
    assert encode_key("~alice") == "%7Ealice"
    assert encode_key("DOCS_2-x") == "DOCS_2-x"


def test_status_leaves_no_lock_and_does_not_rewrite_the_index(user: User) -> None:
    index = user.top / ".git" / "index"
    (user.copy / PAGE).touch()
    before = index.stat().st_mtime_ns
    history = user.history()
    assert history.edited() == frozenset()
    history.state()
    assert index.stat().st_mtime_ns == before
