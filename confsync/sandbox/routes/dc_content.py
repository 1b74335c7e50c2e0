"""Data Center alone: content by scan, files moved between pages, text drawn out of files, who restricts."""

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, id_number, route
from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.routes.v2_shapes import allow_edit
from confsync.sandbox.rows import Content
from confsync.sandbox.store.listing import Filter, Place
from confsync.sandbox.wire import v1

_TEXT_LIMIT = 1024 * 1024


def routes() -> list[BaseRoute]:
    """What stands under `/content` on Data Center and not on Cloud."""
    one = "/rest/api/content/{id}"
    attachment = f"{one}/child/attachment/{{attachment}}"
    return [
        route("/rest/api/content/scan", _scan),
        route(f"{attachment}/extractedtext", _text),
        route(f"{attachment}/move", _move, "POST"),
        route(f"{attachment}/version/{{number}}", _remove_version, "DELETE"),
        route(f"{one}/restriction/relevantViewRestrictions", _restrictions),
    ]


async def _scan(call: Call) -> Response:
    """All content of a kind, by cursor: `content:false:ID`, the last id seen."""
    wanted = Filter(
        types=[call.query("type", "page")],
        statuses=["current"],
        spaces=[call.store.spaces.by_key(call.query("spaceKey")).id] if call.query("spaceKey") else [],
        hidden=call.store.restrictions.hidden_from(call.viewer),
    )
    return scanned(call, wanted)


def scanned(call: Call, wanted: Filter) -> Response:
    """One page of content by cursor."""
    last = call.query("cursor").rpartition(":")[2]
    _, limit = v1.paging(call)
    seen = int(last) if last.isdigit() else 0
    rows, following = call.store.listings.page(wanted, limit=limit, after=Place(seen, seen))
    shape, expand = v1.Shape(call), v1.expanded(call)
    said: v1.Wire = {
        "results": [shape.content(c, expand) for c in rows],
        "cursor": call.query("cursor"),
        "limit": limit,
        "size": len(rows),
        "_links": {"base": call.base, "context": call.context},
    }
    if following is not None:
        said["nextCursor"] = f"content:false:{following.id}"
    return JSONResponse(said)


def _attachment(call: Call) -> Content:
    found = call.content(call.number("attachment", "ContentId"), "attachment", kind="attachment")
    if found.container != call.content(call.number(kind="ContentId")).id:
        raise Missing("attachment", str(found.id))
    return found


async def _text(call: Call) -> Response:
    """The text of a file that is text; of other files none was drawn."""
    attachment = _attachment(call)
    file = call.store.files.file(attachment.id)
    if not file.media_type.startswith("text/"):
        return Response(status_code=204)
    said = b"".join(call.store.files.pieces(file))[: call.integer("limit", _TEXT_LIMIT)]
    return JSONResponse({"extractedText": said.decode(errors="replace")})


async def _move(call: Call) -> Response:
    attachment = _attachment(call)
    target = call.query("newContentId")
    page = call.content(id_number(target, "newContentId") if target else attachment.container or 0)
    allow_edit(call, page)
    call.store.files.move(attachment, page, call.query("newName") or attachment.title)
    return Response(status_code=204)


async def _remove_version(call: Call) -> Response:
    attachment, number = _attachment(call), call.number("number")
    if number == attachment.version.number:
        raise Invalid("Cannot delete the current version of an attachment")
    call.store.contents.remove_version(attachment.id, number)
    return Response(status_code=204)


async def _restrictions(call: Call) -> Response:
    """The view restrictions that a page has or inherits, by the page they are on."""
    content = call.content(call.number(kind="ContentId"))
    shape = v1.Shape(call)
    chain = [*call.store.tree.ancestors(content), content]
    found = {
        str(one.id): shape.restriction(one, "read")
        for one in chain
        if call.store.restrictions.of(one.id, "read")
    }
    return JSONResponse({"restrictions": found, "_links": {"base": call.base, "context": call.context}})
