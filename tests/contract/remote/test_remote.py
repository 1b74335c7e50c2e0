"""What every Remote promises, whatever it stands on."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from confsync.errors import NotFound, Rejected, TitleTaken, VersionConflict
from confsync.model.content import ContentType, Page, Row, Status, Version
from confsync.model.ids import AccountId, PageId
from confsync.ports import Fate, Place, Sighting
from tests.contract.remote.stage import Stage


def new_row(title: str, parent: PageId | None, kind: ContentType = ContentType.PAGE) -> Row:
    """The row of a page that is to be created."""
    kind_above = ContentType.PAGE if parent else None
    nobody = Version(1, AccountId(""), "")
    return Row(PageId(""), kind, title, parent, kind_above, None, Status.CURRENT, nobody)


def next_version(page: Page) -> Row:
    """The row to send for writing the version after this page's."""
    row = page.row
    return replace(row, version=replace(row.version, number=row.version.number + 1))


def create(stage: Stage, title: str, body: str = "<p>mine</p>", parent: PageId | None = None) -> Page:
    row = new_row(title, parent or stage.home)
    made = stage.remote.create_draft(row, body)
    return stage.remote.publish(replace(row, id=made), body, message="made")


# ------------------------------------------------------------------------------------------ who and where


def test_the_space_knows_its_home_page(stage: Stage) -> None:
    space = stage.remote.space()
    assert space.homepage == stage.home
    assert space.id
    assert space.key


def test_we_are_somebody_else_than_our_colleague(stage: Stage) -> None:
    assert stage.remote.me().id != stage.colleague.id


def test_people_are_found_by_id_and_the_unknown_are_named_by_it(stage: Stage) -> None:
    stranger = AccountId("557058:nobody-knows-me")
    found = stage.remote.users([stage.colleague.id, stranger])
    assert found[stage.colleague.id].name == stage.colleague.name
    assert found[stranger].name == stranger


def test_people_are_found_by_their_exact_name_only(stage: Stage) -> None:
    assert [one.id for one in stage.remote.find_user(stage.colleague.name)] == [stage.colleague.id]
    assert stage.remote.find_user(stage.colleague.name.split()[0]) == []


# --------------------------------------------------------------------------------------------- the listing


@pytest.mark.usefixtures("folders")
def test_the_listing_has_pages_posts_and_nodes_with_their_parents(stage: Stage) -> None:
    folder = stage.page("Guides", "", type=ContentType.FOLDER)
    page = stage.page("Install", parent=folder)
    post = stage.page("News", type=ContentType.BLOGPOST)
    top = stage.page("Beside home", top=True)
    rows = stage.remote.listing().rows
    assert rows[folder].type is ContentType.FOLDER
    assert rows[folder].parent == stage.home
    assert (rows[page].parent, rows[page].parent_type) == (folder, ContentType.FOLDER)
    assert rows[post].type is ContentType.BLOGPOST
    assert rows[top].parent is None
    assert rows[stage.home].parent is None


def test_the_listing_tells_posts_and_pages_at_the_top(stage: Stage) -> None:
    page, top = stage.page("Install"), stage.page("Beside home", top=True)
    post = stage.page("News", type=ContentType.BLOGPOST)
    rows = stage.remote.listing().rows
    assert rows.keys() == {stage.home, page, top, post}
    assert (rows[page].parent, rows[page].parent_type) == (stage.home, ContentType.PAGE)
    assert (rows[top].parent, rows[stage.home].parent) == (None, None)
    assert rows[post].type is ContentType.BLOGPOST


def test_pages_below_are_seen(stage: Stage) -> None:
    parent = stage.page("Parent")
    below = stage.page("Below", parent=parent)
    assert [(row.id, row.type, row.title) for row in stage.remote.children(parent)] == [
        (below, ContentType.PAGE, "Below")
    ]


