"""What a pull writes: every difference between server and base, merged into the files.

A record never advances without its text: a page in conflict, or one that nothing may touch, keeps both.
The whole tree is arranged in memory first, so that what is written is valid however far the writing gets.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from confsync.convert import get, put
from confsync.convert.markdown import front_matter
from confsync.errors import ConvertError
from confsync.model.content import Status
from confsync.model.ids import PageId, RelPath
from confsync.model.record import Record
from confsync.plan.attachments import PageFiles, attachment_steps, moved_folders
from confsync.plan.body import Versions, merge_body
from confsync.plan.copy import Copy, LocalPage
from confsync.plan.cycles import circular_moves
from confsync.plan.edits import labels_of
from confsync.plan.heading import retitled, without_title
from confsync.plan.incoming import Incoming, with_known_checksums
from confsync.plan.layout import node_folders, paths_after
from confsync.plan.links import LinkIndex
from confsync.plan.merged_front import as_pushed, merged_front, same_content
from confsync.plan.namesakes import twins, yielding
from confsync.plan.operation import (
    ById,
    Conflict,
    Detach,
    Fetched,
    Pulled,
    PullPlan,
    Relabel,
    Top,
    Update,
    Upload,
)
from confsync.plan.order_pull import OrderPull
from confsync.plan.push import PushOptions, plan_push
from confsync.plan.relink import relink
from confsync.plan.render import render_page
from confsync.plan.tree import LocalTree
from confsync.ports import Fate

_FATE_REASONS = {
    Fate.HIDDEN: "Confluence no longer shows it (no permission, purged, or a hiccup); the file stays",
    Fate.MOVED_OUT: "was moved to another space; the file stays",
    Fate.DRAFT: "went back to being a draft; the file stays",
}


def plan_pull(copy: Copy, incoming: Incoming) -> PullPlan:
    """Plan what a pull of these changes writes into this working copy."""
    work = _Pull(copy, incoming)
    work.frozen.update(incoming.frozen)
    work.warnings.extend(f"{copy.paths.get(page, page)}: {why}" for page, why in incoming.frozen.items())
    for page, fate in incoming.fates.items():
        work.gone(page, fate)
    work.yield_titles()
    work.relink_moved()
    for page in sorted(work.changed, key=lambda page: work.paths.get(page, RelPath(""))):
        work.page(page)
    work.order_children()
    return work.result()


@dataclass
class _Pull:
    copy: Copy
    incoming: Incoming
    texts: dict[PageId, str] = field(default_factory=dict)
    """New text of files, by page."""
    assets: dict[RelPath, Fetched | RelPath | None] = field(default_factory=dict)
    records: dict[PageId, Record | None] = field(default_factory=dict)
    conflicts: dict[PageId, Conflict] = field(default_factory=dict)
    pulled: list[Pulled] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    frozen: dict[PageId, str] = field(default_factory=dict)
    removed: dict[PageId, RelPath] = field(default_factory=dict)
    owners: dict[RelPath, PageId] = field(default_factory=dict)
    yielded: dict[RelPath, bytes] = field(default_factory=dict)
    """New files under another title."""

    # -------------------------------------------------------------------------- the tree afterwards

    @cached_property
    def changed(self) -> Mapping[PageId, Record]:
        """New and changed pages that may be touched."""
        return {
            page: with_known_checksums(record, self.copy.records.get(page))
            for page, record in self.incoming.records.items()
            if page not in self.copy.frozen
        }

    @cached_property
    def after(self) -> Mapping[PageId, Record]:
        """The base as it will be, conflicts aside."""
        gone = {page for page, record in self.records.items() if record is None}
        every = {**self.copy.records, **self.changed}
        return {page: record for page, record in every.items() if page not in gone}

    @cached_property
    def home(self) -> PageId | None:
        return self.incoming.homepage or self.copy.homepage

    @cached_property
    def paths(self) -> Mapping[PageId, RelPath]:
        """Where every page will lie."""
        rows = {page: record.row for page, record in self.after.items()}
        # What we pushed ourselves was a person's change here: it moves no file.
        ours = {
            page: replace(self.copy.records[page].row, title=rows[page].title)
            for page in self.incoming.ours
            if page in rows and page in self.copy.records
        }
        twins = {page: local.path for page, local in self.twins.items()}
        circular = circular_moves(self.copy, rows)
        for page in circular:
            self.warnings.append(
                f"{self.copy.paths[page]}: with what was moved in Confluence it would be below itself;"
                " it goes back to where it was"
            )
        return paths_after(self.copy, rows, self.home, ours=ours, twins=twins, astray=circular)

    @cached_property
    def twins(self) -> Mapping[PageId, LocalPage]:
        """Files without a base that turn out to be pages which the server shows."""
        return twins(self.copy, self.changed)

    @cached_property
    def _tree(self) -> LocalTree:
        return LocalTree(self.copy, node_folders(self.copy))

    @cached_property
    def links(self) -> LinkIndex:
        titles = {page: record.page.title for page, record in self.after.items()}
        files = {page: path for page, path in self.paths.items() if self.after[page].row.type.has_text}
        former = {
            record.page.title: page
            for page, record in self.copy.records.items()
            if page in titles and record.page.title != titles[page]
        }
        return LinkIndex(self.copy.settings, titles, files, self.incoming.authors, former, self.after)

    # ---------------------------------------------------------------------------------- gone pages

    def gone(self, page: PageId, fate: Fate) -> None:
        """A page that the listing no longer shows. Only the trash, seen, is a deletion."""
        record = self.copy.records[page]
        path = self.copy.paths.get(page)
        if page in self.copy.frozen:
            return
        if fate is Fate.ARCHIVED:
            if record.row.status is not Status.ARCHIVED:
                archived = replace(record.page.row, status=Status.ARCHIVED)
                self.records[page] = replace(record, page=replace(record.page, row=archived))
                self._say(page, "archived", path or RelPath(""))
        elif fate is not Fate.TRASHED:
            self.frozen[page] = _FATE_REASONS.get(fate, "is in an unexpected state; the file stays")
            self.warnings.append(f"{path or record.page.title}: {self.frozen[page]}")
        elif page in self._edited:
            self.frozen[page] = (
                "was moved to the trash in Confluence, and edited here; the file stays"
                " (`confsync restore` brings the page back, deleting the file lets it go)"
            )
            self.warnings.append(f"{path}: {self.frozen[page]}")
        else:
            self._remove(page, record, path)

    @cached_property
    def _edited(self) -> frozenset[PageId | None]:
        """Pages in the trash whose content was edited here; to have moved one is no reason to keep it."""
        trashed = [page for page, fate in self.incoming.fates.items() if fate is Fate.TRASHED]
        paths = frozenset(self.copy.pages[page].path for page in trashed if page in self.copy.pages)
        if not paths:
            return frozenset()
        plan = plan_push(self.copy, LinkIndex.of(self.copy), PushOptions(only=paths))
        edits = {op.page for op in plan.operations if isinstance(op, Update | Relabel | Upload | Detach)}
        return frozenset(edits | {item.page for item in plan.refused})

    def _remove(self, page: PageId, record: Record, path: RelPath | None) -> None:
        self.records[page] = None
        if path is None:
            return
        if page in self.copy.pages:
            self.removed[page] = path
        checksums = {a.sha256 for a in record.attachments}
        for asset, sha256 in self.copy.assets_of(path).items():
            if sha256 in checksums:
                self.assets[asset] = None
                self.owners[asset] = page
        self._say(page, "removed", path)

    # ------------------------------------------------------------------------------- changed pages

    def yield_titles(self) -> None:
        """Let new files give way to pages that have taken their titles."""
        for item in yielding(self.copy, self.changed, self.after):
            self.yielded[item.path] = item.text.encode()
            self.warnings.append(f"{item.path}: {item.note}")

    def relink_moved(self) -> None:
        """Let the links in all files follow the files that move."""
        moved = {
            path: self.paths[page]
            for page, path in self.copy.paths.items()
            if page in self.paths and self.paths[page] != path and page in self.copy.pages
        }
        if not moved:
            return
        everything = moved_folders(moved)
        for page, local in self.copy.pages.items():
            if page in self.copy.frozen or page not in self.paths:
                continue
            text = relink(local.text, local.path, self.paths[page], everything)
            if text != local.text or local.path in moved:
                self.texts[page] = text
            if local.path in moved and page not in self.changed:
                self._assets(page, self.copy.records[page])
                self._say(page, "moved", self.paths[page], was=local.path)

    def page(self, page: PageId) -> None:
        """One new or changed page, post or folder."""
        record = self.changed[page]
        base = self.copy.records.get(page)
        local = self.copy.pages.get(page) or self.twins.get(page)
        if base is not None and page in self.incoming.ours:
            base = as_pushed(base, record)
        if not record.row.type.has_text:
            self.records[page] = record
        elif base is None and local is None:
            self._write_new(page, record, "new")
        elif local is None:
            self._missing(page, record, base)
        else:
            self._merge(page, record, base, local)

    def _write_new(self, page: PageId, record: Record, did: str) -> None:
        path = self.paths[page]
        self.texts[page] = render_page(
            record, self.links.links(path, record.page.body), self.copy.settings, home=self.home
        )
        self.records[page] = record
        self._assets(page, record, anew=True)
        self._say(page, did, path)

    def _missing(self, page: PageId, record: Record, base: Record | None) -> None:
        """The file is gone here. If the page changed there, the edit wins and the file comes back."""
        if base is not None and same_content(record, base):
            self.records[page] = record
            return
        self._write_new(page, record, "restored")

    def _merge(self, page: PageId, record: Record, base: Record | None, local: LocalPage) -> None:
        path = self.paths.get(page, local.path) if page in self.copy.pages else local.path
        text = self.texts.get(page, local.text)
        if base is None and self._says_the_same(record, local):
            keys: dict[str, front_matter.Value | None] = {"id": page, "title": record.page.title}
            self.texts[page] = front_matter.edit(text, keys, self.copy.settings.front_matter)
            self.records[page] = record
            self._assets(page, record)
            self._say(page, "adopted", path)
            return
        body = front_matter.split(text).body
        bodies = Versions(base.page.body if base else None, body, record.page.body)
        links = self.links.links(path, bodies.base or "", bodies.local, bodies.remote)
        merged = merge_body(bodies, links, links, self._label(record))
        self._check_place(path, record, base, local)
        keys, title_note = merged_front(record, base, local, self.home)
        if title_note:
            self.warnings.append(f"{path}: {title_note}")

        def whole(new_body: str) -> str:
            if base is not None:
                new_body = retitled(new_body, base.page.title, str(keys["title"]))
            offset = front_matter.split(text).body_offset
            return front_matter.edit(text[:offset] + new_body, keys, self.copy.settings.front_matter)

        if merged.conflicts:
            base_links = self.links.links(path, base.page.body) if base else None
            self.conflicts[page] = Conflict(
                page=page,
                path=local.path,
                base_text=whole(get(base.page.body, base_links).markdown) if base and base_links else "",
                ours=whole(merged.text),
                theirs=whole(merged.theirs),
                marked=whole(merged.marked),
                # Attachments come with the pull after it is settled: a record claims no bytes we do not have.
                record=replace(record, attachments=base.attachments if base else ()),
                count=merged.conflicts,
            )
            self.texts.pop(page, None)
            self._say(page, "conflict", local.path)
            return
        new_text = whole(merged.text)
        did = "recorded" if new_text == local.text else "updated"
        self.texts[page] = new_text
        self.records[page] = record
        self._assets(page, record)
        self._say(page, did, path, was=local.path if local.path != path else None)

    def _check_place(self, path: RelPath, record: Record, base: Record | None, local: LocalPage) -> None:
        if base is None or record.row.parent == base.row.parent:
            return
        mine = self._tree.parent(local)
        if mine not in [ById(one.row.parent) if one.row.parent else Top() for one in (base, record)]:
            self.warnings.append(
                f"{path}: you moved it, and somebody moved it to another place in Confluence, where it stays"
            )

    def _says_the_same(self, record: Record, local: LocalPage) -> bool:
        markdown = without_title(local.body, record.page.title)
        try:
            edit = put(markdown, record.page.body, self.links.links(local.path, record.page.body, markdown))
        except ConvertError:
            return False  # it says something else; the merge will show what
        same_title = (local.front.title or record.page.title) == record.page.title
        return edit.unchanged and same_title and labels_of(local) == record.page.labels

    def _label(self, record: Record) -> str:
        version = record.row.version
        author = self.incoming.authors.get(version.author, "")
        who = ", ".join(part for part in (author, version.when[:10]) if part)
        return f"Confluence v{version.number}" + (f" ({who})" if who else "")

    def _assets(self, page: PageId, record: Record, *, anew: bool = False) -> None:
        before = self.copy.paths.get(page, self.paths[page])
        base = None if anew else self.copy.records.get(page)
        steps = attachment_steps(self.copy, PageFiles(page, before, self.paths[page], base, record))
        self.assets.update(steps)
        self.owners.update(dict.fromkeys(steps, page))

    def order_children(self) -> None:
        """Say the order of children in their parents' files, where it changed there."""
        pull = OrderPull(self.copy, self.after, self.paths, self.copy.frozen.keys() | self.conflicts.keys())
        pull.run(self.texts, self.records)

    # ---------------------------------------------------------------------------------------- done

    def _say(self, page: PageId, did: str, path: RelPath, was: RelPath | None = None) -> None:
        record = self.changed.get(page) or self.copy.records[page]
        version = record.row.version
        author = self.incoming.authors.get(version.author, "")
        self.pulled.append(Pulled(page, record.page.title, path, did, version.number, was, author))

    def result(self) -> PullPlan:
        texts: dict[RelPath, bytes | None] = {}
        owners = {path: page for page, path in self.removed.items()} | self.owners
        texts.update(dict.fromkeys(self.removed.values()))
        texts.update(self.yielded)
        for page, text in self.texts.items():
            local = self.copy.pages.get(page) or self.twins.get(page)
            path = (
                self.paths[page]
                if page not in self.conflicts
                else (local.path if local else self.paths[page])
            )
            if local is not None and local.path != path:
                texts.setdefault(local.path, None)
                owners[local.path] = page
            if self.copy.files.get(path) != text.encode() or (local is not None and local.path != path):
                texts[path] = text.encode()
                owners[path] = page
        return PullPlan(
            texts=texts,
            assets=self.assets,
            records=self.records,
            conflicts=tuple(self.conflicts.values()),
            owners=owners,
            pulled=tuple(self.pulled),
            warnings=tuple(self.warnings),
            frozen=self.frozen,
        )
