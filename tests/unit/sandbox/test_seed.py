"""Seeding: a working copy's records are served byte for byte; generated spaces are always the same."""

from pathlib import Path

import httpx
import pytest

from confsync.errors import ConfsyncError
from confsync.model.content import Attachment, ContentType, Page, Row, Status, Version
from confsync.model.ids import AccountId, AttachmentId, PageId
from confsync.model.record import Record, dump_record, load_record, record_path
from confsync.sandbox import SandboxServer, Store
from confsync.sandbox.generate import generate
from confsync.shipped import sample_space

BODY = '<p>raw <br/> — it\'s <ac:inline-comment-marker ac:ref="ref-1">here</ac:inline-comment-marker></p>'


def record(page: str, title: str, *, parent: str | None = None, body: str = "", **more: object) -> Record:
    row = Row(
        id=PageId(page),
        type=ContentType(str(more.get("type", "page"))),
        title=title,
        parent=None if parent is None else PageId(parent),
        parent_type=None if parent is None else ContentType.PAGE,
        position=int(str(more.get("position", 0))),
        status=Status.CURRENT,
        version=Version(4, AccountId("acc:1"), "2026-05-01T10:00:00.000Z", "why", minor=True),
        created="2026-04-01T10:00:00.000Z",
    )
    attachments = more.get("attachments", ())
    assert isinstance(attachments, tuple)
    return Record(
        Page(row, body, frozenset({"howto"})),
        attachments,
        restricted=bool(more.get("restricted")),
        properties={"k": [1]},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    file = Attachment(AttachmentId("900"), "plan.txt", 3, 4, "text/x-plan", "a comment")
    records = [
        record("100", "Home", body="<p>home</p>"),
        record("200", "Raw", parent="100", body=BODY, attachments=(file,), position=77),
        record("300", "Secret", parent="100", restricted=True),
        record("400", "Below the secret", parent="300"),
        record("500", "Shelf", parent="100", type="folder"),
    ]
    for one in records:
        path = tmp_path / record_path(one.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(dump_record(one))
    (tmp_path / "confsync.toml").write_text('[space]\nurl = "https://x/wiki"\nkey = "DOCS"\nid = "42"\n')
    (tmp_path / "index.md").write_text('---\nid: "100"\n---\nBy [@Ann \\[A\\]](confluence:user/acc:1).\n')
    (tmp_path / "raw.md").write_text('---\nid: "200"\n---\n')
    (tmp_path / "raw.assets").mkdir()
    (tmp_path / "raw.assets" / "plan.txt").write_bytes(b"plan")
    return tmp_path


def test_what_the_records_say_is_served_byte_for_byte(folder: Path) -> None:
    with SandboxServer(seed=folder) as server, _client(server) as api:
        assert server.spaces == ["DOCS"]
        space = api.get("/api/v2/spaces/42").json()
        assert (space["name"], space["homepageId"]) == ("Home", "100")
        page = api.get(
            "/api/v2/pages/200", params={"body-format": "storage", "include-labels": "true"}
        ).json()
        assert page["body"]["storage"]["value"] == BODY
        assert (page["title"], page["parentId"], page["position"]) == ("Raw", "100", 77)
        assert page["createdAt"] == "2026-04-01T10:00:00.000Z"
        assert page["version"] == {
            "number": 4, "message": "why", "minorEdit": True, "authorId": "acc:1", "createdAt": "2026-05-01T10:00:00.000Z",
        }  # fmt: skip
        assert [label["name"] for label in page["labels"]["results"]] == ["howto"]
        assert api.get("/api/v2/pages/200/properties?key=k").json()["results"][0]["value"] == [1]
        assert api.get("/api/v2/folders/500").json()["title"] == "Shelf"


def test_attachments_markers_and_names_come_along(folder: Path) -> None:
    with SandboxServer(seed=folder) as server, _client(server) as api:
        row = api.get("/api/v2/pages/200/attachments").json()["results"][0]
        assert (row["id"], row["version"]["number"], row["mediaType"]) == ("att900", 3, "text/x-plan")
        assert (row["comment"], row["fileSize"]) == ("a comment", 4)
        assert api.get(row["downloadLink"]).content == b"plan"
        comment = api.get("/api/v2/pages/200/inline-comments").json()["results"][0]
        assert comment["properties"]["inlineMarkerRef"] == "ref-1"
        assert comment["properties"]["inlineOriginalSelection"] == "here"
        users = api.post("/api/v2/users-bulk", json={"accountIds": ["acc:1", "nobody"]}).json()["results"]
        assert [(u["accountId"], u["publicName"]) for u in users] == [("acc:1", "Ann [A]")]


def test_restricted_pages_are_hidden_with_all_below_from_everybody_else(folder: Path) -> None:
    with SandboxServer(seed=folder) as server, _client(server) as mine:
        other = server.add_user("Somebody Else")
        with httpx.Client(base_url=server.url, auth=(other.username, other.token)) as theirs:
            for page in ("300", "400"):
                assert mine.get(f"/api/v2/pages/{page}").status_code == 200
                assert theirs.get(f"/api/v2/pages/{page}").status_code == 404
                assert theirs.get(f"/rest/api/content/{page}").status_code == 404
            rows = theirs.get("/api/v2/spaces/42/pages").json()["results"]
            assert {row["id"] for row in rows} == {"100", "200"}
            found = theirs.get("/rest/api/content/search", params={"cql": "type = page"}).json()["results"]
            assert {row["id"] for row in found} == {"100", "200"}
            children = theirs.get("/api/v2/pages/100/direct-children").json()["results"]
            assert {row["id"] for row in children} == {"200", "500"}
        shown = mine.get(
            "/rest/api/content/300", params={"expand": "restrictions.read.restrictions.user"}
        ).json()
        users = shown["restrictions"]["read"]["restrictions"]["user"]["results"]
        assert {user["accountId"] for user in users} >= {"acc:1"}


@pytest.mark.parametrize("breakage", ["no settings", "broken record", "missing file"])
def test_a_broken_working_copy_is_an_error_that_names_it(folder: Path, breakage: str) -> None:
    match breakage:
        case "no settings":
            (folder / "confsync.toml").unlink()
        case "broken record":
            (folder / record_path(PageId("200"))).write_bytes(b"rubbish")
        case _:
            (folder / "raw.assets" / "plan.txt").unlink()
    expected = {"no settings": "no working copy", "broken record": "200.page", "missing file": "plan.txt"}[
        breakage
    ]
    with pytest.raises(ConfsyncError, match=expected), SandboxServer(seed=folder):
        pass


@pytest.mark.skipif(not (sample_space() / ".confsync").is_dir(), reason="no sample space here")
def test_the_sample_space_is_served_byte_for_byte() -> None:
    with SandboxServer(seed=sample_space()) as server:
        for path in sorted(sample_space().glob(".confsync/pages/*/*.page")):
            expected = load_record(path.read_bytes())
            content = server.store.contents.get(int(expected.id))
            assert server.store.contents.body(content.id) == expected.page.body
            assert (content.title, content.position) == (expected.row.title, expected.row.position)
            assert {f.title for f in server.store.files.of(content.id)} == {
                a.name for a in expected.attachments
            }


def test_generated_spaces_are_the_same_every_time() -> None:
    def made() -> list[tuple[str, str, int | None, str]]:
        store = Store()
        try:
            generate(store, 60, author="a")
            rows = store.database.all("SELECT * FROM content ORDER BY id")
            return [(r["title"], r["modified"], r["parent"], store.contents.body(r["id"])) for r in rows]
        finally:
            store.close()

    first = made()
    assert first == made()
    assert len(first) == 60
    assert len({title for title, *_ in first}) == 60


def test_generated_bodies_are_what_a_server_would_store() -> None:
    store = Store()
    try:
        space = generate(store, 40, author="a")
        for row in store.database.all("SELECT id FROM content"):
            body = store.contents.body(row["id"])
            assert store.contents.saved(body, space.id) == body
    finally:
        store.close()


def _client(server: SandboxServer) -> httpx.Client:
    return httpx.Client(base_url=server.url, auth=(server.username, server.token))
