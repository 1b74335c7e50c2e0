"""What runs cost in requests, and what they notice for it, on every kind of Confluence."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from confsync.cli.main import run
from confsync.model.ids import PageId
from confsync.sandbox import Flavour, SandboxServer
from confsync.sandbox.colleague import Colleague
from confsync.sandbox.server import ME
from tests.cli.conftest import IDENTITY, TOKEN, Cli

PAGES = 260
PER_ANSWER = {Flavour.CLOUD: 250, Flavour.DATA_CENTER: 200}
FURTHER = 5
"""What the sweep may cost."""


@dataclass
class Place:
    """A working copy of 260 generated pages, in step with its server."""

    server: SandboxServer
    folder: Path
    cli: Cli
    robin: Colleague

    @property
    def nothing(self) -> int:
        """What a pull may cost that finds nothing."""
        return 3 + -(-PAGES // PER_ANSWER[self.server.options.flavour])

    def requests(self, *arguments: str) -> int:
        """What a command costs."""
        self.server.site.journal.reset()
        ran = self.cli(*arguments)
        assert ran.code == 0, ran.said
        return len(self.paths)

    @property
    def paths(self) -> list[str]:
        """What was asked for since then."""
        return [f"{served.method} {served.path}" for served in self.server.site.journal.all()]

    def page(self, number: int) -> PageId:
        """The id of a generated page."""
        return PageId(str(100_000_001 + number))

    def file(self, page: PageId) -> Path:
        """The file of a page."""
        return next(path for path in self.folder.rglob("*.md") if f"{page}" in path.read_text()[:60])

    def record(self, page: PageId) -> str:
        """The record of a page."""
        return (self.folder / f".confsync/pages/{page[-2:]}/{page}.page").read_text()


@pytest.fixture(scope="module", params=list(Flavour), ids=str)
def cloned(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SandboxServer, Path]]:
    """A server and a clone of it, made once."""
    folder = tmp_path_factory.mktemp("cost")
    (folder / "gitconfig").write_text(IDENTITY)
    with (
        SandboxServer(generate=PAGES, token=TOKEN, flavour=request.param) as server,
        pytest.MonkeyPatch.context() as patched,
    ):
        patched.setenv("CONFSYNC_USERNAME", server.username)
        patched.setenv("CONFSYNC_TOKEN", TOKEN)
        patched.setenv("GIT_CONFIG_GLOBAL", str(folder / "gitconfig"))
        assert run(["clone", f"{server.url}/spaces/GEN", str(folder / "docs"), "--quiet"]) == 0
        yield server, folder / "docs"


@pytest.fixture
def place(cloned: tuple[SandboxServer, Path], cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The clone, brought up to date; each test has pages of its own."""
    server, folder = cloned
    monkeypatch.setenv("CONFSYNC_USERNAME", server.username)
    monkeypatch.setenv("CONFSYNC_TOKEN", TOKEN)
    monkeypatch.chdir(folder)
    assert cli("pull", "--quiet").code == 0
    return Place(server, folder, cli, server.colleague())


def test_a_pull_that_finds_nothing(place: Place) -> None:
    assert place.requests("pull") <= place.nothing


def test_edits_creations_renames_moves_and_deletions_are_noticed_at_once(place: Place) -> None:
    edited, renamed, moved, gone = (place.page(number) for number in (11, 12, 13, 14))
    below = place.page(1)
    place.robin.edit(edited, "<p>Entirely new words.</p>")
    place.robin.edit(renamed, title="Another title")
    place.robin.move(moved, below=below)
    place.robin.trash(gone)
    file = place.file(gone)
    assert place.requests("pull") <= place.nothing + 3 * 4
    assert "Entirely new words." in place.file(edited).read_text()
    assert place.file(renamed).stem == "another-title"
    assert f'parent: "{below}"' in place.record(moved)
    assert not file.exists()


def test_new_order_is_noticed_at_once(place: Place) -> None:
    page = place.page(21)
    before = place.record(page)
    first = place.page(2)
    place.robin.move_beside(page, first, before=True)
    place.requests("pull")
    assert place.record(page) != before


def test_new_files_and_comments_are_noticed_and_not_looked_at_again(place: Place) -> None:
    page, other = place.page(31), place.page(32)
    place.robin.attach(page, "plan.txt", b"the plan")
    place.robin.edit(other, "<p>Some plain words.</p>")
    place.requests("pull")
    ref = place.robin.comment(other, "plain")
    assert place.requests("pull") <= place.nothing + 4
    assert '"name": "plan.txt"' in place.record(page)
    assert ref in place.record(other)
    assert place.requests("pull") <= place.nothing


def test_labels_removed_files_and_restrictions_are_found_by_the_sweep(place: Place) -> None:
    page, other, shut = place.page(41), place.page(42), place.page(43)
    place.robin.attach(other, "old.txt", b"old")
    place.requests("pull")
    place.robin.label(page, "runbook")
    place.robin.detach(other, "old.txt")
    readers = [("user", place.robin.person.account_id), ("user", ME)]
    place.server.store.restrictions.put(int(shut), "read", readers)
    for _ in range(-(-PAGES // 100)):
        assert place.requests("pull") <= place.nothing + FURTHER + 3 * 3
    assert '"runbook"' in place.record(page)
    assert "old.txt" not in place.record(other)
    assert "restricted: true" in place.record(shut)
    assert place.requests("pull") <= place.nothing


def test_a_full_pull_finds_them_at_once(place: Place) -> None:
    page = place.page(PAGES - 1)
    place.robin.label(page, "runbook")
    place.requests("pull", "--full")
    assert '"runbook"' in place.record(page)


def test_label_lists_that_are_cut_are_no_removals(place: Place) -> None:
    many = [f"label-{number:03}" for number in range(90)]
    pages = [place.page(number) for number in range(51, 55)]
    for page in pages:
        place.robin.label(page, *many)
    place.requests("pull", "--full")
    for _ in range(3):
        place.requests("pull")
    assert all(name in place.record(page) for page in pages for name in many)


def test_a_quick_look_costs_two_requests_and_says_what_it_does_not_see(place: Place) -> None:
    assert place.requests("pull", "--quick") <= 2
    edited, gone = place.page(61), place.page(62)
    place.robin.edit(edited, "<p>Quickly seen.</p>")
    place.robin.trash(gone)
    ran = place.cli("pull", "--quick")
    assert "does not see deletions" in ran.said
    assert "Quickly seen." in place.file(edited).read_text()
    assert place.file(gone).exists()


def test_a_push_of_one_edit_asks_about_its_page_only(place: Place) -> None:
    page = place.page(71)
    file = place.file(page)
    file.write_text(file.read_text() + "\nOne more line.\n")
    assert place.requests("push") <= 5
    assert all(page in path for path in place.paths)
    assert place.requests("pull") <= place.nothing


def test_status_says_when_each_page_was_last_compared(place: Place) -> None:
    verified = place.cli("status", "--json").json["verified"]
    assert isinstance(verified, dict)
    texts = [path for path in place.folder.glob(".confsync/pages/*/*") if 'type: "page"' in path.read_text()]
    assert verified.keys() == {path.stem for path in texts}
    assert all(str(when).startswith("20") for when in verified.values())
