"""Data Center: webhooks, for administrators."""

import time
from dataclasses import replace
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, Json, inner, items, route, text
from confsync.sandbox.site import Site
from confsync.sandbox.store.database import stamp
from confsync.sandbox.webhooks.hook import Delivery, Hook

_ROOT = "/rest/api/webhooks"
_ADMINISTRATORS = "confluence-administrators"


def routes() -> list[BaseRoute]:
    """Registrations, their last deliveries, and a test."""
    one = f"{_ROOT}/{{id}}"
    return [
        route(_ROOT, _list),
        route(_ROOT, _create, "POST"),
        route(f"{_ROOT}/test", _test, "POST"),
        route(one, _read),
        route(one, _update, "PUT"),
        route(one, _delete, "DELETE"),
        route(f"{one}/latest", _latest),
        route(f"{one}/statistics", _statistics),
        route(f"{one}/statistics/summary", _summary),
    ]


def _site(call: Call) -> Site:
    site: Site = call.request.app.state.site
    return site


def _stranger(call: Call) -> Response | None:
    """The answer to somebody who is no administrator."""
    names = {group.name for group in call.store.groups.of(call.viewer)}
    if _ADMINISTRATORS in names:
        return None
    said = {"statusCode": 401, "message": "Only administrators may manage webhooks", "reason": "Unauthorized"}
    return JSONResponse(said, 401)


def wire(hook: Hook) -> dict[str, object]:
    """A registration as the API shows it."""
    return {
        "id": hook.id,
        "name": hook.name,
        "createdDate": hook.created,
        "updatedDate": hook.updated,
        "events": list(hook.events),
        "configuration": {"secret": hook.secret} if hook.secret else {},
        "url": hook.url,
        "active": hook.active,
        "scopeType": "global",
        "sslVerificationRequired": True,
    }


def sent_hook(sent: Json, old: Hook | None = None) -> Hook:
    """A registration from what was sent; what is not sent stays as it was."""
    now = int(time.time() * 1000)
    hook = old or Hook(0, "", "", (), created=now)
    events = tuple(text(event) for event in items(sent.get("events")))
    return replace(
        hook,
        name=text(sent.get("name")) or hook.name,
        url=text(sent.get("url")) or hook.url,
        events=events or hook.events,
        secret=text(inner(sent.get("configuration")).get("secret")) or hook.secret,
        active=sent.get("active", hook.active) is True,
        updated=now,
    )


async def _list(call: Call) -> Response:
    if refused := _stranger(call):
        return refused
    start, limit = call.integer("start", 0), call.integer("limit", 25)
    wanted = call.query("event")
    rows = [hook for hook in _site(call).hooks.all() if wanted in ("", *hook.events)]
    shown = [wire(hook) for hook in rows[start : start + limit]]
    said = {"results": shown, "size": len(shown), "start": start, "limit": limit, "totalCount": len(rows)}
    return JSONResponse({**said, "_links": {"base": call.base, "context": call.context}})


async def _create(call: Call) -> Response:
    if refused := _stranger(call):
        return refused
    return JSONResponse(wire(_site(call).add_hook(sent_hook(await call.object()))), 201)


async def _read(call: Call) -> Response:
    return _stranger(call) or JSONResponse(wire(_site(call).hooks.get(call.number())))


async def _update(call: Call) -> Response:
    if refused := _stranger(call):
        return refused
    hooks = _site(call).hooks
    return JSONResponse(wire(hooks.change(sent_hook(await call.object(), hooks.get(call.number())))))


async def _delete(call: Call) -> Response:
    if refused := _stranger(call):
        return refused
    _site(call).hooks.remove(call.number())
    return Response(status_code=204)


async def _test(call: Call) -> Response:
    if refused := _stranger(call):
        return refused
    told = await run_in_threadpool(_site(call).deliveries.ping, call.query("url"))
    return JSONResponse(_told(told))


def _of(call: Call) -> list[Delivery]:
    hook, event = _site(call).hooks.get(call.number()), call.query("event")
    return [
        told for told in _site(call).deliveries.told() if told.hook == hook.id and event in ("", told.event)
    ]


def _told(told: Delivery) -> dict[str, object]:
    outcome = "SUCCESS" if told.ok else "FAILURE" if told.status else "ERROR"
    at = stamp(datetime.fromtimestamp(told.at / 1000, UTC))
    return {
        "id": told.request_id,
        "event": {"id": told.event, "i18nKey": f"confluence.webhooks.{told.event}"},
        "start": at,
        "finish": at,
        "request": {"method": "POST", "body": told.body},
        "result": {"outcome": outcome, "description": str(told.status or "no answer")},
    }


async def _latest(call: Call) -> Response:
    if refused := _stranger(call):
        return refused
    rows = [said for said in map(_told, _of(call)) if call.query("outcome").upper() in ("", _outcome(said))]
    return JSONResponse(rows[-1]) if rows else Response(status_code=204)


def _outcome(said: dict[str, object]) -> str:
    return text(inner(said["result"]).get("outcome"))


def _counted(told: list[Delivery]) -> dict[str, int]:
    return {
        "successes": sum(one.ok for one in told),
        "failures": sum(bool(one.status) and not one.ok for one in told),
        "errors": sum(not one.status for one in told),
    }


async def _statistics(call: Call) -> Response:
    return _stranger(call) or JSONResponse({"counts": _counted(_of(call))})


async def _summary(call: Call) -> Response:
    if refused := _stranger(call):
        return refused
    told = _of(call)
    by_event = {event: [one for one in told if one.event == event] for event in {one.event for one in told}}
    return JSONResponse({event: _counted(those) for event, those in by_event.items()})
