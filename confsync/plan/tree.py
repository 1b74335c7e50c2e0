"""Who is whose parent, on this side: folders and front matter, read as a page tree."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from confsync.model.content import ContentType, Status
from confsync.model.ids import PageId, RelPath
from confsync.names import parent_path
from confsync.plan.copy import Copy, LocalPage
from confsync.plan.edits import new_title
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
        named = self._named(local)
        if named is not None:
            return named
        if record and record.row.parent is not None and record.row.parent not in self.copy.records:
            return ById(record.row.parent)  # hidden from us: no move is ever planned from that
        return self._by_folder(local, ById(record.row.parent) if record and record.row.parent else None)

    def misplaced(self, local: LocalPage) -> str:
        """Why the `parent` that a file names cannot be its parent; empty where it can, or names none."""
        value = local.front.parent
        if value in (None, "none") or local.page == self.copy.homepage or _is_post(local):
            return ""
        if self._named(local) is None:
            return f"its `parent: {value}` is no page here"
        return f"with `parent: {value}` it would lie below itself" if self._is_circular(local) else ""

    def _is_circular(self, local: LocalPage) -> bool:
        start = self._files.get(local.path)
        ref: ParentRef = self.parent(local)
        seen: set[ParentRef] = set()
        while ref not in seen and not isinstance(ref, Top):
            seen.add(ref)
            if ref == start:
                return True
            ref = self._above(ref)
        return False

    def _above(self, ref: ById | ByPath) -> ParentRef:
        if isinstance(ref, ByPath):
            return self.parent(self._unbound[ref.path])
        if ref.page in self.copy.pages:
            return self.parent(self.copy.pages[ref.page])
        record = self.copy.records.get(ref.page)
        return ById(record.row.parent) if record and record.row.parent else Top()

    @cached_property
    def _unbound(self) -> Mapping[RelPath, LocalPage]:
        return {local.path: local for local in self.copy.unbound}

    @cached_property
    def _titles(self) -> Mapping[str, ParentRef]:
        """Pages win over new files, and those over folders and the like."""
        records = self.copy.records
        nodes = {records[page].page.title.casefold(): ById(page) for page in self.nodes.values()}
        new = {new_title(local).casefold(): ByPath(local.path) for local in self.copy.unbound}
        return {**nodes, **new, **{self.copy.title(page).casefold(): ById(page) for page in self.copy.pages}}

    def _named(self, local: LocalPage) -> ParentRef | None:
        """The page that `parent` names: by id, by path (from the file's folder or the top), by title."""
        value = local.front.parent
        if value is None:
            return None
        if value in self.copy.records:
            return ById(PageId(value))
        here = posixpath.normpath(posixpath.join(posixpath.dirname(local.path), value))
        for path in (here, posixpath.normpath(value.lstrip("/"))):
            if RelPath(path) in self._files:
                return self._files[RelPath(path)]
        return self._titles.get(value.casefold())

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
