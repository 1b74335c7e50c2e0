"""Orders in which every step is legal on the server: parents before children, titles freed before taken."""

from collections.abc import Mapping, Sequence

from confsync.model.ids import PageId
from confsync.plan.operation import ByPath, Create, Update


def creation_order(creates: Sequence[Create]) -> list[Create]:
    """Parents before their children; the order is otherwise kept."""
    by_path = {op.path: op for op in creates}
    done: dict[str, Create] = {}

    def visit(op: Create, above: frozenset[str]) -> None:
        if op.path in done or op.path in above:
            return
        if isinstance(op.parent, ByPath) and op.parent.path in by_path:
            visit(by_path[op.parent.path], above | {op.path})
        done[op.path] = op

    for op in creates:
        visit(op, frozenset())
    return list(done.values())


def rename_order(updates: Sequence[Update], titles: Mapping[PageId, str]) -> list[Update]:
    """Updates such that a title is given up before another page takes it.

    A ring of renames (two pages swap titles) has no such order: its last page is first parked on a title
    of its own, and comes once more at the end with the title it wants.
    """
    holders = {titles[op.page].casefold(): op for op in updates if op.title != titles[op.page]}
    done: dict[PageId, Update] = {}
    parked: list[Update] = []

    def visit(op: Update, above: tuple[PageId, ...]) -> None:
        if op.page in done:
            return
        if op.page in above:
            done[op.page] = Update(op.page, op.path, parked_title(op), op.body, op.losses)
            parked.append(Update(op.page, op.path, op.title, None))
            return
        holder = holders.get(op.title.casefold())
        if holder is not None and holder.page != op.page:
            visit(holder, (*above, op.page))
        if op.page not in done:
            done[op.page] = op

    for op in updates:
        visit(op, ())
    return [*done.values(), *parked]


def parked_title(op: Update) -> str:
    """A title nobody else has, for a page that waits for its own."""
    return f"{op.title} ~{op.page}"
