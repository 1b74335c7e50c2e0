"""REST v1: users, what is kept for them, and what they watch."""

import json
from functools import partial

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, route
from confsync.sandbox.refusals import Exists
from confsync.sandbox.rows import PropertyRow
from confsync.sandbox.store.interest import WATCH
from confsync.sandbox.wire import v1

_PROPERTY = "user"
_WATCHABLE = ("content", "space", "label")


def routes() -> list[BaseRoute]:
    """People, their properties, their watches."""
    root = "/rest/api/user"
    one = f"{root}/{{account}}/property/{{key}}"
    found = [
        route(root, _user),
        route(f"{root}/current", _me),
        route(f"{root}/anonymous", _anonymous),
        route(f"{root}/bulk", _users),
        route(f"{root}/email", _email),
        route(f"{root}/email/bulk", _emails),
        route(f"{root}/{{account}}/property", _properties),
        route(one, _property),
        route(one, _create_property, "POST"),
        route(one, _put_property, "PUT"),
        route(one, _delete_property, "DELETE"),
    ]
    for kind in _WATCHABLE:
        address = f"{root}/watch/{kind}/{{what}}"
        found += [
            route(address, partial(_watching, kind)),
            route(address, partial(_watch, kind), "POST"),
            route(address, partial(_unwatch, kind), "DELETE"),
        ]
    return [
        *found,
        route("/rest/api/content/{id}/notification/created", _content_watchers),
        route("/rest/api/content/{id}/watchers", _content_watchers),
        route("/rest/api/content/{id}/notification/child-created", _space_watchers_of_content),
        route("/rest/api/space/{key}/watch", _space_watchers),
        route("/rest/api/space/{key}/watchers", _space_watchers),
    ]


async def _user(call: Call) -> Response:
    shape = v1.Shape(call)
    return JSONResponse(shape.outer(shape.user(v1.person_asked(call)), "/rest/api/user"))


async def _me(call: Call) -> Response:
    if not call.viewer:
        return await _anonymous(call)
    shape = v1.Shape(call)
    return JSONResponse(shape.outer(shape.user(call.store.people.get(call.viewer)), "/rest/api/user"))


async def _anonymous(call: Call) -> Response:
    picture = {"path": "/wiki/aa-avatar/default", "width": 48, "height": 48, "isDefault": True}
    said: v1.Wire = {"type": "anonymous", "displayName": "Anonymous", "profilePicture": picture}
    said["_links"] = {"self": f"{call.base}/rest/api/user/anonymous"}
    return JSONResponse(v1.Shape(call).outer(said, "/rest/api/user"))


async def _users(call: Call) -> Response:
    shape = v1.Shape(call)
    asked = call.queries("accountId")[:100]
    rows = [shape.user(person) for person in call.store.people.many(asked)]
    for row in rows:
        row.pop("externalCollaborator", None)
    return shape.rows(rows, start=0, limit=100, more=False)


async def _email(call: Call) -> Response:
    person = call.store.people.get(call.query("accountId"))
    return JSONResponse({"accountId": person.account_id, "email": person.email})


async def _emails(call: Call) -> Response:
    people = call.store.people.many(call.queries("accountId"))
    return JSONResponse([{"accountId": person.account_id, "email": person.email} for person in people])


# ------------------------------------------------------------------------------------------ properties


def _owner(call: Call) -> int:
    """A number of one's own for the account, since properties belong to numbers."""
    account = call.store.people.get(call.path("account")).account_id
    return call.store.people.number(account)


async def _properties(call: Call) -> Response:
    start, limit = v1.paging(call, 5)
    rows = call.store.properties.of(_PROPERTY, _owner(call))
    shown = [{"key": row.key} for row in rows[start : start + limit]]
    return v1.Shape(call).rows(shown, start=start, limit=limit, more=len(rows) > start + limit)


def _one(call: Call) -> PropertyRow:
    return call.store.properties.by_key(_PROPERTY, _owner(call), call.path("key"))


async def _property(call: Call) -> Response:
    row = _one(call)
    said = {
        "id": str(row.id),
        "key": row.key,
        "value": json.loads(row.value),
        "createdDate": row.created,
        "lastModifiedDate": row.created,
        "_links": {"base": call.base, "context": call.context},
    }
    return JSONResponse(said)


async def _create_property(call: Call) -> Response:
    sent = await call.object()
    owner, key = _owner(call), call.path("key")
    if call.store.properties.of(_PROPERTY, owner, key):
        raise Exists("property", key)
    call.store.properties.create(_PROPERTY, owner, key, sent.get("value"), call.viewer)
    return Response(status_code=201)


async def _put_property(call: Call) -> Response:
    sent = await call.object()
    call.store.properties.update(_one(call), sent.get("value"), number=None, by=call.viewer)
    return Response(status_code=204)


async def _delete_property(call: Call) -> Response:
    call.store.properties.delete(_one(call))
    return Response(status_code=204)


# --------------------------------------------------------------------------------------------- watches


def _what(kind: str, call: Call) -> str:
    """What is watched, which must be there."""
    said = call.path("what")
    match kind:
        case "content":
            return str(call.content(call.number("what", "ContentId")).id)
        case "space":
            return call.store.spaces.by_key(said).key
        case _:
            return said.lower()


def _watcher(call: Call) -> str:
    named = any(call.query(name) for name in ("accountId", "username", "key"))
    return v1.person_asked(call).account_id if named else call.viewer


async def _watching(kind: str, call: Call) -> Response:
    watching = call.store.interest.has(WATCH, kind, _what(kind, call), _watcher(call))
    return JSONResponse({"watching": watching})


async def _watch(kind: str, call: Call) -> Response:
    call.store.interest.put(WATCH, kind, _what(kind, call), _watcher(call))
    return Response(status_code=204)


async def _unwatch(kind: str, call: Call) -> Response:
    call.store.interest.drop(WATCH, kind, _what(kind, call), _watcher(call))
    return Response(status_code=204)


async def _content_watchers(call: Call) -> Response:
    content = call.content(call.number(kind="ContentId"))
    who = call.store.interest.who(WATCH, "content", str(content.id))
    return _watchers(call, who, {"contentId": content.id})


async def _space_watchers_of_content(call: Call) -> Response:
    content = call.content(call.number(kind="ContentId"))
    return _of_space(call, call.store.spaces.get(content.space).key)


async def _space_watchers(call: Call) -> Response:
    return _of_space(call, call.store.spaces.by_key(call.path("key")).key)


def _of_space(call: Call, key: str) -> Response:
    who = call.store.interest.who(WATCH, "space", key)
    return _watchers(call, who, {"spaceKey": key, "labelName": ""})


def _watchers(call: Call, who: list[str], about: v1.Wire) -> Response:
    start, limit = v1.paging(call, 200)
    shape = v1.Shape(call)
    beside: v1.Wire = (
        {} if call.data_center else {"operations": None, "personalSpace": None, "isGuest": False}
    )
    rows = [
        {"type": "watch", "watcher": shape.user_of(one) | beside, **about}
        for one in who[start : start + limit]
    ]
    return shape.rows(rows, start=start, limit=limit, more=len(who) > start + limit)
