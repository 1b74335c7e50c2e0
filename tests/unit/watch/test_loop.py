"""The loop on a real folder and a site in memory; time passes when it waits."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from confsync.errors import RateLimited
from confsync.model.ids import PageId, RelPath
from confsync.watch import FolderEvents, Happened, Inbox, News, Pace, Standing, Surroundings, Watch
from confsync.watch.inbox import Hints
from confsync.watch.rounds import Manner
from tests.contract.remote.site import FakeSite
from tests.unit.engine.world import World, clone, git_environment


class Time:
    """A clock and an inbox in one: waiting is what makes time pass."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.paths: tuple[RelPath, ...] = ()
        self.rung = False

    def now(self) -> str:
        at = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(seconds=self.seconds)
        return at.isoformat().replace("+00:00", "Z")

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def wait(self, seconds: float) -> Hints:
        paths, self.paths = self.paths, ()
        rung, self.rung = self.rung, False
        if not paths and not rung:
            self.seconds += max(0.0, seconds)
        return Hints(paths, rung=rung)


class Life:
    """A watch, and the people on both sides."""

    def __init__(
        self, world: World, manner: Manner | None = None, around: Surroundings | None = None
    ) -> None:
        self.world, self.time, self.news = world, Time(), list[News]()
        world.person.says = False
        session = replace(world.session, clock=self.time)
        self.watch = Watch(
            session, world.folder, self.time, self.news.append, pace=Pace(), manner=manner, around=around
        )

    def save(self, path: str, old: str, new: str) -> None:
        self.world.edit(path, old, new)
        self.time.paths = (RelPath(path),)

    def later(self, seconds: float = 80.0) -> list[News]:
        """Let time pass; what was said meanwhile."""
        end, before = self.time.seconds + seconds, len(self.news)
        while self.time.seconds < end:
            self.watch.step()
        return self.news[before:]

    def kinds(self, seconds: float = 80.0) -> list[str]:
        return [item.happened.value for item in self.later(seconds)]


@pytest.fixture(autouse=True)
def _git(monkeypatch: pytest.MonkeyPatch) -> None:
    git_environment(monkeypatch)


@pytest.fixture
def site() -> FakeSite:
    site = FakeSite()
    site.page("Guide", "<p>Read this first.</p><p>Then that, slowly.</p>")
    site.page("Notes", "<p>Nothing of note.</p>")
    return site


@pytest.fixture
def world(site: FakeSite, tmp_path: Path) -> World:
    return clone(site, tmp_path / "docs")


@pytest.fixture
def life(world: World) -> Life:
    life = Life(world)
    assert life.kinds(10) == []
    return life


def page(site: FakeSite, title: str) -> PageId:
    return next(entry.row.id for entry in site.current() if entry.row.title == title)


def test_a_saved_file_is_sent_and_comes_back_as_no_echo(life: Life, site: FakeSite) -> None:
    life.world.remote.calls.clear()
    life.save("notes.md", "Nothing", "Something")
    assert life.kinds() == ["pushed"]
    assert "Something" in site.body(page(site, "Notes"))
    assert len(life.world.remote.writes) == 1
    life.world.remote.calls.clear()
    life.time.paths = (RelPath("notes.md"),)  # an echo of a write
    life.later(100)
    assert {call.name for call in life.world.remote.calls} == {"listing"}


def test_an_edit_in_confluence_arrives_and_is_not_sent_back(life: Life, site: FakeSite) -> None:
    site.edit(page(site, "Notes"), "<p>Everything of note.</p>")
    assert life.kinds() == ["pulled"]
    assert life.world.body("notes.md") == "Everything of note."
    life.time.paths = (RelPath("notes.md"),)  # our own write, as the folder tells it
    assert life.kinds() == []
    assert life.world.remote.writes == []


def test_a_conflict_is_put_aside_said_once_and_holds_nothing_up(life: Life, site: FakeSite) -> None:
    site.edit(page(site, "Notes"), "<p>Nothing of worth.</p>")
    life.save("notes.md", "Nothing of note", "Nothing of interest")
    assert life.kinds().count("conflict") == 1
    assert "<<<<" not in life.world.read("notes.md")
    life.save("guide.md", "slowly", "quickly")
    assert life.kinds(1000) == ["pushed"]


def test_a_deletion_waits_for_a_person_and_the_rest_goes_on(life: Life, site: FakeSite) -> None:
    (life.world.folder / "notes.md").unlink()
    life.save("guide.md", "slowly", "quickly")
    assert sorted(life.kinds(700)) == ["held", "pushed"]
    assert page(site, "Notes")


def test_a_new_file_waits_unless_creating_was_agreed_to(world: World, site: FakeSite) -> None:
    world.write("plan.md", "# Plan\n\nBe good.\n")
    assert Life(world).kinds() == ["held"]
    assert not any(entry.row.title == "Plan" for entry in site.current())
    assert "pushed" in Life(world, Manner(create=True)).kinds()
    assert page(site, "Plan")


