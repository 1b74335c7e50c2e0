"""Bringing pages back from a commit, as people type it."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from confsync.cli.main import run
from confsync.convert.sameness import says_the_same
from confsync.convert.transfer import Removal, renumber, without_inline_comments
from confsync.model.ids import PageId, SpaceKey
from confsync.model.record import Record, load_record
from confsync.plan.children import sequences
from confsync.sandbox import SandboxServer
from confsync.shipped import sample_space
from tests.cli.conftest import COMMENT, FAQ, HOME, INSTALL, LINUX, SECRET, Cli, Colleague


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout.strip()


class TestInItsOwnSpace:
    def test_from_the_trash_a_page_has_its_id_again(
        self, cli: Cli, copy: Path, server: SandboxServer
    ) -> None:
        server.colleague().label(FAQ, "help")
        cli("pull")
        commit = git("rev-parse", "HEAD")
        server.colleague().trash(FAQ)
        cli("pull")
        assert not Path("questions.md").exists()
        ran = cli("restore", commit)
        assert ran.code == 0, ran.said
        assert "from the trash" in ran.out
        assert f"id: {FAQ}" in Path("questions.md").read_text().replace('"', "")
        assert "labels: [help]" in Path("questions.md").read_text()
        assert cli("status", "--json").json["planned"] == []

    def test_a_purged_page_becomes_a_new_one_and_links_follow(
        self, cli: Cli, copy: Path, server: SandboxServer
    ) -> None:
        ben = server.colleague()
        ben.edit(FAQ, f'<p>See <a href="/wiki/spaces/DOCS/pages/{INSTALL}/Install">how</a>.</p>')
        cli("pull")
        commit = git("rev-parse", "HEAD")
        for page in (LINUX, INSTALL, FAQ):
            ben.trash(page)
        ben.purge(INSTALL)
        cli("pull")
        ran = cli("restore", commit, "--json")
        assert ran.code == 0, ran.said
        ways = {one["title"]: (one["way"], one["page"]) for one in ran.json["restored"]}  # type: ignore[attr-defined]
        assert ways["Install"][0] == "as a new page"
        assert ways["Questions"] == ("from the trash", FAQ)
        new = ways["Install"][1]
        assert f"/wiki/spaces/DOCS/pages/{new}/Install" in ben.body(FAQ)
        assert COMMENT not in ben.body(new)
        assert "somewhere safe" in ben.body(new)
        assert {item["reason"] for item in ran.json["lost"]} == {"its inline comment"}  # type: ignore[attr-defined]
        assert server.store.contents.get(int(LINUX)).parent == int(new)
        assert f"id: {new}" in Path("install.md").read_text().replace('"', "")
        assert cli("status", "--json").json["planned"] == []
        assert cli("sync", "--json").json["pulled"] == []

    def test_a_page_that_is_there_is_left_alone_unless_named(
        self, cli: Cli, copy: Path, server: SandboxServer
    ) -> None:
        commit = git("rev-parse", "HEAD")
        server.colleague().edit(FAQ, "<p>All is different now.</p>")
        ran = cli("restore", commit)
        assert "Nothing to restore" in ran.out
        assert "different" in server.colleague().body(FAQ)
        ran = cli("restore", commit, "questions.md")
        assert ran.code == 0, ran.said
        assert "set back" in ran.out
        assert "Ask one question." in server.colleague().body(FAQ)
        assert "Ask one question." in Path("questions.md").read_text()

    def test_siblings_stand_in_their_order_again(
        self, cli: Cli, copy: Path, server: SandboxServer, ben: Colleague
    ) -> None:
        def order() -> list[PageId]:
            return [page for page in sequences(ben.remote.listing().rows)[HOME] if page != SECRET]

        before = order()
        commit = git("rev-parse", "HEAD")
        server.colleague().trash(LINUX)
        server.colleague().trash(INSTALL)
        cli("pull")
        assert cli("restore", commit).code == 0
        assert order() == before

    def test_a_dry_run_says_what_would_come_and_writes_nothing(
        self, cli: Cli, copy: Path, server: SandboxServer
    ) -> None:
        commit = git("rev-parse", "HEAD")
        server.colleague().trash(FAQ)
        cli("pull")
        ran = cli("restore", commit, "--dry-run", "--json")
        assert [step["title"] for step in ran.json["planned"]] == ["Questions"]  # type: ignore[attr-defined]
        assert server.store.contents.get(int(FAQ)).status == "trashed"

    def test_a_title_that_is_taken_is_named_and_the_others_come_back(
        self, cli: Cli, copy: Path, server: SandboxServer, ben: Colleague
    ) -> None:
        robin = server.colleague()
        commit = git("rev-parse", "HEAD")
        for page in (FAQ, LINUX):
            robin.trash(page)
            robin.purge(page)
        cli("pull")
        robin.create("DOCS", "Questions", "<p>Another page.</p>")
        ran = cli("restore", commit)
        assert ran.code == 1
        assert "failed" in ran.out
        assert "Questions" in ran.out
        assert "Linux" in ben.titles()

    @pytest.mark.parametrize(
        "wrong", [["no-such-commit"], ["HEAD", "no-such-page.md"], ["HEAD", "../../etc"]]
    )
    def test_what_is_not_there_is_said(self, cli: Cli, copy: Path, wrong: list[str]) -> None:
        ran = cli("restore", *wrong)
        assert ran.code == 2
        assert "Traceback" not in ran.said


@dataclass(frozen=True, slots=True)
class Sample:
    """A clone of the sample space, whose records tell what everything was."""

    folder: Path
    records: dict[PageId, Record]


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch, surroundings: Path) -> Iterator[Sample]:
    with SandboxServer(seed=sample_space()) as old:
        monkeypatch.setenv("CONFSYNC_USERNAME", old.username)
        monkeypatch.setenv("CONFSYNC_TOKEN", old.token)
        folder = surroundings / "sample"
        assert run(("clone", f"{old.url}/spaces/DOCS", str(folder), "--include-restricted", "-q")) == 0
        yield Sample(folder, records_of(folder))


def records_of(folder: Path) -> dict[PageId, Record]:
    found = (load_record(path.read_bytes()) for path in folder.glob(".confsync/pages/*/*.page"))
    return {record.id: record for record in found}


class TestAWholeSpace:
    def test_is_rehearsed_on_a_sandbox(
        self, cli: Cli, sample: Sample, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(sample.folder)
        ran = cli("restore", "HEAD", "--to", "sandbox", "--json")
        assert ran.code == 0, ran.said
        left = {item["title"] for item in ran.json["left"]}  # type: ignore[attr-defined]
        assert left == {"Harbour map"}
        assert len(ran.json["restored"]) == len(sample.records) - 1  # type: ignore[arg-type]
        assert ran.json["missing"] == []
        assert git("status", "--porcelain") == ""

    def test_comes_back_in_another_space_as_it_was(
        self, cli: Cli, sample: Sample, monkeypatch: pytest.MonkeyPatch, surroundings: Path
    ) -> None:
        """Every text, title, label, attachment, parent and order, through a fresh clone of the new space."""
        monkeypatch.chdir(sample.folder)
        with SandboxServer() as new:
            new.add_space("DOCS", "Fernwerk Docs")
            monkeypatch.setenv("CONFSYNC_USERNAME", new.username)
            monkeypatch.setenv("CONFSYNC_TOKEN", new.token)
            ran = cli("restore", "HEAD", "--to", f"{new.url}/spaces/DOCS", "--include-restricted", "--json")
            assert ran.code == 0, ran.said
            ids = {PageId(one["was"]): PageId(one["page"]) for one in ran.json["restored"]}  # type: ignore[attr-defined]
            again = surroundings / "again"
            assert run(("clone", f"{new.url}/spaces/{SpaceKey('DOCS')}", str(again), "-q")) == 0
            there = records_of(again)
        assert there.keys() == set(ids.values())
        for was, page in ids.items():
            self._same(
                sample.records[was], there[page], Removal(ids, {"https://fernwerk.example/wiki": new.url})
            )
        order = sequences({page: record.row for page, record in sample.records.items()})
        now = sequences({page: record.row for page, record in there.items()})
        for parent, children in order.items():
            if parent in ids:
                wanted = [ids[child] for child in children if child in ids]
                assert [child for child in now[ids[parent]] if child in wanted] == wanted

    @staticmethod
    def _same(old: Record, new: Record, removal: Removal) -> None:
        assert new.page.title == old.page.title
        assert new.page.labels == old.page.labels
        assert [(a.name, a.sha256) for a in new.attachments] == [(a.name, a.sha256) for a in old.attachments]
        wanted = renumber(without_inline_comments(old.page.body), removal)
        assert says_the_same(new.page.body, wanted), old.page.title
