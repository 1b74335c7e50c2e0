"""`watch` as a whole program: real files, real events, a real server, people on both sides.

The long runs are `soak`; the short ones have the same shape.
"""

import random
import re
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from confsync.cli.main import run
from confsync.sandbox import Flavour, SandboxServer
from confsync.sandbox.faults import Fault
from tests.live.editors import EDITORS, Save
from tests.live.people import Third, Watcher, Writer, bodies, furnish, versions, work

IDENTITY = "[user]\n\tname = Ann\n\temail = ann@example.com\n"
QUICK = ("--interval", "1", "--settle", "0.3")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own, so that nobody's settings matter."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "gitconfig").write_text(IDENTITY)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("NETRC", raising=False)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        monkeypatch.setenv("CONFSYNC_USERNAME", running.username)
        monkeypatch.setenv("CONFSYNC_TOKEN", running.token)
        yield running


@pytest.fixture
def pages(server: SandboxServer) -> dict[str, int]:
    return furnish(server)


Desk = Callable[..., Watcher]


@pytest.fixture
def desk(server: SandboxServer, pages: dict[str, int], tmp_path: Path) -> Iterator[Desk]:
    """Clones the space for somebody and starts to watch it."""
    watchers: list[Watcher] = []

    def sit(name: str, *options: str) -> Watcher:
        folder = tmp_path / name
        assert run(("clone", f"{server.url}/spaces/LIVE", str(folder), "-q")) == 0
        watchers.append(Watcher(folder, *QUICK, *options))
        watchers[-1].until("watching")
        return watchers[-1]

    yield sit
    for watcher in watchers:
        watcher.kill()


def settled(server: SandboxServer, pages: dict[str, int], folders: list[Path], seconds: float = 60.0) -> None:
    """Wait until all sides say the same and nothing waits to be sent."""
    end = monotonic() + seconds
    while monotonic() < end:
        if all(_agrees(server, pages, folder) for folder in folders):
            return
        sleep(0.3)
    told = {folder.name: git(folder, "status", "--short") for folder in folders}
    raise AssertionError(f"the sides still differ: {told}, {bodies(server, pages)}")


def _agrees(server: SandboxServer, pages: dict[str, int], folder: Path) -> bool:
    wiki = bodies(server, pages)
    return git(folder, "status", "--porcelain") == "" and all(
        _words((folder / f"{title.lower()}.md").read_text()) == _words(body) for title, body in wiki.items()
    )


def _words(text: str) -> list[str]:
    """The tokens that people have written, in order."""
    return re.findall(r"\b(?:ann|ben|hand|ed)\d+x\b", text)


def check(server: SandboxServer, pages: dict[str, int], said: list[str]) -> None:
    """Every word that anybody wrote is there once, and no version was written without a change."""
    words = sorted(word for body in bodies(server, pages).values() for word in _words(body))
    assert words == sorted(said)
    for title, page in pages.items():
        texts = versions(server, page)
        assert all(one != other for one, other in pairwise(texts)), title


@pytest.mark.parametrize("editor", sorted(EDITORS))
def test_however_an_editor_saves_the_edit_is_sent_once(
    editor: str, server: SandboxServer, pages: dict[str, int], desk: Desk
) -> None:
    watcher = desk("ann")
    save: Save = EDITORS[editor]
    file = watcher.folder / "alpha.md"
    save(file, file.read_text().replace("\nann:", "\nann: ed1x"))
    watcher.until("pushed", "alpha.md")
    assert "ed1x" in bodies(server, pages)["Alpha"]
    sleep(1.5)
    settled(server, pages, [watcher.folder])
    assert watcher.stop() == 0
    assert [item["event"] for item in watcher.heard()] == ["watching", "pushed", "stopped"]
    assert len(versions(server, pages["Alpha"])) == 2


def test_a_moved_folder_moves_its_pages(server: SandboxServer, pages: dict[str, int], desk: Desk) -> None:
    child = server.colleague().create("LIVE", "Child", "<p>Below.</p>", parent=pages["Alpha"])
    watcher = desk("ann")
    (watcher.folder / "beta").mkdir()
    (watcher.folder / "alpha/child.md").rename(watcher.folder / "beta/child.md")
    watcher.until("pushed", "child.md")
    assert server.store.contents.get(child.id).parent == pages["Beta"]


def test_what_git_does_to_the_files_is_taken_along(
    server: SandboxServer, pages: dict[str, int], desk: Desk
) -> None:
    watcher = desk("ann")
    folder = watcher.folder
    file = folder / "alpha.md"
    file.write_text(file.read_text().replace("\nann:", "\nann: ann1x"))
    git(folder, "stash", "--quiet")
    sleep(1)
    git(folder, "stash", "pop", "--quiet")
    watcher.until("pushed", "alpha.md")
    git(folder, "revert", "--no-edit", _last_edit(folder, "alpha.md"))
    watcher.until("pushed", "alpha.md")
    assert "ann1x" not in bodies(server, pages)["Alpha"]
    settled(server, pages, [folder])


def _last_edit(folder: Path, path: str) -> str:
    """The last commit that changed this file and no record."""
    for commit in git(folder, "log", "--format=%H", "--", path).split():
        if git(folder, "show", "--format=", "--name-only", commit).split() == [path]:
            return commit
    raise AssertionError("no commit of the edit")


def people(server: SandboxServer, pages: dict[str, int], watchers: list[Watcher]) -> list[Writer | Third]:
    names = ["ann", "ben"][: len(watchers)]
    writers = [Writer(name, watcher.folder) for name, watcher in zip(names, watchers, strict=True)]
    return [*writers, Third(server, pages)]


