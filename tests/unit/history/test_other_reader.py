"""What our plumbing writes is read back by another program: GitPython sees the same commits, trees and refs."""

from pathlib import Path

import git
import pytest

from confsync.history import init_repository, open_history
from confsync.model.ids import RelPath
from confsync.ports import Author, ObservedVersion

ANN = Author("Ann Ähn", "ann@example.com", "1767225600 +0000")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Wanda")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "wanda@example.com")
    init_repository(tmp_path, "trunk")
    return tmp_path


def test_a_new_repository_is_on_the_branch_asked_for(repository: Path) -> None:
    with git.Repo(repository) as repo:
        assert repo.active_branch.name == "trunk"
        assert not repo.bare


def test_observed_versions_are_commits_with_author_date_and_files(repository: Path) -> None:
    history = open_history(repository, "ENG", "example.com")
    steps = [
        ObservedVersion(ANN, "First\n\nPage: x", {RelPath("한국/a b.md"): b"one\n"}),
        ObservedVersion(ANN, "Second", {RelPath("한국/a b.md"): b"two\n", RelPath("c.md"): b"\xff\x00"}),
    ]
    tip = history.observe(steps, None)
    history.set_tracking(tip)
    with git.Repo(repository) as repo:
        commit = repo.commit(tip)
        assert repo.commit("refs/remotes/confluence/ENG") == commit
        assert (commit.author.name, commit.author.email) == ("Ann Ähn", "ann@example.com")
        assert commit.authored_date == 1767225600
        assert [c.message.strip() for c in repo.iter_commits(tip)] == ["Second", "First\n\nPage: x"]
        blobs = {
            path: repo.git.show(f"{tip}:{path}", stdout_as_string=False) for path in ("한국/a b.md", "c.md")
        }
        assert blobs == {"한국/a b.md": b"two", "c.md": b"\xff\x00"}


def test_a_published_commit_is_head_and_leaves_a_clean_index(repository: Path) -> None:
    history = open_history(repository, "ENG", "example.com")
    (repository / "a.md").write_bytes(b"text\n")
    transaction = history.prepare({RelPath("a.md"): b"text\n"}, "Begin")
    transaction.publish()
    with git.Repo(repository) as repo:
        assert repo.head.commit.hexsha == transaction.commit
        assert not repo.is_dirty(untracked_files=True)
        assert [entry[0] for entry in repo.index.entries] == ["a.md"]
