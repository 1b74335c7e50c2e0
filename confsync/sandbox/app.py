"""The ASGI application: gates outside, routes inside, the store behind them."""

from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response

from confsync.sandbox.faults import Faults
from confsync.sandbox.flavour import CLOUD_ID, Downloads, Flavour
from confsync.sandbox.gates.diagnostics import DiagnosticsGate
from confsync.sandbox.gates.host import LOOPBACK, HostGate
from confsync.sandbox.gates.identity import IdentityGate
from confsync.sandbox.gates.index import IndexGate
from confsync.sandbox.gates.media import MediaGate
from confsync.sandbox.gates.meter import MeterGate, Points
from confsync.sandbox.gates.mount import MountGate
from confsync.sandbox.gates.trouble import TroubleGate
from confsync.sandbox.identity.doors import Doors
from confsync.sandbox.journal import Journal
from confsync.sandbox.options import Options
from confsync.sandbox.refusals import Refusal
from confsync.sandbox.routes import all_routes
from confsync.sandbox.site import Site
from confsync.sandbox.store import Store
from confsync.sandbox.store.access import Access
from confsync.sandbox.webhooks.delivery import Deliveries
from confsync.sandbox.webhooks.hook import Hooks
from confsync.sandbox.wire import errors


@dataclass(frozen=True, slots=True)
class Parts:
    """What an application is made of besides the store; the defaults are new ones."""

    doors: Doors = field(default_factory=Doors)
    journal: Journal = field(default_factory=Journal)


def create_app(store: Store, options: Options | None = None, parts: Parts | None = None) -> Site:
    """Build the application on a store; nothing listens yet."""
    options, parts = options or Options(), parts or Parts()
    faults, points = Faults(store, options.faults, options.chance_seed), Points(options.points)
    routed = _routed(store, options)
    metered = MeterGate(routed, options, points)
    index = IndexGate(metered, store, options.search_lag_ms)
    media = MediaGate(index, on=options.downloads is Downloads.REDIRECT)
    known = IdentityGate(media, parts.doors, options, Access(store.database).is_open, media)
    troubled = TroubleGate(known, store, parts.journal, faults, options)
    diagnosed = DiagnosticsGate(troubled, options, lambda account: _username(store, account))
    contexts = (options.home, "/wiki", "")
    mounted = MountGate(diagnosed, contexts, None if options.flavour is Flavour.DATA_CENTER else CLOUD_ID)
    hooks = Hooks(options.webhook_hosts)
    routed.state.site = site = Site(
        HostGate(mounted, (*LOOPBACK, *options.hosts)),
        store,
        parts.doors,
        parts.journal,
        faults,
        points,
        hooks,
        Deliveries(store, hooks),
        index,
    )
    return site


def _routed(store: Store, options: Options) -> Starlette:
    handlers = {Refusal: _refused, HTTPException: _not_served, ClientDisconnect: _hung_up}
    inner = Starlette(routes=all_routes(options.flavour), exception_handlers=handlers)
    inner.router.redirect_slashes = False
    inner.state.store = store
    inner.state.limits = options.limits
    inner.state.flavour = options.flavour
    return inner


def _username(store: Store, account: str) -> str:
    return next((person.username for person in store.people.many([account])), "")


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    if request.app.state.flavour is Flavour.DATA_CENTER:
        return errors.refused_by_data_center(error)
    return errors.refused(error, v2=request.url.path.startswith("/api/v2"))


async def _hung_up(_request: Request, _error: Exception) -> Response:
    """The client went away before it had sent its request; nobody reads this answer."""
    return Response(status_code=499)


async def _not_served(_request: Request, error: Exception) -> Response:
    """Unknown routes are HTML on the real service, not JSON."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return HTMLResponse(f"<html><body><h1>HTTP Status {status}</h1></body></html>", status)
