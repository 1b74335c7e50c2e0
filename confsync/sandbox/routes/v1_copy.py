"""REST v1: copies of pages and of whole branches."""

import json
from dataclasses import dataclass, replace

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, Json, id_number, inner, route, text
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.routes.v1_longtasks import started
from confsync.sandbox.routes.v2_shapes import allow_edit
from confsync.sandbox.rows import Content
from confsync.sandbox.store.contents import Edit, New
from confsync.sandbox.store.files import Upload
from confsync.sandbox.wire import links, v1
from confsync.sandbox.wire.bodies import sent_body


def routes() -> list[BaseRoute]:
    """One page, or a branch."""
    base = "/rest/api/content/{id}"
    return [
        route(f"{base}/copy", _copy, "POST"),
        route(f"{base}/pagehierarchy/copy", _copy_tree, "POST"),
    ]


@dataclass(frozen=True, slots=True)
class _Wish:
    """Where a copy goes and what comes along."""

    space: int
    parent: int | None
    title: str
    sent: Json

    def takes(self, what: str) -> bool:
        """Whether a `copy…` switch is on."""
        return self.sent.get(f"copy{what}") is True


async def _copy(call: Call) -> Response:
    page = call.content(call.number(kind="ContentId"), "page")
    sent = await call.object()
    destination = inner(sent.get("destination"))
    value, title = text(destination.get("value")), text(sent.get("pageTitle")) or page.title
    body = sent_body(call, sent)
    match text(destination.get("type")):
        case "space":
            space = call.store.spaces.by_key(value)
            made = _made(call, page, _Wish(space.id, space.homepage, title, sent), body)
        case "parent_page":
            parent = call.content(id_number(value, "destination"), "page", kind="parent")
            made = _made(call, page, _Wish(parent.space, parent.id, title, sent), body)
        case "existing_page":
            target = call.content(id_number(value, "destination"), "page")
            allow_edit(call, target)
            text_ = call.store.contents.body(page.id) if body is None else body
            made = call.store.contents.update(target.id, Edit(call.viewer, title=title, body=text_))
        case other:
            raise Invalid(f"Unknown destination type: {other}")
    shape = v1.Shape(call)
    return JSONResponse(
        shape.outer(shape.content(made, v1.expanded(call, "space,history,version,ancestors")))
    )


def _made(call: Call, page: Content, wish: _Wish, body: str | None) -> Content:
    store = call.store
    with store.database.write():
        text_ = store.contents.body(page.id) if body is None else body
        new = New("page", wish.space, wish.title, call.viewer, text_, wish.parent)
        made = store.contents.create(new)
        if wish.takes("Labels"):
            store.labels.add(made.id, [(row.prefix, row.name) for row in store.labels.of(page.id)])
        if wish.takes("Properties"):
            for row in store.properties.of("content", page.id):
                store.properties.create("content", made.id, row.key, json.loads(row.value), call.viewer)
        if wish.takes("Permissions"):
            for operation in ("read", "update"):
                store.restrictions.put(made.id, operation, store.restrictions.of(page.id, operation))
        if wish.takes("Attachments"):
            for item in store.files.of(page.id):
                file = store.files.file(item.id)
                upload = Upload(
                    item.title, store.files.pieces(file), call.viewer, file.media_type, file.comment
                )
                store.files.add(made, upload)
    return made


async def _copy_tree(call: Call) -> Response:
    page = call.content(call.number(kind="ContentId"), "page")
    sent = await call.object()
    target = call.content(
        id_number(sent.get("destinationPageId"), "destinationPageId"), "page", kind="parent"
    )
    wish = _Wish(target.space, target.id, "", sent)
    # Listed before anything is made: the copy may go below the page itself.
    below = call.store.tree.descendants(page.id, 1000) if wish.takes("Descendants") else []
    made: dict[int | None, int] = {page.parent: target.id}
    with call.store.database.write():
        for one in [page, *(d.content for d in below if d.content.type == "page")]:
            title = _retitled(one.title, inner(sent.get("titleOptions")))
            parent = made.get(one.parent, target.id)
            made[one.id] = _made(call, one, replace(wish, parent=parent, title=title), None).id
    copied = made[page.id]
    address = links.webui(call.store.contents.get(copied), call.store.spaces.get(target.space))
    return started(
        call,
        "com.atlassian.confluence.pages.copy",
        destinationId=str(copied),
        destinationUrl=address,
        totalPageNeedToCopy=len(made) - 1,
    )


def _retitled(title: str, options: Json) -> str:
    search = text(options.get("search"))
    if search:
        title = title.replace(search, text(options.get("replace")))
    return text(options.get("prefix")) + title
