"""A refusal in the words of each API."""

from http import HTTPStatus

from starlette.responses import JSONResponse, Response

from confsync.sandbox.call import NotJson, TooLarge
from confsync.sandbox.refusals import (
    Denied,
    Exists,
    Invalid,
    Malformed,
    Missing,
    Refusal,
    StaleVersion,
    Stumbled,
    TitleExists,
)

_JAVA = "com.atlassian.confluence.api.service.exceptions."
_JAVA_NAMES = {
    400: "BadRequestException",
    403: "PermissionException",
    404: "NotFoundException",
    409: "ConflictException",
    410: "GoneException",
}
_CODES = {
    400: "INVALID_REQUEST_PARAMETER",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "CONFLICT",
    413: "REQUEST_TOO_LARGE",
}
_TAKEN = "A page with this title already exists: A page already exists with the same TITLE in this space"
_STATUS: dict[type[Refusal], int] = {
    Missing: 404,
    StaleVersion: 409,
    Denied: 403,
    TooLarge: 413,
    NotJson: 415,
    Stumbled: 500,
}
_ABSENT = {
    "space": "No space with key : {}",
    "parent": "No parent or not permitted to view content with id : ContentId{{id={}}}",
    "version": "Cannot find content version: ContentId{{id={}}}",
    "label": "No label found: {}",
    "user": "No user found: {}",
    "property": "No property found: {}",
    "task": "No long task found: {}",
}


def refused(refusal: Refusal, *, v2: bool) -> Response:
    """The answer to a refused request. To v2, what one may not do is not there."""
    if v2 and isinstance(refusal, Denied):
        return v2_error(404, "Not Found")
    status = _status(refusal, v2=v2)
    if v2:
        return v2_error(
            status, _v2_text(refusal), code="BAD_REQUEST" if isinstance(refusal, TitleExists) else ""
        )
    return v1_error(status, _v1_text(refusal), valid=not isinstance(refusal, Malformed))


def refused_by_data_center(refusal: Refusal) -> Response:
    """The answer of a Data Center: no Java name, the reason phrase beside the message."""
    status = _status(refusal, v2=False)
    said = _v1_text(refusal)
    data = {
        "authorized": status not in (403, 404),
        "valid": not isinstance(refusal, Malformed),
        "allowedInReadOnlyMode": True,
        "errors": [],
        "successful": False,
    }
    answer = {"statusCode": status, "data": data, "message": said, "reason": HTTPStatus(status).phrase}
    return JSONResponse(answer, status)


def v1_error(status: int, message: str, *, valid: bool = True) -> Response:
    """An error as REST v1 says it."""
    name = _JAVA_NAMES.get(status)
    said = f"{_JAVA}{name}: {message}" if name else message
    errors = (
        [] if valid else [{"message": {"key": "content.body.invalid", "args": [], "translation": message}}]
    )
    data = {"authorized": status not in (403, 404), "valid": valid, "errors": errors, "successful": False}
    return JSONResponse({"statusCode": status, "data": data, "message": said}, status)


def v2_error(status: int, title: str, *, code: str = "") -> Response:
    """An error as REST v2 says it."""
    error = {
        "status": status,
        "code": code or _CODES.get(status, "INTERNAL_SERVER_ERROR"),
        "title": title,
        "detail": None,
    }
    return JSONResponse({"errors": [error]}, status)


def _status(refusal: Refusal, *, v2: bool) -> int:
    if v2 and isinstance(refusal, Exists) and refusal.kind == "property":
        return 409
    return _STATUS.get(type(refusal), 400)


def _v2_text(refusal: Refusal) -> str:
    match refusal:
        case Missing("page" | "blogpost" as kind, id):
            return f"Cannot find a {kind} with id [{id}]"
        case Missing("attachment" | "comment" | "label" | "space" | "property" | "version" as kind, id):
            return f"Cannot find {kind} with id [{id}]"
        case Missing(_, id):
            return f"Content with id: [{id}] not found"
        case StaleVersion(current, provided):
            return (
                "Version must be incremented when updating a page. "
                f"Current Version: [{current}]. Provided version: [{provided}]"
            )
        case Exists("property", name):
            return f"Property with key [{name}] already exists"
        case _:
            return _common(refusal)


def _v1_text(refusal: Refusal) -> str:
    match refusal:
        case Missing(kind, id):
            return _ABSENT.get(kind, "No content found with id: ContentId{{id={}}}").format(id)
        case StaleVersion(current, _):
            return f"Version must be incremented on update. Current version is: {current}"
        case Exists("attachment", name):
            return f"Cannot add a new attachment with same file name as an existing attachment: {name}"
        case Exists(kind, name):
            return f"A {kind} with key {name} already exists"
        case _:
            return _common(refusal)


def _common(refusal: Refusal) -> str:
    match refusal:
        case TitleExists():
            return _TAKEN
        case Invalid(reason) | Malformed(reason) | Denied(reason) | Stumbled(reason):
            return reason
        case TooLarge(limit=limit):
            return f"Request too large. Requests for this resource can be at most {limit} bytes"
        case Exists(kind, name):
            return f"A {kind} named {name} already exists"
        case NotJson():
            return "Unsupported Media Type"
        case _:
            return str(refusal)
