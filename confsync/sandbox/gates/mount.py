"""Where the site is mounted: under its context path, at the root, and behind the gateway."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

CONTROL = "/_sandbox/"
_GATEWAY = re.compile(r"/ex/confluence/([^/]+)(?=/|$)")


class MountGate:
    """Serves one tree under several context paths, forgiving repeated and trailing slashes.

    The first context is the site's own: what comes by the gateway gets links to there.
    """

    def __init__(self, app: ASGIApp, contexts: Iterable[str], cloud_id: str | None) -> None:
        self._app = app
        self._home, *others = contexts
        self._contexts = sorted({self._home, *others, ""}, key=len, reverse=True)
        self._cloud_id = cloud_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rewrite the path; the context found goes to the scope's state."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = str(scope["path"])
        path = re.sub(r"/{2,}", "/", asked)
        through = _GATEWAY.match(path) if self._cloud_id else None
        if through is not None and through[1] != self._cloud_id:
            await JSONResponse({"code": 404, "message": "Not Found"}, 404)(scope, receive, send)
            return
        context, plain = self._split(path[through.end() :] if through else path)
        state = {
            **scope.get("state", {}),
            "context": self._home if through else context,
            "asked": asked,
            "viewer": "",
            "gateway": through is not None,
        }
        await self._app(
            {**scope, "path": plain, "raw_path": quote(plain).encode(), "state": state}, receive, send
        )

    def _split(self, path: str) -> tuple[str, str]:
        """The context path, and what stands below it."""
        for context in self._contexts:
            if path == context or path.startswith(f"{context}/"):
                return context, path[len(context) :].rstrip("/") or "/"
        return "", path.rstrip("/") or "/"
