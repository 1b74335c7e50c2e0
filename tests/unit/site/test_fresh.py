"""Whether anything changed since the last build, by looking at no contents."""

import subprocess
from pathlib import Path

from confsync.site.fresh import stamp


def test_a_repository_that_lacks_some_of_its_refs_is_stamped(tmp_path: Path) -> None:
    source = tmp_path / "docs"
    source.mkdir()
    (source / "a.md").write_text("words")
    subprocess.run(["git", "init", "--quiet", str(source)], check=True)
    first = stamp(source, tmp_path / "site")
    assert stamp(source, tmp_path / "site").text == first.text
    (source / "a.md").write_text("other words")
    assert stamp(source, tmp_path / "site").text != first.text
