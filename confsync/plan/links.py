"""The neighbourhood of each page, for the lens: which page lies where, seen from here.

A space has thousands of pages and a page links to a few: only those that its texts could mean are handed
to the lens.
"""

import html
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

from confsync.model.ids import PageId, RelPath
from confsync.model.links import Links, LinkTarget
from confsync.model.settings import Settings
from confsync.names import assets_folder, relative
from confsync.plan.copy import Copy

_TITLES = re.compile(r"""ri:content-title\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_IDS = re.compile(r"""ri:content-id\s*=\s*["'](\d+)["']""")
_TARGETS = re.compile(r"""\]\(\s*(?:<([^>\n]*)>|([^\s)]+))|href\s*=\s*["']([^"']*)["']""")


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

    @classmethod
    def of(cls, copy: Copy) -> "LinkIndex":
        """The pages of a working copy as its own files have them."""
        titles = {page: record.page.title for page, record in copy.records.items()}
        return cls(copy.settings, titles, copy.paths, {})

    @cached_property
    def _by_title(self) -> Mapping[str, PageId]:
        now = {_fold(title): page for page, title in self.titles.items() if page in self.paths}
        return {**{_fold(title): page for title, page in self.former.items()}, **now}

    @cached_property
    def _by_path(self) -> Mapping[str, PageId]:
        return {unicodedata.normalize("NFC", path): page for page, path in self.paths.items()}

    def links(self, here: RelPath, *texts: str) -> Links:
        """What the lens needs to know to read or write these texts of the page at `here`."""
        found = {page for text in texts for page in self._meant(here, text)}
        targets = sorted(found)
        now = [LinkTarget(page, self.titles[page], relative(here, self.paths[page])) for page in targets]
        former = [
            LinkTarget(page, title, relative(here, self.paths[page]))
            for title, page in self.former.items()
            if page in found and page in self.paths
        ]
        return Links(
            pages=(*now, *former),
            space=self.settings.key,
            attachments=posixpath.basename(assets_folder(here)),
            users=self.users,
            server=self.settings.jira_server,
        )

    def _meant(self, here: RelPath, text: str) -> Iterator[PageId]:
        for title in _groups(_TITLES, text):
            if (page := self._by_title.get(_fold(html.unescape(title)))) is not None:
                yield page
        for page_id in _groups(_IDS, text):
            if PageId(page_id) in self.paths:
                yield PageId(page_id)
        folder = posixpath.dirname(here)
        for target in _groups(_TARGETS, text):
            path = posixpath.normpath(
                posixpath.join(folder, unquote(html.unescape(target.partition("#")[0])))
            )
            if (page := self._by_path.get(unicodedata.normalize("NFC", path))) is not None:
                yield page


def _groups(pattern: re.Pattern[str], text: str) -> Iterable[str]:
    return {next(group for group in found.groups() if group is not None) for found in pattern.finditer(text)}


def _fold(title: str) -> str:
    return unicodedata.normalize("NFC", title).strip().casefold()
