"""Files are whole, ours, and gone when nothing leads to them any more."""

from pathlib import Path

import pytest

from confsync.errors import UsageError, WriteFailed
from confsync.site.output import MANIFEST, Output


def files(out: Path) -> set[str]:
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    for text, written in (("1", 2), ("1", 0), ("2", 1)):
        output = Output(tmp_path, ["a.html", "b/c.html"])
        output.text("a.html", text)
        output.text("b/c.html", "same")
        output.finish()
        assert output.written == written


def test_what_an_earlier_build_wrote_goes_and_what_it_did_not_stays(tmp_path: Path) -> None:
    first = Output(tmp_path, ["old/a.html", "b.html"])
    first.text("old/a.html", "x")
    first.text("b.html", "x")
    first.finish()
    (tmp_path / "CNAME").write_text("mine", encoding="utf-8")
    second = Output(tmp_path, ["b.html"])
    second.text("b.html", "x")
    assert second.finish() == 1
    assert files(tmp_path) == {"b.html", "CNAME", MANIFEST}
    assert not (tmp_path / "old").exists()


def test_a_strangers_file_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"index\.html") as caught:
        Output(tmp_path, ["index.html", "a.html"])
    assert caught.value.hint
    assert files(tmp_path) == {"index.html"}
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "mine"


def test_an_interrupted_build_leaves_whole_files_and_still_knows_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = Output(tmp_path, ["a.html", "b.html"])
    output.text("a.html", "old")

    def interrupted(self: Path, data: bytes) -> int:
        with self.open("wb") as stream:
            stream.write(data[:1])
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", interrupted)
        with pytest.raises(KeyboardInterrupt):
            output.text("a.html", "new")
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == "old"
    assert files(tmp_path) == {"a.html", MANIFEST}
    again = Output(tmp_path, ["b.html"])
    again.text("b.html", "x")
    assert again.finish() == 1


def test_a_full_disk_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = Output(tmp_path, ["a.html"])

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WriteFailed, match="No space left"):
        output.text("a.html", "x")
    assert files(tmp_path) == {MANIFEST}


def test_a_symlink_in_the_output_leads_nowhere(tmp_path: Path) -> None:
    out, outside = tmp_path / "out", tmp_path / "outside"
    outside.mkdir()
    output = Output(out, ["sub/a.html"])
    (out / "sub").symlink_to(outside)
    with pytest.raises(WriteFailed, match="outside"):
        output.text("sub/a.html", "x")
    assert not list(outside.iterdir())
