"""The tracking branch: who wrote what and when on the wiki, in commits that every clone makes alike."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from confsync.errors import HookRefused
from confsync.history.process import GitFailed
from confsync.model.ids import CommitId, RelPath
from confsync.ports import Author, Content, ObservedVersion
from tests.unit.history.records import record
from tests.unit.history.repositories import ANN, PAGE, RECORD, User, new_repository


@pytest.fixture
def user(tmp_path: Path) -> User:
    made = new_repository(tmp_path / "repo", "docs")
    made.commit({PAGE: b"intro\n\nmiddle\n\nend\n", RECORD: record(number=1)})
    return made


def step(
    files: Mapping[RelPath, Content | None], author: Author = ANN, message: str = "v2"
) -> ObservedVersion:
    return ObservedVersion(author, message, files)


def test_author_and_date_are_the_wikis_and_the_committer_is_confluence(user: User) -> None:
    history = user.history()
    seen = history.observe([step({PAGE: b"two\n"}, message="Zürich\n\n# more\n")], history.state().head)
    assert user.git("log", "-1", "--format=%an|%ae|%ad|%cn|%ce|%cd|%B", "--date=iso", seen).strip() == (
        "Ann|ann@example.com|2023-11-14 23:13:20 +0100"
        "|Confluence|noreply@example.atlassian.net|2023-11-14 23:13:20 +0100|Zürich\n\n# more"
    )


@pytest.mark.parametrize("name", ["", "<script>", "A\nB <a@b> 0 +0000", "Ünï ☃", 'O\'Neil \\ "Q"'])
def test_any_name_is_a_name(user: User, name: str) -> None:
    history = user.history()
    author = Author(name, "x>y@z", "1700000000 -0330")
    seen = history.observe([step({PAGE: b"two\n"}, author)], history.state().head)
    shown = user.git("log", "-1", "--format=%an", seen).strip()
    assert shown == ("".join(c for c in name if c not in "<>\n") or "unknown")


def test_two_clones_make_the_same_commits(user: User, tmp_path: Path) -> None:
    user.git("clone", "--quiet", str(user.top), str(tmp_path / "clone"))
    clone = User(tmp_path / "clone", "docs")
    clone.git("config", "user.name", "Somebody Else")
    steps = [step({PAGE: b"two\n", RECORD: record(number=2)}), step({PAGE: None}, message="v3")]
    once = user.history().observe(steps, CommitId(user.head()))
    one_by_one = clone.history().observe(steps[:1], CommitId(clone.head()))
    assert clone.history().observe(steps[1:], one_by_one) == once


def test_log_and_blame_tell_who_wrote_what(user: User) -> None:
    """Bob edits, Ann edits on the wiki, both sides moved: a merge, and both are in the page's log."""
    base = CommitId(user.head())
    history = user.history()
    user.save(PAGE, b"intro BOB\n\nmiddle\n\nend\n")
    history.commit_edits([PAGE], "Bob's edit")
    seen = history.observe([step({PAGE: b"intro\n\nmiddle\n\nend ANN\n"}, message="Ann's edit")], base)
    merged = b"intro BOB\n\nmiddle\n\nend ANN\n"
    move = history.prepare({PAGE: merged}, "pull", merge=seen)
    user.save(PAGE, merged)
    move.publish()
    log = user.git("log", "--format=%s", "--", f"docs/{PAGE}").split("\n")
    assert {"Bob's edit", "Ann's edit"} <= set(log)
    blame = user.git("blame", "-s", "--line-porcelain", f"docs/{PAGE}")
    assert [line[8:] for line in blame.splitlines() if line.startswith("summary ")] == [
        "Bob's edit",
        "by hand",
        "by hand",
        "by hand",
        "Ann's edit",
    ]


def test_pulls_through_the_same_commits_merge_without_a_driver(user: User) -> None:
    """One branch pulled version 2, another versions 2 and 3: no conflict, not even on a bare server."""
    history = user.history()
    user.git("branch", "feature")
    two = history.observe([step({PAGE: b"two\n", RECORD: record(number=2)})], CommitId(user.head()))
    three = history.observe([step({PAGE: b"three\n", RECORD: record(number=3)})], two)
    user.git("reset", "--quiet", "--hard", two)
    user.git("branch", "--quiet", "--force", "feature", three)
    assert "CONFLICT" not in user.git("merge-tree", "--write-tree", "main", "feature")


def test_a_file_gives_way_to_a_folder(user: User) -> None:
    history = user.history()
    name, inner = RelPath("guide"), RelPath("guide/linux.md")
    seen = history.observe([step({name: b"1"}), step({inner: b"2", name: None})], CommitId(user.head()))
    assert history.files(seen).keys() == {PAGE, RECORD, inner}


def test_odd_names(user: User) -> None:
    history = user.history()
    names = [RelPath(name) for name in ('"q".md', "back\\slash.md", "new\nline.md", "ü.md", " edge .md")]
    seen = history.observe([step(dict.fromkeys(names, b"x"))], CommitId(user.head()))
    assert history.files(seen).keys() == {PAGE, RECORD, *names}


def test_a_date_that_is_none_is_refused_and_nothing_is_left(user: User) -> None:
    history = user.history()
    with pytest.raises(GitFailed, match="fast-import"):
        history.observe([step({PAGE: b"two\n"}, Author("A", "a@x", "yesterday"))], CommitId(user.head()))
    assert user.git("for-each-ref", "refs/confsync") == ""


def test_a_hook_that_refuses_is_named(user: User) -> None:
    user.hook("reference-transaction", "test $1 != prepared")
    with pytest.raises(HookRefused, match="reference-transaction"):
        user.history().observe([step({PAGE: b"two\n"})], CommitId(user.head()))


def test_a_thousand_versions_are_one_small_pack(user: User) -> None:
    history = user.history()
    text = "\n".join(f"line {n} of a page that is long enough" for n in range(200)).encode()
    steps = [step({PAGE: text + b"%d" % n}, message=f"v{n}") for n in range(1_000)]
    seen = history.observe(steps, CommitId(user.head()))
    assert user.git("rev-list", "--count", seen).strip() == "1001"
    packs = (user.top / ".git" / "objects" / "pack").glob("*.pack")
    assert sum(pack.stat().st_size for pack in packs) < 1_000_000
