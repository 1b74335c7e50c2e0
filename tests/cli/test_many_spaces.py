"""A nightly backup of many spaces: clone them all, pull them all, one summary, the worst exit code."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from confsync.sandbox import SandboxServer
from tests.cli.conftest import Cli, git


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxServer]:
    with SandboxServer() as server:
        for key, name in (
            ("DOCS", "Documentation"),
            ("OPS", "Operations"),
            ("HR", "People"),
            ("~ann", "Ann"),
        ):
            server.add_space(key, name)
            server.colleague().create(key, f"About {name}", f"<p>All of {name}.</p>")
        monkeypatch.setenv("CONFSYNC_USERNAME", server.username)
        monkeypatch.setenv("CONFSYNC_TOKEN", server.token)
        yield server


def page(server: SandboxServer, title: str) -> int:
    row = server.store.database.one("SELECT id FROM content WHERE title = ?", title)
    assert row is not None
    return int(row["id"])


def test_every_space_gets_a_folder_of_its_own(cli: Cli, site: SandboxServer) -> None:
    ran = cli("clone", "--all", site.url, "backup")
    assert ran.code == 0, ran.said
    assert sorted(path.name for path in Path("backup").iterdir()) == ["docs", "hr", "ops"]
    assert Path("backup/ops/about-operations.md").exists()
    assert "3 spaces, none with trouble." in ran.out


@pytest.mark.parametrize(("glob", "found"), [("o*", ["ops"]), ("[dh]*", ["docs", "hr"]), ("~*", ["~ann"])])
def test_only_spaces_that_match(cli: Cli, site: SandboxServer, glob: str, found: list[str]) -> None:
    assert cli("clone", "--all", site.url, "backup", "--spaces", glob).code == 0
    assert sorted(path.name for path in Path("backup").iterdir()) == found


def test_no_space_that_matches_is_wrong_usage(cli: Cli, site: SandboxServer) -> None:
    ran = cli("clone", "--all", site.url, "backup", "--spaces", "nothing*")
    assert ran.code == 2
    assert "DOCS" in ran.said


def test_a_second_run_goes_on_where_the_first_one_stopped(cli: Cli, site: SandboxServer) -> None:
    assert cli("clone", "--all", site.url, "backup", "--spaces", "docs").code == 0
    site.colleague().edit(page(site, "About Documentation"), "<p>Much more.</p>")
    assert cli("clone", "--all", site.url, "backup").code == 0
    assert "Much more." in Path("backup/docs/about-documentation.md").read_text()
    assert Path("backup/hr/confsync.toml").exists()


def test_spaces_inside_one_repository(cli: Cli, site: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("repo").mkdir()
    monkeypatch.chdir("repo")
    git("init", "-q", "-b", "main")
    Path("notes.txt").write_text("mine\n")
    git("add", ".")
    git("commit", "-qm", "start")
    ran = cli("clone", "--all", site.url, "wiki")
    assert ran.code == 0, ran.said
    assert not Path("wiki/ops/.git").exists()
    assert git("status", "--porcelain") == ""


class TestPullAll:
    @pytest.fixture
    def backup(self, cli: Cli, site: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> Path:
        assert cli("clone", "--all", site.url, "backup").code == 0
        monkeypatch.chdir("backup")
        return Path.cwd()

    def test_brings_every_copy_up_to_date(self, cli: Cli, site: SandboxServer, backup: Path) -> None:
        site.colleague().edit(page(site, "About Operations"), "<p>New words.</p>")
        ran = cli("pull", "--all", "--json")
        assert ran.code == 0, ran.said
        pulled = {one["space"]: one["pulled"] for one in ran.json["copies"]}  # type: ignore[attr-defined]
        assert pulled == {"docs": 0, "hr": 0, "ops": 1}
        assert "New words." in Path("ops/about-operations.md").read_text()

    def test_one_that_fails_stops_no_other(self, cli: Cli, site: SandboxServer, backup: Path) -> None:
        site.colleague().edit(page(site, "About Operations"), "<p>New words.</p>")
        (backup / "docs/confsync.toml").write_text("not toml at all")
        ran = cli("pull", "--all", "--json")
        codes = {one["space"]: one["exit_code"] for one in ran.json["copies"]}  # type: ignore[attr-defined]
        assert codes == {"docs": 1, "hr": 0, "ops": 0}
        assert ran.code == 1
        assert "New words." in Path("ops/about-operations.md").read_text()

    def test_a_conflict_in_one_is_the_exit_code_of_all(
        self, cli: Cli, site: SandboxServer, backup: Path
    ) -> None:
        file = backup / "hr/about-people.md"
        file.write_text(file.read_text().replace("All of", "Some of"))
        site.colleague().edit(page(site, "About People"), "<p>None of People.</p>")
        ran = cli("pull", "--all")
        assert ran.code == 3
        assert "1 conflict" in ran.out
        assert "<<<<<<<" not in file.read_text()

    def test_a_folder_without_copies_is_wrong_usage(self, cli: Cli, surroundings: Path) -> None:
        assert cli("pull", "--all").code == 2


def test_one_repository_holds_a_space_once(
    cli: Cli, site: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two copies of one space would take each other's pushes for their own."""
    Path("repo").mkdir()
    monkeypatch.chdir("repo")
    git("init", "-q", "-b", "main")
    Path("notes.txt").write_text("mine\n")
    git("add", ".")
    git("commit", "-qm", "start")
    assert cli("clone", f"{site.url}/spaces/OPS", "one").code == 0
    ran = cli("clone", f"{site.url}/spaces/OPS", "two")
    assert ran.code == 2
    assert "follows the space OPS already" in ran.said
    assert not Path("two/confsync.toml").exists()
    assert cli("clone", f"{site.url}/spaces/HR", "two").code == 0