def test_pull_only_sends_nothing(world: World) -> None:
    life = Life(world, Manner(pull_only=True))
    life.save("notes.md", "Nothing", "Something")
    life.later(700)
    assert world.remote.writes == []


def test_the_network_going_down_is_said_once_and_made_up_for(life: Life, site: FakeSite) -> None:
    life.world.remote.offline = True
    life.save("notes.md", "Nothing", "Something")
    assert life.kinds(900) == ["paused"]
    life.world.remote.offline = False
    assert life.kinds(900) == ["resumed", "pushed"]


def test_being_told_to_slow_down_spreads_the_tries(life: Life) -> None:
    life.world.remote.fail("listing", RateLimited("429", status=429), times=6)
    life.world.remote.calls.clear()
    assert life.kinds(130) == ["paused", "resumed"]
    assert len([call for call in life.world.remote.calls if call.name == "listing"]) <= 9


def test_another_run_is_waited_for(life: Life) -> None:
    life.save("notes.md", "Nothing", "Something")
    with life.world.session.tree.lock():
        assert life.kinds(30) == ["paused"]
    assert life.kinds(60) == ["resumed", "pushed"]


def test_git_in_the_middle_of_something_is_waited_for(life: Life) -> None:
    (life.world.folder / ".git/MERGE_HEAD").write_text(life.world.git("rev-parse", "HEAD") + "\n")
    life.save("notes.md", "Nothing", "Something")
    assert life.kinds(30) == ["paused"]
    (life.world.folder / ".git/MERGE_HEAD").unlink()
    assert life.kinds(60) == ["resumed", "pushed"]


def test_a_vanished_folder_is_no_deletion(life: Life, site: FakeSite) -> None:
    away = life.world.folder.with_name("away")
    shutil.move(life.world.folder, away)
    assert life.kinds(100) == ["paused"]
    assert life.world.remote.writes == []
    site.edit(page(site, "Notes"), "<p>Written meanwhile.</p>")
    shutil.move(away, life.world.folder)
    assert life.kinds(300) == ["resumed", "pulled"]
    assert life.world.body("notes.md") == "Written meanwhile."


def test_once_ends_when_both_sides_are_quiet(world: World, site: FakeSite) -> None:
    world.edit("notes.md", "Nothing", "Something")
    life = Life(world)
    life.watch.run(once=True)
    assert [item.happened for item in life.news] == [Happened.PUSHED]


def test_every_way_of_saving_is_heard_and_litter_is_not(tmp_path: Path) -> None:
    """Real files, real events: what an editor does to a file ends as a hint about that file."""
    folder = tmp_path / "docs"
    (folder / ".git").mkdir(parents=True)
    file = folder / "a.md"
    file.write_text("one")

    def plain() -> None:
        file.write_text("two")

    def sed() -> None:
        (folder / ".confsync-tmp-sed").write_text("three")
        (folder / ".confsync-tmp-sed").replace(file)

    def vim() -> None:
        file.rename(folder / "a.md~")
        file.write_text("four")
        (folder / "a.md~").unlink()

    def folder_moved() -> None:
        (folder / "sub").mkdir()
        file.rename(folder / "sub" / "a.md")

    inbox = Inbox()
    ways: list[Callable[[], None]] = [plain, sed, vim, folder_moved]
    with FolderEvents(folder, inbox).running():
        for save in ways:
            (folder / ".git" / "index").write_text("x")
            (folder / "a_LOCAL_1.md").write_text("x")
            save()
            heard: set[str] = set()
            deadline = monotonic() + 5
            while "a.md" not in heard and monotonic() < deadline:
                heard |= set(inbox.wait(0.2).paths)
            assert "a.md" in heard, save.__name__
            assert heard <= {"a.md", "sub", "sub/a.md"}


class TestTurns:
    def test_a_page_gets_one_version_an_interval_however_often_it_is_saved(
        self, life: Life, site: FakeSite
    ) -> None:
        life.save("notes.md", "Nothing", "Something")
        assert life.kinds(4) == ["pushed"]
        life.save("notes.md", "Something", "Much")
        assert life.kinds(6) == []
        life.save("notes.md", "Much", "Everything")
        assert life.kinds(20) == ["pushed"]
        assert "Everything" in site.body(page(site, "Notes"))
        assert len(life.world.remote.writes) == 2

    def test_other_pages_do_not_wait_for_its_turn(self, life: Life, site: FakeSite) -> None:
        life.save("notes.md", "Nothing", "Something")
        life.later(4)
        life.save("notes.md", "Something", "Much")
        life.save("guide.md", "slowly", "quickly")
        life.time.paths = (RelPath("notes.md"), RelPath("guide.md"))
        pushed = [item.path for item in life.later(5) if item.happened is Happened.PUSHED]
        assert pushed == ["guide.md"]
        assert life.kinds(20) == ["pushed"]


