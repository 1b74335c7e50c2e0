"""The demo's edits fit the sample space, and its proof can fail."""

from dataclasses import replace
from pathlib import Path

import pytest

from confsync.cli.demo.edits import CONFLICT, EDITS, SETTLED, Edit
from confsync.cli.demo.proof import compare, untouched
from confsync.cli.demo.stage import MARK, clear
from confsync.errors import UsageError
from confsync.model.record import Record, load_record, record_path
from confsync.shipped import sample_space


def _record(edit: Edit) -> Record:
    return load_record((sample_space() / record_path(edit.page)).read_bytes())


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.path)
def test_the_words_are_in_the_file_and_in_the_storage(edit: Edit) -> None:
    text = (sample_space() / edit.path).read_text(encoding="utf-8")
    assert f"id: {edit.page}\n" in text
    if edit.mine:
        assert edit.mine.after in edit.mine.apply(text, edit.path)
    if edit.theirs:
        assert edit.theirs.after in edit.theirs.apply(_record(edit).page.body, edit.path)


def test_words_that_are_not_there_are_an_error() -> None:
    assert CONFLICT.mine is not None
    with pytest.raises(LookupError):
        CONFLICT.mine.apply("nothing of the kind", "x.md")
    assert SETTLED not in (CONFLICT.mine.after, CONFLICT.mine.before)


def test_the_proof_counts_bytes_and_shows_new_words() -> None:
    before = _record(CONFLICT)
    assert CONFLICT.mine is not None
    body = CONFLICT.mine.apply(before.page.body, "x")
    kept = compare(before, replace(before, page=replace(before.page, body=body)))
    assert kept.size == len(body.encode())
    assert 0 < kept.size - kept.same < 60
    assert "older" in " ".join(kept.changed)


def test_the_proof_sees_a_single_changed_byte() -> None:
    before = {edit.page: _record(edit) for edit in EDITS}
    after = dict(before)
    assert untouched(before, after, set()) == []
    record = before[CONFLICT.page]
    after[CONFLICT.page] = replace(record, page=replace(record.page, body=f"{record.page.body} "))
    assert untouched(before, after, set()) == [record.page.title]
    assert untouched(before, after, {CONFLICT.page}) == []


def test_only_a_demo_is_ever_removed(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    clear(folder, replace=True)
    (folder / ".git").mkdir(parents=True)
    with pytest.raises(UsageError):
        clear(folder, replace=True)
    (folder / ".git" / MARK).touch()
    with pytest.raises(UsageError, match="earlier demo"):
        clear(folder, replace=False)
    clear(folder, replace=True)
    assert not folder.exists()