def test_the_listing_shows_edits_renames_and_moves(stage: Stage) -> None:
    page, goal = stage.page("Install"), stage.page("Guides")
    before = stage.remote.listing().rows[page]
    stage.edit(page, "<p>two</p>", title="Set up", message="typo")
    stage.move(page, Place.APPEND, goal)
    after = stage.remote.listing().rows[page]
    assert after.title == "Set up"
    assert after.parent == goal
    assert after.version.number == before.version.number + 1
    assert after.version.message == "typo"
    assert after.version.author == stage.colleague.id


def test_siblings_are_listed_in_the_order_of_their_positions(stage: Stage) -> None:
    one, two, three = (stage.page(title) for title in ("One", "Two", "Three"))
    stage.move(three, Place.BEFORE, one)
    rows = stage.remote.listing().rows
    assert sorted((one, two, three), key=lambda page: rows[page].position or 0) == [three, one, two]


def test_what_is_in_the_trash_is_not_listed(stage: Stage) -> None:
    page = stage.page("Old")
    stage.trash(page)
    assert page not in stage.remote.listing().rows


def test_a_listing_names_pages_with_new_files_and_comments(stage: Stage) -> None:
    before = stage.now()
    files, talk, quiet = stage.page("Files"), stage.page("Talk", "<p>some words</p>"), stage.page("Quiet")
    item = stage.attach(files, "a.txt", b"a")
    ref = stage.comment(talk, "words")
    recent = stage.remote.listing(since=before).recent
    assert {(one.page, one.id, one.version) for one in recent.attachments} == {(files, item.id, 1)}
    assert {(one.page, one.ref) for one in recent.comments} == {(talk, ref)}
    assert quiet not in {one.page for one in recent.attachments | recent.comments}
    assert before <= recent.newest


def test_a_listing_that_is_not_asked_for_traces_has_none(stage: Stage) -> None:
    stage.attach(stage.page("Files"), "a.txt", b"a")
    assert not stage.remote.listing().recent.attachments


def test_labels_in_a_listing_are_right_where_it_has_any(stage: Stage) -> None:
    page = stage.page("Install", labels=["howto"])
    labels = stage.remote.listing().labels
    assert labels.get(page, {"howto"}) == {"howto"}
    assert not labels.get(stage.home)


# ------------------------------------------------------------------------------------------------ a glance


def test_a_glance_sees_what_was_saved(stage: Stage) -> None:
    old = stage.page("Old")
    since = stage.now()
    new, post = stage.page("New"), stage.page("News", type=ContentType.BLOGPOST)
    stage.edit(old, "<p>two</p>")
    glance = stage.remote.glance(since)
    versions = {page: row.version.number for page, row in glance.rows.items()} | dict(glance.hints)
    assert versions[old] == 2
    assert versions[new] == 1
    assert versions[post] == 1
    assert not glance.cut


def test_a_glance_sees_new_files_and_comments(stage: Stage) -> None:
    page = stage.page("Page", "<p>some words</p>")
    since = stage.now()
    item = stage.attach(page, "a.txt", b"a")
    ref = stage.comment(page, "words")
    recent = stage.remote.glance(since).recent
    assert [one.id for one in recent.attachments] == [item.id]
    assert [one.ref for one in recent.comments] == [ref]


@pytest.mark.usefixtures("folders")
def test_a_glance_sees_folders(stage: Stage) -> None:
    folder = stage.page("Guides", "", type=ContentType.FOLDER)
    assert stage.remote.glance(stage.now()).rows[folder].title == "Guides"


@pytest.mark.usefixtures("database")
def test_a_glance_says_when_there_is_more(stage: Stage) -> None:
    newest = [stage.page(f"Page {number}") for number in range(4)][-1]
    glance = stage.remote.glance(stage.now(), most=2)
    assert glance.cut
    assert len(glance.rows) == 2
    assert newest in glance.rows


# ------------------------------------------------------------------------------------------------ a survey


