"""What is said at the door, in each service's own and often misleading words."""

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive

from confsync.sandbox.wire import errors

_HTML_401 = "<html><head><title>Unauthorized (401)</title></head></html>"


async def drain(receive: Receive) -> None:
    """Read what the client still sends, so that it reads our answer."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return


def not_let_in(path: str) -> Response:
    """Cloud, to somebody it does not know: 403 in v1, a bare 404 in v2."""
    if path.startswith("/api/v2"):
        return errors.v2_error(404, "Not Found")
    if path == "/rest/api/user/current":
        return JSONResponse({"statusCode": 403, "message": "caller cannot access Confluence"}, 403)
    if path.startswith("/rest/"):
        return JSONResponse(
            {"statusCode": 403, "message": "Current user not permitted to use Confluence"}, 403
        )
    return HTMLResponse(
        "<h1>Log in</h1>", 401, headers={"WWW-Authenticate": 'Basic realm="confsync sandbox"'}
    )


def misplaced() -> Response:
    """Cloud, to a token with scopes that was sent to the site instead of the gateway."""
    return HTMLResponse(
        "<!doctype html><html><body><h1>HTTP Status 401 - Unauthorized</h1></body></html>", 401
    )


def not_through() -> Response:
    """The gateway, to credentials it does not know."""
    return JSONResponse({"code": 401, "message": "Unauthorized"}, 401)


def lacks_scope() -> Response:
    """The gateway, to a token that may not do this."""
    return JSONResponse({"code": 401, "message": "Unauthorized; scope does not match"}, 401)


def failed_login(*, challenge: bool = False) -> Response:
    """Data Center, to a wrong password; after too many of them it wants a person."""
    headers = {
        "WWW-Authenticate": 'OAuth realm="http%3A%2F%2F127.0.0.1"',
        "X-Seraph-LoginReason": "AUTHENTICATION_DENIED" if challenge else "AUTHENTICATED_FAILED",
    }
    if challenge:
        headers["X-Authentication-Denied-Reason"] = "CAPTCHA_CHALLENGE; login-url=/login.action"
    return HTMLResponse(_HTML_401, 403 if challenge else 401, headers=headers)


def insufficient_scope() -> Response:
    """Data Center, to a token whose scopes do not cover the method."""
    return JSONResponse({"error": "insufficient_scope", "error_description": "Insufficient scope"}, 403)


def gone() -> Response:
    """Cloud, for a route of v1 that is no more."""
    return errors.v1_error(410, "This deprecated endpoint has been removed.")


def forged() -> Response:
    """Either, to what may be another site's form."""
    return HTMLResponse("XSRF check failed", 403)
