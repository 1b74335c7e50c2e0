"""REST v1: attachments, up and down, streamed both ways."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote, unquote

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute

from confsync.sandbox.call import Call, TooLarge, id_number, inner, route, text, whole
from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.rows import Content, FileRow
from confsync.sandbox.store.contents import Edit
from confsync.sandbox.store.files import CHUNK, Upload
from confsync.sandbox.wire import v1

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


def routes() -> list[BaseRoute]:
    """Listing, uploads, metadata and downloads."""
    base = "/rest/api/content/{id}/child/attachment"
    return [
        route(base, _list),
        route(base, _create, "POST"),
        route(base, _upsert, "PUT"),
        route(f"{base}/{{attachment}}/data", _replace, "POST"),
        route(f"{base}/{{attachment}}", _describe, "PUT"),
        route(f"{base}/{{attachment}}", _remove, "DELETE"),
        route(f"{base}/{{attachment}}/download", _by_id),
        route("/download/attachments/{id}/{name:path}", _by_name),
        route("/json/removeattachment.action", _remove_named, "POST"),
    ]


def _page(call: Call) -> Content:
    return call.content(call.number(kind="ContentId"))


def _attachment(call: Call) -> Content:
    found = call.content(call.number("attachment", "ContentId"), "attachment", kind="attachment")
    if found.container != _page(call).id:
        raise Missing("attachment", str(found.id))
    return found


async def _list(call: Call) -> Response:
    page = _page(call)
    start, limit = v1.paging(call)
    name, media = call.query("filename"), call.query("mediaType")
    rows = [c for c in call.store.files.of(page.id) if name in ("", c.title)]
    if media:
        rows = [c for c in rows if call.store.files.file(c.id).media_type == media]
    shape, expand = v1.Shape(call), v1.expanded(call)
    shown = [shape.content(c, expand) for c in rows[start : start + limit]]
    return shape.rows(shown, start=start, limit=limit, more=len(rows) > start + limit)


# --------------------------------------------------------------------------------------------- uploads


@dataclass(frozen=True, slots=True)
class _Form:
    """What an upload form says besides its files."""

    files: list[UploadFile]
    comment: str
    minor: bool


@asynccontextmanager
async def _form(call: Call) -> AsyncIterator[_Form]:
    """The multipart body, its files on disk while the block runs."""
    parser = MultiPartParser(call.request.headers, _bounded(call), max_part_size=CHUNK)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise Invalid(f"Could not parse the multipart body: {error.message}") from error
    try:
        files = [part for part in form.getlist("file") if isinstance(part, UploadFile)]
        if not files:
            raise Invalid("At least one file is required, in parts named file")
        yield _Form(files, _field(form, "comment"), _field(form, "minorEdit").lower() == "true")
    finally:
        await form.close()


def _field(form: FormData, name: str) -> str:
    """A text of the form; some clients send it with a file name of its own."""
    value = form.get(name, "")
    return value if isinstance(value, str) else value.file.read(CHUNK).decode(errors="replace")


async def _bounded(call: Call) -> AsyncGenerator[bytes, None]:
    size = 0
    async for part in call.request.stream():
        size += len(part)
        if size > call.limits.attachment:
            raise TooLarge(call.limits.attachment)
        yield part


def _upload(call: Call, form: _Form, part: UploadFile) -> Upload:
    return Upload(
        name=part.filename or "",
        pieces=_read(part.file),
        by=call.viewer,
        media_type=(part.content_type or "").partition(";")[0].strip(),
        comment=form.comment,
        minor=form.minor,
    )


def _read(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(CHUNK):
        yield piece


async def _create(call: Call) -> Response:
    page = _page(call)
    duplicates = call.flag("allowDuplicated")
    async with _form(call) as form:
        made = [_put(call, page, _upload(call, form, part), upsert=duplicates) for part in form.files]
    return _answer(call, made)


async def _upsert(call: Call) -> Response:
    page = _page(call)
    async with _form(call) as form:
        made = [_put(call, page, _upload(call, form, part), upsert=True) for part in form.files]
    return _answer(call, made)


def _put(call: Call, page: Content, upload: Upload, *, upsert: bool) -> Content:
    existing = call.store.files.named(page.id, upload.name) if upsert else None
    return call.store.files.replace(existing, upload) if existing else call.store.files.add(page, upload)


def _answer(call: Call, made: list[Content]) -> Response:
    shape = v1.Shape(call)
    expand = v1.expanded(call, "version,container")
    rows = [shape.content(c, expand) for c in made]
    return shape.rows(rows, start=0, limit=200, more=False)


async def _replace(call: Call) -> Response:
    attachment = _attachment(call)
    async with _form(call) as form:
        changed = call.store.files.replace(attachment, _upload(call, form, form.files[0]))
    shape = v1.Shape(call)
    return JSONResponse(shape.outer(shape.content(changed, v1.expanded(call, "version,container"))))


async def _describe(call: Call) -> Response:
    attachment = _attachment(call)
    sent = await call.object()
    metadata, extensions = inner(sent.get("metadata")), inner(sent.get("extensions"))
    comment = metadata.get("comment", extensions.get("comment"))
    edit = Edit(
        by=call.viewer,
        number=whole(inner(sent.get("version")).get("number")),
        title=text(sent.get("title")) or None,
        message=text(comment),
    )
    changed = call.store.files.describe(
        attachment,
        edit,
        comment=None if comment is None else text(comment),
        media_type=text(metadata.get("mediaType")) or None,
    )
    shape = v1.Shape(call)
    return JSONResponse(shape.outer(shape.content(changed, v1.expanded(call, "version,container"))))


async def _remove(call: Call) -> Response:
    call.store.life.trash(_attachment(call))
    return Response(status_code=204)


async def _remove_named(call: Call) -> Response:
    """As the web pages do it: an attachment by name, whole or one version of it."""
    page = call.content(id_number(call.query("pageId"), "pageId"))
    found = call.store.files.named(page.id, call.query("fileName"))
    if found is None:
        raise Missing("attachment", call.query("fileName"))
    number = call.integer("version", 0)
    if number:
        call.store.contents.remove_version(found.id, number)
    else:
        call.store.life.trash(found)
    return JSONResponse({})


# ------------------------------------------------------------------------------------------- downloads


async def _by_id(call: Call) -> Response:
    return _bytes(call, _attachment(call))


async def _by_name(call: Call) -> Response:
    page = _page(call)
    name = call.path("name")
    found = call.store.files.named(page.id, name) or call.store.files.named(page.id, unquote(name))
    if found is None:
        raise Missing("attachment", name)
    return _bytes(call, found)


def _bytes(call: Call, attachment: Content) -> Response:
    file = call.store.files.file(attachment.id, call.integer("version", 0) or None)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(attachment.title, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
        "ETag": f'"{file.file_id}"',
    }
    asked = _RANGE.fullmatch(call.request.headers.get("range", ""))
    start = int(asked.group(1)) if asked and not asked.group(2) else 0
    if start >= file.size > 0:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{file.size}"})
    headers["Content-Length"] = str(file.size - start)
    if start:
        headers["Content-Range"] = f"bytes {start}-{file.size - 1}/{file.size}"
    return StreamingResponse(
        _stream(call, file, start), 206 if start else 200, headers=headers, media_type=file.media_type
    )


async def _stream(call: Call, file: FileRow, start: int) -> AsyncIterator[bytes]:
    for piece in call.store.files.pieces(file, start):
        yield piece
