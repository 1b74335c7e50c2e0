"""The sample space is a working copy like any other."""

from pathlib import Path

from confsync.shipped import sample_space
from tests.sample_copy import clone_sample, contents


def test_a_clone_of_the_sample_space_is_the_sample_space_byte_for_byte(tmp_path: Path) -> None:
    clone_sample(tmp_path / "docs")
    fresh, shipped = contents(tmp_path / "docs"), contents(sample_space())
    assert sorted(fresh) == sorted(shipped)
    assert [name for name in fresh if fresh[name] != shipped[name]] == []
