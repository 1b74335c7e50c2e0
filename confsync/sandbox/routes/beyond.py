"""What the real service has and the sandbox does not: said plainly, so that nobody takes it for absent."""

from collections.abc import Sequence
from functools import partial

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, route
from confsync.sandbox.flavour import Flavour
from confsync.sandbox.wire import errors

_METHODS = ("GET", "PUT", "POST", "DELETE")

CLOUD: Sequence[tuple[str, Sequence[str]]] = (
    ("admin keys", ["/api/v2/admin-key"]),
    ("properties of apps", ["/api/v2/app/properties{rest:path}"]),
    (
        "custom content",
        [
            "/api/v2/custom-content{rest:path}",
            "/api/v2/{root}/{id}/custom-content",
            "/rest/api/space/{key}/permission/custom-content",
        ],
    ),
    (
        "classification levels",
        ["/api/v2/classification-levels", "/api/v2/{root}/{id}/classification-level{rest:path}"],
    ),
    ("data policies", ["/api/v2/data-policies/{rest:path}"]),
    ("redaction", ["/api/v2/{root}/{id}/redact"]),
    (
        "space roles",
        [
            "/api/v2/space-roles{rest:path}",
            "/api/v2/space-role-mode",
            "/api/v2/space-permissions{rest:path}",
            "/api/v2/spaces/{id}/role-assignments",
        ],
    ),
    ("invitations", ["/api/v2/user/access/{rest:path}"]),
    ("space settings", ["/rest/api/space/{key}/settings"]),
    ("changing many content states at once", ["/rest/api/content-states{rest:path}"]),
    ("apps' own modules", ["/rest/atlassian-connect/{rest:path}", "/atlassian-connect/{rest:path}"]),
)
"""Areas of Cloud by what people call them, with the routes in each."""

DATA_CENTER: Sequence[tuple[str, Sequence[str]]] = (
    (
        "administration",
        [
            "/rest/api/admin/{rest:path}",
            "/rest/api/cluster/nodes",
            "/rest/api/instance-metrics",
            "/rest/api/user/current{rest:path}",
            "/rest/api/space/personal",
        ],
    ),
    ("backup and restore", ["/rest/api/backup-restore/{rest:path}"]),
    (
        "colour schemes",
        ["/rest/api/color-scheme{rest:path}", "/rest/api/space/{key}/color-scheme{rest:path}"],
    ),
    (
        "permissions",
        ["/rest/api/permissions{rest:path}", "/rest/api/space/{key}/permissions{rest:path}"],
    ),
    ("nested groups", [f"/rest/api/group/{{group}}/group{kin}" for kin in ("ancestor", "member", "parent")]),
    ("macros by hash", ["/rest/api/content/{id}/history/{version}/macro/hash/{hash}"]),
)
"""The same for Data Center."""

_BOTH: Sequence[tuple[str, Sequence[str]]] = (
    ("the audit log", ["/rest/api/audit{rest:path}", "/rest/auditing/{rest:path}"]),
    ("analytics", ["/rest/api/analytics/{rest:path}"]),
    (
        "look and feel",
        [
            "/rest/api/settings/{rest:path}",
            "/rest/api/space/{key}/theme",
        ],
    ),
)


def areas(flavour: Flavour) -> Sequence[tuple[str, Sequence[str]]]:
    """What this flavour lacks."""
    return [*(DATA_CENTER if flavour is Flavour.DATA_CENTER else CLOUD), *_BOTH]


def routes(flavour: Flavour) -> list[BaseRoute]:
    """An answer for each; they come after every route that is served."""
    return [
        route(path, partial(_refused, area), *_METHODS) for area, paths in areas(flavour) for path in paths
    ]


async def _refused(area: str, call: Call) -> Response:
    said = f"The sandbox does not have {area}"
    if call.request.url.path.startswith("/api/v2"):
        return errors.v2_error(501, said, code="NOT_IMPLEMENTED")
    return JSONResponse({"statusCode": 501, "message": said}, 501)
