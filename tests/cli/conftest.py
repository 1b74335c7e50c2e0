"""The command line as people type it, against a small sandbox: a home page, three pages, one private page."""

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import keyring
import pytest
from keyring.backends.null import Keyring as NoKeyring

from confsync.cli.main import run
from confsync.confluence import Credentials, SpaceRemote, connect
from confsync.model.content import ContentType, Page, Row, Status, Version
from confsync.model.ids import AccountId, PageId, SpaceKey
from confsync.model.record import Record, dump_record, record_path
from confsync.sandbox import SandboxServer

HOME, INSTALL, FAQ, LINUX, SECRET = (PageId(str(number)) for number in (101, 102, 103, 104, 105))
COMMENT = "6e9d983a-1e83-5d0b-bb6a-135b592cc6f8"
TOKEN = "a-token-nobody-may-see"
IDENTITY = "[user]\n\tname = Ann\n\temail = ann@example.com\n"

BODIES = {
    HOME: "<p>Welcome home.</p>",
    INSTALL: (
        f'<p>Unpack it <ac:inline-comment-marker ac:ref="{COMMENT}">somewhere safe</ac:inline-comment-marker>.</p>'
        '<ac:structured-macro ac:name="drawio" ac:schema-version="1" ac:macro-id="d1">'
        '<ac:parameter ac:name="diagramName">flow</ac:parameter></ac:structured-macro>'
        "<p>Then start it.</p>"
    ),
    FAQ: "<p>Ask one question.</p><p>Answer another one.</p>",
    LINUX: "<p>On Linux, as ever.</p>",
    SECRET: "<p>Nobody is to read this.</p>",
}
TITLES = {HOME: "Home", INSTALL: "Install", FAQ: "Questions", LINUX: "Linux", SECRET: "Secret"}
PARENTS = {INSTALL: HOME, FAQ: HOME, LINUX: INSTALL, SECRET: HOME}


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Everything, on one line: where a message wraps is no matter."""
        return " ".join(f"{self.out} {self.err}".split())

    @property
    def json(self) -> dict[str, object]:
        """The one JSON document on standard output."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