def test_a_survey_sees_what_no_version_tells(stage: Stage) -> None:
    one, two = stage.page("One", labels=["a"]), stage.page("Two")
    item = stage.attach(one, "a.txt", b"a")
    stage.restrict(two)
    known = list(stage.remote.fetch([one, two]))
    seen = stage.remote.survey(known, 1)
    assert seen[one] == Sighting(frozenset({"a"}), frozenset({(item.id, 1)}), restricted=False)
    assert seen[two] == Sighting(frozenset(), frozenset(), restricted=True)


def test_a_survey_goes_as_far_as_its_requests_and_begins_at_the_beginning(stage: Stage) -> None:
    pages = [stage.page(f"Page {number}") for number in range(3)]
    known = sorted(stage.remote.fetch(pages), key=lambda record: record.id, reverse=True)
    assert list(stage.remote.survey(known, 1)) == [record.id for record in known]
    assert stage.remote.survey(known, 0) == {}


@pytest.mark.usefixtures("folders")
def test_children_of_any_kind_are_seen(stage: Stage) -> None:
    parent = stage.page("Parent")
    page = stage.page("Page below", parent=parent)
    folder = stage.page("Folder below", "", parent=parent, type=ContentType.FOLDER)
    assert {(row.id, row.type) for row in stage.remote.children(parent)} == {
        (page, ContentType.PAGE),
        (folder, ContentType.FOLDER),
    }
    assert stage.remote.children(page) == []


def test_fates_tell_trash_from_absence_and_from_being_there(stage: Stage) -> None:
    there, trashed, purged = stage.page("There"), stage.page("Trashed"), stage.page("Purged")
    stage.trash(trashed)
    stage.purge(purged)
    never = PageId("1")
    assert stage.remote.fates([there, trashed, purged, never]) == {
        there: Fate.CURRENT,
        trashed: Fate.TRASHED,
        purged: Fate.HIDDEN,
        never: Fate.HIDDEN,
    }
    assert stage.remote.fates([trashed]) == {trashed: Fate.TRASHED}


def test_restricted_pages_are_named(stage: Stage) -> None:
    secret, open_page = stage.page("Secret"), stage.page("Open")
    stage.remote.listing()
    stage.restrict(secret)
    assert secret in stage.remote.restricted()
    assert open_page not in stage.remote.restricted()
    assert stage.remote.restricted([secret, open_page]) == {secret}


# ------------------------------------------------------------------------------------------------- reading


def test_reading_gives_text_labels_and_row(stage: Stage) -> None:
    page = stage.page("Install", "<p>one</p>", labels=["runbook"])
    found = stage.remote.read(page)
    assert found.body == "<p>one</p>"
    assert found.labels == {"runbook"}
    assert found.title == "Install"
    assert found.row.parent == stage.home
    assert found.row.status is Status.CURRENT


def test_reading_what_is_not_there_says_so(stage: Stage) -> None:
    with pytest.raises(NotFound):
        stage.remote.read(PageId("1"))


def test_blog_posts_are_read_like_pages(stage: Stage) -> None:
    post = stage.page("News", "<p>news</p>", type=ContentType.BLOGPOST)
    assert stage.remote.read(post).row.type is ContentType.BLOGPOST
    assert stage.remote.read(post).body == "<p>news</p>"


@pytest.mark.parametrize("count", [3, 30])
def test_many_pages_are_fetched_whole(stage: Stage, count: int) -> None:
    pages = [stage.page(f"Page {n}", f"<p>text {n}</p>", labels=[f"l{n}"]) for n in range(count)]
    file = stage.attach(pages[1], "b.txt", b"bb")
    stage.attach(pages[1], "a.txt", b"a")
    post = stage.page("News", "<p>news</p>", type=ContentType.BLOGPOST)
    gone = stage.page("Gone")
    stage.trash(gone)
    records = {record.id: record for record in stage.remote.fetch([*pages, gone, post, PageId("1")])}
    assert records.keys() == {*pages, post}
    for n, page in enumerate(pages):
        assert records[page].page.body == f"<p>text {n}</p>"
        assert records[page].page.labels == {f"l{n}"}
        assert records[page].page == stage.remote.read(page)
    assert [item.name for item in records[pages[1]].attachments] == ["a.txt", "b.txt"]
    assert records[pages[1]].attachments[1].id == file.id
    assert records[pages[0]].attachments == ()


