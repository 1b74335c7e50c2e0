"""The same steps in repositories whose files git keeps in other ways."""

from pathlib import Path

import pytest

from confsync.model.ids import CommitId, RelPath
from confsync.ports import ObservedVersion
from tests.unit.history.repositories import ANN, PAGE, RECORD, User, conflict

KINDS = {
    "sha256": ["init", "--quiet", "--initial-branch=main", "--object-format=sha256"],
    "split index": ["-c", "core.splitIndex=true", "init", "--quiet", "--initial-branch=main"],
    "many files": ["-c", "feature.manyFiles=true", "init", "--quiet", "--initial-branch=main"],
    "separate git dir": ["init", "--quiet", "--initial-branch=main", "--separate-git-dir=../elsewhere.git"],
}


@pytest.fixture(params=KINDS.values(), ids=list(KINDS))
def user(request: pytest.FixtureRequest, tmp_path: Path) -> User:
    (tmp_path / "repo").mkdir()
    made = User(tmp_path / "repo")
    made.git(*request.param)
    made.git("config", "core.splitIndex", str("core.splitIndex=true" in request.param))
    made.git("config", "feature.manyFiles", str("feature.manyFiles=true" in request.param))
    made.commit({PAGE: b"v1\n", RECORD: b"record v1", "notes.txt": b"mine\n"})
    return made


def test_edit_pull_conflict_settle_and_remove(user: User) -> None:
    history = user.history()
    user.save("notes.txt", b"staged\n")
    user.git("add", "notes.txt")
    user.save(PAGE, b"mine\n")
    assert history.edited() == {PAGE, RelPath("notes.txt")}
    history.commit_edits([PAGE], "mine")
    user.pull(history, {PAGE: b"merged\n", RECORD: b"record v2"})
    history.hold(conflict())
    assert history.state().unmerged == {PAGE}
    history.settle(conflict().page)
    seen = history.observe([ObservedVersion(ANN, "v3", {PAGE: None, RECORD: None})], CommitId(user.head()))
    move = history.fast_forward(seen, [PAGE, RECORD])
    user.write_all({PAGE: None, RECORD: None})
    move.publish()
    history.set_tracking(seen)
    assert user.status() == ["M  notes.txt"]
    assert history.files().keys() == {"notes.txt"}
    assert history.tracking() == user.head()
    assert "error" not in user.git("fsck", check=False)
