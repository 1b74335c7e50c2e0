"""What the Cloud dialect asks for, and how it doubts what it is told."""

import re
from urllib.parse import parse_qs

import httpx
import pytest

from confsync.confluence.cloud import CloudRemote
from confsync.errors import AuthenticationFailed, NotFound, RemoteError
from confsync.model.content import ContentType, Status
from confsync.model.ids import AccountId, PageId, SpaceId, SpaceKey
from confsync.ports import Fate
from tests.unit.confluence.wire import Routes, body_of, listed, ok, page_json, refusal, rows

PAGES, POSTS = "GET /api/v2/spaces/98304/pages", "GET /api/v2/spaces/98304/blogposts"
SEARCH = "GET /rest/api/content/search"


def found(page: str, kind: str = "page", **more: object) -> dict[str, object]:
    """A row of v1 search."""
    return {"id": page, "type": kind, "status": "current", "title": f"T{page}", **more}


def attachment(page: str, number: str, name: str, *, expanded: bool = True) -> dict[str, object]:
    where: dict[str, object] = (
        {"container": {"id": page, "type": "page"}}
        if expanded
        else {"_expandable": {"container": f"/rest/api/content/{page}"}}
    )
    return (
        found(
            f"att{number}",
            "attachment",
            title=name,
            version={"number": 2},
            metadata={"mediaType": "image/png", "comment": "c"},
            extensions={"fileSize": 5, "mediaType": "image/png", "comment": "c"},
        )
        | where
        | {"title": name}
    )


def labelled(*names: str, more: bool = False) -> dict[str, object]:
    listing = [{"id": "1", "prefix": "global", "name": name} for name in names]
    return {"results": [*listing, {"prefix": "my", "name": "favourite"}], "meta": {"hasMore": more}}


# --------------------------------------------------------------------------------------------- listing


def a_space(count: int) -> Routes:
    """A space of many pages, served 250 at a time."""
    server = Routes()

    def pages(request: httpx.Request) -> httpx.Response:
        at = int(request.url.params.get("cursor", 0))
        size = int(request.url.params["limit"])
        after = f"/wiki/api/v2/spaces/98304/pages?cursor={at + size}" if at + size < count else ""
        return listed(*(page_json(str(n + 1)) for n in range(at, min(at + size, count))), after=after)

    server.on(PAGES, pages)
    server.on(POSTS, rows(page_json("9001", "News")))
    folder = found("9002", "folder", version={"number": 1}, ancestors=[{"id": "1", "type": "page"}])
    server.on(SEARCH, rows(folder | {"extensions": {"position": 7}}))
    return server


def asked_for(server: Routes, path: str) -> httpx.QueryParams:
    return next(request.url.params for request in server.requests if request.url.path == path)


