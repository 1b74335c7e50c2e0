"""What every `History` does, on real git and in memory alike."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from confsync.errors import HeadMoved, HistoryError, HookRefused, IdentityMissing, RepositoryBusy
from confsync.history import index
from confsync.model.ids import CommitId, PageId, RelPath
from confsync.ports import Author, ConflictState, Content, ObservedVersion, PendingConflict
from tests.contract.history.desks import Desk, MemoryDesk, RealDesk, text_at_head

ANN = Author("Ann", "ann@example.com", "1700000000 +0100")
A, B, N = RelPath("a.md"), RelPath("sub/b.md"), RelPath("new.md")


@pytest.fixture(params=[RealDesk, MemoryDesk], ids=["real", "memory"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """A working copy with two committed files."""
    made: Desk = request.param(tmp_path)
    for path in (A, B):
        made.save(path, b"one\n")
        made.add(path)
    made.commit("start")
    return made


def version(files: Mapping[RelPath, Content | None], message: str = "v2") -> ObservedVersion:
    return ObservedVersion(ANN, message, files)


def conflict(state: ConflictState = ConflictState.MARKED) -> PendingConflict:
    return PendingConflict(
        page=PageId("77"),
        path=A,
        state=state,
        head_text=b"one\n",
        base_text=b"base\n",
        ours=b"mine\n",
        theirs=b"\xfftheirs\n",
        marked=b"<<<<<<< local\n",
        record=b"record",
    )


def head(desk: Desk) -> CommitId:
    found = desk.history.state().head
    assert found is not None
    return found


class TestState:
    def test_a_clean_copy_on_a_branch(self, desk: Desk) -> None:
        state = desk.history.state()
        assert state.branch == "main"
        assert state.operation == ""
        assert not state.unmerged | state.half_staged | state.absent

    @pytest.mark.parametrize("make", [RealDesk, MemoryDesk])
    def test_a_branch_without_commits(self, make: type[Desk], tmp_path: Path) -> None:
        empty = make(tmp_path)  # type: ignore[call-arg]  # a Protocol has no constructor
        assert empty.history.state().head is None
        assert empty.history.files() == {}
        empty.save("a.md", b"1")
        assert empty.history.commit_edits([A], "first").commit == head(empty)

    def test_a_merge_under_way(self, desk: Desk) -> None:
        desk.begin_merge()
        assert desk.history.state().operation == "merge"

    def test_staged_and_then_edited_on_is_half_staged(self, desk: Desk) -> None:
        for path in (A, N):
            desk.save(path, b"staged\n")
            desk.add(path)
            desk.save(path, b"and edited on\n")
        desk.save(B, b"staged\n")
        desk.add(B)
        assert desk.history.state().half_staged == {A, N}

    def test_edited_is_whatever_is_not_as_in_head(self, desk: Desk) -> None:
        assert desk.history.edited() == frozenset()
        desk.save(A, b"two\n")
        desk.delete(B)
        desk.save(N, b"new\n")
        desk.save(".confsync-tmp-1", b"ours\n")
        assert desk.history.edited() == {A, B, N}


class TestObjects:
    def test_files_and_their_texts(self, desk: Desk) -> None:
        files = desk.history.files()
        assert files.keys() == {A, B}
        assert set(desk.history.blobs(files.values()).values()) == {b"one\n"}

    def test_an_older_commit_can_be_read(self, desk: Desk) -> None:
        old = head(desk)
        desk.save(A, b"two\n")
        desk.history.commit_edits([A], "edit")
        assert desk.history.files(old)[A] == desk.history.files()[B]

    def test_a_commit_by_name(self, desk: Desk) -> None:
        here = head(desk)
        assert desk.history.find_commit("HEAD") == here
        assert desk.history.find_commit("main") == here
        assert desk.history.find_commit(here[:10]) == here
        assert desk.history.find_commit("no-such-branch") is None
        assert desk.history.find_commit("--help") is None

    def test_a_file_of_an_older_commit_is_written_out(self, desk: Desk, tmp_path: Path) -> None:
        old = head(desk)
        desk.save(A, b"two\n")
        desk.history.commit_edits([A], "edit")
        desk.history.export(old, A, tmp_path / "out")
        assert (tmp_path / "out").read_bytes() == b"one\n"
        with pytest.raises(HistoryError):
            desk.history.export(old, N, tmp_path / "none")

    def test_a_blob_that_is_not_there_is_an_error(self, desk: Desk) -> None:
        with pytest.raises(HistoryError):
            desk.history.blobs(["0" * 39 + "1"])

    def test_ancestors(self, desk: Desk) -> None:
        old = head(desk)
        desk.save(A, b"two\n")
        new = desk.history.commit_edits([A], "edit").commit
        assert new is not None
        assert desk.history.is_ancestor(old, new)
        assert desk.history.is_ancestor(old[:12], new)
        assert desk.history.is_ancestor(new, new)
        assert not desk.history.is_ancestor(new, old)
        assert not desk.history.is_ancestor("0123456789ab", new)
        assert not desk.history.is_ancestor("--help", new)

    def test_the_subject_of_the_last_commit_of_a_file(self, desk: Desk) -> None:
        desk.save(A, b"two\n")
        desk.history.commit_edits([A], "Say two\n\nbecause one was wrong")
        desk.save(N, b"new\n")
        desk.history.commit_edits([N], "Say new")
        assert desk.history.subject(A) == "Say two"
        assert desk.history.subject(B) == "start"
        assert desk.history.subject(RelPath("never.md")) == ""

    def test_what_a_file_once_said_is_known(self, desk: Desk) -> None:
        old = head(desk)
        first = desk.history.blobs([desk.history.files()[A]])[desk.history.files()[A]]
        desk.save(A, b"two\n")
        new = desk.history.commit_edits([A], "two").commit
        assert new is not None
        assert [desk.history.had_before(at, A, b"two\n") for at in (old, new)] == [False, True]
        assert desk.history.had_before(new, A, first)
        assert not desk.history.had_before(new, B, b"two\n")

    def test_what_only_a_merge_said_is_known(self, desk: Desk) -> None:
        remote = desk.history.observe([version({A: b"theirs\n"})], head(desk))
        desk.save(A, b"mine\n")
        desk.history.commit_edits([A], "mine")
        move = desk.history.prepare({A: b"both\n"}, "pull", merge=remote)
        desk.save(A, b"both\n")
        move.publish()
        assert all(
            desk.history.had_before(head(desk), A, said) for said in (b"both\n", b"theirs\n", b"mine\n")
        )


class TestCommitEdits:
    def test_only_the_named_files_are_committed(self, desk: Desk) -> None:
        desk.save(A, b"two\n")
        desk.save(B, b"not yet\n")
        commit = desk.history.commit_edits([A], "my words").commit
        assert commit == head(desk)
        assert text_at_head(desk, A) == b"two\n"
        assert desk.history.edited() == {B}
        assert desk.staged() == frozenset()

    def test_new_and_deleted_files(self, desk: Desk) -> None:
        desk.save(N, b"new\n")
        desk.delete(B)
        desk.history.commit_edits([N, B], "edit")
        assert desk.history.files().keys() == {A, N}
        assert desk.history.edited() == frozenset()

    def test_nothing_edited_makes_no_commit(self, desk: Desk) -> None:
        before = head(desk)
        assert desk.history.commit_edits([A], "edit").commit is None
        assert head(desk) == before

    def test_what_else_is_staged_stays_staged(self, desk: Desk) -> None:
        desk.save(B, b"staged\n")
        desk.add(B)
        desk.save(A, b"two\n")
        desk.history.commit_edits([A], "edit")
        assert desk.staged() == {B}
        assert text_at_head(desk, B) == b"one\n"

    def test_a_half_staged_file_is_left_alone(self, desk: Desk) -> None:
        desk.save(A, b"staged\n")
        desk.add(A)
        desk.save(A, b"half-written\n")
        assert desk.history.commit_edits([A], "edit").commit is None
        assert text_at_head(desk, A) == b"one\n"
        assert desk.history.state().half_staged == {A}

    def test_a_file_in_conflict_is_left_alone_and_others_go_on(self, desk: Desk) -> None:
        desk.history.hold(conflict())
        desk.save(A, b"<<<<<<< local\n")
        desk.save(B, b"two\n")
        desk.history.commit_edits([A, B], "edit")
        assert text_at_head(desk, A) == b"one\n"
        assert text_at_head(desk, B) == b"two\n"
        assert desk.history.state().unmerged == {A}

    def test_a_hook_that_refuses_moves_nothing(self, desk: Desk) -> None:
        before = head(desk)
        desk.refuse_commits()
        desk.save(A, b"two \n")
        with pytest.raises(HookRefused, match="pre-commit") as caught:
            desk.history.commit_edits([A], "edit")
        assert "line 3: trailing space" in caught.value.hint
        assert head(desk) == before
        assert desk.staged() == frozenset()
        assert desk.files()["a.md"] == b"two \n"

    def test_without_an_identity_nothing_is_committed(self, desk: Desk) -> None:
        desk.forget_identity()
        desk.save(A, b"two\n")
        with pytest.raises(IdentityMissing) as caught:
            desk.history.commit_edits([A], "edit")
        assert "git config user.name" in caught.value.hint

    def test_not_in_the_middle_of_a_merge(self, desk: Desk) -> None:
        desk.begin_merge()
        desk.save(A, b"two\n")
        with pytest.raises(RepositoryBusy, match="merge"):
            desk.history.commit_edits([A], "edit")


class TestTransactions:
    def test_files_first_then_head_then_index(self, desk: Desk) -> None:
        before = head(desk)
        move = desk.history.prepare({A: b"two\n", B: None, N: b"new\n"}, "pull", author=ANN)
        assert head(desk) == before
        desk.save(A, b"two\n")
        desk.delete(B)
        desk.save(N, b"new\n")
        move.publish()
        assert head(desk) == move.commit
        assert desk.history.edited() == frozenset()
        assert desk.history.files().keys() == {A, N}

    def test_abandoned_nothing_has_happened(self, desk: Desk) -> None:
        before = head(desk)
        desk.history.prepare({A: b"two\n"}, "pull").abandon()
        assert head(desk) == before
        assert desk.history.edited() == frozenset()
        desk.history.prepare({A: b"two\n"}, "pull").abandon()

    def test_a_head_that_moved_meanwhile_stays_where_it_is(self, desk: Desk) -> None:
        stale = desk.history.prepare({A: b"two\n"}, "pull")
        stale.abandon()
        theirs = desk.commit("meanwhile")
        with pytest.raises(HeadMoved):
            stale.publish()
        assert head(desk) == theirs

    def test_what_is_over_does_not_take_the_next_ones_lock_away(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(index, "WAIT", 0.0)
        over = desk.history.prepare({A: b"two\n"}, "pull")
        over.abandon()
        desk.hold_index()
        over.abandon()
        with pytest.raises(RepositoryBusy):
            desk.history.prepare({A: b"two\n"}, "pull")

    def test_an_index_that_somebody_holds_stops_before_anything(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(index, "WAIT", 0.0)
        before = head(desk)
        desk.hold_index()
        with pytest.raises(RepositoryBusy, match=r"index\.lock"):
            desk.history.prepare({A: b"two\n"}, "pull")
        desk.history.recover()  # it is not ours to remove
        with pytest.raises(RepositoryBusy):
            desk.history.prepare({A: b"two\n"}, "pull")
        assert head(desk) == before

    def test_what_the_user_staged_elsewhere_stays_staged(self, desk: Desk) -> None:
        desk.save(B, b"staged\n")
        desk.add(B)
        move = desk.history.prepare({A: b"two\n"}, "pull")
        desk.save(A, b"two\n")
        move.publish()
        assert desk.staged() == {B}

    def test_what_the_user_staged_in_the_same_file_is_not_reverted(self, desk: Desk) -> None:
        desk.save(A, b"staged\n")
        desk.add(A)
        with pytest.raises(RepositoryBusy, match="staged changes"):
            desk.history.prepare({A: b"two\n"}, "pull")
        assert desk.staged() == {A}
        desk.history.prepare({B: b"two\n"}, "pull").abandon()

    def test_a_record_in_the_index_is_decoration(self, desk: Desk) -> None:
        record = RelPath(".confsync/pages/45/12345.page")
        desk.save(record, b"tampered")
        desk.add(record)
        move = desk.history.prepare({record: b"true"}, "pull")
        desk.save(record, b"true")
        move.publish()
        assert desk.staged() == frozenset()
        assert text_at_head(desk, record) == b"true"

    def test_a_merge_has_two_parents(self, desk: Desk) -> None:
        base = head(desk)
        remote = desk.history.observe([version({A: b"theirs\n"})], base)
        desk.save(B, b"mine\n")
        mine = desk.history.commit_edits([B], "mine").commit
        assert mine is not None
        move = desk.history.prepare({A: b"theirs\n"}, "pull", merge=remote)
        desk.save(A, b"theirs\n")
        move.publish()
        assert desk.history.is_ancestor(remote, head(desk))
        assert desk.history.is_ancestor(mine, head(desk))

    def test_committing_the_text_of_a_conflict_ends_its_stages(self, desk: Desk) -> None:
        desk.history.hold(conflict())
        desk.save(A, b"resolved\n")
        desk.history.prepare({A: b"resolved\n"}, "settle").publish()
        assert desk.history.state().unmerged == frozenset()
        assert desk.history.edited() == frozenset()

    def test_a_staged_file_goes_in_like_bytes(self, desk: Desk, tmp_path: Path) -> None:
        download = tmp_path / "download"
        download.write_bytes(b"\0\r\n" * 1000)
        move = desk.history.prepare({RelPath("a.assets/x.bin"): download}, "pull")
        desk.save("a.assets/x.bin", download.read_bytes())
        move.publish()
        assert text_at_head(desk, "a.assets/x.bin") == b"\0\r\n" * 1000
        assert desk.history.edited() == frozenset()


class TestRecovery:
    def test_the_lock_of_a_crashed_run_is_removed(self, desk: Desk) -> None:
        desk.history.prepare({A: b"two\n"}, "pull")
        desk.next_run()
        desk.history.recover()
        desk.history.prepare({A: b"two\n"}, "pull").abandon()
        assert desk.history.edited() == frozenset()

    def test_with_nothing_to_recover_nothing_happens(self, desk: Desk) -> None:
        desk.save(A, b"staged\n")
        desk.add(A)
        desk.history.recover()
        assert desk.staged() == {A}


class TestTracking:
    def test_it_starts_nowhere_and_goes_where_it_is_put(self, desk: Desk) -> None:
        assert desk.history.tracking() is None
        desk.history.set_tracking(head(desk))
        assert desk.history.tracking() == head(desk)

    def test_observing_moves_nothing(self, desk: Desk) -> None:
        before = head(desk)
        seen = desk.history.observe([version({A: b"two\n"}), version({B: None}, "v3")], before)
        assert head(desk) == before
        assert desk.history.tracking() is None
        assert desk.history.is_ancestor(before, seen)
        assert desk.history.files(seen).keys() == {A}

    def test_the_same_versions_are_the_same_commits(self, desk: Desk) -> None:
        steps = [version({A: b"two\n", N: b"n\n"}), version({A: b"three\n", N: None}, "v3")]
        once = desk.history.observe(steps, head(desk))
        assert desk.history.observe(steps, head(desk)) == once
        assert desk.history.observe(steps[:1], head(desk)) != once

    def test_a_history_may_start_from_nothing(self, desk: Desk) -> None:
        seen = desk.history.observe([version({A: b"first\n"})], None)
        assert desk.history.files(seen).keys() == {A}
        assert not desk.history.is_ancestor(head(desk), seen)

    def test_fast_forward(self, desk: Desk) -> None:
        seen = desk.history.observe([version({A: b"two\n", B: None})], head(desk))
        move = desk.history.fast_forward(seen, {A, B})
        desk.save(A, b"two\n")
        desk.delete(B)
        move.publish()
        assert head(desk) == seen
        assert desk.history.edited() == frozenset()

    def test_no_fast_forward_past_a_commit_of_the_user(self, desk: Desk) -> None:
        seen = desk.history.observe([version({A: b"two\n"})], head(desk))
        desk.save(B, b"mine\n")
        desk.history.commit_edits([B], "mine")
        with pytest.raises(HeadMoved):
            desk.history.fast_forward(seen, {A})
        desk.history.prepare({A: b"two\n"}, "pull").abandon()

    def test_no_fast_forward_over_files_nobody_wrote(self, desk: Desk) -> None:
        seen = desk.history.observe([version({A: b"two\n", B: b"two\n"})], head(desk))
        with pytest.raises(HistoryError, match=r"sub/b\.md"):
            desk.history.fast_forward(seen, {A})


class TestConflicts:
    @pytest.mark.parametrize("state", ConflictState)
    def test_a_conflict_is_remembered_byte_for_byte(self, desk: Desk, state: ConflictState) -> None:
        desk.history.hold(conflict(state))
        desk.next_run()
        assert desk.history.pending() == {"77": conflict(state)}

    def test_only_a_marked_one_has_stages(self, desk: Desk) -> None:
        desk.history.hold(conflict(ConflictState.DEFERRED))
        assert desk.history.state().unmerged == frozenset()
        desk.history.hold(conflict())
        assert desk.history.state().unmerged == {A}
        desk.history.hold(conflict(ConflictState.DEFERRED))
        assert desk.history.state().unmerged == frozenset()

    def test_settled_it_is_forgotten_and_the_file_stays(self, desk: Desk) -> None:
        before = head(desk)
        desk.history.hold(conflict())
        desk.save(A, b"resolved\n")
        desk.history.settle(PageId("77"))
        assert desk.history.pending() == {}
        assert desk.history.state().unmerged == frozenset()
        assert desk.staged() == frozenset()
        assert desk.files()["a.md"] == b"resolved\n"
        assert head(desk) == before

    def test_what_the_user_resolved_and_staged_stays_staged(self, desk: Desk) -> None:
        desk.history.hold(conflict())
        desk.save(A, b"resolved\n")
        desk.add(A)
        desk.history.settle(PageId("77"))
        assert desk.staged() == {A}

    def test_settling_what_is_not_there_is_fine(self, desk: Desk) -> None:
        desk.history.settle(PageId("78"))


class TestCache:
    def test_what_is_remembered_is_recalled_until_it_is_lost(self, desk: Desk) -> None:
        assert desk.cache().recall("clean") == ""
        desk.cache().remember("clean", "a\r\nß")
        desk.cache().remember("../swept", "now")
        assert desk.cache().recall("clean") == "a\r\nß"
        assert desk.cache().recall("../swept") == "now"


class TestJournal:
    def test_what_is_open_survives(self, desk: Desk) -> None:
        desk.journal().intend({"key": "1", "op": "create"})
        desk.journal().intend({"key": "2", "op": "update", "title": "Zürich\u2028"})
        desk.journal().done("1")
        assert desk.journal().open() == [{"key": "2", "op": "update", "title": "Zürich\u2028"}]

    def test_a_later_state_replaces_the_earlier_in_its_place(self, desk: Desk) -> None:
        journal = desk.journal()
        for entry in ({"key": "1"}, {"key": "2"}, {"key": "1", "id": "99"}):
            journal.intend(entry)
        assert journal.open() == [{"key": "1", "id": "99"}, {"key": "2"}]

    def test_closing_all_leaves_nothing(self, desk: Desk) -> None:
        journal = desk.journal()
        journal.intend({"key": "1"})
        journal.done("1")
        journal.done("never opened")
        assert journal.open() == []
        journal.intend({"key": "3"})
        assert desk.journal().open() == [{"key": "3"}]
