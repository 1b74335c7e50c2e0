"""The journal on disk: a line is there before anything is done about it, and a torn one never was."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confsync.errors import HistoryError
from confsync.history import FileJournal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "common" / "confsync" / "DOCS" / "journal"


def test_a_torn_last_line_is_passed_over_and_the_next_starts_afresh(path: Path) -> None:
    FileJournal(path).intend({"key": "1"})
    with path.open("ab") as stream:
        stream.write(b'{"intend": {"key": "2", "op": "cre')
    assert FileJournal(path).open() == [{"key": "1"}]
    FileJournal(path).intend({"key": "3"})
    assert FileJournal(path).open() == [{"key": "1"}, {"key": "3"}]


def test_a_first_line_may_be_torn_too(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b'{"int')
    FileJournal(path).intend({"key": "1"})
    assert FileJournal(path).open() == [{"key": "1"}]


def test_any_other_damage_is_an_error_that_names_the_line(path: Path) -> None:
    FileJournal(path).intend({"key": "1"})
    path.write_bytes(path.read_bytes() + b"garbage\n")
    with pytest.raises(HistoryError, match="line 2"):
        FileJournal(path).open()


def test_an_empty_journal_is_an_empty_file(path: Path) -> None:
    journal = FileJournal(path)
    assert journal.open() == []
    assert not path.exists()
    for key in "123":
        journal.intend({"key": key})
    for key in "213":
        journal.done(key)
    assert path.read_bytes() == b""


@given(cut=st.integers(0, 400))
def test_whatever_a_crash_cuts_off_what_was_written_before_it_is_there(
    cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("cut") / "journal"
    journal = FileJournal(path)
    sizes = []
    for number in range(8):
        journal.intend({"key": str(number), "text": "é\n" * number})
        sizes.append(path.stat().st_size)
    path.write_bytes(path.read_bytes()[:cut])
    whole = sum(size <= cut for size in sizes)
    assert [entry["key"] for entry in FileJournal(path).open()] == [str(n) for n in range(whole)]