@pytest.mark.parametrize("count", [1, 12])
def test_labels_of_many_pages(stage: Stage, count: int) -> None:
    pages = [stage.page(f"Page {n}", labels=[f"l{n}", "all"]) for n in range(count)]
    found = stage.remote.labels([*pages, PageId("1")])
    assert found == {page: {f"l{n}", "all"} for n, page in enumerate(pages)}


def test_versions_come_with_their_texts_oldest_first(stage: Stage) -> None:
    page = stage.page("Install", "<p>one</p>")
    stage.edit(page, "<p>two</p>", message="second")
    stage.edit(page, "<p>three</p>", title="Set up")
    stage.edit(page, "<p>four</p>")
    found = stage.remote.versions(page, 1, 3)
    assert [(v.version.number, v.title, v.body) for v in found] == [
        (2, "Install", "<p>two</p>"),
        (3, "Set up", "<p>three</p>"),
    ]
    assert found[0].version.message == "second"
    assert found[0].version.author == stage.colleague.id


def test_an_inline_comment_changes_the_body_and_not_the_version(stage: Stage) -> None:
    page = stage.page("Talk", "<p>some words here</p>")
    before = stage.remote.read(page)
    ref = stage.comment(page, "words")
    after = stage.remote.read(page)
    assert after.row.version == before.row.version
    assert f'ac:ref="{ref}"' in after.body
    assert [(one.ref, one.selection, one.open) for one in stage.remote.inline_comments(page)] == [
        (ref, "words", True)
    ]


# ------------------------------------------------------------------------------------------------- writing


def test_a_draft_is_seen_by_nobody_until_it_is_published(stage: Stage) -> None:
    row = new_row("New", stage.home)
    made = stage.remote.create_draft(row, "<p>mine</p>")
    assert made not in stage.remote.listing().rows
    page = stage.remote.publish(replace(row, id=made), "<p>mine</p>", message="made")
    assert page.id == made
    assert page.body == "<p>mine</p>"
    assert page.row.version.number == 1
    assert page.row.version.author == stage.remote.me().id
    listed = stage.remote.listing().rows[made]
    assert (listed.title, listed.parent, listed.status) == ("New", stage.home, Status.CURRENT)


def test_publishing_twice_is_harmless(stage: Stage) -> None:
    row = new_row("New", stage.home)
    made = replace(row, id=stage.remote.create_draft(row, "<p>mine</p>"))
    first = stage.remote.publish(made, "<p>mine</p>", message="made")
    again = stage.remote.publish(made, "<p>mine</p>", message="made")
    assert (again.id, again.body, again.row.version.number) == (first.id, first.body, 1)


def test_a_page_can_be_made_beside_the_home_page(stage: Stage) -> None:
    row = new_row("Beside home", None)
    made = replace(row, id=stage.remote.create_draft(row, "<p>x</p>"))
    assert stage.remote.publish(made, "<p>x</p>", message="").row.parent is None


def test_a_blog_post_can_be_made(stage: Stage) -> None:
    row = new_row("News", None, ContentType.BLOGPOST)
    made = replace(row, id=stage.remote.create_draft(row, "<p>x</p>"))
    assert stage.remote.publish(made, "<p>x</p>", message="").row.type is ContentType.BLOGPOST


@pytest.mark.usefixtures("folders", "makes_folders")
def test_a_folder_can_be_made(stage: Stage) -> None:
    row = new_row("Guides", stage.home, ContentType.FOLDER)
    made = stage.remote.create_draft(row, "")
    assert stage.remote.publish(replace(row, id=made), "", message="").row.type is ContentType.FOLDER
    page = create(stage, "In it", parent=made)
    assert page.row.parent == made


