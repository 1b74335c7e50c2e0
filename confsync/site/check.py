"""Links into pages are checked when every page is known."""

from collections.abc import Iterable, Mapping

from confsync.site.model import Reference
from confsync.site.report import BrokenLink

_TOP = frozenset({"top", ""})
"""Every browser knows where the top of a page is."""


def broken_references(
    references: Iterable[Reference], ids: Mapping[str, frozenset[str]]
) -> tuple[BrokenLink, ...]:
    """Return the links to places that their page does not have.

    Args:
        references: the links.
        ids: the ids of each page of the site, by its address.
    """
    return tuple(
        BrokenLink(one.page, one.target, f"the page has no heading or anchor “{one.anchor}”")
        for one in references
        if one.anchor not in _TOP and one.anchor not in ids.get(one.out, frozenset())
    )
