"""Merging labels, order, single values, and names of copies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confsync.merge import (
    Both,
    Local,
    Remote,
    Same,
    copy_name,
    merge_field,
    merge_labels,
    merge_order,
)

SETS = st.frozensets(st.sampled_from("abcdef"))


def test_labels_are_merged_as_sets() -> None:
    assert merge_labels({"a", "b"}, {"a", "c"}, {"b", "a", "d"}) == {"a", "c", "d"}
    assert merge_labels({"a", "b"}, {"a", "b"}, {"a"}) == {"a"}


@given(SETS, SETS, SETS)
def test_labels_are_merged_alike_from_both_sides(
    base: frozenset[str], one: frozenset[str], two: frozenset[str]
) -> None:
    merged = merge_labels(base, one, two)
    assert merged == merge_labels(base, two, one)
    assert merge_labels(base, one, base) == one
    assert merge_labels(base, one, one) == one
    assert merge_labels(base, merged, two) == merged


def test_a_single_value_has_one_of_four_fates() -> None:
    assert merge_field("a", "a", "a") == Same("a")
    assert merge_field("a", "b", "b") == Same("b")
    assert merge_field("a", "b", "a") == Local("b")
    assert merge_field("a", "a", "b") == Remote("b")
    assert merge_field("a", "b", "c") == Both("b", "c")


@pytest.mark.parametrize(
    ("base", "local", "remote", "merged"),
    [
        ("abcd", "abcd", "bacd", "bacd"),
        ("abcd", "abdc", "bacd", "badc"),
        ("abcd", "abcd", "abxcd", "abxcd"),
        ("abcd", "aybcd", "axbcd", "ayxbcd"),
        ("abcd", "abd", "abcd", "abd"),
        ("abcd", "dabc", "abc", "abc"),
        ("abcd", "dabc", "bcda", "dbca"),
        ("", "ab", "ab", "ab"),
    ],
)
def test_sibling_orders_are_merged(base: str, local: str, remote: str, merged: str) -> None:
    assert "".join(merge_order(base, local, remote)) == merged


ORDERS = st.lists(st.sampled_from("abcdef"), unique=True)


@given(ORDERS, ORDERS, ORDERS)
def test_orders_hold_whom_the_sets_say(base: list[str], local: list[str], remote: list[str]) -> None:
    merged = merge_order(base, local, remote)
    assert len(set(merged)) == len(merged)
    assert set(merged) == merge_labels(base, local, remote)
    assert merge_order(base, local, base) == tuple(local)
    assert merge_order(base, base, remote) == tuple(remote)


def test_the_local_one_of_two_versions_gets_another_name() -> None:
    assert copy_name("a.b.png", "0a1b2c3d4e") == "a.b.local-0a1b2c3.png"
    assert copy_name("Makefile", "0a1b2c3d4e") == "Makefile.local-0a1b2c3"
