"""REST v2: attachments."""

from dataclasses import replace
from functools import partial

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, route
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.routes.v2_includes import included
from confsync.sandbox.rows import Content
from confsync.sandbox.store.listing import Filter
from confsync.sandbox.wire import cursor, links, v2

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
        route(f"{one}/labels", _labels),
        route(f"{one}/thumbnail/download", _thumbnail),
        route("/api/v2/labels/{label}/attachments", _labelled),
    ]


async def _list(call: Call) -> Response:
    return _page(call)


async def _of(kind: str, call: Call) -> Response:
    return _page(call, container=call.content(call.number(), kind, kind=kind).id)


async def _labelled(call: Call) -> Response:
    return _page(call, label=call.store.labels.get(call.number("label")).id)


def _page(call: Call, *, container: int | None = None, label: int | None = None) -> Response:
    sort = call.query("sort", "id")
    if sort not in _SORTS:
        raise Invalid(f"Provided value {{{sort}}} for 'sort' is not a valid sort order")
    wanted = Filter(
        types=["attachment"],
        statuses=call.queries("status") or ["current"],
        container=container,
        label=label,
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
    return v2.attachment(content, call.store.files.file(content.id, content.version.number), holder)


def _one(call: Call) -> Content:
    return call.content(call.number(kind="ContentId"), "attachment", kind="attachment")


async def _read(call: Call) -> Response:
    content = _one(call)
    number = call.integer("version", 0)
    if number:
        content = replace(content, version=call.store.contents.version(content.id, number))
    said = shape(call, content) | included(call, content, "attachments")
    return JSONResponse(v2.based(said, call.base))


async def _thumbnail(call: Call) -> Response:
    """Thumbnails are the pictures themselves."""
    content = _one(call)
    address = links.download(content, call.store.files.file(content.id))
    return RedirectResponse(call.base + address, 302)


async def _delete(call: Call) -> Response:
    content = _one(call)
    if call.flag("purge"):
        if content.status != "trashed":
            raise Invalid("Content must be in the trash before it can be purged")
        call.store.life.purge(content)
    else:
        call.store.life.trash(content)
    return Response(status_code=204)


async def _labels(call: Call) -> Response:
    rows, following = cursor.window(call).cut(call.store.labels.of(_one(call).id))
    return cursor.envelope(call, [v2.label(row) for row in rows], following)
