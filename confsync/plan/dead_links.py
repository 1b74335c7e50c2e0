"""Relative links that lead nowhere: they are refused, with their line, and never sent dead."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from confsync.convert import get
from confsync.errors import ConvertError
from confsync.model.ids import PageId, RelPath
from confsync.names import ASSETS
from confsync.plan.attachments import places
from confsync.plan.copy import Copy, LocalPage
from confsync.plan.links import LinkIndex
from confsync.plan.references import Reference, outside_files, references


class DeadLink(ConvertError):
    """A text refers to something that is not there."""


@dataclass(frozen=True)
class LinkCheck:
    """What the texts of a working copy may refer to."""

    copy: Copy
    links: LinkIndex

    def check(self, local: LocalPage) -> None:
        """Make sure that everything a page newly refers to is there.

        Raises:
            DeadLink: something is not, or is not to be told from something else.
        """
        first = local.text[: len(local.text) - len(local.body)].count("\n")
        for name, paths in outside_files(local.text, local.path, self.copy.media).items():
            own = f"{local.path.removesuffix('.md')}{ASSETS}/{name}"
            if len(paths) > 1 or own in self.copy.assets:
                raise DeadLink(
                    f"refers to two files of the name {name}, which would be one attachment",
                    hint="Give one of them another name.",
                )
        for reference in self._dead(local):
            raise DeadLink(
                f"line {first + reference.line}: “{reference.target}” leads to no page and no file"
                if reference.path not in self.copy.files
                else f"line {first + reference.line}: “{reference.target}” is a file that is no page",
                hint="Correct it, or take the link out: in Confluence it would lead nowhere.",
            )

    def _dead(self, local: LocalPage) -> Iterator[Reference]:
        found = [one for one in references(local.body, local.path) if not self._is_there(one.path)]
        known: Collection[str] = self._known(local) if found else ()
        return (one for one in found if one.target not in known)

    def _known(self, local: LocalPage) -> set[str]:
        """Targets that the base has already: what was dead before is nobody's mistake now."""
        record = self.copy.records.get(local.page) if local.page else None
        if record is None:
            return set()
        shown = get(record.page.body, self.links.links(local.path, record.page.body)).markdown
        return {reference.target for reference in references(shown, local.path)}

    def _is_there(self, path: RelPath) -> bool:
        return path in self._pages or self.copy.has_file(path) or path in self._attached(path)

    @cached_property
    def _pages(self) -> frozenset[RelPath]:
        return frozenset(self.links.paths[page] for page in self.links.titles if page in self.links.paths)

    @cached_property
    def _by_path(self) -> dict[RelPath, PageId]:
        return {path: page for page, path in self.copy.paths.items()}

    def _attached(self, path: RelPath) -> Collection[RelPath]:
        """Where the attachments lie of the page in whose folder a path lies: some are not downloaded."""
        folder = path.rpartition("/")[0]
        owner = RelPath(f"{folder.removesuffix(ASSETS)}.md")
        record = self.copy.records.get(self._by_path.get(owner, PageId("")))
        return places(owner, [one.name for one in record.attachments]).values() if record else ()
