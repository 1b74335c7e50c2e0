"""Lists and tasks as lines, tight where nothing in them needs a blank line."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from confsync.convert.tree import Item

if TYPE_CHECKING:
    from confsync.convert.markdown.write_blocks import BlockWriter

_RULE = re.compile(r"\s*(?:-\s*){3,}")


class ListWriter:
    """Writes lists; what stands in their items its owner writes."""

    def __init__(self, writer: "BlockWriter") -> None:
        self.writer = writer
        self.tight: dict[int, bool] = {}
        """Whether a list's item needs no blank lines, by its identity."""

    def bullets(self, item: Item) -> list[str]:
        """The lines of a bullet or numbered list."""
        number = int(item.props["ordered"]) if "ordered" in item.props else None
        marks = (
            f"{number + index}. " if number is not None else "- " for index in range(len(item.children or ()))
        )
        return self._items(item, list(marks), ["" for _ in item.children or ()])

    def tasks(self, item: Item) -> list[str]:
        """The lines of a task list."""
        boxes = ["[x] " if "done" in task.props else "[ ] " for task in item.children or ()]
        return self._items(item, ["- "] * len(boxes), boxes)

    def _items(self, item: Item, marks: Sequence[str], boxes: Sequence[str]) -> list[str]:
        children = item.children or []
        tight = all(self._is_tight(kid) for kid in children)
        out: list[str] = []
        for kid, mark, box in zip(children, marks, boxes, strict=True):
            for block in kid.children or ():
                block.prefix = " "
            lines = self.writer.sequence(kid.children or (), tight=tight)
            if box and kid.children and kid.children[0].kind != "paragraph":
                lines = ["", "", *lines]
            if box:
                lines = [box + lines[0] if lines else box.rstrip(), *lines[1:]]
            if lines and _RULE.fullmatch(mark + lines[0]):
                # `- - -`, three empty items inside each other, would be a thematic break.
                lines = ["", *lines]
            indent = " " * len(mark)
            if out and not tight:
                out.append("")
            out.append((mark + lines[0]).rstrip() if lines else mark.rstrip())
            out += [indent + line if line else "" for line in lines[1:]]
        return out

    def _is_tight(self, item: Item) -> bool:
        """Whether an item is one paragraph, or one with a tight list right below it."""
        known = self.tight.get(id(item))
        if known is None:
            known = self.tight[id(item)] = self._needs_no_gaps(item.children or ())
        return known

    def _needs_no_gaps(self, inside: Sequence[Item]) -> bool:
        match inside:
            case [] | [Item(kind="paragraph")]:
                return True
            case [Item(kind="paragraph"), Item(kind="list" | "tasks") as nested]:
                return may_follow(nested) and all(self._is_tight(entry) for entry in nested.children or ())
            case _:
                return False


def may_follow(item: Item) -> bool:
    """Whether a list may stand right below a paragraph: a numbered one only if it begins with 1."""
    children = item.children or []
    return item.props.get("ordered", "1") == "1" and bool(children and children[0].children)
