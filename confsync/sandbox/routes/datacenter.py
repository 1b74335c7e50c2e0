"""What Data Center lacks of the routes it shares with Cloud."""

from collections.abc import Iterable

from starlette.routing import BaseRoute, Route

_CONTENT = "/rest/api/content/{id}"
_ATTACHMENT = f"{_CONTENT}/child/attachment"
_CLOUD_ONLY = {
    (f"{_CONTENT}/move/{{position}}/{{target}}", "PUT"),
    (f"{_CONTENT}/version", "GET"),
    (f"{_CONTENT}/version", "POST"),
    (f"{_CONTENT}/version/{{number}}", "GET"),
    (f"{_CONTENT}/copy", "POST"),
    (f"{_CONTENT}/pagehierarchy/copy", "POST"),
    (f"{_CONTENT}/state", "GET"),
    (f"{_CONTENT}/state", "PUT"),
    (f"{_CONTENT}/state", "DELETE"),
    (f"{_CONTENT}/pageTree", "DELETE"),
    (f"{_CONTENT}/restriction", "POST"),
    (f"{_CONTENT}/restriction", "DELETE"),
    (f"{_CONTENT}/permission/check", "POST"),
    (_ATTACHMENT, "PUT"),
    (f"{_ATTACHMENT}/{{attachment}}/download", "GET"),
    (f"{_CONTENT}/state/available", "GET"),
    (f"{_CONTENT}/notification/created", "GET"),
    (f"{_CONTENT}/notification/child-created", "GET"),
    ("/rest/api/content-states", "GET"),
    ("/rest/api/content/archive", "POST"),
    ("/rest/api/search/user", "GET"),
    ("/rest/api/user/bulk", "GET"),
    ("/rest/api/user/email", "GET"),
    ("/rest/api/user/email/bulk", "GET"),
    ("/rest/api/user/watch/label/{what}", "GET"),
    ("/rest/api/user/watch/label/{what}", "POST"),
    ("/rest/api/user/watch/label/{what}", "DELETE"),
    ("/rest/api/group/{group}/membersByGroupId", "GET"),
    ("/rest/api/group/by-id", "GET"),
    ("/rest/api/group/picker", "GET"),
    ("/_edge/tenant_info", "GET"),
}


def without_cloud(given: Iterable[BaseRoute]) -> list[BaseRoute]:
    """The routes that Data Center has, too."""
    return [one for one in given if not (isinstance(one, Route) and _is_cloud_only(one))]


def _is_cloud_only(one: Route) -> bool:
    return any((one.path, method) in _CLOUD_ONLY for method in one.methods or ())
