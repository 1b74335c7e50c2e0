"""The knobs of the Confluence in memory, which other tests turn."""

import pytest

from confsync.errors import NotFound, TitleTaken, Unreachable
from confsync.model.ids import PageId
from confsync.ports import Fate
from tests.contract.remote.fake import Call, FakeRemote
from tests.contract.remote.site import FakeSite


@pytest.fixture
def site() -> FakeSite:
    return FakeSite()


@pytest.fixture
def remote(site: FakeSite) -> FakeRemote:
    return FakeRemote(site)


def test_calls_are_remembered_and_writes_told_apart(site: FakeSite, remote: FakeRemote) -> None:
    page = site.page("Install")
    remote.read(page)
    remote.trash(page)
    assert remote.calls == [Call("read", (page,)), Call("trash", (page,))]
    assert remote.writes == [Call("trash", (page,))]


def test_a_call_can_fail_before_it_does_anything(site: FakeSite, remote: FakeRemote) -> None:
    page = site.page("Install")
    remote.fail("trash", Unreachable("down"), times=2)
    for _ in range(2):
        with pytest.raises(Unreachable):
            remote.trash(page)
    assert page in remote.listing().rows
    remote.trash(page)
    assert page not in remote.listing().rows


def test_a_call_can_fail_after_it_did_everything(site: FakeSite, remote: FakeRemote) -> None:
    page = site.page("Install")
    remote.fail("trash", Unreachable("cut"), after=True)
    with pytest.raises(Unreachable):
        remote.trash(page)
    assert page not in remote.listing().rows


def test_a_colleague_can_be_faster(site: FakeSite, remote: FakeRemote) -> None:
    page = site.page("Install", "<p>one</p>")
    remote.before("read", lambda: site.edit(page, "<p>two</p>"))
    assert remote.read(page).body == "<p>two</p>"
    assert remote.read(page).row.version.number == 2


def test_the_network_can_be_down(remote: FakeRemote) -> None:
    remote.offline = True
    with pytest.raises(Unreachable):
        remote.listing()


def test_the_index_can_lag(site: FakeSite, remote: FakeRemote) -> None:
    page = site.page("Install", "<p>words</p>")
    site.indexed_until = site.now()
    start = site.now()
    folder = site.folder("Guides")
    site.comment(page, "words")
    site.attach(page, "a.txt", b"a")
    assert folder not in remote.listing().rows
    recent = remote.listing(since=start).recent
    assert not recent.comments | recent.attachments
    site.indexed_until = None
    listing = remote.listing(since=start)
    assert folder in listing.rows
    assert [one.page for one in (*listing.recent.comments, *listing.recent.attachments)] == [page, page]


def test_hiding_a_page_hides_what_is_below_it(site: FakeSite, remote: FakeRemote) -> None:
    page = site.page("Install")
    child = site.page("Linux", parent=page)
    site.hide(page)
    assert not {page, child} & remote.listing().rows.keys()
    assert remote.fates([page, child]) == {page: Fate.HIDDEN, child: Fate.HIDDEN}
    with pytest.raises(NotFound):
        remote.read(child)
    site.show(page)
    assert {page, child} <= remote.listing().rows.keys()


def test_archived_pages_and_pages_elsewhere_are_told_from_deleted_ones(
    site: FakeSite, remote: FakeRemote
) -> None:
    archived, moved = site.page("Archived"), site.page("Moved")
    site.archive(archived)
    site.move_out(moved)
    assert remote.fates([archived, moved]) == {archived: Fate.ARCHIVED, moved: Fate.MOVED_OUT}
    with pytest.raises(TitleTaken):
        site.page("archived")
    site.page("Moved")


def test_a_body_can_become_unavailable(site: FakeSite, remote: FakeRemote) -> None:
    page = site.page("Live", "<p>text</p>", subtype="live")
    site.lose_body(page)
    assert remote.read(page).body == ""
    assert remote.read(page).unavailable
    site.edit(page, "<p>back</p>")
    assert (remote.read(page).body, remote.read(page).unavailable) == ("<p>back</p>", "")


def test_the_server_may_respell_what_is_saved(site: FakeSite, remote: FakeRemote) -> None:
    site.normalise = lambda body: body.replace("<br/>", "<br />")
    assert remote.read(site.page("Install", "<p>a<br/>b</p>")).body == "<p>a<br />b</p>"


def test_two_clients_see_one_site(site: FakeSite, remote: FakeRemote) -> None:
    page = site.page("Install")
    other = FakeRemote(site)
    remote.add_labels(page, ["a"])
    assert other.read(page).labels == {"a"}
    assert other.calls == [Call("read", (PageId(page),))]
