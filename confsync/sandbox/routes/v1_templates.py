"""REST v1: templates."""

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, Json, id_number, inner, items, route, text
from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.store.templates import Template
from confsync.sandbox.wire import v1
from confsync.sandbox.wire.bodies import sent_body


def routes() -> list[BaseRoute]:
    """Templates of pages, and of blueprints, of which the sandbox has none."""
    return [
        route("/rest/api/template", _create, "POST"),
        route("/rest/api/template", _update, "PUT"),
        route("/rest/api/template/page", _list),
        route("/rest/api/template/blueprint", _blueprints),
        route("/rest/api/template/{template}", _read),
        route("/rest/api/template/{template}", _delete, "DELETE"),
    ]


async def _list(call: Call) -> Response:
    key = call.query("spaceKey")
    rows = call.store.templates.all(call.store.spaces.by_key(key).id if key else None)
    start, limit = v1.paging(call)
    with_body = "body" in v1.expanded(call)
    shown = [_said(call, row, with_body=with_body) for row in rows[start : start + limit]]
    return v1.Shape(call).rows(shown, start=start, limit=limit, more=len(rows) > start + limit)


async def _blueprints(call: Call) -> Response:
    start, limit = v1.paging(call)
    return v1.Shape(call).rows([], start=start, limit=limit, more=False)


def _said(call: Call, row: Template, *, with_body: bool = True) -> v1.Wire:
    shape = v1.Shape(call)
    body: v1.Wire = {"value": row.body, "representation": "storage", "embeddedContent": []}
    said: v1.Wire = {
        "templateId": str(row.id),
        "name": row.name,
        "description": row.description,
        "labels": [{"prefix": "global", "name": n, "id": "0", "label": n} for n in row.labels],
        "templateType": "page",
        "editorVersion": "v2",
        "_expandable": {} if with_body else {"body": ""},
        "_links": shape.self_link(f"template/{row.id}"),
    }
    if row.space is not None:
        said["space"] = shape.space(call.store.spaces.get(row.space))
    return said | ({"body": {"storage": body}} if with_body else {})


async def _read(call: Call) -> Response:
    return JSONResponse(_said(call, _one(call, call.path("template"))))


def _one(call: Call, given: str) -> Template:
    if not given.isdigit():
        raise Missing("template", given)
    return call.store.templates.get(int(given))


async def _create(call: Call) -> Response:
    return _saved(call, await call.object(), None)


async def _update(call: Call) -> Response:
    sent = await call.object()
    return _saved(call, sent, _one(call, text(sent.get("templateId"))))


def _saved(call: Call, sent: Json, old: Template | None) -> Response:
    if text(sent.get("templateType")) != "page":
        raise Invalid("templateType must be page")
    body = sent_body(call, sent)
    if body is None:
        raise Invalid("body is required")
    key = text(inner(sent.get("space")).get("key"))
    made = Template(
        id=old.id if old else 0,
        space=old.space if old else call.store.spaces.by_key(key).id if key else None,
        name=text(sent.get("name")),
        description=text(sent.get("description")),
        body=call.store.contents.saved(body, 0),
        labels=tuple(text(inner(one).get("name")) for one in items(sent.get("labels"))),
    )
    return JSONResponse(_said(call, call.store.templates.save(made)))


async def _delete(call: Call) -> Response:
    call.store.templates.delete(_one(call, str(id_number(call.path("template"), "contentTemplateId"))))
    return Response(status_code=204)
