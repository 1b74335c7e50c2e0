"""The ASGI application: gates outside, routes inside, the store behind them."""

from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp

from confsync.sandbox.accounts import Accounts
from confsync.sandbox.faults import Faults
from confsync.sandbox.gate import HostGate, LoginGate, PathGate, TroubleGate
from confsync.sandbox.journal import Journal
from confsync.sandbox.options import Flavour, Options
from confsync.sandbox.refusals import Refusal
from confsync.sandbox.routes import all_routes
from confsync.sandbox.store import Store
from confsync.sandbox.wire import errors

_HOSTS = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Site:
    """An application with the parts that its owner may want to reach."""

    app: ASGIApp
    store: Store
    accounts: Accounts
    journal: Journal
    faults: Faults


@dataclass(frozen=True, slots=True)
class Parts:
    """What an application is made of besides the store; the defaults are new ones."""

    accounts: Accounts = field(default_factory=Accounts)
    journal: Journal = field(default_factory=Journal)


def create_app(store: Store, options: Options | None = None, parts: Parts | None = None) -> Site:
    """Build the application on a store; nothing listens yet."""
    options, parts = options or Options(), parts or Parts()
    faults = Faults(options.faults)
    inner = Starlette(
        routes=all_routes(options.flavour), exception_handlers={Refusal: _refused, HTTPException: _not_served}
    )
    inner.router.redirect_slashes = False
    inner.state.store = store
    inner.state.limits = options.limits
    inner.state.flavour = options.flavour
    inner.state.journal = parts.journal
    inner.state.faults = faults
    login = LoginGate(inner, parts.accounts, options.flavour)
    trouble = TroubleGate(login, parts.journal, faults, options.latency_ms)
    return Site(
        HostGate(PathGate(trouble, options.home), _HOSTS), store, parts.accounts, parts.journal, faults
    )


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    if request.app.state.flavour is Flavour.DATA_CENTER:
        return errors.refused_by_data_center(error)
    return errors.refused(error, v2=request.url.path.startswith("/api/v2"))


async def _not_served(_request: Request, error: Exception) -> Response:
    """Unknown routes are HTML on the real service, not JSON."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return HTMLResponse(f"<html><body><h1>HTTP Status {status}</h1></body></html>", status)
