"""REST v2: footer and inline comments."""

from functools import partial

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, Json, id_number, inner, route, text, whole
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.routes.v2_includes import included
from confsync.sandbox.routes.v2_shapes import in_format
from confsync.sandbox.rows import Content
from confsync.sandbox.store.comments import Selection
from confsync.sandbox.store.contents import Edit
from confsync.sandbox.wire import cursor, links, v2
from confsync.sandbox.wire.bodies import sent_body

_PLACES = (("footer-comments", "footer"), ("inline-comments", "inline"))


def routes() -> list[BaseRoute]:
    """Comments of pages and posts, and one by one."""
    found: list[BaseRoute] = []
    for root, place in _PLACES:
        one = f"/api/v2/{root}/{{id}}"
        found += [
            route(f"/api/v2/pages/{{id}}/{root}", partial(_of, "page", place)),
            route(f"/api/v2/blogposts/{{id}}/{root}", partial(_of, "blogpost", place)),
            route(f"/api/v2/{root}", partial(_every, place)),
            route(f"/api/v2/{root}", partial(_create, place), "POST"),
            route(one, partial(_read, place)),
            route(one, partial(_update, place), "PUT"),
            route(one, partial(_delete, place), "DELETE"),
            route(f"{one}/children", partial(_replies, place)),
        ]
    return [*found, route("/api/v2/attachments/{id}/footer-comments", partial(_of, "attachment", "footer"))]


async def _every(place: str, call: Call) -> Response:
    hidden = call.store.restrictions.hidden_from(call.viewer)
    rows = [c for c in call.store.comments.all(place) if c.id not in hidden]
    shown, following = cursor.window(call).cut(_ordered(call, rows))
    return cursor.envelope(call, [_shape(call, c) for c in shown], following)


def _ordered(call: Call, rows: list[Content]) -> list[Content]:
    sort = call.query("sort")
    if sort.removeprefix("-") == "modified-date":
        rows = sorted(rows, key=lambda c: (c.version.created, c.id))
    return rows[::-1] if sort.startswith("-") else rows


async def _of(kind: str, place: str, call: Call) -> Response:
    expected = "ContentId" if kind == "attachment" else "long"
    page = call.content(call.number(kind=expected), kind, kind=kind)
    rows = call.store.comments.of(page.id, (place,))
    wanted = call.queries("resolution-status")
    if wanted:
        rows = [c for c in rows if call.store.comments.details(c.id).resolution in wanted]
    shown, following = cursor.window(call).cut(_ordered(call, rows))
    return cursor.envelope(call, [_shape(call, c) for c in shown], following)


async def _replies(place: str, call: Call) -> Response:
    rows, following = cursor.window(call).cut(call.store.comments.replies(_one(place, call).id))
    holders = ("pageId", "blogPostId", "attachmentId")
    shown = [{k: v for k, v in _shape(call, c).items() if k not in holders} for c in rows]
    return cursor.envelope(call, shown, following)


def _one(place: str, call: Call) -> Content:
    comment = call.content(call.number(), "comment", kind="comment")
    if call.store.comments.details(comment.id).location != place:
        raise Invalid(f"Content with id {comment.id} is no {place} comment")
    return comment


async def _read(place: str, call: Call) -> Response:
    return JSONResponse(_single(call, _one(place, call)))


async def _create(place: str, call: Call) -> Response:
    sent = await call.object()
    body = sent_body(call, sent) or ""
    answered = sent.get("parentCommentId")
    if answered not in (None, ""):
        comment = call.content(id_number(answered, "parentCommentId"), "comment", kind="comment")
        made = call.store.comments.reply(comment, body, call.viewer)
    else:
        named = sent.get("pageId") or sent.get("blogPostId") or sent.get("attachmentId") or ""
        page = call.content(id_number(named, "pageId"), "page", "blogpost", "attachment", kind="page")
        made = call.store.comments.add(
            page, body, call.viewer, selection=_selection(sent) if place == "inline" else None
        )
    return JSONResponse(_single(call, made, stored=True), 201)


def _selection(sent: Json) -> Selection:
    said = inner(sent.get("inlineCommentProperties"))
    chosen = text(said.get("textSelection"))
    if not chosen:
        raise Invalid("inlineCommentProperties.textSelection is required")
    return Selection(chosen, whole(said.get("textSelectionMatchIndex")) or 0)


async def _update(place: str, call: Call) -> Response:
    comment = _one(place, call)
    sent = await call.object()
    version = inner(sent.get("version"))
    edit = Edit(
        by=call.viewer,
        number=whole(version.get("number")),
        body=sent_body(call, sent),
        message=text(version.get("message")),
    )
    changed = call.store.contents.update(comment.id, edit)
    if isinstance(sent.get("resolved"), bool):
        call.store.comments.resolve(comment, call.viewer, resolved=sent["resolved"] is True)
    return JSONResponse(_single(call, changed, stored=True))


async def _delete(place: str, call: Call) -> Response:
    call.store.life.purge(_one(place, call))
    return Response(status_code=204)


def _single(call: Call, comment: Content, *, stored: bool = False) -> v2.Wire:
    said = _shape(call, comment)
    if stored:
        said["body"] = v2.storage(call.store.contents.body(comment.id))
    root = {place: root for root, place in _PLACES}[call.store.comments.details(comment.id).location]
    inside = included(call, comment, root)
    own = said.get("properties")
    if isinstance(own, dict) and isinstance(inside.get("properties"), dict):
        inside["properties"] = {**own, **inner(inside["properties"])}
    return v2.based(said, call.base) | inside


def _shape(call: Call, comment: Content) -> v2.Wire:
    page = call.store.contents.get(comment.container or 0)
    wanted = call.query("body-format")
    body = in_format(call, comment, call.store.contents.body(comment.id), wanted) if wanted else {}
    webui = links.webui(page, call.store.spaces.get(page.space))
    holder = {"blogpost": "blogPostId", "attachment": "attachmentId"}.get(page.type, "pageId")
    return v2.comment(comment, call.store.comments.details(comment.id), webui, body, holder)
