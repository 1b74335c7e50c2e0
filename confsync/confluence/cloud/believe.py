"""An empty body is not an edit.

For some live docs and editors the server answers nothing over storage although there is text. A body that
is empty is read once more; if it stays empty and the version before, or the other format, has text, the page
says so and nobody acts on it.
"""

import json
from collections.abc import Iterator
from dataclasses import replace

from confsync.confluence.cloud.shapes import page
from confsync.confluence.cloud.wiki import Wiki, v2_path
from confsync.confluence.payload import as_object, child, maybe_text
from confsync.confluence.shapes import storage
from confsync.confluence.transport import Query
from confsync.errors import NotFound
from confsync.model.content import ContentType, Page, Status

_EMPTY_NODES = frozenset({"doc", "paragraph"})


def believable(wiki: Wiki, found: Page) -> Page:
    """The page itself; read again where its text is empty, and marked where that did not help."""
    row = found.row
    if found.body or not row.type.has_text or row.status is not Status.CURRENT:
        return found
    again = page(_get(wiki, found, [("body-format", "storage")]), row.type)
    if again.body:
        return replace(again, labels=found.labels)
    why = _why_doubtful(wiki, found)
    return replace(found, unavailable=why) if why else found


def _why_doubtful(wiki: Wiki, found: Page) -> str:
    number = found.row.version.number
    if number > 1:
        before = [("body-format", "storage"), ("version", str(number - 1))]
        try:
            if storage(_get(wiki, found, before)):
                return f"the server answers an empty text for version {number}, but not for {number - 1}"
        except NotFound:
            pass  # Retention removed that version; the other format has to tell.
    data = child(_get(wiki, found, [("body-format", "atlas_doc_format")]), "body", "atlas_doc_format")
    if _has_text(maybe_text(data, "value")):
        return "the server has a text, but not in storage format"
    return ""


def _get(wiki: Wiki, found: Page, query: Query) -> dict[str, object]:
    kind: ContentType = found.row.type
    return dict(as_object(wiki.transport.get(v2_path(kind, found.id), query).data))


def _has_text(adf: str) -> bool:
    try:
        return any(kind not in _EMPTY_NODES for kind in _nodes(json.loads(adf))) if adf else False
    except ValueError:
        return True


def _nodes(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        yield str(node.get("type", ""))
        content = node.get("content")
        for inner in content if isinstance(content, list) else ():
            yield from _nodes(inner)
