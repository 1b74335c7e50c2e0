"""Who is whose parent, on this side: folders and front matter, read as a page tree."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from confsync.model.content import ContentType, Status
from confsync.model.ids import PageId, RelPath
from confsync.names import parent_path
from confsync.plan.copy import Copy, LocalPage
from confsync.plan.operation import ById, ByPath, ParentRef, Top


@dataclass(frozen=True)
class LocalTree:
    """The page tree as the folders have it."""

    copy: Copy
    nodes: Mapping[RelPath, PageId]
    """Folders that stand for a folder, whiteboard or the like in Confluence."""

    @cached_property
    def _files(self) -> Mapping[RelPath, ParentRef]:
        refs: dict[RelPath, ParentRef] = {local.path: ByPath(local.path) for local in self.copy.unbound}
        refs.update({local.path: ById(page) for page, local in self.copy.pages.items()})
        return refs

    def parent(self, local: LocalPage) -> ParentRef:
        """The parent that a file's place means; in doubt the one the base knows, so that nothing moves."""
        page = local.page
        record = self.copy.records.get(page) if page else None
        if local.front.parent == "none" or page == self.copy.homepage or _is_post(local):
            return Top()
        if record and record.row.parent is not None and record.row.parent not in self.copy.records:
            return ById(record.row.parent)  # hidden from us: no move is ever planned from that
        return self._by_folder(local, ById(record.row.parent) if record and record.row.parent else None)

    def _by_folder(self, local: LocalPage, known: ById | None) -> ParentRef:
        folder = posixpath.dirname(local.path)
        while folder:
            owner = self._owner(folder, local.path)
            if owner is not None:
                return owner
            if known is not None:
                return known
            folder = posixpath.dirname(folder)
        return ById(self.copy.homepage) if self.copy.homepage else Top()

    def _owner(self, folder: str, of: RelPath) -> ParentRef | None:
        """The page or node that a folder is named after."""
        if RelPath(folder) in self.nodes:
            return ById(self.nodes[RelPath(folder)])
        owner = parent_path(of if posixpath.dirname(of) == folder else f"{folder}/x.md", self._files)
        ref = None if owner is None else self._files[owner]
        return None if isinstance(ref, ById) and self._is_archived(ref.page) else ref

    def _is_archived(self, page: PageId) -> bool:
        record = self.copy.records.get(page)
        return record is not None and record.row.status is Status.ARCHIVED


def _is_post(local: LocalPage) -> bool:
    return local.front.type == ContentType.BLOGPOST
