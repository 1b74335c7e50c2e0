"""Placeholders of other pages: a `#id` pasted from one page into another means the same bytes there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from confsync.convert import get
from confsync.model.ids import PageId
from confsync.model.record import Record


@dataclass(frozen=True)
class Library(Mapping[str, str]):
    """The bytes behind every `#id` of a space, read only when the first one is asked for.

    An id is a hash of what the bytes say, so the first page that has it serves.
    """

    records: Mapping[PageId, Record]

    @cached_property
    def _found(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for record in self.records.values():
            shown = get(record.page.body).placeholders if "<ac:" in record.page.body else {}
            found = {**shown, **found}
        return found

    def __bool__(self) -> bool:
        return True  # to ask how many there are would read them all

    def __getitem__(self, identity: str) -> str:
        return self._found[identity]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
