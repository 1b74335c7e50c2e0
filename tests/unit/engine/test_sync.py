"""What a sync does, told as two people would notice it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from confsync.engine import runs
from confsync.engine.session import OnConflict
from confsync.errors import AuthenticationFailed, GateStopped
from confsync.model.content import Status
from confsync.ports import Place
from tests.contract.remote.site import FakeSite
from tests.unit.engine.world import World, clone


class TestClone:
    def test_every_page_is_a_file_where_the_tree_has_it(self, world: World) -> None:
        assert world.files() == {"index.md", "guide.md", "guide/install.md", "notes.md"}
        assert world.body("guide.md") == "Read this first.\n\nThen that, slowly."

    def test_everything_is_committed_and_a_second_sync_finds_nothing(self, world: World) -> None:
        assert world.clean()
        assert world.settled()

    def test_each_page_version_is_a_commit_with_its_author(self, world: World) -> None:
        authors = world.git("log", "--format=%an", "--", "guide.md").splitlines()
        assert len(authors) == 1
        assert authors != ["Wanda Writer"]

    def test_the_tracking_branch_is_head(self, world: World) -> None:
        assert world.git("rev-parse", "refs/remotes/confluence/ENG") == world.git("rev-parse", "HEAD")

    def test_restricted_pages_are_counted_and_not_written(self, site: FakeSite, tmp_path: Path) -> None:
        site.restrict(site.page("Salaries", "<p>secret</p>"))
        world = clone(site, tmp_path / "docs")
        assert "salaries.md" not in world.files()
        assert world.sync().restricted == ("Salaries",)

    def test_a_folder_is_a_directory(self, site: FakeSite, tmp_path: Path) -> None:
        site.page("Inside", "<p>x</p>", parent=site.folder("Box"))
        assert "box/inside.md" in clone(site, tmp_path / "docs").files()


class TestLocalEdits:
    def test_an_edit_is_committed_and_pushed(self, world: World) -> None:
        page = world.site.by_title("Guide")
        world.edit("guide.md", "slowly", "quickly")
        outcome = world.sync()
        assert [item.did for item in outcome.pushed] == ["updated"]
        assert world.site.body(page) == "<p>Read this first.</p><p>Then that, quickly.</p>"
        assert world.settled()

    def test_the_version_message_names_the_commit(self, world: World) -> None:
        page = world.site.by_title("Guide")
        world.edit("guide.md", "slowly", "quickly")
        world.sync(message="Hurry up")
        message = world.site.row(page).version.message
        assert message.startswith("Hurry up (git ")

    def test_the_subject_of_the_users_own_commit_is_the_version_message(self, world: World) -> None:
        world.edit("guide.md", "slowly", "quickly")
        world.git("commit", "-qam", "Say it faster")
        world.sync()
        assert world.site.row(world.site.by_title("Guide")).version.message.startswith("Say it faster (git ")

    def test_formatting_is_no_edit(self, world: World) -> None:
        world.edit("guide.md", "Read this first.", "Read this\nfirst.")
        world.sync()
        assert not world.remote.writes

    def test_a_title_in_front_matter_renames_the_page(self, world: World) -> None:
        page = world.site.by_title("Notes")
        world.edit("notes.md", "title: Notes", "title: Remarks")
        world.sync()
        assert world.site.row(page).title == "Remarks"
        assert world.settled()

    def test_two_pages_swap_their_titles(self, world: World) -> None:
        notes, guide = world.site.by_title("Notes"), world.site.by_title("Guide")
        world.edit("notes.md", "title: Notes", "title: Guide")
        world.edit("guide.md", "title: Guide", "title: Notes")
        world.sync()
        assert (world.site.row(notes).title, world.site.row(guide).title) == ("Guide", "Notes")
        assert world.settled()

    def test_a_file_in_another_folder_moves_the_page(self, world: World) -> None:
        page = world.site.by_title("Install")
        world.git("mv", "guide/install.md", "install.md")
        world.sync()
        assert world.site.row(page).parent == world.site.by_title("Engineering Home")
        assert world.settled()

    def test_labels(self, world: World) -> None:
        page = world.site.by_title("Notes")
        world.edit("notes.md", "title: Notes", "title: Notes\nlabels: [draft, how-to]")
        world.sync()
        assert world.site.entry(page).labels == {"draft", "how-to"}
        world.edit("notes.md", "labels: [draft, how-to]\n", "labels: [draft]\n")
        world.sync()
        assert world.site.entry(page).labels == {"draft"}
        assert world.settled()

    def test_an_attachment(self, world: World) -> None:
        page = world.site.by_title("Notes")
        (world.folder / "notes.assets").mkdir()
        (world.folder / "notes.assets/data.csv").write_text("a,b\n")
        world.sync()
        assert list(world.site.entry(page).files) == ["data.csv"]
        (world.folder / "notes.assets/data.csv").unlink()
        world.sync()
        assert not world.site.entry(page).files
        assert world.settled()

    def test_a_page_that_cannot_be_read_stops_nobody_else(self, world: World) -> None:
        world.write("notes.md", "---\nid: [\n---\n\nbroken\n")
        world.edit("guide.md", "slowly", "quickly")
        outcome = world.sync()
        assert [item.path for item in outcome.refused] == ["notes.md"]
        assert [item.path for item in outcome.pushed] == ["guide.md"]
        assert world.site.row(world.site.by_title("Notes")).status is Status.CURRENT

    def test_a_half_staged_page_is_left_alone(self, world: World) -> None:
        world.edit("guide.md", "slowly", "half")
        world.git("add", "guide.md")
        world.edit("guide.md", "half", "half-written")
        world.sync()
        assert not world.remote.writes
        assert world.git("diff", "--cached", "--name-only") == "guide.md"


class TestMentions:
    def test_a_name_is_looked_up_and_completed_in_the_file(self, world: World) -> None:
        name, account = next((user.name, user.id) for user in world.site.users.values())
        world.edit("notes.md", "Nothing of note.", f"Ask [@{name}](confluence:user).")
        world.sync()
        assert f"[@{name}](confluence:user/{account})" in world.read("notes.md")
        assert f'<ri:user ri:account-id="{account}"' in world.site.body(world.site.by_title("Notes"))
        assert world.settled()

    def test_a_name_nobody_has_stops_this_page_and_no_other(self, world: World) -> None:
        world.edit("notes.md", "Nothing of note.", "Ask [@No One](confluence:user).")
        world.edit("guide.md", "slowly", "quickly")
        outcome = world.sync()
        assert [item.path for item in outcome.refused] == ["notes.md"]
        assert any("No One" in warning for warning in outcome.warnings)
        assert [item.path for item in outcome.pushed] == ["guide.md"]

    def test_a_dry_run_needs_no_server_for_it(self, world: World) -> None:
        world.edit("notes.md", "Nothing of note.", "Ask [@No One](confluence:user).")
        world.remote.fail("find_user", AuthenticationFailed("not logged in", status=401))
        outcome = world.push(dry_run=True)
        assert any("was not looked up" in warning for warning in outcome.warnings)


class TestCreate:
    def test_a_new_file_becomes_a_page_and_learns_its_id(self, world: World) -> None:
        world.write("guide/linux.md", "# On Linux\n\nUse the package.\n")
        world.sync()
        page = world.site.by_title("On Linux")
        assert world.site.row(page).parent == world.site.by_title("Guide")
        assert world.site.body(page) == "<p>Use the package.</p>"
        assert world.read("guide/linux.md") == (
            f"---\nid: {page}\ntitle: On Linux\n---\n\n# On Linux\n\nUse the package.\n"
        )
        assert world.settled()

    def test_a_title_that_is_taken_is_refused_before_anything_is_sent(self, world: World) -> None:
        world.write("second.md", "# Notes\n\nAnother one.\n")
        outcome = world.sync()
        assert [(item.path, item.reason) for item in outcome.refused] == [
            ("second.md", "its title “Notes” is taken by notes.md")
        ]
        assert not world.remote.writes

    def test_a_title_that_is_given_up_may_be_taken_in_the_same_run(self, world: World) -> None:
        world.edit("notes.md", "title: Notes", "title: Old notes")
        world.write("second.md", "# Notes\n\nAnother one.\n")
        world.sync()
        assert world.site.body(world.site.by_title("Notes")) == "<p>Another one.</p>"
        assert world.settled()

    def test_parents_are_created_before_their_children(self, world: World) -> None:
        world.write("tools/saw.md", "Cuts.\n")
        world.write("tools.md", "All of them.\n")
        world.sync()
        assert world.site.row(world.site.by_title("Saw")).parent == world.site.by_title("Tools")
        assert world.settled()

    def test_the_first_creates_of_a_clone_are_asked_for(self, world: World) -> None:
        world.person.says = False
        world.write("linux.md", "Use the package.\n")
        with pytest.raises(GateStopped, match="creates 1 page"):
            world.sync()
        assert not world.remote.writes
        assert [question.flag for question in world.person.asked] == ["--create"]

    def test_files_that_belong_to_the_repository_are_not_published(self, world: World) -> None:
        for name in ("README.md", "CONTRIBUTING.md", "_drafts/x.md", ".github/y.md"):
            world.write(name, "Not a page.\n")
        world.write("local.md", "---\nconfluence: false\n---\n\nStays here.\n")
        world.sync()
        assert not world.remote.writes

    def test_a_copy_of_a_page_becomes_a_page_of_its_own(self, world: World) -> None:
        world.write("copy.md", world.read("notes.md").replace("title: Notes", "title: More notes"))
        world.sync()
        assert world.site.by_title("Notes") != world.site.by_title("More notes")
        assert world.settled()


class TestDelete:
    def test_a_deleted_file_sends_its_page_to_the_trash_once_somebody_agreed(self, world: World) -> None:
        page = world.site.by_title("Notes")
        (world.folder / "notes.md").unlink()
        world.sync()
        assert [question.flag for question in world.person.asked] == ["--delete"]
        assert world.site.row(page).status is Status.TRASHED
        assert world.settled()

    def test_without_a_word_nothing_is_deleted(self, world: World) -> None:
        world.person.says = False
        (world.folder / "notes.md").unlink()
        with pytest.raises(GateStopped):
            world.sync()
        assert not world.remote.writes

    def test_a_page_with_unseen_children_is_not_deleted(self, world: World) -> None:
        page = world.site.by_title("Notes")
        (world.folder / "notes.md").unlink()
        world.remote.before("trash", lambda: None)
        world.remote.before("children", lambda: world.site.page("Fresh", "<p>x</p>", parent=page))
        outcome = world.sync()
        assert "below it" in outcome.refused[0].reason
        assert world.site.row(page).status is Status.CURRENT

    def test_a_page_edited_meanwhile_comes_back(self, world: World) -> None:
        page = world.site.by_title("Notes")
        (world.folder / "notes.md").unlink()
        world.site.edit(page, "<p>Something of note.</p>")
        world.sync()
        assert world.body("notes.md") == "Something of note."
        assert world.site.row(page).status is Status.CURRENT


class TestRemoteEdits:
    def test_an_edit_is_pulled_as_its_authors_commit(self, world: World) -> None:
        world.site.edit(
            world.site.by_title("Guide"), "<p>Read this first.</p><p>Then that.</p>", message="Calm"
        )
        world.sync()
        assert world.body("guide.md") == "Read this first.\n\nThen that."
        assert world.git("log", "-1", "--format=%s", "--", "guide.md") == "Calm"
        assert world.settled()

    def test_a_pull_keeps_the_lines_it_does_not_change(self, world: World) -> None:
        world.edit("guide.md", "Read this first.", "Read this\nfirst.\n\n<!-- TODO: more -->")
        world.sync()
        world.site.edit(world.site.by_title("Guide"), "<p>Read this first.</p><p>Then that.</p>")
        world.sync()
        assert world.body("guide.md") == "Read this\nfirst.\n\n<!-- TODO: more -->\n\nThen that."

    def test_a_rename_moves_the_file_and_links_follow(self, world: World) -> None:
        install = world.site.by_title("Install")
        world.edit("notes.md", "Nothing of note.", "See [there](guide/install.md).")
        world.sync()
        world.site.edit(install, title="Set up")
        world.sync()
        assert "guide/set-up.md" in world.files()
        assert "guide/install.md" not in world.files()
        assert "(guide/set-up.md)" in world.read("notes.md")
        assert world.settled()

    def test_a_move_moves_the_file_with_its_attachments(self, world: World) -> None:
        install, notes = world.site.by_title("Install"), world.site.by_title("Notes")
        world.site.attach(install, "a.png", b"png")
        world.sync()
        assert (world.folder / "guide/install.assets/a.png").read_bytes() == b"png"
        world.site.move(install, Place.APPEND, notes)
        world.sync()
        assert {"notes/install.md", "notes/install.assets/a.png"} <= world.files()
        assert "guide/install.assets/a.png" not in world.files()
        assert world.settled()

    def test_a_new_page_appears(self, world: World) -> None:
        world.site.page("Linux", "<p>Use the package.</p>", parent=world.site.by_title("Guide"))
        world.sync()
        assert world.body("guide/linux.md") == "Use the package."
        assert world.settled()

    def test_a_page_in_the_trash_goes(self, world: World) -> None:
        world.site.trash(world.site.by_title("Notes"))
        world.sync()
        assert "notes.md" not in world.files()
        assert world.settled()

    def test_a_page_in_the_trash_that_was_edited_here_stays(self, world: World) -> None:
        world.edit("notes.md", "Nothing", "Everything")
        world.site.trash(world.site.by_title("Notes"))
        outcome = world.sync()
        assert "Everything" in world.read("notes.md")
        assert any("trash" in warning for warning in outcome.warnings)

    def test_a_page_that_answers_404_is_not_deleted(self, world: World) -> None:
        world.site.hide(world.site.by_title("Notes"))
        outcome = world.sync()
        assert "notes.md" in world.files()
        assert any("no longer shows" in warning for warning in outcome.warnings)
        assert not world.remote.writes

    def test_labels_arrive(self, world: World) -> None:
        world.site.label(world.site.by_title("Notes"), "howto")
        world.sync()
        assert "labels: [howto]" in world.read("notes.md")
        assert world.settled()


class TestBothSides:
    def test_edits_in_different_paragraphs_are_merged(self, world: World) -> None:
        page = world.site.by_title("Guide")
        world.edit("guide.md", "slowly", "quickly")
        world.site.edit(page, "<p>Read this before all else.</p><p>Then that, slowly.</p>")
        outcome = world.sync()
        assert not outcome.conflicts
        assert world.site.body(page) == "<p>Read this before all else.</p><p>Then that, quickly.</p>"
        assert world.body("guide.md") == "Read this before all else.\n\nThen that, quickly."
        assert world.settled()

    def test_history_shows_both_authors(self, world: World) -> None:
        world.edit("guide.md", "slowly", "quickly")
        world.site.edit(world.site.by_title("Guide"), "<p>Read me.</p><p>Then that, slowly.</p>")
        world.sync()
        assert len(set(world.git("log", "--format=%an", "--", "guide.md").splitlines())) == 2

    def test_edits_of_the_same_words_conflict_and_the_rest_goes_on(self, world: World) -> None:
        page = world.site.by_title("Guide")
        world.edit("guide.md", "slowly", "quickly")
        world.edit("notes.md", "Nothing", "Little")
        world.site.edit(page, "<p>Read this first.</p><p>Then that, carefully.</p>")
        outcome = world.sync()
        assert outcome.exit_code == 3
        assert [conflict.path for conflict in outcome.conflicts] == ["guide.md"]
        assert "<<<<<<< local" in world.read("guide.md")
        assert world.git("status", "--porcelain", "--", "guide.md").startswith("UU")
        assert "Little" in world.site.body(world.site.by_title("Notes"))
        record = world.record(page)
        assert record is not None
        assert "slowly" in record.page.body

    def test_a_conflict_resolved_in_the_file_is_settled_by_the_next_sync(self, world: World) -> None:
        page = world.site.by_title("Guide")
        self._conflict(world)
        text = world.read("guide.md")
        start, end = text.index("<<<<<<<"), text.index("\n", text.index(">>>>>>>"))
        world.write("guide.md", text[:start] + "Then that, gently." + text[end:])
        world.git("add", "guide.md")
        outcome = world.sync()
        assert outcome.exit_code == 0
        assert world.site.body(page) == "<p>Read this first.</p><p>Then that, gently.</p>"
        assert world.settled()

    @pytest.mark.parametrize(("choice", "word"), [("ours", "quickly"), ("theirs", "carefully")])
    def test_on_conflict_takes_a_side_of_the_conflicting_words_only(
        self, world: World, choice: str, word: str
    ) -> None:
        page = world.site.by_title("Guide")
        world.edit("guide.md", "slowly", "quickly")
        world.site.edit(page, "<p>Read this at once.</p><p>Then that, carefully.</p>")
        world.sync(on_conflict=OnConflict(choice))
        world.sync()
        assert world.site.body(page) == f"<p>Read this at once.</p><p>Then that, {word}.</p>"
        assert world.settled()

    def test_a_deferred_conflict_touches_nothing(self, world: World) -> None:
        world.edit("guide.md", "slowly", "quickly")
        world.site.edit(world.site.by_title("Guide"), "<p>Read this first.</p><p>Then that, carefully.</p>")
        before = world.read("guide.md")
        outcome = world.sync(on_conflict=OnConflict.DEFER)
        assert outcome.exit_code == 3
        assert world.read("guide.md") == before
        assert not world.remote.writes

    @pytest.mark.parametrize(
        "giving_up",
        [
            (("restore", "--staged", "guide.md"), ("restore", "guide.md")),
            (("checkout", "HEAD", "--", "guide.md"),),
            (("reset", "-q"), ("checkout", "guide.md")),
            (("reset", "--hard", "-q"),),
        ],
    )
    def test_giving_up_a_conflict_with_git_never_loses_the_colleagues_words(
        self, world: World, giving_up: tuple[tuple[str, ...], ...]
    ) -> None:
        self._conflict(world)
        for command in giving_up:
            world.git(*command)
        world.sync()
        world.sync()
        assert "carefully" in world.site.body(world.site.by_title("Guide"))

    def test_a_rename_there_and_an_edit_here(self, world: World) -> None:
        page = world.site.by_title("Notes")
        world.edit("notes.md", "Nothing", "Little")
        world.site.edit(page, title="Remarks")
        world.sync()
        assert "Little" in world.site.body(page)
        assert world.site.row(page).title == "Remarks"
        assert "remarks.md" in world.files()
        assert world.settled()

    def _conflict(self, world: World) -> None:
        world.edit("guide.md", "slowly", "quickly")
        world.site.edit(world.site.by_title("Guide"), "<p>Read this first.</p><p>Then that, carefully.</p>")
        assert world.sync().exit_code == 3


class TestInlineComments:
    def test_a_comment_survives_an_edit_of_its_paragraph(self, world: World) -> None:
        page = world.site.by_title("Guide")
        ref = world.site.comment(page, "that")
        world.edit("guide.md", "slowly", "quickly")
        world.sync()
        assert ref in world.site.body(page)
        assert "quickly" in world.site.body(page)

    def test_a_comment_made_while_we_push_survives(self, world: World) -> None:
        page = world.site.by_title("Guide")
        refs: list[str] = []
        world.edit("guide.md", "slowly", "quickly")
        world.remote.before("read", lambda: refs.append(world.site.comment(page, "that")))
        world.sync()
        assert refs[0] in world.site.body(page)
        assert "quickly" in world.site.body(page)
        assert world.settled()


class TestDryRun:
    def test_a_dry_run_says_what_the_run_does_and_writes_nothing(self, world: World) -> None:
        world.edit("guide.md", "slowly", "quickly")
        world.write("linux.md", "Use the package.\n")
        world.site.edit(world.site.by_title("Notes"), "<p>Something of note.</p>")
        head = world.git("rev-parse", "HEAD")
        dry = world.sync(dry_run=True)
        assert not world.remote.writes
        assert world.git("rev-parse", "HEAD") == head
        real = world.sync()
        assert [item.path for item in dry.pulled] == [item.path for item in real.pulled]
        assert {op.path for op in dry.planned} == {item.path for item in real.pushed}


class TestStatus:
    def test_of_a_copy_at_rest_it_asks_git_and_reads_no_record(self, world: World) -> None:
        assert runs.status(world.session).exit_code == 0
        world.session.known.clear()
        assert not runs.status(world.session).planned
        assert not world.session.known

    @pytest.mark.parametrize(
        "change",
        [
            lambda world: world.edit("guide.md", "slowly", "quickly"),
            lambda world: world.write("new.md", "# New\n"),
            lambda world: (world.folder / "notes.md").unlink(),
            lambda world: world.write("notes.assets/a.txt", "a"),
            lambda world: (world.edit("guide.md", "slowly", "quickly"), world.git("commit", "-qam", "Edit")),
            lambda world: (world.write("new.md", "# New\n"), world.write(".gitignore", "new.md\n")),
        ],
        ids=["edited", "new", "deleted", "attached", "committed", "ignored"],
    )
    def test_whatever_changes_is_seen(self, world: World, change: Callable[[World], object]) -> None:
        runs.status(world.session)
        change(world)
        assert runs.status(world.session).planned
