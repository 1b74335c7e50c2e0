"""Every step is legal on the server when its turn comes."""

from confsync.model.content import ContentType
from confsync.model.ids import PageId, RelPath
from confsync.plan.operation import ByPath, Create, Top, Update
from confsync.plan.order import creation_order, rename_order


def _create(path: str, parent: str | None = None) -> Create:
    ref = ByPath(RelPath(parent)) if parent else Top()
    return Create(RelPath(path), ContentType.PAGE, path, ref, "")


def _rename(page: str, title: str) -> Update:
    return Update(PageId(page), RelPath(f"{page}.md"), title, None)


def test_parents_are_created_first() -> None:
    order = creation_order([_create("a/b/c.md", "a/b.md"), _create("a/b.md", "a.md"), _create("a.md")])
    assert [op.path for op in order] == ["a.md", "a/b.md", "a/b/c.md"]


def test_a_ring_of_parents_ends() -> None:
    assert len(creation_order([_create("a.md", "b.md"), _create("b.md", "a.md")])) == 2


def test_a_title_is_freed_before_it_is_taken() -> None:
    order = rename_order([_rename("1", "B"), _rename("2", "C")], {PageId("1"): "A", PageId("2"): "B"})
    assert [op.title for op in order] == ["C", "B"]


def test_a_swap_parks_one_page() -> None:
    order = rename_order([_rename("1", "B"), _rename("2", "A")], {PageId("1"): "A", PageId("2"): "B"})
    titles = {PageId("1"): "a", PageId("2"): "b"}
    for op in order:
        assert op.title.casefold() not in {t for page, t in titles.items() if page != op.page}
        titles[op.page] = op.title.casefold()
    assert titles == {PageId("1"): "b", PageId("2"): "a"}


def test_case_does_not_distinguish_titles() -> None:
    order = rename_order([_rename("1", "b"), _rename("2", "C")], {PageId("1"): "A", PageId("2"): "B"})
    assert [op.page for op in order] == ["2", "1"]
