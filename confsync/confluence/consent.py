"""The loopback address that a browser brings the answer to: one question, one answer, then it is gone."""

import hmac
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

from confsync.errors import AuthenticationFailed, UsageError

PATH = "/callback"
_LONGEST = 8 * 1024
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>confsync</title>'
    "<p>{}</p><p>You can close this window.</p>"
)


class Callback:
    """Listens on 127.0.0.1 as long as it is entered.

    Args:
        port: the one that the app's redirect URI names; 0 for any.

    Raises:
        UsageError: the port is taken.
    """

    def __init__(self, port: int) -> None:
        try:
            self._server = _Server(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise UsageError(
                f"Port {port} cannot be used: {error.strerror}", hint="free it, or choose another with --port"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    @property
    def url(self) -> str:
        """What the app has to name as its redirect URI."""
        return f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def code(self, state: str, *, seconds: float = 300.0) -> str:
        """Wait for the browser, and return the code it brings.

        Raises:
            AuthenticationFailed: the person said no, nobody came, or the answer belongs to another question.
        """
        end = time.monotonic() + seconds
        while self._server.answer is None and (left := end - time.monotonic()) > 0:
            self._server.timeout = left
            self._server.handle_request()
        answer = self._server.answer
        if answer is None:
            raise AuthenticationFailed("Nobody answered in the browser", hint="run the login again")
        if not hmac.compare_digest(answer.get("state", "").encode(), state.encode()):
            raise AuthenticationFailed("The browser's answer belongs to another question", hint="try again")
        if not answer.get("code"):
            said = answer.get("error_description") or answer.get("error") or "no code came"
            raise AuthenticationFailed(f"No consent was given: {said[:200]}")
        return answer["code"]


class _Server(HTTPServer):
    answer: dict[str, str] | None = None

    @property
    def names(self) -> tuple[str, str]:
        """What a browser calls us: other names are other sites' tricks."""
        return (f"127.0.0.1:{self.server_port}", f"localhost:{self.server_port}")


class _Handler(BaseHTTPRequestHandler):
    timeout = 10

    def do_GET(self) -> None:
        """Take the answer, once, from our own address only."""
        server = self.server
        parts = urlsplit(self.path)
        known = isinstance(server, _Server) and self.headers.get("Host", "") in server.names
        if not known or parts.path != PATH or len(self.path) > _LONGEST:
            self._say(404, "There is nothing here.")
            return
        if isinstance(server, _Server) and server.answer is None:
            server.answer = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self._say(200, "confsync has the answer.")

    def _say(self, status: int, words: str) -> None:
        body = _PAGE.format(words).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the request line holds the code."""