class TestWhatWaits:
    def test_a_page_on_hold_is_not_sent_and_said_once(self, world: World) -> None:
        session = replace(world.session, settings=replace(world.session.settings, hold=("notes.md",)))
        life = Life(replace(world, session=session))
        life.later(5)
        life.save("notes.md", "Nothing", "Something")
        life.save("guide.md", "slowly", "quickly")
        life.time.paths = (RelPath("notes.md"), RelPath("guide.md"))
        assert sorted(life.kinds(900)) == ["held", "pushed"]
        assert "on hold" in next(item.detail for item in life.news if item.happened is Happened.HELD)

    def test_a_draft_is_not_sent(self, world: World, site: FakeSite) -> None:
        world.write("plan.md", "---\nstatus: draft\n---\n\n# Plan\n\nNot yet.\n")
        assert Life(world, Manner(create=True)).kinds() == ["held"]
        assert world.remote.writes == []

    def test_deletions_are_sent_where_that_was_agreed_to(self, world: World, site: FakeSite) -> None:
        life = Life(world, Manner(deletes=True))
        life.later(5)
        (world.folder / "notes.md").unlink()
        life.time.paths = (RelPath("notes.md"),)
        assert life.kinds() == ["pushed"]
        assert not any(entry.row.title == "Notes" for entry in site.current())


class TestALargeSpace:
    @pytest.fixture
    def large(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Life, FakeSite]:
        monkeypatch.setattr("confsync.watch.lookout.WHOLE", 1)
        site = FakeSite()
        for title in ("Guide", "Notes", "Plan"):
            site.page(title, f"<p>About {title}.</p>")
        life = Life(clone(site, tmp_path / "large"))
        life.later(10)
        return life, site

    def test_looks_are_glances_and_whole_rounds_are_rare(self, large: tuple[Life, FakeSite]) -> None:
        life, _ = large
        life.world.remote.calls.clear()
        life.later(3600)
        names = [call.name for call in life.world.remote.calls]
        assert names.count("glance") <= 66
        assert 1 <= names.count("listing") <= 13

    def test_an_edit_arrives_by_a_glance(self, large: tuple[Life, FakeSite]) -> None:
        life, site = large
        life.world.remote.calls.clear()
        site.edit(page(site, "Notes"), "<p>About everything.</p>")
        assert life.kinds(90) == ["pulled"]
        assert "listing" not in {call.name for call in life.world.remote.calls}

    def test_a_deletion_arrives_with_the_next_whole_round(self, large: tuple[Life, FakeSite]) -> None:
        life, site = large
        site.trash(page(site, "Notes"))
        assert life.kinds(700) == ["pulled"]
        assert not (life.world.folder / "notes.md").exists()


def test_confluence_itself_may_ring(life: Life, site: FakeSite) -> None:
    life.later(200)
    site.edit(page(site, "Notes"), "<p>Everything of note.</p>")
    life.time.rung = True
    assert life.kinds(5) == ["pulled"]


def test_who_wrote_and_where_it_is_are_said(life: Life, site: FakeSite) -> None:
    site.edit(page(site, "Notes"), "<p>Everything of note.</p>")
    (news,) = life.later(80)
    assert news.title == "Notes"
    assert news.author
    assert news.url.endswith(page(site, "Notes"))


def test_how_things_stand_is_shown(world: World) -> None:
    shown: list[Standing] = []
    life = Life(world, around=Surroundings(show=shown.append))
    world.remote.left = 90
    life.later(20)
    assert shown[-1].looked
    assert shown[-1].left == 90
    world.remote.offline = True
    life.later(200)
    assert shown[-1].trouble == "offline"


class TestAnEditAlone:
    """A saved page is sent without looking at the rest of the space."""

    def test_costs_the_same_in_a_space_of_any_size(self, life: Life) -> None:
        life.world.remote.calls.clear()
        life.save("notes.md", "Nothing", "Something")
        assert life.kinds(4) == ["pushed"]
        assert "survey" not in {call.name for call in life.world.remote.calls}  # every round has one

    def test_what_a_colleague_has_changed_meanwhile_is_merged_at_once(
        self, life: Life, site: FakeSite
    ) -> None:
        site.edit(page(site, "Guide"), "<p>Read this first, please.</p><p>Then that, slowly.</p>")
        life.save("guide.md", "slowly", "quickly")
        life.save("notes.md", "Nothing", "Something")
        life.time.paths = (RelPath("guide.md"), RelPath("notes.md"))
        told = [(item.happened.value, item.path) for item in life.later(6)]
        assert ("pushed", "notes.md") in told
        assert ("pushed", "guide.md") in told
        assert "please" in life.world.body("guide.md")
        assert "quickly" in site.body(page(site, "Guide"))