class Cli:
    """Types commands."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *arguments: str, stdin: str = "") -> Ran:
        self._monkeypatch.setattr(
            sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
        )
        self._capsys.readouterr()
        code = run(arguments)
        out, err = self._capsys.readouterr()
        assert TOKEN not in out + err
        return Ran(code, out, err)


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of its own: a home without settings, an empty folder to work in, a git identity."""
    home = tmp_path / "home"
    work = tmp_path / "work"
    home.mkdir()
    work.mkdir()
    (home / "gitconfig").write_text(IDENTITY)
    for name in ("XDG_CONFIG_HOME", "EDITOR", "VISUAL", "NETRC", "CONFSYNC_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    for prefix in ("CONFLUENCE", "ATLASSIAN", "CONFSYNC"):
        for name in ("USERNAME", "USER_NAME", "USER", "EMAIL", "API_TOKEN", "API_KEY", "TOKEN", "PASSWORD"):
            monkeypatch.delenv(f"{prefix}_{name}", raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.chdir(work)
    return work


@pytest.fixture(autouse=True)
def no_keyring() -> Iterator[None]:
    """The system keyring of whoever runs the tests is not touched."""
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working copy of records only, which is all that a sandbox needs."""
    folder = tmp_path_factory.mktemp("seed")
    (folder / "confsync.toml").write_text(
        '[space]\nurl = "https://x.example/wiki"\nkey = "DOCS"\nid = "98"\n'
    )
    for page, body in BODIES.items():
        record = Record(Page(_row(page), body), restricted=page == SECRET)
        path = folder / record_path(page)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(dump_record(record))
        (folder / f"{page}.md").write_text(f"---\nid: {page}\ntitle: {TITLES[page]}\n---\n")
    return folder


def _row(page: PageId) -> Row:
    parent = PARENTS.get(page)
    return Row(
        id=page,
        type=ContentType.PAGE,
        title=TITLES[page],
        parent=parent,
        parent_type=ContentType.PAGE if parent else None,
        position=int(page),
        status=Status.CURRENT,
        version=Version(1, AccountId("557058:ben"), "2026-11-01T10:00:00.000Z", "First words"),
        created="2026-11-01T10:00:00.000Z",
    )


@pytest.fixture
def server(seed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxServer]:
    """A running Confluence, and its credentials in the environment."""
    with SandboxServer(seed=seed, token=TOKEN) as running:
        monkeypatch.setenv("CONFSYNC_USERNAME", running.username)
        monkeypatch.setenv("CONFSYNC_TOKEN", TOKEN)
        yield running


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    return Cli(capsys, monkeypatch)


@pytest.fixture
def url(server: SandboxServer) -> str:
    return f"{server.url}/spaces/DOCS"


@pytest.fixture(scope="session")
def clone_once(seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone to be copied: most tests want one, and cloning is tested by itself."""
    folder = tmp_path_factory.mktemp("template")
    (folder / "gitconfig").write_text(IDENTITY)
    with pytest.MonkeyPatch.context() as patched, SandboxServer(seed=seed, token=TOKEN) as running:
        patched.setenv("CONFSYNC_USERNAME", running.username)
        patched.setenv("CONFSYNC_TOKEN", TOKEN)
        patched.setenv("GIT_CONFIG_GLOBAL", str(folder / "gitconfig"))
        assert run(["clone", f"{running.url}/spaces/DOCS", str(folder / "docs"), "--quiet"]) == 0
    return folder / "docs"


@pytest.fixture
def copy(
    clone_once: Path, server: SandboxServer, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A fresh clone of this test's own server, which is also the current folder."""
    folder = surroundings / "docs"
    shutil.copytree(clone_once, folder, symlinks=True)
    monkeypatch.chdir(folder)
    settings = folder / "confsync.toml"
    settings.write_text(
        re.sub(r"^url = .*$", f'url = "{server.url}"', settings.read_text(), flags=re.MULTILINE)
    )
    git("commit", "--quiet", "--all", "--amend", "--no-edit")
    git("update-ref", "refs/remotes/confluence/DOCS", "HEAD")
    return folder


class Colleague:
    """Somebody who works in Confluence."""

    def __init__(self, remote: SpaceRemote) -> None:
        self.remote = remote

    def edit(self, page: PageId, before: str, after: str, *, title: str = "") -> None:
        """Change some words of a page, and perhaps its title."""
        now = self.remote.read(page)
        assert before in now.body
        version = replace(now.row.version, number=now.row.version.number + 1)
        row = replace(now.row, version=version, title=title or now.title)
        self.remote.update(row, now.body.replace(before, after), message="")

    def body(self, page: PageId) -> str:
        """The storage of a page."""
        return self.remote.read(page).body

    def version(self, page: PageId) -> int:
        """The number of a page's current version."""
        return self.remote.read(page).row.version.number

    def titles(self) -> set[str]:
        """The titles of all pages of the space."""
        return {row.title for row in self.remote.listing().rows.values()}


@pytest.fixture
def ben(server: SandboxServer) -> Iterator[Colleague]:
    login = server.add_user("Ben")
    with closing(
        connect(server.url, SpaceKey("DOCS"), Credentials(login.username, login.token, "test"))
    ) as remote:
        yield Colleague(remote)


def git(*arguments: str) -> str:
    """What git says, in the current folder."""
    return subprocess.run(["git", *arguments], capture_output=True, check=True, text=True).stdout


def change(path: str, before: str, after: str) -> None:
    """Edit a file of the current folder, as an editor does."""
    file = Path(path)
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file outside `.git`, and where HEAD stands."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }
    found["HEAD"] = git("-C", str(folder), "rev-parse", "HEAD").encode()
    return found