def test_an_unfinished_create_is_found_again_even_after_a_rename(stage: Stage) -> None:
    before = stage.now()
    stage.page("Another", "<p>mine</p>")
    page = create(stage, "New", "<p>mine</p>")
    row = new_row("New", stage.home)
    assert stage.remote.find_created(row, "<p>mine</p>", before) == page.id
    stage.edit(page.id, "<p>changed</p>", title="Renamed")
    assert stage.remote.find_created(row, "<p>mine</p>", before) == page.id
    assert stage.remote.find_created(row, "<p>never written</p>", before) is None


def test_writing_makes_the_next_version(stage: Stage) -> None:
    page = stage.page("Install", "<p>one</p>", labels=["runbook"])
    row = next_version(stage.remote.read(page))
    stored = stage.remote.update(replace(row, title="Set up"), "<p>two</p>", message="by sync")
    assert stored == stage.remote.read(page)
    assert (stored.body, stored.title) == ("<p>two</p>", "Set up")
    assert stored.labels == {"runbook"}
    assert stored.row.version.number == row.version.number
    assert stored.row.version.message == "by sync"
    assert stored.row.version.author == stage.remote.me().id


def test_writing_a_number_that_is_taken_changes_nothing(stage: Stage) -> None:
    page = stage.page("Install", "<p>one</p>")
    row = next_version(stage.remote.read(page))
    stage.edit(page, "<p>theirs</p>")
    with pytest.raises(VersionConflict):
        stage.remote.update(row, "<p>mine</p>", message="")
    assert stage.remote.read(page).body == "<p>theirs</p>"


def test_writing_does_not_undo_a_colleagues_move(stage: Stage) -> None:
    page, goal = stage.page("Install"), stage.page("Guides")
    row = next_version(stage.remote.read(page))
    stage.move(page, Place.APPEND, goal)
    stage.remote.update(row, "<p>mine</p>", message="")
    assert stage.remote.read(page).row.parent == goal


def test_a_title_that_is_taken_is_refused(stage: Stage) -> None:
    stage.page("Install")
    page = stage.page("Other")
    row = next_version(stage.remote.read(page))
    with pytest.raises(TitleTaken):
        stage.remote.update(replace(row, title="install"), "<p>x</p>", message="")


def test_a_title_in_the_trash_is_free(stage: Stage) -> None:
    stage.trash(stage.page("Install"))
    assert create(stage, "Install").title == "Install"


def test_a_body_that_is_not_well_formed_is_refused(stage: Stage) -> None:
    page = stage.page("Install", "<p>one</p>")
    row = next_version(stage.remote.read(page))
    with pytest.raises(Rejected):
        stage.remote.update(row, "<p>broken</div>", message="")
    assert stage.remote.read(page).body == "<p>one</p>"


# -------------------------------------------------------------------------------------- moving, trash, labels


def test_moving_keeps_the_version(stage: Stage) -> None:
    page, goal = stage.page("Install"), stage.page("Guides")
    before = stage.remote.read(page).row.version
    stage.remote.move(page, Place.APPEND, goal)
    after = stage.remote.read(page).row
    assert (after.parent, after.version) == (goal, before)


def test_pages_are_put_before_and_behind_others(stage: Stage) -> None:
    one, two, three = (stage.page(title) for title in ("One", "Two", "Three"))
    stage.remote.move(one, Place.AFTER, two)
    stage.remote.move(three, Place.BEFORE, two)
    rows = stage.remote.listing().rows
    assert sorted((one, two, three), key=lambda page: rows[page].position or 0) == [three, two, one]


def test_a_page_goes_to_the_top_and_back(stage: Stage) -> None:
    page = stage.page("Install")
    stage.remote.move_to_top(page)
    assert stage.remote.read(page).row.parent is None
    stage.remote.move(page, Place.APPEND, stage.home)
    assert stage.remote.read(page).row.parent == stage.home


