"""REST v1: labels. Writing them is possible here only."""

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, inner, items, route, text
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.rows import Content
from confsync.sandbox.store.listing import Filter
from confsync.sandbox.wire import v1

_LIMIT = 200


def routes() -> list[BaseRoute]:
    """Labels of content, of spaces, and what carries one."""
    base = "/rest/api/content/{id}/label"
    return [
        route(base, _list),
        route(base, _add, "POST"),
        route(base, _remove, "DELETE"),
        route(f"{base}/{{label:path}}", _remove, "DELETE"),
        route("/rest/api/label", _one),
        route("/rest/api/space/{key}/label", _space),
        route("/rest/api/space/{key}/label", _add_to_space, "POST"),
        route("/rest/api/space/{key}/label", _remove_from_space, "DELETE"),
        route("/rest/api/space/{key}/labels", _space),
    ]


def _content(call: Call) -> Content:
    return call.content(call.number(kind="ContentId"))


async def _list(call: Call) -> Response:
    return _rows(call, _content(call))


def _rows(call: Call, content: Content) -> Response:
    start, limit = v1.paging(call, _LIMIT)
    rows = call.store.labels.of(content.id, call.query("prefix") or None)
    shown = [v1.label(row) for row in rows[start : start + limit]]
    return v1.Shape(call).rows(shown, start=start, limit=limit, more=len(rows) > start + limit)


async def _add(call: Call) -> Response:
    content = _content(call)
    call.store.labels.add(content.id, sent_labels(await call.json()))
    return _rows(call, content)


def sent_labels(sent: object) -> list[tuple[str, str]]:
    """Labels as (prefix, name), from one object or an array of them.

    Raises:
        Invalid: neither, or one without a name.
    """
    given = sent if isinstance(sent, list) else [sent]
    named = [
        (text(inner(one).get("prefix")) or "global", text(inner(one).get("name"))) for one in items(given)
    ]
    if not named or any(not name for _, name in named):
        raise Invalid("Could not parse Labels")
    return named


async def _remove(call: Call) -> Response:
    content = _content(call)
    name = call.query("name") or str(call.request.path_params.get("label", ""))
    call.store.labels.remove(content.id, name)
    return Response(status_code=204)


async def _one(call: Call) -> Response:
    label = call.store.labels.named(call.query("name"))
    start, limit = v1.paging(call, _LIMIT)
    kind = call.query("type")
    wanted = Filter(
        types=[kind] if kind else ["page", "blogpost", "attachment"],
        statuses=["current"],
        label=label.id,
        hidden=call.store.restrictions.hidden_from(call.viewer),
    )
    rows = call.store.listings.slice(wanted, start=start, limit=limit + 1)
    shown = [{"contentType": c.type, "contentId": c.id, "title": c.title} for c in rows[:limit]]
    listed = v1.Shape(call).listed(shown, start=start, limit=limit, more=len(rows) > limit)
    return JSONResponse({"label": v1.label(label), "associatedContents": listed})


async def _space(call: Call) -> Response:
    space = call.store.spaces.by_key(call.path("key"))
    start, limit = v1.paging(call, _LIMIT)
    on_content, own = call.store.labels.in_space(space.id), call.store.labels.of(space.id)
    every = [*own, *(row for row in on_content if row not in own)]
    rows = [row for row in every if call.query("prefix") in ("", row.prefix)]
    shown = [v1.label(row) for row in rows[start : start + limit]]
    return v1.Shape(call).rows(shown, start=start, limit=limit, more=len(rows) > start + limit)


async def _add_to_space(call: Call) -> Response:
    space = call.store.spaces.by_key(call.path("key"))
    call.store.labels.add(space.id, sent_labels(await call.json()))
    return await _space(call)


async def _remove_from_space(call: Call) -> Response:
    space = call.store.spaces.by_key(call.path("key"))
    call.store.labels.remove(space.id, call.query("name"))
    return Response(status_code=204)
