"""The order of children is said only where it is not the title order."""

from confsync.model.content import ContentType, Row, Status, Version
from confsync.model.ids import AccountId, PageId, RelPath
from confsync.plan.children import listed, sequences, title_key


def _rows(*children: tuple[str, int | None]) -> dict[PageId, Row]:
    return {
        PageId(title): Row(
            PageId(title),
            ContentType.PAGE,
            title,
            PageId("0"),
            ContentType.PAGE,
            position,
            Status.CURRENT,
            Version(1, AccountId(""), ""),
        )
        for title, position in children
    }


def _listed(rows: dict[PageId, Row]) -> tuple[str, ...] | None:
    paths = {page: RelPath(f"x/{page.lower()}.md") for page in rows}
    return listed(sequences(rows)[PageId("0")], rows, paths)


def test_title_order_needs_no_words() -> None:
    assert _listed(_rows(("Alpha", 5), ("Beta", 90))) is None


def test_another_order_is_listed_by_file() -> None:
    assert _listed(_rows(("Alpha", 90), ("Beta", 5))) == ("beta", "alpha")


def test_pages_without_a_position_come_last_in_title_order() -> None:
    assert _listed(_rows(("Zeta", 1), ("Beta", None), ("Alpha", None))) == ("zeta", "alpha", "beta")


def test_numbers_count_as_numbers() -> None:
    assert sorted(["Part 10", "part 9", "Part 2"], key=title_key) == ["Part 2", "part 9", "Part 10"]
