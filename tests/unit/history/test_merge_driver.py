"""Merging records of two branches: the newer wins, and a tie claims only what both sides claim.

A base that claims too much makes a removal of what a colleague added; one that claims too little only
makes a pull.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confsync.errors import RecordError
from confsync.history import merge_records
from confsync.model.content import Attachment, Page
from confsync.model.ids import AttachmentId, RelPath
from confsync.model.record import BASE_FILES, Record, dump_record, load_record
from tests.unit.history.records import record, row
from tests.unit.history.repositories import RECORD, User, new_repository

attachments = st.dictionaries(st.sampled_from("ab"), st.integers(1, 3)).map(
    lambda found: tuple(
        Attachment(AttachmentId(name), name, number, number, "image/png")
        for name, number in sorted(found.items())
    )
)
records = st.builds(
    lambda number, title, body, labels, items, restricted, properties: Record(
        Page(row(number, title), body, labels), items, restricted, properties
    ),
    st.integers(1, 2),
    st.sampled_from(["One", "Two"]),
    st.sampled_from(["<p/>", "<p>x</p>"]),
    st.frozensets(st.sampled_from(["draft", "ops", "x"])),
    attachments,
    st.booleans(),
    st.dictionaries(st.sampled_from("pq"), st.integers(0, 1)),
)
dumped = records.map(dump_record)


def test_the_higher_version_wins() -> None:
    assert merge_records(record(number=1), record(number=2), record(number=3)) == record(number=3)
    assert merge_records(record(number=1), record(number=3), record(number=2)) == record(number=3)


def test_of_one_version_only_common_labels_are_claimed() -> None:
    merged = merge_records(record(), record(labels=("a", "b")), record(labels=("b", "c")))
    assert load_record(merged).page.labels == {"b"}


def test_of_one_version_the_older_text_is_the_base() -> None:
    before, after = record(body="<p>x</p>"), record(body='<p><ac:inline-comment-marker ac:ref="1"/>x</p>')
    assert merge_records(before, after, before) == before
    assert merge_records(before, before, after) == before


def test_a_record_by_hand_counts_for_nothing() -> None:
    frankenstein = record(number=3).replace(b"text", b"tex2")
    assert merge_records(record(), frankenstein, record(number=2)) == record(number=2)
    assert merge_records(record(), record(number=2), b"<<<<<<< ours") == record(number=2)
    with pytest.raises(RecordError):
        merge_records(record(), frankenstein, b"")
    with pytest.raises(RecordError):
        merge_records(record(), frankenstein, frankenstein)


def test_records_of_two_pages_do_not_merge() -> None:
    other = dump_record(replace(load_record(record()), page=Page(row(page="99"), "")))
    with pytest.raises(RecordError, match="two pages"):
        merge_records(b"", record(), other)


@given(dumped | st.just(b""), dumped, dumped)
def test_the_sides_may_be_swapped(base: bytes, ours: bytes, theirs: bytes) -> None:
    assert merge_records(base, ours, theirs) == merge_records(base, theirs, ours)


@given(dumped, dumped)
def test_merging_a_record_with_itself_changes_nothing(base: bytes, one: bytes) -> None:
    assert merge_records(base, one, one) == one


@given(dumped | st.just(b""), records, records)
def test_the_result_is_a_record_that_claims_no_more_than_a_side_of_its_version(
    base: bytes, ours: Record, theirs: Record
) -> None:
    merged = load_record(merge_records(base, dump_record(ours), dump_record(theirs)))
    newest = max(ours.row.version.number, theirs.row.version.number)
    assert merged.row.version.number == newest
    for side in (ours, theirs):
        if side.row.version.number == newest:
            assert merged.page.labels <= side.page.labels
            assert merged.properties.items() <= side.properties.items()
            versions = {item.name: item.version for item in side.attachments}
            assert all(item.version <= versions[item.name] for item in merged.attachments)
            assert merged.restricted >= side.restricted


class TestInGit:
    @pytest.fixture
    def user(self, tmp_path: Path) -> User:
        """Two branches that pulled different versions of one page."""
        made = new_repository(tmp_path / "repo", "my docs")
        made.commit(
            {**{str(path): content for path, content in BASE_FILES.items()}, RECORD: record(number=1)}
        )
        made.git("switch", "--quiet", "-c", "feature")
        made.commit({RECORD: record(number=3)})
        made.git("switch", "--quiet", "main")
        made.commit({RECORD: record(number=2)})
        return made

    def test_without_the_driver_there_is_a_conflict_but_no_markers(self, user: User) -> None:
        assert "CONFLICT" in user.git("merge", "feature", check=False)
        assert user.read(RECORD) == record(number=2)

    def test_with_it_the_newer_wins(self, user: User) -> None:
        user.history().install()
        user.git("merge", "--quiet", "feature")
        assert user.read(RECORD) == record(number=3)
        assert user.status() == []

    def test_installing_twice_is_installing_once_and_keeps_what_was_there(self, user: User) -> None:
        info = user.top / ".git" / "info"
        (info / "attributes").write_text("*.c text")
        user.history().install()
        user.history().install()
        assert (info / "attributes").read_text() == (
            '*.c text\n"my docs/.confsync/pages/**/*.page" merge=confsync\n'
        )
        assert (info / "exclude").read_text().count(".confsync-tmp-*\n") == 1

    def test_temporary_files_are_invisible_to_git(self, user: User) -> None:
        user.history().install()
        user.save("deep/.confsync-tmp-1", b"")
        assert user.status() == []

    def test_searches_leave_the_base_out(self) -> None:
        assert BASE_FILES[RelPath(".confsync/.ignore")] == b"*\n"
