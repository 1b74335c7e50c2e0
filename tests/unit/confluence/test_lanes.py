"""How many requests are under way: more while the server is well, fewer when it is not."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from confsync.confluence.lanes import MOST, Lanes


def test_lanes_open_while_answers_are_quick() -> None:
    lanes = Lanes()
    before = lanes.limit
    for _ in range(100):
        lanes.answered(0.05)
    assert before < lanes.limit == MOST


def test_lanes_close_when_answers_become_slow() -> None:
    lanes = Lanes()
    for _ in range(100):
        lanes.answered(0.05)
    lanes.answered(5.0)
    assert lanes.limit == MOST // 2


def test_a_server_that_is_always_slow_is_no_server_in_trouble() -> None:
    lanes = Lanes()
    for _ in range(100):
        lanes.answered(3.0)
    assert lanes.limit == MOST


def test_lanes_close_when_the_server_says_so() -> None:
    lanes = Lanes()
    for _ in range(10):
        lanes.overwhelmed()
    assert lanes.limit == 1


@given(st.lists(st.one_of(st.none(), st.floats(0, 100))))
def test_there_is_always_one_lane_and_never_more_than_the_most(said: list[float | None]) -> None:
    lanes = Lanes(3)
    for seconds in said:
        if seconds is None:
            lanes.overwhelmed()
        else:
            lanes.answered(seconds)
        assert 1 <= lanes.limit <= 3


def test_no_more_go_at_once_than_there_are_lanes() -> None:
    lanes, most, busy, lock = Lanes(2), 0, 0, threading.Lock()

    def go() -> None:
        nonlocal most, busy
        with lanes.one():
            with lock:
                busy += 1
                most = max(most, busy)
            threading.Event().wait(0.01)
            with lock:
                busy -= 1

    threads = [threading.Thread(target=go) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2
