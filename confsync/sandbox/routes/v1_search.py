"""REST v1: CQL."""

import html
import json
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, inner, items, route, text
from confsync.sandbox.cql.search import (
    Context,
    Found,
    entity,
    highlighted,
    search,
    search_people,
    search_spaces,
)
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.rows import Content, Person, SpaceRow
from confsync.sandbox.saving.text import plain_text
from confsync.sandbox.wire import cursor, v1
from confsync.sandbox.wire.expand import Expand

_LABELS_PER_ANSWER = 200
"""The limit of labels is shared by all rows of a search, silently."""
_EXCERPT = 160
_NEVER = "1970-01-01T00:00:00.000Z"


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
    return search(call.store, cql, call.viewer, start=start, limit=limit, context=_context(call))


def _context(call: Call) -> Context:
    archived = call.flag("includeArchivedSpaces")
    given = call.query("cqlcontext")
    if not given:
        return Context(archived_spaces=archived)
    try:
        said = inner(json.loads(given))
    except ValueError as error:
        raise Invalid(f"Could not parse cqlcontext : {given}") from error
    statuses = [str(status) for status in items(said.get("contentStatuses"))] or ["current"]
    return Context(statuses, text(said.get("contentId")), text(said.get("spaceKey")), archived)


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
    cql = call.query("cql")
    kind = entity(cql) if cql else "content"
    start, limit = _window(call)
    if kind == "content":
        found = _found(call, start, limit)
        expand = Expand.parse(call.request.query_params.getlist("expand"), below="content")
        return _answer(call, [_hit(call, content, expand) for content in found.rows], found.total)
    people, spaces = search_people, search_spaces
    rows = (
        [_person(call, person) for person in people(call.store, cql, call.viewer)]
        if kind == "user"
        else [_space(call, space) for space in spaces(call.store, cql, call.viewer)]
    )
    return _answer(call, rows[start : start + limit], len(rows))


def _answer(call: Call, rows: list[v1.Wire], total: int) -> Response:
    start, limit = _window(call)
    said = {
        "results": rows,
        "start": start,
        "limit": limit,
        "size": len(rows),
        "totalSize": total,
        "cqlQuery": call.query("cql"),
        "searchDuration": 1,
        "_links": _links(call, Found((), total), start, limit),
    }
    return JSONResponse(said)


def _row(call: Call, kind: str, title: str, url: object, when: str) -> v1.Wire:
    """What every hit has."""
    shown = html.escape(title, quote=False)
    if call.query("excerpt", "highlight").startswith("highlight"):
        shown = highlighted(shown, call.query("cql"))
    return {
        "title": shown,
        "excerpt": "",
        "url": url,
        "breadcrumbs": [],
        "entityType": kind,
        "iconCssClass": "",
        "lastModified": when,
        "friendlyLastModified": v1.friendly(when),
        "score": 0.0,
    }


def _hit(call: Call, content: Content, expand: Expand) -> v1.Wire:
    shown = v1.Shape(call).content(content, expand)
    space = call.store.spaces.get(content.space)
    url = inner(shown["_links"]).get("webui")
    return {
        **_row(call, "content", content.title, url, content.version.created),
        "content": shown,
        "excerpt": "" if call.query("excerpt") == "none" else _excerpt(call, content),
        "resultGlobalContainer": {"title": space.name, "displayUrl": f"/spaces/{space.key}"},
        "iconCssClass": f"aui-icon content-type-{content.type}",
    }


def _excerpt(call: Call, content: Content) -> str:
    said = html.escape(plain_text(call.store.contents.body(content.id))[:_EXCERPT], quote=False)
    plain = call.query("excerpt", "highlight").startswith("indexed")
    return said if plain else highlighted(said, call.query("cql"))


def _person(call: Call, person: Person) -> v1.Wire:
    row = _row(call, "user", person.name, f"/people/{person.account_id}", _NEVER)
    return {**row, "user": v1.Shape(call).user(person)}


def _space(call: Call, space: SpaceRow) -> v1.Wire:
    row = _row(call, "space", space.name, f"/spaces/{space.key}", space.created)
    return {**row, "space": v1.Shape(call).space(space)}


async def _people(call: Call) -> Response:
    start, limit = v1.paging(call)
    cql = call.query("cql")
    found = search_people(call.store, cql, call.viewer)
    rows = [_person(call, person) | {"title": person.name} for person in found[start : start + limit]]
    more = len(found) > start + limit
    beside = {"totalSize": len(found), "cqlQuery": cql, "searchDuration": 1}
    return v1.Shape(call).rows(rows, start=start, limit=limit, more=more, **beside)
