"""What a pull does to `children:` in the files of parents: a three-way merge of the order of siblings."""

from collections.abc import Collection, Mapping, MutableMapping
from dataclasses import dataclass, replace
from functools import cached_property

from confsync.convert.markdown import front_matter
from confsync.merge import merge_order
from confsync.model.content import Row
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record
from confsync.plan.arrange import named_first
from confsync.plan.children import child_name, listed, sequences
from confsync.plan.copy import Copy

_Order = tuple[PageId, ...]


@dataclass(frozen=True)
class OrderPull:
    """The orders of all children before and after a pull."""

    copy: Copy
    after: Mapping[PageId, Record]
    """The base as it will be."""
    paths: Mapping[PageId, RelPath]
    """Where every page will lie."""
    untouched: Collection[PageId]
    """Parents whose files this pull does not write."""

    @cached_property
    def _rows(self) -> Mapping[PageId, Row]:
        return {page: record.row for page, record in self.after.items()}

    @cached_property
    def _old_rows(self) -> Mapping[PageId, Row]:
        return {page: record.row for page, record in self.copy.records.items()}

    def run(self, texts: MutableMapping[PageId, str], records: MutableMapping[PageId, Record | None]) -> None:
        """Bring texts and records of a pull in step with the orders it brings."""
        new, old = sequences(self._rows), sequences(self._old_rows)
        for parent in (new.keys() | old.keys()) & self.after.keys():
            before, now = old.get(parent, ()), new.get(parent, ())
            if parent in self.untouched:
                self._withhold(now, records)
            else:
                self._write(parent, before, now, texts)

    def _withhold(self, children: _Order, records: MutableMapping[PageId, Record | None]) -> None:
        """A base must not know an order that the file cannot be told: it would look like the user's own."""
        for child in children:
            record, base = records.get(child), self.copy.records.get(child)
            if record is None or base is None or record.row.parent != base.row.parent:
                continue
            row = replace(record.row, position=base.row.position)
            records[child] = replace(record, page=replace(record.page, row=row))
            if records[child] == base:
                del records[child]

    def _write(self, parent: PageId, before: _Order, now: _Order, texts: MutableMapping[PageId, str]) -> None:
        then = listed(before, self._old_rows, self.copy.paths)
        wanted = listed(now, self._rows, self.paths)
        local = self.copy.pages.get(parent)
        text = texts.get(parent, local.text if local else None)
        if text is None or (wanted == then and parent in self.copy.records):
            return  # a folder, a page without a file, or nothing new
        mine = local.front.children if local else then
        if mine != then:
            if mine is None:
                return
            wanted = self._merged(mine, before, now)
        texts[parent] = front_matter.edit(text, {"children": wanted}, self.copy.settings.front_matter)

    def _merged(self, mine: tuple[str, ...], before: _Order, now: _Order) -> tuple[str, ...]:
        """Both sides put the children into another order; what both moved stands where Confluence has it."""
        known = {child_name(self.copy.paths[page]): page for page in before if page in self.copy.paths}
        merged = merge_order(before, named_first(mine, known, before), now)
        return tuple(child_name(self.paths[page]) for page in merged if page in self.paths)
