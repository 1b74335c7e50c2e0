"""The order of siblings that people write, and the moves that make it so."""

from hypothesis import given
from hypothesis import strategies as st

from confsync.model.ids import PageId
from confsync.plan.arrange import named_first, steps


def _moved(present: list[PageId], wanted: list[PageId]) -> tuple[list[PageId], int]:
    """What Confluence shows after the moves, and how many there were."""
    row, count = list(present), 0
    for page, beside, behind in steps(present, wanted):
        row.remove(page)
        row.insert(row.index(beside) + behind, page)
        count += 1
    return row, count


_PAGES = st.permutations([PageId(str(n)) for n in range(7)])


@given(_PAGES, _PAGES)
def test_the_moves_make_the_order(present: list[PageId], wanted: list[PageId]) -> None:
    assert _moved(present, wanted)[0] == wanted


@given(_PAGES)
def test_one_page_dragged_is_one_move(present: list[PageId]) -> None:
    assert _moved(present, [*present[3:4], *present[:3], *present[4:]])[1] == 1


def test_no_move_for_the_order_that_is_there() -> None:
    assert _moved([PageId("1"), PageId("2")], [PageId("1"), PageId("2")])[1] == 0


def test_children_that_are_not_named_stay_behind_their_neighbours() -> None:
    known = {"a": "A", "b": "B", "c": "C"}
    assert named_first(["c", "a"], known, ["A", "B", "C"]) == ("C", "A", "B")


def test_names_of_nobody_and_names_said_twice_count_for_nothing() -> None:
    assert named_first(["x", "b", "a", "b"], {"a": "A", "b": "B"}, ["A", "B"]) == ("B", "A")
