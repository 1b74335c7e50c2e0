"""The neighbourhood of each page, for the lens: which page lies where, seen from here.

A space has thousands of pages and a page links to a few: only those that its texts could mean are handed
to the lens.
"""

import html
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import unquote

from confsync.convert import headings_of
from confsync.model.content import ContentType
from confsync.model.ids import PageId, RelPath
from confsync.model.links import Links, LinkTarget
from confsync.model.record import Record
from confsync.model.settings import Settings
from confsync.names import assets_folder, relative
from confsync.plan.copy import Copy

_TITLES = re.compile(r"""ri:content-title\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_IDS = re.compile(r"""ri:content-id\s*=\s*["'](\d+)["']""")
_TARGETS = re.compile(r"""\]\(\s*(?:<([^>\n]*)>|([^\s)]+))|(?:href|src)\s*=\s*["']([^"']*)["']""")


@dataclass(frozen=True)
class LinkIndex:
    """Every page of a working copy by title, id and path."""

    settings: Settings
    titles: Mapping[PageId, str]
    paths: Mapping[PageId, RelPath]
    users: Mapping[str, str]
    """Public names by account id."""
    former: Mapping[str, PageId] = field(default_factory=dict)
    """Titles that pages had until now and that texts may still use."""
    records: Mapping[PageId, Record] = field(default_factory=dict)
    """What else is known of the pages: when they were posted, their headings and attachments."""

    @classmethod
    def of(cls, copy: Copy) -> "LinkIndex":
        """The pages of a working copy as its own files have them."""
        titles = {page: record.page.title for page, record in copy.records.items()}
        return cls(copy.settings, titles, copy.paths, {}, records=copy.records)

    def with_new(self, titles: Mapping[RelPath, str]) -> "LinkIndex":
        """The same with files that are about to become pages: links to them are by title."""
        if not titles:
            return self
        ids = {PageId(f"new:{path}"): path for path in titles}
        named = {page: titles[path] for page, path in ids.items()}
        return replace(self, titles={**self.titles, **named}, paths={**self.paths, **ids})

    @cached_property
    def _by_title(self) -> Mapping[str, list[PageId]]:
        found: dict[str, list[PageId]] = {}
        now = ((title, page) for page, title in self.titles.items())
        for title, page in (*now, *self.former.items()):
            if page in self.paths:
                found.setdefault(_fold(title), []).append(page)
        return found

    @cached_property
    def _by_path(self) -> Mapping[str, PageId]:
        """Files of known pages; one that names a page nobody knows is no target."""
        return {
            unicodedata.normalize("NFC", path): page
            for page, path in self.paths.items()
            if page in self.titles
        }

    @cached_property
    def _by_folder(self) -> Mapping[str, PageId]:
        return {assets_folder(path): page for path, page in self._by_path.items()}

    def links(self, here: RelPath, *texts: str) -> Links:
        """What the lens needs to know to read or write these texts of the page at `here`."""
        found: dict[PageId, bool] = {}
        for text in texts:
            for page, names_heading in self._meant(here, text):
                found[page] = found.get(page, False) or names_heading
        now = [self._target(here, page, self.titles[page], headings=found[page]) for page in sorted(found)]
        former = [
            self._target(here, page, title, headings=found[page])
            for title, page in self.former.items()
            if page in found and page in self.paths
        ]
        own = self.records.get(self._by_path.get(unicodedata.normalize("NFC", here), PageId("")))
        return Links(
            pages=(*now, *former),
            folder=posixpath.dirname(here),
            files=frozenset(one.name for one in own.attachments) if own else frozenset(),
            space=self.settings.key,
            attachments=posixpath.basename(assets_folder(here)),
            users=self.users,
            server=self.settings.jira_server,
        )

    def _target(self, here: RelPath, page: PageId, title: str, *, headings: bool) -> LinkTarget:
        path = self.paths[page]
        record = self.records.get(page)
        row = record.page.row if record else None
        is_post = row is not None and row.type is ContentType.BLOGPOST
        return LinkTarget(
            id=page,
            title=title,
            path=relative(here, path),
            type=row.type if row else ContentType.PAGE,
            day=row.created[:10].replace("-", "/") if row and is_post else "",
            attachments=relative(here, assets_folder(path)),
            headings=headings_of(record.page.body) if record and headings else {},
        )

    def _meant(self, here: RelPath, text: str) -> Iterator[tuple[PageId, bool]]:
        """The pages that a text may mean, and whether it names one of their headings."""
        for title in _groups(_TITLES, text):
            yield from ((page, False) for page in self._by_title.get(_fold(html.unescape(title)), ()))
        for page_id in _groups(_IDS, text):
            if PageId(page_id) in self.paths and PageId(page_id) in self.titles:
                yield PageId(page_id), False
        folder = posixpath.dirname(here)
        for target in _groups(_TARGETS, text):
            named, _, fragment = html.unescape(target).partition("#")
            path = unicodedata.normalize("NFC", posixpath.normpath(posixpath.join(folder, unquote(named))))
            page = self._by_path.get(path) or self._by_folder.get(posixpath.dirname(path))
            if page is not None and named:
                yield page, bool(fragment)


def _groups(pattern: re.Pattern[str], text: str) -> Iterable[str]:
    return {next(group for group in found.groups() if group is not None) for found in pattern.finditer(text)}


def _fold(title: str) -> str:
    return unicodedata.normalize("NFC", title).strip().casefold()
