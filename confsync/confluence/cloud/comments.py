"""Inline comments and content properties: what hangs on a page besides text, labels and files."""

from collections.abc import Collection, Mapping

from confsync.confluence.cloud.wiki import Wiki
from confsync.confluence.paging import every
from confsync.confluence.payload import Json, child, maybe_text, number, text
from confsync.errors import VersionConflict
from confsync.model.content import InlineComment
from confsync.model.ids import PageId

_RESOLUTIONS = ("open", "reopened", "resolved", "dangling")
# Both spellings are on the road.
_REFS = ("inlineMarkerRef", "inline-marker-ref")
_SELECTIONS = ("inlineOriginalSelection", "inline-original-selection")


def inline(wiki: Wiki, page: PageId) -> list[InlineComment]:
    """Inline comments, resolved ones included; those without a marker of their own are replies."""
    query = [("resolution-status", one) for one in _RESOLUTIONS] + [("limit", "250")]
    rows = every(wiki.transport, f"{wiki.route(page)}/inline-comments", query)
    found = [_comment(row) for row in rows]
    return [one for one in found if one.ref]


def properties(wiki: Wiki, page: PageId, keys: Collection[str]) -> Mapping[str, object]:
    """The content properties with these keys, all in one request."""
    if not keys:
        return {}
    rows = every(wiki.transport, f"{wiki.route(page)}/properties", [("limit", "250")])
    return {text(row, "key"): row.get("value") for row in rows if row.get("key") in keys}


def set_property(wiki: Wiki, page: PageId, key: str, value: object) -> None:
    """Create or update; a property may appear by itself while we look away, so look twice."""
    try:
        _upsert(wiki, page, key, value)
    except VersionConflict:
        _upsert(wiki, page, key, value)


def _upsert(wiki: Wiki, page: PageId, key: str, value: object) -> None:
    path = f"{wiki.route(page)}/properties"
    rows = every(wiki.transport, path, [("key", key), ("limit", "250")])
    there = next((row for row in rows if row.get("key") == key), None)
    if there is None:
        wiki.transport.post(path, {"key": key, "value": value})
        return
    version = {"number": number(child(there, "version"), "number") + 1, "message": ""}
    wiki.transport.put(f"{path}/{text(there, 'id')}", {"key": key, "value": value, "version": version})


def _comment(row: Json) -> InlineComment:
    more = child(row, "properties")
    return InlineComment(
        ref=next((maybe_text(more, key) for key in _REFS if more.get(key)), ""),
        selection=next((maybe_text(more, key) for key in _SELECTIONS if more.get(key)), ""),
        # A dangling comment has lost its marker but nobody settled it: it is still open.
        open=row.get("resolutionStatus") != "resolved",
    )
