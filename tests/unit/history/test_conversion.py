"""What the user's attributes ask for is done by git itself; records are never touched by any of it."""

from pathlib import Path

import pytest

from confsync.model.ids import RelPath
from confsync.model.record import BASE_FILES, load_record
from confsync.ports import ObservedVersion
from tests.unit.history.records import record
from tests.unit.history.repositories import ANN, PAGE, RECORD, User, new_repository

IMAGE = RelPath("install.assets/big image.psd")


@pytest.fixture
def user(tmp_path: Path) -> User:
    made = new_repository(tmp_path / "repo", "docs")
    made.commit({str(path): content for path, content in BASE_FILES.items()})
    return made


class TestLineEnds:
    @pytest.fixture(params=["* text\n", "* text eol=crlf\n", "* text=auto eol=crlf\n", ""])
    def crlf(self, request: pytest.FixtureRequest, user: User) -> User:
        user.git("config", "core.autocrlf", "true")
        user.commit({"../.gitattributes": request.param.encode()})
        return user

    def test_a_record_keeps_every_byte(self, crlf: User) -> None:
        content = record(body="<p>one\r\ntwo\nthree\r\n</p>")
        crlf.pull(crlf.history(), {RECORD: content})
        assert crlf.at_head(RECORD) == content
        (crlf.copy / RECORD).unlink()
        crlf.git("checkout", "--quiet", "--", ".")
        assert load_record(crlf.read(RECORD)).page.body == "<p>one\r\ntwo\nthree\r\n</p>"
        assert crlf.status() == []

    def test_a_record_keeps_every_byte_before_the_attributes_file_exists(self, tmp_path: Path) -> None:
        fresh = new_repository(tmp_path / "fresh")
        fresh.commit({".gitattributes": b"* text eol=crlf\n"})
        content = record(body="<p>\r\n</p>")
        fresh.pull(fresh.history(), {**BASE_FILES, RECORD: content})
        assert fresh.at_head(RECORD) == content
        assert fresh.status() == []

    def test_a_page_with_windows_line_ends_is_stored_as_git_add_would(self, crlf: User) -> None:
        crlf.pull(crlf.history(), {PAGE: b"one\r\ntwo\r\n"})
        assert crlf.status() == []
        assert crlf.at_head(PAGE) == b"one\ntwo\n"

    def test_so_is_one_that_was_observed(self, crlf: User) -> None:
        history = crlf.history()
        files = {PAGE: b"one\r\ntwo\r\n", RECORD: record(body="\r\n")}
        seen = history.observe([ObservedVersion(ANN, "v1", files)], history.state().head)
        move = history.fast_forward(seen, files)
        crlf.write_all(files)
        move.publish()
        assert crlf.status() == []


class TestFilters:
    """A stand-in for Git LFS: the blob is a pointer, the file the content."""

    @pytest.fixture
    def filtered(self, user: User) -> User:
        user.git("config", "filter.fake.clean", "printf 'pointer to '; wc -c; echo %f >> ../cleaned")
        user.git("config", "filter.fake.smudge", "cat")
        user.commit({"../.gitattributes": b"*.psd filter=fake -text\n"})
        return user

    def test_bytes_go_through_the_filter(self, filtered: User) -> None:
        filtered.pull(filtered.history(), {IMAGE: b"\0" * 100_000, PAGE: b"text\n"})
        assert filtered.at_head(IMAGE).split() == [b"pointer", b"to", b"100000"]
        assert filtered.at_head(PAGE) == b"text\n"
        assert filtered.status() == []
        assert str(IMAGE) in (filtered.top.parent / "cleaned").read_text()

    def test_so_do_staged_files_and_observed_ones(self, filtered: User, tmp_path: Path) -> None:
        staged = tmp_path / "download"
        staged.write_bytes(b"\0" * 5)
        history = filtered.history()
        seen = history.observe([ObservedVersion(ANN, "v1", {IMAGE: staged})], history.state().head)
        filtered.save(IMAGE, b"\0" * 5)
        history.fast_forward(seen, [IMAGE]).publish()
        assert filtered.at_head(IMAGE).split() == [b"pointer", b"to", b"5"]
        assert filtered.status() == []

    def test_a_filter_for_everything_does_not_reach_records(self, filtered: User) -> None:
        filtered.commit({"../.gitattributes": b"* filter=fake ident\n"})
        filtered.pull(filtered.history(), {RECORD: record(body="$Id: 7$")})
        assert filtered.at_head(RECORD) == record(body="$Id: 7$")
        assert filtered.status() == []

    def test_idents_and_encodings_are_git_matters_too(self, user: User) -> None:
        user.commit({"../.gitattributes": b"*.md ident\n*.txt text working-tree-encoding=UTF-16LE\n"})
        text = RelPath("a.assets/note.txt")
        user.pull(user.history(), {PAGE: b"$Id: 12$\n", text: "ü\n".encode("utf-16-le")})
        assert user.at_head(PAGE) == b"$Id$\n"
        assert user.at_head(text) == "ü\n".encode()


def test_a_gitignore_that_hides_dot_folders_does_not_hide_the_base(user: User) -> None:
    user.commit({"../.gitignore": b".*\n"})
    history = user.history()
    user.pull(history, {RECORD: record()})
    assert user.at_head(RECORD) == record()
    assert RECORD in history.files()
    assert user.status() == []


def test_many_small_blobs_and_no_conversion_are_quick(user: User) -> None:
    files = {RelPath(f"p/{n % 50}/{n}.md"): b"# %d\n" % n for n in range(2_000)}
    user.history().prepare(files, "pull").abandon()
    assert len(list((user.top / ".git" / "objects" / "pack").glob("*.pack"))) >= 1