def test_trash_and_restore(stage: Stage) -> None:
    page = stage.page("Install", "<p>one</p>")
    stage.remote.trash(page)
    assert stage.remote.fates([page]) == {page: Fate.TRASHED}
    back = stage.remote.restore(page)
    assert back.row.status is Status.CURRENT
    assert back.body == "<p>one</p>"
    assert back.row.version.number == 2
    assert page in stage.remote.listing().rows


@pytest.mark.usefixtures("folders")
def test_deleting_a_page_lifts_its_pages_and_takes_its_folders_along(stage: Stage) -> None:
    page = stage.page("Parent")
    child = stage.page("Child", parent=page)
    folder = stage.page("Folder", "", parent=page, type=ContentType.FOLDER)
    inside = stage.page("Inside", parent=folder)
    stage.remote.trash(page)
    rows = stage.remote.listing().rows
    assert rows[child].parent == stage.home
    assert inside not in rows


def test_labels_are_added_and_removed_one_by_one(stage: Stage) -> None:
    page = stage.page("Install", labels=["runbook"])
    version = stage.remote.read(page).row.version
    stage.remote.add_labels(page, ["howto", "linux"])
    stage.remote.remove_label(page, "runbook")
    found = stage.remote.read(page)
    assert found.labels == {"howto", "linux"}
    assert found.row.version == version
    stage.remote.remove_label(page, "never there")
    stage.remote.add_labels(page, [])
    assert stage.remote.read(page).labels == {"howto", "linux"}


def test_properties_are_created_and_updated(stage: Stage) -> None:
    page = stage.page("Install")
    assert stage.remote.properties(page, ["owner"]) == {}
    stage.remote.set_property(page, "owner", {"team": "docs"})
    stage.remote.set_property(page, "owner", {"team": "ops"})
    stage.remote.set_property(page, "other", 1)
    assert stage.remote.properties(page, ["owner", "nothing"]) == {"owner": {"team": "ops"}}


# --------------------------------------------------------------------------------------------- attachments


def test_files_go_up_and_come_down_byte_for_byte(stage: Stage, tmp_path: Path) -> None:
    page = stage.page("Install")
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(bytes(range(256)) * 1000)
    item = stage.remote.upload(page, "Bild ü (1).png", source, comment="größer", media_type="image/png")
    assert (item.name, item.version, item.size) == ("Bild ü (1).png", 1, 256_000)
    assert item.comment == "größer"
    assert item.media_type == "image/png"
    assert item.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert list(stage.remote.attachments(page)) == [replace(item, sha256="")]
    assert stage.remote.download(page, item, target) == item.sha256
    assert target.read_bytes() == source.read_bytes()


def test_the_same_name_makes_a_new_version(stage: Stage, tmp_path: Path) -> None:
    page = stage.page("Install")
    first = stage.attach(page, "a.txt", b"one")
    source = tmp_path / "source"
    source.write_bytes(b"three")
    second = stage.remote.upload(page, "a.txt", source, comment="", media_type="text/plain")
    assert (second.id, second.version, second.size) == (first.id, 2, 5)
    assert len(stage.remote.attachments(page)) == 1
    old, new = tmp_path / "old", tmp_path / "new"
    stage.remote.download(page, first, old)
    stage.remote.download(page, second, new)
    assert (old.read_bytes(), new.read_bytes()) == (b"one", b"three")


def test_downloading_never_overwrites(stage: Stage, tmp_path: Path) -> None:
    page = stage.page("Install")
    item = stage.attach(page, "a.txt", b"one")
    target = tmp_path / "target"
    target.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        stage.remote.download(page, item, target)
    assert target.read_bytes() == b"mine"


def test_a_removed_file_is_gone(stage: Stage) -> None:
    page = stage.page("Install")
    item = stage.attach(page, "a.txt", b"one")
    stage.remote.remove_attachment(page, item.id)
    assert list(stage.remote.attachments(page)) == []


def test_files_do_not_change_the_pages_version(stage: Stage) -> None:
    page = stage.page("Install")
    before = stage.remote.read(page).row
    stage.attach(page, "a.txt", b"one")
    assert stage.remote.read(page).row == before
