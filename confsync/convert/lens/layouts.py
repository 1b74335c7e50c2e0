"""Where new blocks may stand in a page with a layout: only sections in it, only cells in those."""

from enum import Enum

SECTION = '<ac:layout-section ac:type="single"><ac:layout-cell>'
END = "</ac:layout-cell></ac:layout-section>"


class Place(Enum):
    """What a place is in; the values are what goes around a section, and around anything else."""

    OUTSIDE = (("<ac:layout>", "</ac:layout>"), ("", ""))
    LAYOUT = (("", ""), (SECTION, END))
    CELL = ((END, SECTION), ("", ""))

    @property
    def around_section(self) -> tuple[str, str]:
        """What goes before and behind new sections."""
        return self.value[0]

    @property
    def around_text(self) -> tuple[str, str]:
        """What goes before and behind other new blocks."""
        return self.value[1]


def place_at(source: str, offset: int) -> Place:
    """What an offset between top-level blocks is in."""
    if "<ac:layout" not in source:
        return Place.OUTSIDE
    before = source[:offset]
    if before.count("<ac:layout-cell") - before.count("</ac:layout-cell>") > before.count(
        "<ac:layout-cell/>"
    ):
        return Place.CELL
    opened = before.count("<ac:layout>") + before.count("<ac:layout ")
    return Place.LAYOUT if opened > before.count("</ac:layout>") else Place.OUTSIDE
