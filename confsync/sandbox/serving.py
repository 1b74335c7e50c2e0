"""The HTTP server in a thread of its own."""

import socket
import ssl
import threading
from ipaddress import ip_address

import uvicorn
from starlette.types import ASGIApp

from confsync.errors import ConfsyncError
from confsync.sandbox.options import Options
from confsync.sandbox.protocol import CuttableProtocol

_START_SECONDS = 10
_STOP_SECONDS = 10


class Serving:
    """A listener and the thread that serves an application on it."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._listener = _listen(options.listen, options.port)
        self.port: int = self._listener.getsockname()[1]
        self._server: _Quiet | None = None
        self._thread: threading.Thread | None = None

    def begin(self, app: ASGIApp) -> None:
        """Serve, and return when requests are answered.

        Raises:
            ConfsyncError: the certificate cannot be used, or the server does not start.
        """
        chain, key = self._options.tls or (None, None)
        config = uvicorn.Config(
            app,
            http=CuttableProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            ssl_certfile=chain,
            ssl_keyfile=key,
        )
        try:
            config.load()
        except (OSError, ssl.SSLError) as error:
            raise ConfsyncError(
                f"the certificate in {chain} and the key in {key} cannot be used: {error}",
                hint="Both are PEM files; the chain begins with the server's own certificate.",
            ) from error
        self._server = server = _Quiet(config)
        self._thread = threading.Thread(
            target=server.serve_on, args=(self._listener,), name="sandbox", daemon=True
        )
        self._thread.start()
        if not server.ready.wait(_START_SECONDS):
            raise ConfsyncError("the sandbox did not start in time")

    def end(self) -> None:
        """Stop, and return when the thread and the socket are gone."""
        if self._server is not None:
            self._server.should_exit = True
            self._server.force_exit = True
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
        self._listener.close()


class _Quiet(uvicorn.Server):
    """A server for a thread: says when it is ready, installs no signal handlers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as ever, then say so."""
        await super().startup(sockets=sockets)
        self.ready.set()

    def serve_on(self, listener: socket.socket) -> None:
        """Serve until told to stop, then close the listener."""
        with listener:
            self.run(sockets=[listener])


def _listen(address: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        ConfsyncError: the address is none of this machine, or the port is taken.
    """
    try:
        family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET  # noqa: PLR2004 - IPv6
    except ValueError as error:
        raise ConfsyncError(
            f"{address!r} is no address to listen on",
            hint="Name an IP address, such as 127.0.0.1 or 0.0.0.0.",
        ) from error
    # With the protocol named, asyncio turns Nagle's algorithm off; without, every answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
    except OSError as error:
        listener.close()
        raise ConfsyncError(
            f"port {port} cannot be used: {error.strerror}",
            hint="Choose another one, or --port 0 for any free one.",
        ) from error
    return listener