def said(actors: Sequence[Writer | Third]) -> list[str]:
    return [word for actor in actors for word in actor.said]


@pytest.mark.parametrize(
    "seconds", [pytest.param(8, id="short"), pytest.param(60, id="long", marks=pytest.mark.soak)]
)
def test_two_writers_and_a_third_hand(
    seconds: float, server: SandboxServer, pages: dict[str, int], desk: Desk
) -> None:
    watchers = [desk("ann"), desk("ben")]
    actors = people(server, pages, watchers)
    work(actors, seconds, random.Random(1))
    settled(server, pages, [watcher.folder for watcher in watchers])
    check(server, pages, said(actors))
    for watcher in watchers:
        assert watcher.stop() == 0
        watcher.heard()
        odd = [item for item in watcher.seen if item["event"] in {"paused", "held", "conflict"}]
        assert not odd
        for item in watcher.seen:
            assert not item["path"] or item["page"] in {str(page) for page in pages.values()}


@pytest.mark.parametrize(
    "rounds", [pytest.param(2, id="short"), pytest.param(12, id="long", marks=pytest.mark.soak)]
)
def test_killed_in_the_middle_it_converges(
    rounds: int, server: SandboxServer, pages: dict[str, int], desk: Desk
) -> None:
    watcher = desk("ann")
    actors = people(server, pages, [watcher])
    rng = random.Random(2)
    for _ in range(rounds):
        work(actors, 1 + rng.random() * 2, rng)
        watcher.kill()
        work(actors, 0.5, rng)
        watcher.again()
    settled(server, pages, [watcher.folder])
    check(server, pages, said(actors))


TROUBLE = (
    Fault.parse("429,every=9,times=*,retry-after=1"),
    Fault.parse("drop,every=17,times=*"),
    Fault.parse("latency,delay_ms=40,times=*"),
    Fault.parse("stale,every=2,times=*"),
)


@pytest.mark.parametrize(
    "seconds", [pytest.param(6, id="short"), pytest.param(60, id="long", marks=pytest.mark.soak)]
)
def test_a_server_in_trouble_is_caught_up_with(
    seconds: float, server: SandboxServer, pages: dict[str, int], desk: Desk
) -> None:
    watcher = desk("ann")
    actors = people(server, pages, [watcher])
    for fault in TROUBLE:
        server.site.faults.add(fault)
    work(actors, seconds, random.Random(3))
    server.site.faults.clear()
    settled(server, pages, [watcher.folder])
    check(server, pages, said(actors))


def test_with_webhooks_an_edit_arrives_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "a secret of both"
    with SandboxServer(flavour=Flavour.DATA_CENTER) as server:
        monkeypatch.setenv("CONFSYNC_USERNAME", server.username)
        monkeypatch.setenv("CONFSYNC_TOKEN", server.token)
        monkeypatch.setenv("CONFSYNC_WEBHOOK_SECRET", secret)
        pages = furnish(server)
        folder = tmp_path / "ann"
        assert run(("clone", f"{server.url}/display/LIVE", str(folder), "-q")) == 0
        port = _free_port()
        watcher = Watcher(folder, "--interval", "600", "--settle", "0.3", "--listen", f"127.0.0.1:{port}")
        try:
            watcher.until("watching")
            hook = {
                "name": "confsync",
                "url": f"http://127.0.0.1:{port}/confsync",
                "events": ["page_updated"],
                "configuration": {"secret": secret},
                "active": True,
            }
            login = (server.username, server.token)
            assert httpx.post(f"{server.url}/rest/api/webhooks", json=hook, auth=login).status_code == 201
            sleep(3)  # the watch has had its first look and round
            server.colleague().edit(pages["Alpha"], "<p>At once.</p>")
            begun = monotonic()
            watcher.until("pulled", "alpha.md")
            assert monotonic() - begun < 20
            assert "At once." in (folder / "alpha.md").read_text()
            assert watcher.stop() == 0
        finally:
            watcher.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_site_beside_it_follows_both_sides(
    server: SandboxServer, pages: dict[str, int], desk: Desk
) -> None:
    watcher = desk("ann", "--preview", "0")
    site = watcher.until("watching")["url"]
    file = watcher.folder / "alpha.md"
    file.write_text(file.read_text().replace("\nann:", "\nann: ann1x"))
    server.colleague().edit(pages["Beta"], "<p>ben1x</p>")
    end = monotonic() + 40
    wanted = {"alpha": "ann1x", "beta": "ben1x"}
    while wanted and monotonic() < end:
        sleep(0.3)
        shown = {page: httpx.get(f"{site}{page}.html").text for page in wanted}
        wanted = {page: word for page, word in wanted.items() if word not in shown[page]}
    assert not wanted


def test_several_folders_in_one_process(server: SandboxServer, tmp_path: Path, pages: dict[str, int]) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        assert run(("clone", f"{server.url}/spaces/LIVE", str(folder), "-q")) == 0
    watcher = Watcher(tmp_path, *QUICK, *map(str, folders))
    try:
        watcher.until("watching")
        watcher.until("watching")
        file = folders[0] / "alpha.md"
        file.write_text(file.read_text().replace("\nann:", "\nann: ann1x"))
        assert watcher.until("pushed", "alpha.md")["folder"] == "one"
        assert watcher.until("pulled", "alpha.md")["folder"] == "two"
        assert "ann1x" in (folders[1] / "alpha.md").read_text()
        assert watcher.stop() == 0
    finally:
        watcher.kill()
