"""The order of siblings as people wrote it: `children:` in front matter, against the order of the base.

What `children:` does not name stays behind the neighbour it has. Taking the key out asks for the order of the
titles; a file that never had it asks for nothing.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from confsync.merge import interleaved, lasting
from confsync.model.content import ContentType, Row
from confsync.model.ids import PageId, RelPath
from confsync.plan.children import child_name, sequences, title_key
from confsync.plan.copy import Copy, LocalPage
from confsync.plan.operation import Arrange, ById, ByPath, Create, MoveTo, Operation, ParentRef

_H = TypeVar("_H", bound=Hashable)

Child = ById | ByPath
"""A page that Confluence knows, or a new file."""


def named_first(names: Iterable[str], known: Mapping[str, _H], present: Sequence[_H]) -> tuple[_H, ...]:
    """The order that a list of names asks for: what it names first, the rest behind its neighbours."""
    wanted = [known[name] for name in dict.fromkeys(names) if name in known]
    return tuple(interleaved(wanted, present))


def steps(present: Sequence[PageId], wanted: Sequence[PageId]) -> Iterator[tuple[PageId, PageId, bool]]:
    """As few moves as turn one order into another: what moves, beside whom, and whether behind it.

    What is in only one of the two orders is left alone.
    """
    there = set(present)
    goal = [page for page in wanted if page in there]
    still = lasting(present, goal)
    first = next((page for page in goal if page in still), None)
    for index, page in enumerate(goal):
        if page not in still and first is not None:
            yield (page, goal[index - 1], True) if index else (page, first, False)


@dataclass(frozen=True)
class Arranger:
    """The orders that a working copy asks for and its base does not have."""

    copy: Copy
    parents: Mapping[PageId, ParentRef]
    """The parent of every page that has a file, as the folders have it."""
    nodes: Mapping[RelPath, PageId]
    operations: Sequence[Operation]
    """What the push sends besides: new pages and moved ones come behind their new siblings."""

    def __iter__(self) -> Iterator[Arrange]:
        for page, local in self.copy.pages.items():
            asks = local.front.children is not None or page in self.copy.unordered
            if asks and page not in self.copy.frozen and local.front.type != ContentType.BLOGPOST:
                yield from self._arranged(page, local)

    def _arranged(self, page: PageId, local: LocalPage) -> Iterator[Arrange]:
        known = [ById(one) for one in self._base.get(page, ()) if one not in self._leaving]
        present: list[Child] = [*known, *self._arriving.get(ById(page), ())]
        if local.front.children is None:
            wanted = tuple(sorted(present, key=self._title_key))
        else:
            wanted = named_first(local.front.children, {self._name(one): one for one in present}, present)
        if wanted != tuple(present):
            yield Arrange(page, local.path, wanted)

    @cached_property
    def _rows(self) -> Mapping[PageId, Row]:
        return {page: record.row for page, record in self.copy.records.items()}

    @cached_property
    def _base(self) -> Mapping[PageId, tuple[PageId, ...]]:
        return sequences(self._rows)

    @cached_property
    def _arriving(self) -> Mapping[ParentRef, list[Child]]:
        found: dict[ParentRef, list[Child]] = {}
        for op in self.operations:
            if isinstance(op, Create) and op.type is ContentType.PAGE and not op.draft:
                found.setdefault(op.parent, []).append(ByPath(op.path))
            elif isinstance(op, MoveTo):
                found.setdefault(op.parent, []).append(ById(op.page))
        return found

    @cached_property
    def _leaving(self) -> frozenset[PageId]:
        moved = {op.page for op in self.operations if isinstance(op, MoveTo)}
        gone = {page for page, row in self._rows.items() if row.type.has_text and page not in self.parents}
        return frozenset(moved | (gone - self.copy.frozen.keys()))

    def _name(self, child: Child) -> str:
        if isinstance(child, ByPath):
            return child_name(child.path)
        path = self.copy.paths.get(child.page) or self._node_paths.get(child.page)
        return child_name(path) if path else f"#{child.page}"

    @cached_property
    def _node_paths(self) -> Mapping[PageId, RelPath]:
        return {page: path for path, page in self.nodes.items()}

    def _title_key(self, child: Child) -> tuple[object, ...]:
        return title_key(self.copy.title(child.page) if isinstance(child, ById) else self._titles[child.path])

    @cached_property
    def _titles(self) -> Mapping[RelPath, str]:
        return {op.path: op.title for op in self.operations if isinstance(op, Create)}
