"""Which names the server answers to."""

from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class HostGate:
    """Refuses requests that name another host or come from a web page of one."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer 421."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            origin = headers.get("origin")
            named = [headers.get("host", ""), *([origin.rpartition("//")[2]] if origin is not None else [])]
            if not all(host_of(name) in self._hosts for name in named):
                refusal = PlainTextResponse("This sandbox does not answer to that name.\n", 421)
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def host_of(name: str) -> str:
    """The host of `host:port`, `[::1]:port` or a host alone."""
    host, colon, port = name.rpartition(":")
    return (host if colon and port.isdigit() else name).strip("[]").lower()