@pytest.mark.parametrize("count", [1, 250, 251, 600])
def test_looking_at_a_space_costs_two_requests_and_one_per_250_pages(count: int) -> None:
    server = a_space(count)
    remote = server.remote()
    listing = remote.listing(since="2026-07-01T00:00:00.000Z")
    assert len(listing.rows) == count + 2
    assert len(server.requests) == 2 + -(-count // 250)


def test_only_current_pages_are_listed_and_in_a_steady_order() -> None:
    server = a_space(1)
    server.remote().listing()
    query = next(r.url.params for r in server.requests if r.url.path.endswith("/pages"))
    assert (query["status"], query["sort"], query["limit"]) == ("current", "id", "250")


def test_folders_come_from_search_with_their_place() -> None:
    row = a_space(1).remote().listing().rows[PageId("9002")]
    assert (row.type, row.parent, row.parent_type) == (ContentType.FOLDER, PageId("1"), ContentType.PAGE)
    assert row.position == 7


def test_a_listing_that_fails_anywhere_fails_whole() -> None:
    server = a_space(300)
    server.on(SEARCH, refusal(500, "search is ill"))
    with pytest.raises(RemoteError, match="search is ill"):
        server.remote().listing()


def test_traces_are_asked_for_early_enough_for_any_time_zone() -> None:
    server = a_space(1)
    server.on(
        SEARCH,
        rows(
            attachment("1", "71", "a.png"),
            attachment("2", "72", "b.png", expanded=False),
            found("81", "comment", container={"id": "3", "type": "page"}),
            found("82", "comment", container={"id": "4"}, extensions={"location": "footer"}),
        ),
    )
    recent = server.remote().listing(since="2026-07-20T09:30:00.000Z").recent
    assert {(one.page, one.id) for one in recent.attachments} == {("1", "71"), ("2", "72")}
    assert {one.page for one in recent.comments} == {"3"}
    assert 'lastmodified >= "2026-07-19 07:30"' in asked_for(server, "/wiki/rest/api/content/search")["cql"]


def test_the_keys_of_personal_spaces_are_quoted() -> None:
    server = a_space(1)
    CloudRemote(server.transport(), SpaceKey("~71:x"), space_id=SpaceId("98304")).listing()
    assert 'space = "~71:x"' in asked_for(server, "/wiki/rest/api/content/search")["cql"]


# ------------------------------------------------------------------------------------------------ the space


@pytest.mark.parametrize(
    ("when", "asked"),
    [
        ("2026-07-20T09:30:00.123Z", "2026-07-19 07:30"),
        ("2026-07-20T11:30:00.000+02:00", "2026-07-19 07:30"),
        ("2026-07-20T09:30:00", "2026-07-19 07:30"),
    ],
)
def test_dates_are_understood_in_every_spelling(when: str, asked: str) -> None:
    server = a_space(1)
    server.remote().listing(since=when)
    assert asked in asked_for(server, "/wiki/rest/api/content/search")["cql"]
    with pytest.raises(RemoteError, match="date"):
        server.remote().listing(since="yesterday")


def test_a_space_is_found_by_its_alias_too() -> None:
    server = Routes()
    space = {"id": "7", "key": "ABCDE", "name": "Eng", "homepageId": "9", "currentActiveAlias": "ENG"}
    server.on("GET /api/v2/spaces", rows(), rows({"id": "8", "key": "X", "name": ""}, space))
    remote = CloudRemote(server.transport(), SpaceKey("ENG"))
    found_space = remote.space()
    assert (found_space.id, found_space.key) == ("7", "ABCDE")


def test_a_space_that_is_not_there_says_what_to_check() -> None:
    server = Routes()
    server.on("GET /api/v2/spaces", rows())
    remote = CloudRemote(server.transport(), SpaceKey("ENG"))
    with pytest.raises(NotFound, match="no space ENG") as caught:
        remote.space()
    assert "check the key" in caught.value.hint


def test_unknown_credentials_are_told_from_a_missing_space() -> None:
    server = Routes()
    server.on("GET /api/v2/spaces", refusal(404, "Not Found"))
    said = {"statusCode": 403, "message": "caller cannot access Confluence"}
    server.on("GET /rest/api/user/current", httpx.Response(403, json=said))
    remote = CloudRemote(server.transport(), SpaceKey("ENG"))
    with pytest.raises(AuthenticationFailed):
        remote.space()


def test_nobody_is_not_a_login() -> None:
    server = Routes()
    server.on("GET /rest/api/user/current", {"type": "anonymous", "displayName": "Anonymous"})
    with pytest.raises(AuthenticationFailed, match="anonymous"):
        server.remote().me()


# ------------------------------------------------------------------------------------------------- one page


def test_one_page_is_one_request() -> None:
    server = Routes()
    server.on("GET /api/v2/pages/1", page_json("1", "Install", "<p>x</p>", labels=labelled("a"), version=4))
    page = server.remote().read(PageId("1"))
    assert (page.title, page.body, page.labels) == ("Install", "<p>x</p>", frozenset({"a"}))
    assert (page.row.parent, page.row.position, page.row.version.number) == ("98309", 100, 4)
    assert len(server.requests) == 1
    assert server.requests[0].url.params["include-labels"] == "true"


def test_more_labels_than_one_answer_holds_are_asked_for() -> None:
    server = Routes()
    server.on("GET /api/v2/pages/1", page_json("1", body="<p>x</p>", labels=labelled("a", more=True)))
    server.on("GET /api/v2/pages/1/labels", rows({"name": "a", "prefix": "global"}, {"name": "b"}))
    assert server.remote().read(PageId("1")).labels == {"a", "b"}


def test_a_post_is_recognised_once_and_remembered() -> None:
    server = Routes()
    server.on("POST /api/v2/content/convert-ids-to-types", {"results": {"1": "blogpost"}})
    server.on("GET /api/v2/blogposts/1", page_json("1", body="<p>x</p>"))
    remote = server.remote()
    assert remote.read(PageId("1")).row.type is ContentType.BLOGPOST
    assert len(server.requests) == 3
    remote.read(PageId("1"))
    assert server.asked[3:] == ["GET /api/v2/blogposts/1"]


def test_a_page_that_is_not_there_is_not_found() -> None:
    server = Routes()
    server.on("POST /api/v2/content/convert-ids-to-types", {"results": {"1": None}})
    with pytest.raises(NotFound):
        server.remote().read(PageId("1"))


def test_words_nobody_knows_yet_do_no_harm() -> None:
    server = Routes()
    odd = page_json("1", body="<p>x</p>", parentType="galaxy", position="none", subtype="page", status="new")
    server.on("GET /api/v2/pages/1", odd)
    row = server.remote().read(PageId("1")).row
    assert (row.parent_type, row.position, row.subtype, row.status) == (None, None, "", Status.CURRENT)


# ---------------------------------------------------------------------------------------------- empty texts


def empty_page(*, version: int, before: str | None = None, adf: str = "", second: str = "") -> Routes:
    """A page whose current text is empty over storage."""
    server = Routes()
    reads = 0

    def page(request: httpx.Request) -> httpx.Response:
        nonlocal reads
        asked = request.url.params
        if "version" in asked:
            return refusal(404, "gone") if before is None else ok(page_json("1", body=before))
        if asked["body-format"] == "atlas_doc_format":
            return ok(page_json("1") | {"body": {"atlas_doc_format": {"value": adf}}})
        reads += 1
        return ok(page_json("1", body=second if reads > 1 else "", version=version, labels=labelled("a")))

    server.on("GET /api/v2/pages/1", page)
    return server


def test_an_empty_text_after_a_text_is_not_believed() -> None:
    page = empty_page(version=3, before="<p>text</p>").remote().read(PageId("1"))
    assert page.body == ""
    assert "version 3, but not for 2" in page.unavailable


def test_an_empty_text_is_not_believed_where_the_editor_has_one() -> None:
    adf = '{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"x"}]}]}'
    assert "not in storage format" in empty_page(version=1, adf=adf).remote().read(PageId("1")).unavailable
    assert empty_page(version=9, before=None, adf=adf).remote().read(PageId("1")).unavailable


@pytest.mark.parametrize(
    "adf", ["", '{"type":"doc","content":[]}', '{"type":"doc","content":[{"type":"paragraph"}]}']
)
def test_a_page_that_is_really_empty_is_believed(adf: str) -> None:
    page = empty_page(version=1, adf=adf).remote().read(PageId("1"))
    assert (page.body, page.unavailable) == ("", "")


def test_a_text_that_comes_at_the_second_look_is_taken() -> None:
    page = empty_page(version=3, second="<p>x</p>").remote().read(PageId("1"))
    assert (page.body, page.unavailable, page.labels) == ("<p>x</p>", "", frozenset({"a"}))


# ----------------------------------------------------------------------------------------------- many pages


class Many(Routes):
    """A server with pages 1…n, whose batches can be made to fail."""

    def __init__(self, count: int, *, most: int = 250) -> None:
        super().__init__()
        self.most = most
        self.batches: list[int] = []
        self.unlisted: set[str] = set()
        self.labels: dict[str, list[str]] = {}
        self.files: list[dict[str, object]] = []
        self.on("GET /api/v2/pages", self._batch)
        self.on(SEARCH, self._search)
        for n in range(1, count + 1):
            self.on(
                f"GET /api/v2/pages/{n}", page_json(str(n), body=f"<p>{n}</p>", labels=labelled("single"))
            )
            self.on(f"GET /api/v2/pages/{n}/attachments", rows())
            self.on(f"GET /api/v2/pages/{n}/labels", rows({"name": "asked", "prefix": "global"}))

    def _batch(self, request: httpx.Request) -> httpx.Response:
        ids = request.url.params.get_list("id")
        self.batches.append(len(ids))
        if len(ids) > self.most:
            return httpx.Response(504)
        return listed(*(page_json(i, body=f"<p>{i}</p>") for i in ids if i not in self.unlisted))

    def _search(self, request: httpx.Request) -> httpx.Response:
        cql = request.url.params["cql"]
        if "attachment" in cql:
            return listed(*self.files)
        ids = re.findall(r"\d+", cql)
        return listed(
            *(
                found(i, metadata={"labels": labelled(*self.labels.get(i, ["swept"]))})
                for i in ids
                if i not in self.unlisted
            )
        )


def ids(count: int) -> list[PageId]:
    return [PageId(str(n)) for n in range(1, count + 1)]


def test_few_pages_are_read_one_by_one_and_exactly() -> None:
    server = Many(3)
    records = list(server.remote().fetch(ids(3)))
    assert [record.page.labels for record in records] == [{"single"}] * 3
    assert len(server.requests) == 6


def test_many_pages_come_in_batches_with_labels_and_files_from_search() -> None:
    server = Many(100)
    server.files = [attachment("5", "72", "b.png"), attachment("5", "71", "a.png", expanded=False)]
    records = {record.id: record for record in server.remote().fetch(ids(100))}
    assert len(records) == 100
    assert all(record.page.labels == {"swept"} for record in records.values())
    assert [(item.id, item.name) for item in records[PageId("5")].attachments] == [
        ("71", "a.png"),
        ("72", "b.png"),
    ]
    assert len(server.requests) == 3 * 2


def test_batches_grow_while_the_server_is_well() -> None:
    server = Many(1500)
    assert len(list(server.remote().fetch(ids(1500)))) == 1500
    assert server.batches[0] == 50
    assert max(server.batches) == 250


def test_batches_shrink_until_the_server_copes() -> None:
    server = Many(1500, most=30)
    assert {record.id for record in server.remote().fetch(ids(1500))} == set(ids(1500))
    too_large = [size for size in server.batches if size > 30]
    assert len(too_large) <= 2 * 8  # Those that were on their way when the first one failed, tried twice.
    assert server.count("GET /api/v2/pages/") == 0


def test_what_a_batch_leaves_out_is_read_singly() -> None:
    server = Many(20)
    server.unlisted = {"3", "7"}
    del server.routes["GET /api/v2/pages/7"]
    records = {record.id: record for record in server.remote().fetch(ids(20))}
    assert records.keys() == set(ids(20)) - {"7"}
    assert records[PageId("3")].page.labels == {"single"}


def test_labels_that_share_a_full_answer_are_never_taken_for_complete() -> None:
    server = Many(20)
    server.labels = {"4": [f"l{n}" for n in range(190)]}
    records = list(server.remote().fetch(ids(20)))
    assert all(record.page.labels == {"asked"} for record in records)


def test_a_file_that_the_text_shows_and_search_has_not_heard_of_is_asked_for() -> None:
    server = Many(20)
    text = '<ac:image><ri:attachment ri:version-at-save="1" ri:filename="a&amp;b.png" /></ac:image>'

    def batch(request: httpx.Request) -> httpx.Response:
        return listed(
            *(page_json(i, body=text if i == "2" else "<p/>") for i in request.url.params.get_list("id"))
        )

    server.on("GET /api/v2/pages", batch)
    file = {"id": "att9", "title": "a&b.png", "version": {"number": 1}, "fileSize": 3, "mediaType": "x/y"}
    server.on("GET /api/v2/pages/2/attachments", rows(file))
    records = {record.id: record for record in server.remote().fetch(ids(20))}
    assert [item.name for item in records[PageId("2")].attachments] == ["a&b.png"]
    assert server.count("GET /api/v2/pages/") == 1


def test_no_error_of_the_server_looks_like_missing_pages() -> None:
    server = Many(20)
    server.on("GET /api/v2/pages", refusal(401, "who are you"))
    with pytest.raises(AuthenticationFailed):
        list(server.remote().fetch(ids(20)))


# --------------------------------------------------------------------------------------------- what became


def test_one_look_into_the_trash_confirms_many() -> None:
    server = Routes()
    server.on(PAGES, rows(*(page_json(str(n), status="trashed") for n in range(1, 9))))
    assert set(server.remote().fates(ids(8)).values()) == {Fate.TRASHED}
    assert len(server.requests) == 1


def test_every_other_fate_is_asked_for_by_id() -> None:
    server = Routes()
    server.on(PAGES, rows())
    for page, more in {
        "1": {"status": "trashed"},
        "2": {"status": "archived"},
        "3": {"spaceId": "5"},
        "4": {},
        "5": {"status": "draft"},
    }.items():
        server.on(f"GET /api/v2/pages/{page}", page_json(page, **more))  # type: ignore[arg-type]
    server.on("GET /api/v2/folders/6", {"id": "6", "type": "folder", "status": "trashed", "spaceId": "98304"})
    server.on("POST /api/v2/content/convert-ids-to-types", {"results": {"6": "folder", "7": None}})
    assert list(server.remote().fates(ids(7)).values()) == [
        Fate.TRASHED,
        Fate.ARCHIVED,
        Fate.MOVED_OUT,
        Fate.CURRENT,
        Fate.DRAFT,
        Fate.TRASHED,
        Fate.HIDDEN,
    ]


def test_who_may_not_see_the_trash_still_gets_an_answer() -> None:
    server = Routes()
    server.on(PAGES, refusal(403, "no trash for you"))
    server.on("POST /api/v2/content/convert-ids-to-types", {"results": {}})
    server.on("GET /api/v2/pages/1", page_json("1", status="trashed"))
    assert server.remote().fates(ids(2)) == {"1": Fate.TRASHED, "2": Fate.HIDDEN}


def test_a_server_in_trouble_is_no_fate() -> None:
    server = Routes()
    server.on("GET /api/v2/pages/1", refusal(500, "ill"))
    with pytest.raises(RemoteError, match="ill"):
        server.remote().fates(ids(1))


def readers(count: int) -> dict[str, object]:
    people = {"results": [{"accountId": str(n)} for n in range(count)], "size": count}
    return {"read": {"operation": "read", "restrictions": {"user": people, "group": {"results": []}}}}


def test_restricted_pages_come_from_search_and_the_missing_are_asked_singly() -> None:
    server = a_space(4)
    remote = server.remote()
    remote.listing()
    server.on(SEARCH, rows(found("1", restrictions=readers(2)), found("2", restrictions={}), found("9001")))
    for page, count in (("3", 1), ("4", 0)):
        route = f"GET /rest/api/content/{page}/restriction/byOperation/read"
        server.on(route, readers(count)["read"])
    assert remote.restricted() == {"1", "3"}
    assert server.count("GET /rest/api/content/") - server.count(SEARCH) == 2


def test_a_page_whose_restrictions_nobody_tells_counts_as_restricted() -> None:
    server = a_space(1)
    remote = server.remote()
    remote.listing()
    server.on(SEARCH, rows(found("9001")))
    assert remote.restricted() == {"1"}


def test_restrictions_that_share_a_full_answer_are_asked_for_again() -> None:
    server = a_space(2)
    remote = server.remote()
    remote.listing()
    server.on(SEARCH, rows(found("1", restrictions=readers(200)), found("2"), found("9001")))
    server.on("GET /rest/api/content/2/restriction/byOperation/read", readers(1)["read"])
    server.on("GET /rest/api/content/9001/restriction/byOperation/read", readers(0)["read"])
    assert remote.restricted() == {"1", "2"}


# ---------------------------------------------------------------------------------- versions, talk, people


def version(number: int, *, text: bool = True) -> dict[str, object]:
    page: dict[str, object] = {"id": "1", "title": f"T{number}"}
    if text:
        page["body"] = {"storage": {"value": f"<p>{number}</p>"}}
    return {"number": number, "authorId": "a", "createdAt": "2026-07-01T08:00:00.000Z", "page": page}


def test_versions_are_read_no_further_back_than_needed() -> None:
    server = Routes()

    def versions(request: httpx.Request) -> httpx.Response:
        first = int(request.url.params.get("cursor", 100))
        assert request.url.params["limit"] == "50"
        after = f"/wiki/api/v2/pages/1/versions?cursor={first - 50}" if first > 50 else ""
        return listed(*(version(n) for n in range(first, first - 50, -1)), after=after)

    server.on("POST /api/v2/content/convert-ids-to-types", {"results": {"1": "page"}})
    server.on("GET /api/v2/pages/1/versions", versions)
    found_versions = server.remote().versions(PageId("1"), 96, 99)
    assert [one.version.number for one in found_versions] == [97, 98, 99]
    assert server.count("GET /api/v2/pages/1/versions") == 1
    assert len(server.remote().versions(PageId("1"), 40, 100)) == 60
    assert server.remote().versions(PageId("1"), 3, 3) == []


def test_a_version_without_text_is_asked_for_itself() -> None:
    server = Routes()
    server.on("POST /api/v2/content/convert-ids-to-types", {"results": {"1": "page"}})
    server.on("GET /api/v2/pages/1/versions", rows(version(2, text=False), version(1)))
    server.on("GET /api/v2/pages/1", page_json("1", "Old title", "<p>old</p>"))
    assert [one.body for one in server.remote().versions(PageId("1"), 0, 2)] == ["<p>1</p>", "<p>old</p>"]


def test_inline_comments_are_read_in_both_spellings_and_settled_ones_too() -> None:
    server = Routes()
    server.on("POST /api/v2/content/convert-ids-to-types", {"results": {"1": "page"}})
    server.on(
        "GET /api/v2/pages/1/inline-comments",
        rows(
            {
                "id": "1",
                "resolutionStatus": "open",
                "properties": {"inlineMarkerRef": "r1", "inlineOriginalSelection": "x"},
            },
            {
                "id": "2",
                "resolutionStatus": "resolved",
                "properties": {"inline-marker-ref": "r2", "inline-original-selection": "y"},
            },
            {"id": "3", "resolutionStatus": "dangling", "properties": {"inlineMarkerRef": "r3"}},
            {"id": "4", "resolutionStatus": "open", "properties": {}},
        ),
    )
    comments = server.remote().inline_comments(PageId("1"))
    assert [(one.ref, one.selection, one.open) for one in comments] == [
        ("r1", "x", True),
        ("r2", "y", False),
        ("r3", "", True),
    ]
    asked = parse_qs(server.requests[-1].url.query.decode())["resolution-status"]
    assert set(asked) == {"open", "reopened", "resolved", "dangling"}


def test_people_are_asked_for_a_hundred_at_a_time() -> None:
    server = Routes()

    def people(request: httpx.Request) -> httpx.Response:
        asked = body_of(request)["accountIds"]
        assert isinstance(asked, list)
        return listed(*({"accountId": one, "displayName": f"N{one}"} for one in asked if one != "7"))

    server.on("POST /api/v2/users-bulk", people)
    wanted = [AccountId(str(n)) for n in range(150)]
    users = server.remote().users([*wanted, AccountId("")])
    assert len(server.requests) == 2
    assert (users[AccountId("1")].name, users[AccountId("7")].name) == ("N1", "7")
    assert users[AccountId("")].name == ""


def test_a_name_must_match_exactly() -> None:
    server = Routes()
    people = [
        ("1", "Ann Lee", ""),
        ("2", "Ann Leeds", ""),
        ("3", "A. Lee", "ann@example.com"),
        ("4", "Ann Lee", ""),
    ]
    server.on(
        "GET /rest/api/search/user",
        rows(*({"user": {"accountId": i, "displayName": n, "email": m}} for i, n, m in people)),
    )
    remote = server.remote()
    assert [one.id for one in remote.find_user("Ann Lee")] == ["1", "4"]
    assert [one.id for one in remote.find_user("ann@example.com")] == ["3"]
    remote.find_user('x" or type=page')
    assert server.requests[-1].url.params["cql"] == 'user.fullname ~ "x\\" or type=page"'


def test_folders_date_themselves_in_milliseconds() -> None:
    server = Routes()
    server.on("POST /api/v2/content/convert-ids-to-types", {"results": {"6": "folder"}})
    server.on(
        "GET /api/v2/folders/6", {"id": "6", "title": "F", "createdAt": 1784539860000, "status": "current"}
    )
    assert server.remote().read(PageId("6")).row.created == "2026-07-20T09:31:00.000Z"
