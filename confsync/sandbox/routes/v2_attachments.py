"""REST v2: attachments."""

from functools import partial

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, route
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.rows import Content
from confsync.sandbox.store.listing import Filter
from confsync.sandbox.wire import cursor, v2

_SORTS = ("id", "created-date", "modified-date", "-id", "-created-date", "-modified-date")
_DEFAULT_LIMIT = 50


def routes() -> list[BaseRoute]:
    """Attachments of the site, of a page, of a post, and one by one."""
    one = "/api/v2/attachments/{id}"
    return [
        route("/api/v2/attachments", _list),
        route("/api/v2/pages/{id}/attachments", partial(_of, "page")),
        route("/api/v2/blogposts/{id}/attachments", partial(_of, "blogpost")),
        route(one, _read),
        route(one, _delete, "DELETE"),
        route(f"{one}/versions", _versions),
        route(f"{one}/versions/{{number}}", _version),
        route(f"{one}/labels", _labels),
    ]


async def _list(call: Call) -> Response:
    return _page(call, None)


async def _of(kind: str, call: Call) -> Response:
    return _page(call, call.content(call.number(), kind, kind=kind).id)


def _page(call: Call, container: int | None) -> Response:
    sort = call.query("sort", "id")
    if sort not in _SORTS:
        raise Invalid(f"Provided value {{{sort}}} for 'sort' is not a valid sort order")
    wanted = Filter(
        types=["attachment"],
        statuses=call.queries("status") or ["current"],
        container=container,
        filename=call.query("filename") or None,
        hidden=call.store.restrictions.hidden_from(call.viewer),
    )
    rows, place = call.store.listings.page(
        wanted, sort=sort, limit=cursor.limit(call, _DEFAULT_LIMIT), after=cursor.place(call)
    )
    media = call.query("mediaType")
    shown = [row for row in (shape(call, content) for content in rows) if media in ("", row["mediaType"])]
    return cursor.envelope(call, shown, None if place is None else [place.value, place.id])


def shape(call: Call, content: Content) -> v2.Wire:
    """Schema AttachmentBulk."""
    holder = call.store.contents.get(content.container or 0).type
    return v2.attachment(content, call.store.files.file(content.id), holder)


def _one(call: Call) -> Content:
    return call.content(call.number(kind="ContentId"), "attachment", kind="attachment")


async def _read(call: Call) -> Response:
    said = shape(call, _one(call))
    links = said["_links"]
    return JSONResponse(said | {"_links": {**(links if isinstance(links, dict) else {}), "base": call.base}})


async def _delete(call: Call) -> Response:
    content = _one(call)
    if call.flag("purge"):
        if content.status != "trashed":
            raise Invalid("Content must be in the trash before it can be purged")
        call.store.life.purge(content)
    else:
        call.store.life.trash(content)
    return Response(status_code=204)


async def _versions(call: Call) -> Response:
    content = _one(call)
    rows, following = cursor.window(call).cut(call.store.contents.versions(content.id))
    entity = {"id": f"att{content.id}", "title": content.title}
    return cursor.envelope(call, [v2.version(row) | {"attachment": entity} for row in rows], following)


async def _version(call: Call) -> Response:
    content = _one(call)
    row = call.store.contents.version(content.id, call.number("number"))
    return JSONResponse(v2.version(row) | {"contentTypeModified": False, "collaborators": [row.author]})


async def _labels(call: Call) -> Response:
    rows, following = cursor.window(call).cut(call.store.labels.of(_one(call).id))
    return cursor.envelope(call, [v2.label(row) for row in rows], following)
