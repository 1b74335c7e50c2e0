"""A web server on loopback that shows a folder and tells its pages when they are out of date."""

import queue
import threading
from contextlib import suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from confsync.errors import ConfsyncError

EVENTS = "/_confsync/live"
"""Where pages listen; the script live.js of the site does."""
_BEAT = 15.0
"""Seconds after which a silent connection is proven to be alive."""


class Listeners:
    """The pages that are open somewhere."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queues: set[queue.SimpleQueue[str]] = set()

    def join(self) -> "queue.SimpleQueue[str]":
        """Return where one page hears of news."""
        heard: queue.SimpleQueue[str] = queue.SimpleQueue()
        with self._lock:
            self._queues.add(heard)
        return heard

    def leave(self, heard: "queue.SimpleQueue[str]") -> None:
        """Forget a page."""
        with self._lock:
            self._queues.discard(heard)

    def tell(self, word: str) -> None:
        """Tell all of them."""
        with self._lock:
            for heard in self._queues:
                heard.put(word)


class LiveServer(ThreadingHTTPServer):
    """Serves a folder on this machine only.

    Args:
        folder: the site.
        port: 0 for any free one.

    Raises:
        ConfsyncError: the port is taken.
    """

    daemon_threads = True

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.listeners = Listeners()
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise ConfsyncError(
                f"port {port} cannot be used: {error.strerror}",
                hint="Choose another one, or --port 0 for any free one.",
            ) from error


class _Handler(SimpleHTTPRequestHandler):
    """Files of one folder, without a line for every request."""

    server: LiveServer

    def __init__(self, request: object, address: object, server: LiveServer) -> None:
        super().__init__(request, address, server, directory=str(server.folder))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer, if the request means this machine: other sites may know the port, but not the name."""
        if urlsplit(f"//{self.headers.get('Host', '')}").hostname not in ("127.0.0.1", "localhost", "::1"):
            self.send_error(403, "this preview is for this machine only")
        elif self.path.partition("?")[0] == EVENTS:
            self._listen()
        else:
            super().do_GET()

    def end_headers(self) -> None:
        """Nothing is kept, for everything may change."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _listen(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        heard = self.server.listeners.join()
        with suppress(OSError):  # the page went away
            self.wfile.write(b": here\n\n")
            while True:
                try:
                    word = heard.get(timeout=_BEAT)
                    self.wfile.write(f"event: {word}\ndata: 1\n\n".encode())
                except queue.Empty:
                    self.wfile.write(b": still here\n\n")
                self.wfile.flush()
        self.server.listeners.leave(heard)
