"""What the Cloud dialect sends, in which order, and what it makes of half-heard answers."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from confsync.errors import NotFound, Rejected, RemoteError, VersionConflict
from confsync.model.content import Attachment, ContentType, Row, Status, Version
from confsync.model.ids import AccountId, AttachmentId, PageId
from confsync.ports import Fate, Place
from tests.unit.confluence.wire import Routes, body_of, listed, ok, page_json, refusal, rows

SEARCH = "GET /rest/api/content/search"
NEWEST = "GET /api/v2/spaces/98304/pages"
PAGE = PageId("1")


def row(version: int = 5, **more: object) -> Row:
    start = Row(
        id=PAGE,
        type=ContentType.PAGE,
        title="Install",
        parent=PageId("98309"),
        parent_type=ContentType.PAGE,
        position=None,
        status=Status.CURRENT,
        version=Version(version, AccountId(""), ""),
    )
    return replace(start, **more)  # type: ignore[arg-type]


def stored(version: int, body: str | None, **more: object) -> dict[str, object]:
    labels = {"results": [{"prefix": "global", "name": "kept"}]}
    return page_json("1", "Install", body, version=version, labels=labels, **more)


def cut(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("late", request=request)


# ------------------------------------------------------------------------------------------------- writing


def test_an_update_is_a_put_and_a_read_and_never_sends_a_parent() -> None:
    server = Routes()
    server.on("PUT /api/v2/pages/1", stored(5, "<p>normalised</p>"))
    server.on("GET /api/v2/pages/1", stored(5, "<p>normalised</p>"))
    page = server.remote().update(row(), "<p>sent</p>", message="m" * 300)
    assert server.asked == ["PUT /api/v2/pages/1", "GET /api/v2/pages/1"]
    assert body_of(server.requests[0]) == {
        "id": "1",
        "status": "current",
        "title": "Install",
        "body": {"representation": "storage", "value": "<p>sent</p>"},
        "version": {"number": 5, "message": "m" * 255},
    }
    assert (page.body, page.row.version.number, page.labels) == ("<p>normalised</p>", 5, frozenset({"kept"}))


def test_a_colleague_who_writes_right_after_us_is_not_taken_for_us() -> None:
    server = Routes()
    server.on("PUT /api/v2/pages/1", stored(5, "<p>ours</p>"))
    server.on("GET /api/v2/pages/1", stored(6, "<p>theirs</p>"))
    page = server.remote().update(row(), "<p>ours</p>", message="")
    assert (page.body, page.row.version.number) == ("<p>ours</p>", 5)


def test_an_answer_without_text_is_completed_by_reading_that_very_version() -> None:
    server = Routes()
    server.on("PUT /api/v2/pages/1", stored(5, None))

    def read(request: httpx.Request) -> httpx.Response:
        old = request.url.params.get("version") == "5"
        return ok(stored(5, "<p>ours</p>") if old else stored(6, "<p>theirs</p>"))

    server.on("GET /api/v2/pages/1", read)
    assert server.remote().update(row(), "<p>ours</p>", message="").body == "<p>ours</p>"


def test_a_lost_answer_to_an_update_is_an_error_and_not_a_second_try() -> None:
    server = Routes()
    server.on("PUT /api/v2/pages/1", cut)
    with pytest.raises(RemoteError):
        server.remote().update(row(), "<p>x</p>", message="")
    assert len(server.requests) == 1


def test_a_draft_is_created_below_its_parent() -> None:
    server = Routes()
    server.on("POST /api/v2/pages", page_json("77", status="draft"))
    assert server.remote().create_draft(row(subtype="live"), "<p>x</p>") == "77"
    assert body_of(server.requests[0]) == {
        "spaceId": "98304",
        "title": "Install",
        "status": "draft",
        "parentId": "98309",
        "subtype": "live",
        "body": {"representation": "storage", "value": "<p>x</p>"},
    }


def test_a_draft_without_parent_goes_to_the_top_and_not_below_home() -> None:
    server = Routes()
    server.on("POST /api/v2/pages", page_json("77"))
    server.remote().create_draft(row(parent=None), "<p>x</p>")
    assert server.requests[0].url.params["root-level"] == "true"
    assert "parentId" not in body_of(server.requests[0])


def test_a_create_is_never_repeated() -> None:
    server = Routes()
    server.on("POST /api/v2/pages", cut)
    with pytest.raises(RemoteError):
        server.remote().create_draft(row(), "<p>x</p>")
    assert len(server.requests) == 1


def test_what_confluence_alone_can_make_is_refused() -> None:
    with pytest.raises(Rejected, match="whiteboard"):
        Routes().remote().create_draft(row(type=ContentType.WHITEBOARD), "")


def test_publishing_after_a_lost_answer_finds_it_done() -> None:
    server = Routes()
    server.on("PUT /api/v2/pages/1", refusal(409, "Version must be incremented"))
    server.on("GET /api/v2/pages/1", stored(1, "<p>x</p>"))
    assert server.remote().publish(row(1), "<p>x</p>", message="m").row.status is Status.CURRENT


def test_publishing_what_is_still_a_draft_does_not_hide_the_conflict() -> None:
    server = Routes()
    server.on("PUT /api/v2/pages/1", refusal(409, "somebody edits it"))
    server.on("GET /api/v2/pages/1", stored(1, "<p>x</p>", status="draft"))
    with pytest.raises(VersionConflict):
        server.remote().publish(row(1), "<p>x</p>", message="m")


def test_restoring_takes_the_next_number() -> None:
    server = Routes()
    answers = [stored(5, "<p>x</p>", status="trashed"), stored(6, "<p>x</p>")]
    server.on("GET /api/v2/pages/1", *answers)
    server.on("PUT /api/v2/pages/1", stored(6, "<p>x</p>"))
    assert server.remote().restore(PAGE).row.version.number == 6
    sent = body_of(server.requests[1])
    assert (sent["status"], sent["version"]) == ("current", {"number": 6, "message": ""})


def test_restoring_what_is_there_changes_nothing() -> None:
    server = Routes()
    server.on("GET /api/v2/pages/1", stored(5, "<p>x</p>"))
    server.remote().restore(PAGE)
    assert server.count("PUT") == 0


# ------------------------------------------------------------------------------------------------ recovery


def recovering(
    first_version: str, *, author: str = "557058:me", created: str = "2026-07-20T10:00:00Z"
) -> Routes:
    server = Routes()
    server.on("GET /rest/api/user/current", {"type": "known", "accountId": "557058:me", "displayName": "Me"})
    made = page_json("1", "Renamed since", authorId=author, createdAt=created)
    server.on(NEWEST, rows(made))
    server.on("GET /api/v2/pages/1", made | {"body": {"storage": {"value": first_version}}})
    server.on(SEARCH, rows())
    return server


SENT = '<p>x</p><ac:structured-macro ac:name="toc"></ac:structured-macro>'
STORED = '<p>x</p><ac:structured-macro ac:name="toc" ac:schema-version="1" ac:macro-id="9-a" />'
SINCE = "2026-07-20T09:59:00.000Z"


def test_our_create_is_recognised_by_its_first_version_though_renamed_and_respelt() -> None:
    assert recovering(STORED).remote().find_created(row(), SENT, SINCE) == PAGE


@pytest.mark.parametrize(
    "server",
    [
        recovering("<p>another</p>"),
        recovering(STORED, author="557058:colleague"),
        recovering(STORED, created="2026-07-20T09:00:00Z"),
    ],
    ids=["another text", "another author", "too old"],
)
def test_what_is_not_ours_is_left_alone(server: Routes) -> None:
    assert server.remote().find_created(row(), SENT, SINCE) is None


def test_a_draft_of_ours_is_found_where_search_shows_drafts() -> None:
    server = recovering("<p>another</p>")
    server.on(SEARCH, rows({"id": "7", "type": "page", "status": "draft", "title": "Install"}))
    server.on("GET /api/v2/pages/7", page_json("7", "Install", SENT, status="draft"))
    assert server.remote().find_created(row(), SENT, SINCE) == "7"
    assert "draft" in server.requests[-2].url.params["cqlcontext"]


def test_a_search_that_knows_no_drafts_is_no_obstacle() -> None:
    server = recovering("<p>another</p>")
    server.on(SEARCH, refusal(400, "no drafts here"))
    assert server.remote().find_created(row(), SENT, SINCE) is None


# --------------------------------------------------------------------------------------- moves, trash, labels


def test_moves_go_through_v1() -> None:
    server = Routes()
    server.on("PUT /rest/api/content/1/move/before/2", {"pageId": "1"})
    server.remote().move(PAGE, Place.BEFORE, PageId("2"))
    assert server.asked == ["PUT /rest/api/content/1/move/before/2"]


def test_the_top_is_beside_the_home_page_or_any_other_page_up_there() -> None:
    server = Routes()
    server.on("GET /api/v2/spaces/98304", {"id": "98304", "key": "ENG", "name": "", "homepageId": "9"})
    server.on("PUT /rest/api/content/1/move/after/9", {"pageId": "1"})
    server.remote().move_to_top(PAGE)
    server.on("GET /api/v2/spaces/98304", {"id": "98304", "key": "ENG", "name": "", "homepageId": None})
    server.on(NEWEST, rows(page_json("1"), page_json("8")))
    server.on("PUT /rest/api/content/1/move/after/8", {"pageId": "1"})
    server.remote().move_to_top(PAGE)
    assert server.asked[-1] == "PUT /rest/api/content/1/move/after/8"


def test_trashing_never_purges() -> None:
    server = Routes()
    server.on("POST /api/v2/content/convert-ids-to-types", {"results": {"1": "page"}})
    server.on("DELETE /api/v2/pages/1", httpx.Response(204))
    server.remote().trash(PAGE)
    assert not server.requests[-1].url.query


def test_labels_are_added_in_one_request_and_removed_by_name() -> None:
    server = Routes()
    server.on("POST /rest/api/content/1/label", rows())
    server.on("DELETE /rest/api/content/1/label", httpx.Response(204))
    remote = server.remote()
    remote.add_labels(PAGE, {"b", "a"})
    remote.remove_label(PAGE, "a/b")
    assert server.requests[0].content == b'[{"prefix":"global","name":"a"},{"prefix":"global","name":"b"}]'
    assert server.requests[1].url.params["name"] == "a/b"


def test_a_label_that_cannot_be_removed_is_an_error_while_it_is_there() -> None:
    server = Routes()
    server.on("POST /api/v2/content/convert-ids-to-types", {"results": {"1": "page"}})
    server.on("GET /api/v2/pages/1/labels", rows({"name": "a", "prefix": "global"}))
    with pytest.raises(NotFound):
        server.remote().remove_label(PAGE, "a")
    server.remote().remove_label(PAGE, "b")


def test_a_property_that_appears_by_itself_is_updated_instead() -> None:
    server = Routes()
    server.on("POST /api/v2/content/convert-ids-to-types", {"results": {"1": "page"}})
    there = {"id": "5", "key": "editor", "value": "v1", "version": {"number": 3}}
    server.on("GET /api/v2/pages/1/properties", rows(), rows(there))
    server.on("POST /api/v2/pages/1/properties", refusal(409, "Property with key [editor] already exists"))
    server.on("PUT /api/v2/pages/1/properties/5", there)
    server.remote().set_property(PAGE, "editor", "v2")
    assert body_of(server.requests[-1])["version"] == {"number": 4, "message": ""}


# --------------------------------------------------------------------------------------------- attachments

ITEM = Attachment(AttachmentId("71"), "a.png", 2, 6, "image/png")
DOWNLOAD = "GET /rest/api/content/1/child/attachment/att71/download"


def test_downloads_go_to_the_media_host_without_our_credentials(tmp_path: Path) -> None:
    server = Routes()
    target = tmp_path / "a.png"
    server.on(DOWNLOAD, httpx.Response(302, headers={"Location": "https://media.example.com/file/1?token=x"}))
    server.on("GET /file/1", httpx.Response(200, content=b"abcdef"))
    assert server.remote().download(PAGE, ITEM, target) == hashlib.sha256(b"abcdef").hexdigest()
    assert target.read_bytes() == b"abcdef"
    assert server.requests[0].url.params["version"] == "2"
    assert "Authorization" in server.requests[0].headers
    assert "Authorization" not in server.requests[1].headers


def test_a_media_host_without_encryption_is_not_followed(tmp_path: Path) -> None:
    server = Routes()
    server.on(DOWNLOAD, httpx.Response(302, headers={"Location": "http://media.example.com/file/1"}))
    with pytest.raises(RemoteError, match="sends us to"):
        server.remote().download(PAGE, ITEM, tmp_path / "a.png")


@pytest.mark.parametrize("content", [b"short", b"far too long"])
def test_a_download_of_the_wrong_size_leaves_no_file(tmp_path: Path, content: bytes) -> None:
    server = Routes()
    server.on(DOWNLOAD, httpx.Response(200, content=content))
    with pytest.raises(RemoteError, match="should have 6 bytes"):
        server.remote().download(PAGE, ITEM, tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_is_cut_begins_again(tmp_path: Path) -> None:
    server = Routes()
    server.on(DOWNLOAD, cut, httpx.Response(200, content=b"abcdef"))
    server.remote().download(PAGE, ITEM, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes() == b"abcdef"


class Torn(httpx.SyncByteStream):
    """Some bytes, then nothing more."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __iter__(self) -> Iterator[bytes]:
        yield self._data
        raise httpx.ReadError("cut")


