"""What a watch does next, without a clock, a disk or a network."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confsync.model.ids import RelPath
from confsync.watch import state
from confsync.watch.dirt import EVERYTHING, MOST, Dirt
from confsync.watch.hints import matters
from confsync.watch.pace import Pace, jittered, retry_after
from confsync.watch.state import Do, State, Step

PACE = Pace(interval=15, settle=2, forced=30, rescan=300)
A, B = RelPath("a.md"), RelPath("b.md")
NEWS = frozenset({"1 v2"})


def quiet(now: float = 0.0) -> State:
    """A watch that has looked and run its first round."""
    begun = state.looked(state.begin(PACE, now), frozenset(), now, 0.5)
    return state.rounded(state.started(begun), now, changed=False, whole=PACE.whole(4))


def test_it_begins_with_a_look_and_a_whole_round() -> None:
    begun = state.begin(PACE, 100.0)
    assert state.next_step(begun, 100.0) == Step(Do.LOOK)
    assert state.next_step(state.looked(begun, frozenset(), 100.0, 0.5), 100.0) == Step(Do.WHOLE)


def test_a_saved_file_waits_until_it_rests() -> None:
    saved = state.touched(quiet(), [A], 1.0)
    assert state.next_step(saved, 1.5) == Step(Do.WAIT, 3.0)
    assert state.next_step(saved, 3.0) == Step(Do.LOCAL)


def test_typing_on_starts_the_rest_again_but_not_for_ever() -> None:
    now = quiet()
    for second in range(40):
        now = state.touched(now, [A], float(second))
    assert now.dirt.due(PACE.settle, PACE.forced) == 30.0


def test_news_wait_for_a_file_in_motion() -> None:
    typing = state.looked(state.touched(quiet(), [A], 1.0), NEWS, 1.0, 0.5)
    assert state.next_step(typing, 2.0) == Step(Do.WAIT, 3.0)
    assert state.next_step(typing, 3.0) == Step(Do.NEWS)


def test_what_a_round_could_not_settle_is_no_news_the_next_time() -> None:
    first = state.looked(quiet(), NEWS, 20.0, 0.5)
    assert first.wanted
    after = state.rounded(state.started(first), 21.0, changed=False)
    assert not state.looked(after, NEWS, 40.0, 0.5).wanted


def test_what_went_away_in_between_is_news_again() -> None:
    after = state.rounded(state.started(state.looked(quiet(), NEWS, 20.0, 0.5)), 21.0, changed=False)
    without = state.looked(after, frozenset(), 40.0, 0.5)
    assert state.looked(without, NEWS, 60.0, 0.5).wanted


def test_events_during_a_round_belong_to_the_next_one() -> None:
    running = state.touched(state.started(state.touched(quiet(), [A], 1.0)), [B], 4.0)
    assert state.rounded(running, 5.0, changed=True).dirt.among([A, B]) == {B}


def test_lost_events_want_a_look_and_a_whole_round() -> None:
    lost = state.missed(quiet(), 5.0)
    assert state.next_step(lost, 5.0) == Step(Do.LOOK)
    assert lost.wanted
    assert lost.dirt.among([A]) == {A}


def test_a_whole_round_is_due_now_and_then() -> None:
    looked = state.looked(quiet(), frozenset(), 299.0, 0.5)
    assert state.next_step(looked, 300.0) == Step(Do.WHOLE)


def test_the_files_are_scanned_now_and_then_whatever_events_say() -> None:
    large = state.rounded(state.started(state.begin(PACE, 0.0)), 0.0, changed=False, whole=PACE.whole(48))
    assert large.whole_at == 1440.0
    looked = state.looked(large, frozenset(), 299.0, 0.5)
    assert state.next_step(looked, 300.0) == Step(Do.LOCAL)
    assert state.next_step(state.scanned(looked, 300.0), 300.0).do is Do.WAIT


def test_an_edit_that_came_too_soon_has_its_turn() -> None:
    later = state.rounded(state.started(quiet()), 1.0, changed=True, later=14.0)
    assert not later.idle
    assert state.next_step(state.looked(later, frozenset(), 6.0, 0.5), 10.0).do is Do.WAIT
    assert state.next_step(replace(later, look_at=99.0), 14.0) == Step(Do.LOCAL)


def test_a_bell_from_confluence_wants_a_look_at_once() -> None:
    assert state.next_step(state.rung(quiet(), 3.0), 3.0) == Step(Do.LOOK)


def test_failures_are_retried_later_and_later_and_one_success_ends_that() -> None:
    failing, times = quiet(), []
    for _ in range(12):
        failing = state.failed(failing, 0.0, 0.5)
        times.append(failing.not_before)
        assert state.next_step(failing, 0.0).do is Do.WAIT
    assert times == sorted(times)
    assert times[:3] == [2.0, 4.0, 8.0]
    assert times[-1] == 300.0
    assert not failing.idle
    assert state.rounded(state.started(failing), 400.0, changed=False).idle


def test_looks_come_sooner_after_changes_and_later_in_the_quiet() -> None:
    busy = state.looked(quiet(), NEWS, 10.0, 0.5)
    assert busy.look_at == 15.0
    calm = quiet()
    for _ in range(20):
        calm = state.looked(calm, frozenset(), 0.0, 0.5)
    assert calm.look_at == 60.0


@given(st.floats(1, 600), st.lists(st.booleans(), max_size=40), st.floats(0, 1, exclude_max=True))
def test_the_pause_between_looks_stays_within_its_bounds(
    interval: float, finds: list[bool], dice: float
) -> None:
    pace = Pace(interval=interval)
    now = state.begin(pace, 0.0)
    for number, found in enumerate(finds):
        now = state.looked(now, frozenset({str(number)} if found else ()), 0.0, dice)
        assert min(1.0, interval / 3) * 0.9 <= now.look_at <= interval * 4 * 1.1


@given(st.lists(st.tuples(st.floats(0, 50), st.sampled_from("abc")), min_size=1))
def test_whatever_moves_is_taken_along_in_bounded_time(saves: list[tuple[float, str]]) -> None:
    now = quiet()
    for when, name in sorted(saves):
        now = state.touched(now, [RelPath(name)], when)
    first = min(when for when, _ in saves)
    due = now.dirt.due(PACE.settle, PACE.forced)
    assert due is not None
    assert due <= first + PACE.forced


@given(st.lists(st.sampled_from(["touch", "look", "news", "fail", "tick", "miss"]), max_size=60))
def test_a_step_never_waits_for_the_past(acts: list[str]) -> None:
    now, clock = quiet(), 0.0
    for act in acts:
        clock += 0.7
        match act:
            case "touch":
                now = state.touched(now, [A], clock)
            case "look" | "news":
                now = state.looked(now, NEWS if act == "news" else frozenset(), clock, 0.2)
            case "fail":
                now = state.failed(now, clock, 0.2)
            case "miss":
                now = state.missed(now, clock)
            case _:
                clock += 40.0
        step = state.next_step(now, clock)
        assert step.do is not Do.WAIT or step.until > clock


def test_too_many_paths_become_everything() -> None:
    dirt = Dirt().add([RelPath(f"{number}.md") for number in range(MOST + 1)], 1.0)
    assert set(dirt.touched) == {EVERYTHING}
    assert dirt.among([A]) == {A}


def test_a_moved_folder_speaks_for_what_is_in_it() -> None:
    dirt = Dirt().add([RelPath("guide")], 1.0)
    assert dirt.among([RelPath("guide/a.md"), RelPath("guides.md")]) == {"guide/a.md"}


def test_retries_and_jitter_are_bounded() -> None:
    assert retry_after(10_000) == 300.0
    assert [jittered(10, dice) for dice in (0.0, 0.5)] == [9.0, 10.0]


@pytest.mark.parametrize("path", ["a.md", "guide/b.md", "a.assets/x.png", "guide", "Ünï.md"])
def test_files_of_people_matter(path: str) -> None:
    assert matters(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".git/index",
        ".confsync/pages/45/1.page",
        ".obsidian/workspace.json",
        "guide/.a.md.swp",
        "4913",
        "a.md~",
        ".goutputstream-X",
        "a.md___jb_tmp___",
        "a_BASE_123.md",
        "a_REMOTE_9.md",
        "a.md.orig",
        ".confsync-tmp-1",
    ],
)
def test_what_tools_leave_does_not(path: str) -> None:
    assert not matters(path)


def test_a_file_written_under_a_round_is_taken_along_by_the_next_one_once_it_rests() -> None:
    cut = state.interrupted(state.started(quiet()), [A], 5.0)
    assert state.next_step(cut, 5.0) == Step(Do.WAIT, 7.0)
    assert state.next_step(cut, 7.0) == Step(Do.NEWS)
