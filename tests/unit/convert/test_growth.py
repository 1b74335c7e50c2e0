"""The collector is put off while something grows, and left as it was found."""

import gc
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from confsync.convert import markdown_to_storage, storage_to_markdown
from confsync.convert.growth import growing
from confsync.errors import WouldLose

COMMENTED = '<p><ac:inline-comment-marker ac:ref="a-1">said</ac:inline-comment-marker> once</p>'


@pytest.fixture(autouse=True)
def collector_on() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


@growing
def is_on() -> bool:
    return gc.isenabled()


def test_it_is_off_while_a_tree_grows_and_on_behind_it() -> None:
    assert not is_on()
    assert gc.isenabled()


def test_inside_another_it_stays_off_until_the_outer_one_is_done() -> None:
    @growing
    def outer() -> tuple[bool, bool]:
        return is_on(), gc.isenabled()

    assert outer() == (False, False)
    assert gc.isenabled()


def test_who_turned_it_off_finds_it_off() -> None:
    gc.disable()
    assert not is_on()
    assert not gc.isenabled()


def test_an_error_turns_it_on_again() -> None:
    with pytest.raises(WouldLose):
        markdown_to_storage("once\n", COMMENTED)
    assert gc.isenabled()


def test_the_last_of_several_threads_turns_it_on() -> None:
    first_is_in, second_is_in = Barrier(2, timeout=10), Barrier(2, timeout=10)

    @growing
    def first() -> None:
        first_is_in.wait()
        second_is_in.wait()

    @growing
    def second() -> tuple[bool, bool]:
        second_is_in.wait()
        early.result(timeout=10)
        return gc.isenabled(), True

    with ThreadPoolExecutor(2) as pool:
        early = pool.submit(first)
        first_is_in.wait()
        assert pool.submit(second).result(timeout=10) == (False, True)
    assert gc.isenabled()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_child_that_is_forked_off_meanwhile_has_it_on() -> None:
    @growing
    def forked() -> int:
        child = os.fork()
        if not child:
            os._exit(0 if gc.isenabled() and not is_on() and gc.isenabled() else 1)
        return os.waitpid(child, 0)[1]

    assert forked() == 0
    assert gc.isenabled()


def test_a_conversion_leaves_no_tree_to_the_collector() -> None:
    storage = f"{COMMENTED}<ul><li>one</li></ul>"
    edited = storage_to_markdown(storage).replace("one", "another")
    gc.collect()
    gc.disable()
    before = {id(one) for one in gc.get_objects()}
    markdown_to_storage(edited, storage)
    left = [one for one in gc.get_objects() if id(one) not in before]
    kinds = {type(one).__name__ for one in left}
    assert not kinds & {"Plan", "Patcher", "Aligner"}, kinds
