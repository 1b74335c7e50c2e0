"""The Cloud client on a sandbox that misbehaves: nothing is done twice, nothing looks complete that is not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from confsync.confluence import Credentials, connect, verify
from confsync.errors import AuthenticationFailed, NotFound, RemoteError, Unreachable
from confsync.model.content import ContentType, Row, Status, Version
from confsync.model.ids import AccountId, PageId, SpaceKey
from confsync.sandbox import Fault, SandboxServer
from confsync.sandbox.faults import Trouble
from tests.contract.remote.sandbox import SandboxStage


@pytest.fixture
def stage(sandbox: SandboxServer) -> Iterator[SandboxStage]:
    made = SandboxStage(sandbox)
    try:
        yield made
    finally:
        sandbox.site.faults.clear()
        made.close()


def trouble(sandbox: SandboxServer, text: str) -> None:
    sandbox.site.faults.add(Fault.parse(text))


def row(stage: SandboxStage, title: str = "New") -> Row:
    nobody = Version(1, AccountId(""), "")
    return Row(
        PageId(""), ContentType.PAGE, title, stage.home, ContentType.PAGE, None, Status.CURRENT, nobody
    )


def test_a_busy_server_is_waited_for(sandbox: SandboxServer, stage: SandboxStage) -> None:
    pages = [stage.page(f"Page {n}") for n in range(3)]
    trouble(sandbox, "429,every=2,times=3,retry_after=0")
    trouble(sandbox, "503,every=3,times=2,retry_after=0")
    assert set(stage.remote.listing().rows) == {stage.home, *pages}
    assert {record.id for record in stage.remote.fetch(pages)} == set(pages)


def test_torn_answers_are_asked_for_again(sandbox: SandboxServer, stage: SandboxStage) -> None:
    page = stage.page("Install", "<p>one</p>")
    trouble(sandbox, "truncate,times=1")
    trouble(sandbox, "drop,times=1,method=GET")
    assert stage.remote.read(page).body == "<p>one</p>"


def test_an_update_whose_answer_is_lost_is_made_once(sandbox: SandboxServer, stage: SandboxStage) -> None:
    page = stage.page("Install", "<p>one</p>")
    now = stage.remote.read(page).row
    trouble(sandbox, "drop-after,method=PUT")
    with pytest.raises(Unreachable):
        stage.remote.update(replace(now, version=replace(now.version, number=2)), "<p>two</p>", message="")
    found = stage.remote.read(page)
    assert (found.row.version.number, found.body) == (2, "<p>two</p>")


def test_a_create_whose_answer_is_lost_is_made_once_and_found_again(
    sandbox: SandboxServer, stage: SandboxStage
) -> None:
    before = stage.now()
    trouble(sandbox, "drop-after,method=POST,path=/pages")
    with pytest.raises(Unreachable):
        stage.remote.create_draft(row(stage), "<p>mine</p>")
    made = stage.remote.find_created(row(stage), "<p>mine</p>", before)
    assert made is not None
    stage.remote.publish(replace(row(stage), id=made), "<p>mine</p>", message="")
    titles = [one.title for one in stage.remote.listing().rows.values()]
    assert titles.count("New") == 1


def test_a_publish_whose_answer_is_lost_can_be_repeated(sandbox: SandboxServer, stage: SandboxStage) -> None:
    made = replace(row(stage), id=stage.remote.create_draft(row(stage), "<p>mine</p>"))
    trouble(sandbox, "drop-after,method=PUT")
    with pytest.raises(Unreachable):
        stage.remote.publish(made, "<p>mine</p>", message="")
    assert stage.remote.publish(made, "<p>mine</p>", message="").row.version.number == 1


def test_an_upload_whose_answer_is_lost_is_made_once(
    sandbox: SandboxServer, stage: SandboxStage, tmp_path: Path
) -> None:
    page = stage.page("Install")
    source = tmp_path / "source"
    source.write_bytes(b"abc")
    trouble(sandbox, "drop-after,method=POST,path=/child/attachment")
    with pytest.raises(Unreachable):
        stage.remote.upload(page, "a.txt", source, comment="", media_type="text/plain")
    assert [item.version for item in stage.remote.attachments(page)] == [1]


def test_texts_that_are_suddenly_empty_are_not_believed(sandbox: SandboxServer, stage: SandboxStage) -> None:
    page = stage.page("Install", "<p>one</p>")
    stage.edit(page, "<p>two</p>")
    # The answer itself and the second look come empty; the version before is honest.
    sandbox.site.faults.add(Fault(Trouble.EMPTY_BODY, path="/pages/", times=2))
    found = stage.remote.read(page)
    assert found.body == ""
    assert found.unavailable


def test_a_listing_in_trouble_is_an_error_and_never_a_short_listing(
    sandbox: SandboxServer, stage: SandboxStage
) -> None:
    stage.page("Install")
    trouble(sandbox, "500,times=*,path=/blogposts")
    with pytest.raises(RemoteError):
        stage.remote.listing()


def test_wrong_credentials_are_named_for_what_they_are(sandbox: SandboxServer, stage: SandboxStage) -> None:
    remote = connect(sandbox.url, SpaceKey(stage.key), Credentials(sandbox.username, "wrong"))
    try:
        with pytest.raises(AuthenticationFailed):
            remote.space()
    finally:
        remote.close()


def test_a_login_is_verified_before_it_is_kept(sandbox: SandboxServer) -> None:
    me = verify(sandbox.url, Credentials(sandbox.username, sandbox.token))
    assert verify(sandbox.url, Credentials("", sandbox.token)) == me
    with pytest.raises(AuthenticationFailed):
        verify(sandbox.url, Credentials(sandbox.username, "wrong"))


def test_a_space_that_is_not_there_is_not_found(sandbox: SandboxServer) -> None:
    remote = connect(sandbox.url, SpaceKey("NOSUCH"), Credentials(sandbox.username, sandbox.token))
    try:
        with pytest.raises(NotFound, match="no space NOSUCH"):
            remote.space()
    finally:
        remote.close()


def test_a_download_goes_on_where_it_broke_off(
    sandbox: SandboxServer, stage: SandboxStage, tmp_path: Path
) -> None:
    data = bytes(range(256)) * 4000
    page = stage.page("Files")
    item = stage.attach(page, "big.bin", data)
    trouble(sandbox, "truncate,times=1,path=/download")
    stage.remote.download(page, item, tmp_path / "big.bin")
    assert (tmp_path / "big.bin").read_bytes() == data
