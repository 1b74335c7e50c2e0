"""A job that has checked out a commit and no branch, as CI does."""

import pytest

from confsync.engine.conflicts import opponent
from confsync.errors import WrongBranch
from tests.unit.engine.world import World


@pytest.fixture
def job(world: World) -> World:
    world.edit("guide.md", "slowly", "quickly")
    world.git("commit", "-qam", "Edit")
    world.git("checkout", "-q", "--detach")
    return world


def test_without_a_branch_only_publish_pushes(job: World) -> None:
    with pytest.raises(WrongBranch, match="HEAD is detached"):
        job.push()
    assert not job.remote.writes


def test_it_sends_moves_no_branch_and_leaves_its_records_to_be_fetched(job: World) -> None:
    before = job.git("rev-parse", "main")
    job.push(publish=True)
    assert "quickly" in job.site.body(job.site.by_title("Guide"))
    assert job.git("rev-parse", "main") == before
    assert job.git("rev-parse", "refs/confsync/out^") == before
    assert job.git("diff", "--name-only", "main", "refs/confsync/out").startswith(".confsync/pages/")


def test_what_the_branch_has_left_behind_is_not_sent(job: World) -> None:
    job.git(
        "update-ref",
        "refs/remotes/origin/main",
        job.git("commit-tree", "-p", "HEAD", "-m", "x", "HEAD^{tree}"),
    )
    with pytest.raises(WrongBranch, match="HEAD is older than origin/main"):
        job.push(publish=True)
    assert not job.remote.writes


def test_a_conflict_says_with_whom_it_is(world: World) -> None:
    world.edit("guide.md", "slowly", "quickly")
    world.site.edit(world.site.by_title("Guide"), "<p>Read this first.</p><p>Then that, carefully.</p>")
    conflict = world.sync().conflicts[0]
    assert opponent(conflict).startswith("Confluence v2 (Second Writer, 2026-")
