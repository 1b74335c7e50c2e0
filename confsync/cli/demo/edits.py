"""What the two people of the demo write, and where."""

from dataclasses import dataclass
from typing import Final

from confsync.model.ids import PageId, RelPath


@dataclass(frozen=True, slots=True)
class Words:
    """An edit: some words of a page become others. They stand in the Markdown and in the storage alike."""

    before: str
    after: str

    def apply(self, text: str, where: str) -> str:
        """The text with the edit done.

        Raises:
            LookupError: the words are not there exactly once.
        """
        if text.count(self.before) != 1:
            raise LookupError(f"{where} does not say “{self.before}” exactly once")
        return text.replace(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Edit:
    """One page of the demo, and who changes what in it."""

    page: PageId
    path: RelPath
    mine: Words | None = None
    """In the file, in an editor."""
    theirs: Words | None = None
    """In Confluence, through its API."""


MINE: Final = Edit(
    PageId("131090"),
    RelPath("handbook/welcome-aboard.md"),
    mine=Words("useful before the second week", "useful before the third week"),
)
THEIRS: Final = Edit(
    PageId("294913"),
    RelPath("products/heron-the-gateway/set-up-a-heron.md"),
    theirs=Words("Takes twenty minutes, fifteen of them", "Takes thirty minutes, twenty-five of them"),
)
MERGED: Final = Edit(
    PageId("229378"),
    RelPath("products/otter-the-river-gauge.md"),
    mine=Words("(for the Netherlands) orange", "(for the Netherlands and Norway) orange"),
    theirs=Words("on one set of batteries", "on a single set of batteries"),
)
CONFLICT: Final = Edit(
    PageId("360481"),
    RelPath("engineering/runbooks/weir-is-full.md"),
    mine=Words("Delete old pictures:", "Delete pictures older than a year:"),
    theirs=Words("Delete old pictures:", "Delete pictures older than a month:"),
)
SETTLED: Final = "Delete pictures older than 90 days:"
"""What the two agree on in the end."""

EDITS: Final = (MINE, THEIRS, MERGED, CONFLICT)
COLLEAGUE: Final = "Ben"
