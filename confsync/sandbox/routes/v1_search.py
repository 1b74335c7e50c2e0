"""REST v1: CQL."""

import html
import json
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, inner, items, route
from confsync.sandbox.cql.search import Found, search, search_people
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.rows import Content
from confsync.sandbox.saving.text import plain_text
from confsync.sandbox.wire import cursor, v1
from confsync.sandbox.wire.expand import Expand

_LABELS_PER_ANSWER = 200
"""The limit of labels is shared by all rows of a search, silently."""
_EXCERPT = 160


def routes() -> list[BaseRoute]:
    """Content search, site search, people search."""
    return [
        route("/rest/api/content/search", _contents),
        route("/rest/api/search", _site),
        route("/rest/api/search/user", _people),
    ]


def _window(call: Call) -> tuple[int, int]:
    """Cloud pages by cursor and ignores `start`; at the root, where Data Center lives, `start` counts."""
    start, limit = v1.paging(call)
    return (start if call.data_center else cursor.offset(call) or (0 if call.context else start)), limit


def _found(call: Call, start: int, limit: int) -> Found:
    cql = call.query("cql")
    if not cql:
        raise Invalid("cql parameter is required")
    return search(call.store, cql, call.viewer, start=start, limit=limit, statuses=_statuses(call))


def _statuses(call: Call) -> list[str]:
    given = call.query("cqlcontext")
    if not given:
        return ["current"]
    try:
        said = json.loads(given)
    except ValueError as error:
        raise Invalid(f"Could not parse cqlcontext : {given}") from error
    return [str(status) for status in items(inner(said).get("contentStatuses"))] or ["current"]


def _links(call: Call, found: Found, start: int, limit: int) -> dict[str, str]:
    path = call.request.url.path.removeprefix(call.context)
    query = [
        (k, v)
        for k, v in call.request.query_params.multi_items()
        if k not in ("cursor", "start", "limit", "next")
    ]
    links = {"base": call.base, "context": call.context, "self": f"{call.base}{path}?{urlencode(query)}"}
    following = start + limit
    if limit and following < found.total:
        paging: list[tuple[str, object]] = [("limit", limit), ("start", following)]
        if not call.data_center:
            paging = [("next", "true"), ("cursor", cursor.encode(following)), *paging]
        links["next"] = f"{path}?{urlencode([*paging, *query])}"
    return links


async def _contents(call: Call) -> Response:
    start, limit = _window(call)
    found = _found(call, start, limit)
    shape, expand = v1.Shape(call), v1.expanded(call)
    rows = [shape.content(content, expand) for content in found.rows]
    _cut_labels(rows)
    links = _links(call, found, start, limit)
    return JSONResponse({"results": rows, "start": start, "limit": limit, "size": len(rows), "_links": links})


def _cut_labels(rows: list[v1.Wire]) -> None:
    left = _LABELS_PER_ANSWER
    for row in rows:
        labels = inner(inner(row.get("metadata")).get("labels"))
        results = labels.get("results")
        if isinstance(results, list) and isinstance(labels, dict):
            labels["results"], labels["size"] = results[:left], min(left, len(results))
            left -= min(left, len(results))


async def _site(call: Call) -> Response:
    start, limit = _window(call)
    found = _found(call, start, limit)
    expand = Expand.parse(call.request.query_params.getlist("expand"), below="content")
    rows = [_hit(call, content, expand) for content in found.rows]
    return JSONResponse(
        {
            "results": rows,
            "start": start,
            "limit": limit,
            "size": len(rows),
            "totalSize": found.total,
            "cqlQuery": call.query("cql"),
            "searchDuration": 1,
            "_links": _links(call, found, start, limit),
        }
    )


def _hit(call: Call, content: Content, expand: Expand) -> v1.Wire:
    shown = v1.Shape(call).content(content, expand)
    space = call.store.spaces.get(content.space)
    links = inner(shown["_links"])
    return {
        "content": shown,
        "title": html.escape(content.title, quote=False),
        "excerpt": "" if call.query("excerpt") == "none" else _excerpt(call, content),
        "url": links.get("webui"),
        "resultGlobalContainer": {"title": space.name, "displayUrl": f"/spaces/{space.key}"},
        "breadcrumbs": [],
        "entityType": "content",
        "iconCssClass": f"aui-icon content-type-{content.type}",
        "lastModified": content.version.created,
        "friendlyLastModified": v1.friendly(content.version.created),
        "score": 0.0,
    }


def _excerpt(call: Call, content: Content) -> str:
    said = plain_text(call.store.contents.body(content.id))
    return html.escape(said[:_EXCERPT], quote=False)


async def _people(call: Call) -> Response:
    start, limit = v1.paging(call)
    found = search_people(call.store, call.query("cql"), call.viewer)
    shape = v1.Shape(call)
    rows = [
        {
            "user": shape.user(person),
            "title": person.name,
            "excerpt": "",
            "url": f"/people/{person.account_id}",
            "breadcrumbs": [],
            "entityType": "user",
            "iconCssClass": "",
            "lastModified": "1970-01-01T00:00:00.000Z",
            "friendlyLastModified": "",
            "score": 0.0,
        }
        for person in found[start : start + limit]
    ]
    more = len(found) > start + limit
    return shape.rows(
        rows,
        start=start,
        limit=limit,
        more=more,
        totalSize=len(found),
        cqlQuery=call.query("cql"),
        searchDuration=1,
    )