def torn(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, stream=Torn(b"abcd"))


def test_only_the_rest_of_a_broken_download_is_asked_for(tmp_path: Path) -> None:
    server = Routes()
    media = httpx.Response(302, headers={"Location": "https://media.example.com/file/1"})
    rest = httpx.Response(206, headers={"Content-Range": "bytes 4-5/6"}, content=b"ef")
    server.on(DOWNLOAD, media)
    server.on("GET /file/1", torn, rest)
    digest = server.remote().download(PAGE, ITEM, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes() == b"abcdef"
    assert digest == hashlib.sha256(b"abcdef").hexdigest()
    assert server.requests[-1].headers["range"] == "bytes=4-"
    assert server.requests[-1].headers["accept-encoding"] == "identity"


def test_a_server_that_knows_no_ranges_starts_anew(tmp_path: Path) -> None:
    server = Routes()
    server.on(DOWNLOAD, torn, httpx.Response(200, content=b"abcdef"))
    server.remote().download(PAGE, ITEM, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes() == b"abcdef"


def test_another_part_than_was_asked_for_is_refused(tmp_path: Path) -> None:
    server = Routes()
    wrong = httpx.Response(206, headers={"Content-Range": "bytes 0-1/6"}, content=b"ab")
    server.on(DOWNLOAD, torn, wrong)
    with pytest.raises(RemoteError, match="another part"):
        server.remote().download(PAGE, ITEM, tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


def uploaded(name: str, size: int, version: int = 1) -> dict[str, object]:
    return {
        "id": "att71",
        "type": "attachment",
        "title": name,
        "version": {"number": version},
        "extensions": {"fileSize": size, "mediaType": "image/png", "comment": "größer"},
    }


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(b"abcdef")
    return path


def uploading(*there: object) -> Routes:
    server = Routes()
    server.on("POST /api/v2/content/convert-ids-to-types", {"results": {"1": "page"}})
    server.on("GET /api/v2/pages/1/attachments", rows(*there))
    server.on("POST /rest/api/content/1/child/attachment", rows(uploaded("ü.png", 6)))
    server.on("POST /rest/api/content/1/child/attachment/att71/data", uploaded("ü.png", 6, 3))
    return server


def test_a_new_file_is_one_form_with_its_name_and_comment(source: Path) -> None:
    server = uploading()
    item = server.remote().upload(PAGE, "ü.png", source, comment="größer", media_type="image/png")
    request = server.requests[-1]
    assert request.headers["X-Atlassian-Token"] == "no-check"
    assert request.headers["Content-Type"].startswith("multipart/form-data")
    assert 'filename="ü.png"'.encode() in request.content
    assert b"Content-Type: image/png" in request.content
    assert b"text/plain; charset=utf-8" in request.content
    assert "größer".encode() in request.content
    assert (item.id, item.sha256) == ("71", hashlib.sha256(b"abcdef").hexdigest())


def test_a_known_name_gets_a_new_version_and_only_that_exact_name(source: Path) -> None:
    other_case = {"id": "att70", "title": "Ü.png"}
    server = uploading(other_case, {"id": "att71", "title": "ü.png"})
    item = server.remote().upload(PAGE, "ü.png", source, comment="", media_type="image/png")
    assert server.asked[-1] == "POST /rest/api/content/1/child/attachment/att71/data"
    assert item.version == 3
    server = uploading(other_case)
    server.remote().upload(PAGE, "ü.png", source, comment="", media_type="image/png")
    assert server.asked[-1] == "POST /rest/api/content/1/child/attachment"


def test_an_upload_that_was_refused_for_now_starts_over_from_the_first_byte(source: Path) -> None:
    server = uploading()
    answers = [httpx.Response(429, headers={"Retry-After": "1"}), ok(rows(uploaded("ü.png", 6)))]
    server.on("POST /rest/api/content/1/child/attachment", *answers)
    item = server.remote().upload(PAGE, "ü.png", source, comment="", media_type="image/png")
    assert b"abcdef" in server.requests[-1].content
    assert item.sha256 == hashlib.sha256(b"abcdef").hexdigest()


def test_an_upload_that_arrived_short_is_an_error(source: Path) -> None:
    server = uploading()
    server.on("POST /rest/api/content/1/child/attachment", rows(uploaded("ü.png", 4)))
    with pytest.raises(RemoteError, match="stored 4 bytes"):
        server.remote().upload(PAGE, "ü.png", source, comment="", media_type="image/png")


def test_a_large_file_is_never_in_memory(tmp_path: Path) -> None:
    pieces: list[int] = []
    source = tmp_path / "large"
    with source.open("wb") as file:
        file.truncate(20 * 1024 * 1024)

    class Sink(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "GET":
                return listed()
            assert isinstance(request.stream, httpx.SyncByteStream)
            pieces.extend(len(piece) for piece in request.stream)
            return ok(rows(uploaded("large", source.stat().st_size)))

    server = uploading()
    transport = server.transport()
    transport._client._transport = Sink()
    remote = server.remote()
    remote._wiki.transport = transport
    remote._wiki.note(PAGE, ContentType.PAGE)
    remote.upload(PAGE, "large", source, comment="", media_type="x/y")
    assert max(pieces) <= 1024 * 1024
    assert sum(pieces) > source.stat().st_size


def test_a_removed_attachment_goes_to_the_trash() -> None:
    server = Routes()
    server.on("DELETE /api/v2/attachments/att71", httpx.Response(204))
    server.remote().remove_attachment(PAGE, AttachmentId("71"))
    assert not server.requests[-1].url.query


# ------------------------------------------------------------------------------- what people write into files


@pytest.mark.parametrize("wrong", ["1?purge=true", "../spaces/1", "1/labels", "", "١", "1 or type=page"])
def test_what_is_no_id_never_becomes_part_of_a_request(wrong: str, source: Path) -> None:
    server = Routes()
    remote = server.remote()
    page = PageId(wrong)
    for call in (
        lambda: remote.read(page),
        lambda: remote.trash(page),
        lambda: remote.restore(page),
        lambda: remote.move(page, Place.APPEND, PAGE),
        lambda: remote.move(PAGE, Place.APPEND, page),
        lambda: remote.add_labels(page, ["a"]),
        lambda: remote.update(row(id=page), "<p>x</p>", message=""),
        lambda: remote.publish(row(id=page), "<p>x</p>", message=""),
        lambda: remote.upload(page, "a", source, comment="", media_type="x/y"),
        lambda: remote.remove_attachment(PAGE, AttachmentId(wrong)),
        lambda: remote.inline_comments(page),
        lambda: remote.set_property(page, "a", 1),
    ):
        with pytest.raises(NotFound):
            call()
    assert list(remote.fetch([page])) == []
    assert remote.labels([page]) == {}
    assert remote.fates([page]) == {page: Fate.HIDDEN}
    assert server.requests == []
