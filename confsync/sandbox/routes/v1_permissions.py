"""REST v1: permissions of spaces, given and taken by those who administer them."""

from dataclasses import replace

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, inner, route, text
from confsync.sandbox.refusals import Exists, Invalid, Missing
from confsync.sandbox.rows import SpaceRow
from confsync.sandbox.store.access import OPERATIONS, Access, Permit
from confsync.sandbox.wire import permits

_ROOT = "/rest/api/space/{key}/permission"


def routes() -> list[BaseRoute]:
    """Give one, take one."""
    return [route(_ROOT, _add, "POST"), route(f"{_ROOT}/{{id}}", _remove, "DELETE")]


def _space(call: Call) -> tuple[Access, SpaceRow]:
    space = call.store.spaces.by_key(call.path("key"))
    call.administer(space)
    return Access(call.store.database), space


async def _add(call: Call) -> Response:
    access, space = _space(call)
    sent = await call.object()
    subject, operation = inner(sent.get("subject")), inner(sent.get("operation"))
    key, target = text(operation.get("key")), text(operation.get("target"))
    wanted = permits.level(key, target)
    if wanted is None:
        raise Invalid(f"There is no permission to {key} a {target}")
    kind, who = _subject(call, text(subject.get("type")), text(subject.get("identifier")))
    if _known(access, space, (kind, who, key, target)):
        raise Exists("permission", key)
    others = [
        row for row in access.of(space.id) or permits.usual(space) if (row.kind, row.subject) != (kind, who)
    ]
    access.put(space.id, [*others, Permit(wanted, kind, who)])
    made = _known(access, space, (kind, who, key, target))
    said = {
        "id": made,
        "subject": {"type": kind, "identifier": text(subject.get("identifier"))},
        "operation": {"key": key, "target": target},
        "_links": {"base": call.base, "context": call.context},
    }
    return JSONResponse(said)


def _known(access: Access, space: SpaceRow, asked: tuple[str, str, str, str]) -> int | None:
    """The id of a permission, by who (kind and name) and what (operation and target)."""
    found = permits.of(access, space)
    return next((one.id for one in found if (one.kind, one.subject, one.key, one.target) == asked), None)


def _subject(call: Call, kind: str, identifier: str) -> tuple[str, str]:
    match kind:
        case "user":
            return kind, call.store.people.get(identifier).account_id
        case "group":
            return kind, call.store.groups.get(identifier).name
        case _:
            raise Invalid("A permission is for a user or a group")


async def _remove(call: Call) -> Response:
    """Take one operation away; with it goes what is above it."""
    access, space = _space(call)
    number = call.number()
    taken = next((one for one in permits.of(access, space) if one.id == number), None)
    if taken is None:
        raise Missing("permission", str(number))
    kept = []
    for row in access.of(space.id) or permits.usual(space):
        if (row.kind, row.subject) != (taken.kind, taken.subject):
            kept.append(row)
        elif left := permits.without(row.operation, taken.key, taken.target):
            kept.append(replace(row, operation=left))
    if not any(row.operation == OPERATIONS[-1] for row in kept):
        raise Invalid("A space has somebody who administers it")
    access.put(space.id, kept)
    return Response(status_code=204)
