"""REST v1: history and versions."""

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, inner, route, text, whole
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.routes.v2_shapes import allow_edit
from confsync.sandbox.rows import Content
from confsync.sandbox.saving.elements import Element
from confsync.sandbox.wire import bodies, v1

_VERSION_LIMIT = 200


def routes() -> list[BaseRoute]:
    """Old versions: read, brought back, deleted; macros in them."""
    one, older = "/rest/api/content/{id}", "/rest/experimental/content/{id}"
    macro = f"{one}/history/{{version}}/macro/id/{{macro}}"
    return [
        route(f"{one}/history", _history),
        *(route(f"{root}/version", _versions) for root in (one, older)),
        *(route(f"{root}/version/{{number}}", _version) for root in (one, older)),
        route(f"{one}/version", _restore, "POST"),
        *(route(f"{root}/version/{{number}}", _remove_version, "DELETE") for root in (one, older)),
        route(macro, _macro),
        route(f"{macro}/convert/{{to}}", _macro_shown),
    ]


def _content(call: Call) -> Content:
    return call.content(call.number(kind="ContentId"))


async def _history(call: Call) -> Response:
    shape = v1.Shape(call)
    expand = v1.expanded(call, "previousVersion,nextVersion,lastUpdated")
    return JSONResponse(shape.outer(shape.history(_content(call), expand)))


async def _versions(call: Call) -> Response:
    content = _content(call)
    start, limit = v1.paging(call, _VERSION_LIMIT)
    rows = call.store.contents.versions(content.id)
    shown = [_version_row(call, content, row.number) for row in rows[start : start + limit]]
    return v1.Shape(call).rows(shown, start=start, limit=limit, more=len(rows) > start + limit)


def _version_row(call: Call, content: Content, number: int) -> v1.Wire:
    shape, expand = v1.Shape(call), v1.expanded(call)
    said = shape.version(call.store.contents.version(content.id, number), content)
    if "content" in expand:
        old = number if number != content.version.number else None
        said["content"] = shape.content(content, expand["content"], number=old)
        said["_expandable"] = {"collaborators": ""}
    return said


async def _version(call: Call) -> Response:
    return JSONResponse(v1.Shape(call).outer(_version_row(call, _content(call), call.number("number"))))


async def _restore(call: Call) -> Response:
    content = _content(call)
    allow_edit(call, content)
    sent = await call.object()
    wanted = inner(sent.get("params"))
    number = whole(wanted.get("versionNumber"))
    if text(sent.get("operationKey")) != "restore" or number is None:
        raise Invalid("operationKey restore and params.versionNumber are required")
    changed = call.store.contents.restore_version(
        content.id,
        number,
        by=call.viewer,
        message=text(wanted.get("message")),
        with_title=wanted.get("restoreTitle") is True,
    )
    return JSONResponse(_version_row(call, changed, changed.version.number))


async def _remove_version(call: Call) -> Response:
    content = _content(call)
    allow_edit(call, content)
    call.store.contents.remove_version(content.id, call.number("number"))
    return Response(status_code=204)


# -------------------------------------------------------------------------------------------- macros


def _found(call: Call, content: Content) -> tuple[str, Element]:
    """A version's text and the macro in it that has this id; version 0 is the current one."""
    number = call.number("version") or content.version.number
    text_ = call.store.contents.body(content.id, number)
    return text_, bodies.macro(text_, call.path("macro"))


async def _macro(call: Call) -> Response:
    text_, macro = _found(call, _content(call))
    said = macro.child("ac:rich-text-body", "ac:plain-text-body")
    body = "" if said is None else said.text if said.name == "ac:plain-text-body" else text_[said.inside]
    parameters = {name: {"value": value} for name, value in macro.parameters.items()}
    return JSONResponse(
        {"name": macro.get("ac:name"), "body": body, "parameters": parameters, "_links": {"base": call.base}}
    )


async def _macro_shown(call: Call) -> Response:
    content = _content(call)
    text_, macro = _found(call, content)
    wanted = call.path("to")
    value = bodies.shown(call, content, text_[macro.span], wanted)
    return JSONResponse({"value": value, "representation": wanted, "_expandable": {}})
