"""The story of the demo, told with the output of the real commands."""

import shlex
import time
from collections.abc import Iterator, Mapping
from contextlib import chdir, closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from rich.text import Text

from confsync.cli.demo.edits import COLLEAGUE, CONFLICT, EDITS, MERGED, MINE, SETTLED, THEIRS, Edit, Words
from confsync.cli.demo.proof import compare, untouched
from confsync.cli.demo.stage import environment, prepare
from confsync.cli.main import run
from confsync.cli.show import count
from confsync.cli.terminal import BAD, GOOD, QUIETLY, Terminal, tidy
from confsync.confluence import Credentials, SpaceRemote, connect
from confsync.convert import inline_comment_refs
from confsync.errors import ConfsyncError
from confsync.model.ids import PageId, SpaceKey
from confsync.model.record import Record
from confsync.sandbox import SandboxServer

CONFLICTS_LEFT: Final = 3
SITE: Final = "site"


class Story:
    """One telling of it.

    Args:
        terminal: where it is told.
        server: the running sandbox.
        folder: the working copy to be, absolute; it does not exist yet.
    """

    def __init__(self, terminal: Terminal, server: SandboxServer, folder: Path) -> None:
        self._terminal = terminal
        self._server = server
        self._folder = folder
        self._key = SpaceKey(server.spaces[0])
        self._chapter = 0

    def tell(self) -> None:
        """Tell it from the beginning to the end.

        Raises:
            ConfsyncError: something did not go as told; then the demo is broken.
        """
        start = time.monotonic()
        self._title("A Confluence on this machine")
        self._say(f"{self._server.url}, seeded with the sample space {self._key}")
        prepare(self._folder)
        with environment(self._server), self._colleague() as ben, closing(self._me()) as me:
            self._clone()
            before = _everything(me)
            self._edit(ben)
            self._sync()
            self._resolve()
            self._prove(me, before)
            self._export()
        self._end(time.monotonic() - start)

    # ------------------------------------------------------------------------------------ the chapters

    def _clone(self) -> None:
        self._title("Clone the space into a folder of Markdown")
        self._run("clone", f"{self._server.url}/spaces/{self._key}", self._folder.name)

    def _edit(self, ben: SpaceRemote) -> None:
        self._title("Two people write at the same time")
        for edit in EDITS:
            if edit.mine:
                path = self._folder / edit.path
                path.write_text(
                    edit.mine.apply(path.read_text(encoding="utf-8"), edit.path), encoding="utf-8"
                )
            if edit.theirs:
                _write(ben, edit.page, edit.theirs)
        self._page(MINE, "you, in an editor")
        self._page(THEIRS, f"{COLLEAGUE}, in Confluence")
        self._page(MERGED, "both, in different paragraphs")
        self._page(CONFLICT, "both, in the same sentence")

    def _sync(self) -> None:
        self._title("One command")
        self._server.site.journal.reset()
        self._run("sync", "-m", "Say it better", "--on-conflict", "mark", expect=CONFLICTS_LEFT)
        self._say(f"({count(len(self._server.site.journal.all()), 'request')} to Confluence)", QUIETLY)

    def _resolve(self) -> None:
        self._title("The conflict, as git shows it, and its end")
        path = self._folder / CONFLICT.path
        text = path.read_text(encoding="utf-8")
        for line in _conflict_lines(text):
            style = BAD if line.startswith(("<", "=", ">")) else ""
            self._say(f"  {line}", style)
        self._say(f"You and {COLLEAGUE} agree, and you write it into the file:", QUIETLY)
        settled = _settled(text)
        path.write_text(settled, encoding="utf-8")
        self._say(f"  {next(line for line in settled.splitlines() if SETTLED in line)}", GOOD)
        self._run("resolve", CONFLICT.path)
        self._run("sync")

    def _prove(self, me: SpaceRemote, before: Mapping[PageId, Record]) -> None:
        self._title("What nobody touched kept its bytes")
        after = _everything(me)
        for edit in EDITS:
            kept = compare(before[edit.page], after[edit.page])
            self._say(f"  {kept.same:6,} of {kept.size:6,} bytes of storage as before   {kept.title}")
            how = "new" if edit.mine else f"new, {COLLEAGUE}'s save"
            self._say(f"{'':44}{how}: {_short(' · '.join(kept.changed))}", QUIETLY)
        edited = {edit.page for edit in EDITS}
        broken = untouched(before, after, edited)
        if broken:
            raise ConfsyncError(f"these pages changed although nobody edited them: {', '.join(broken)}")
        self._say(f"  all bytes, and the version, of the other {len(before) - len(edited)} pages")
        for edit in EDITS:
            lost = inline_comment_refs(before[edit.page].page.body) - inline_comment_refs(
                after[edit.page].page.body
            )
            if lost:
                raise ConfsyncError("an inline comment is gone", page=edit.path)
        for comment in me.inline_comments(MERGED.page):
            self._say(f"  the inline comment on “{comment.selection}” still stands in {MERGED.path}")
        self._run("status", "--remote")

    def _export(self) -> None:
        self._title("A website of it")
        self._run("export", SITE)

    def _end(self, seconds: float) -> None:
        home = self._folder / SITE / "index.html"
        self._say("")
        self._say(
            f"Done in {seconds:.0f} seconds. The sandbox is gone; what it left is yours to look at:", "bold"
        )
        where = tidy(self._folder)
        self._say(f"  the site       {home.as_uri()}")
        self._say(f"  the pages      {where}")
        self._say(f"  the history    git -C {where} log --graph --oneline --stat")

    # ------------------------------------------------------------------------------------- its means

    def _run(self, *arguments: str, expect: int = 0) -> None:
        """Run a real command in the working copy and show what it prints."""
        self._say(Text.assemble(("$ ", QUIETLY), (f"confsync {shlex.join(arguments)}", "bold")))
        inside = self._folder if (self._folder / "confsync.toml").exists() else self._folder.parent
        with chdir(inside):
            code = run(arguments)
        if code != expect:
            raise ConfsyncError(f"`confsync {arguments[0]}` ended with {code} instead of {expect}")

    def _colleague(self) -> closing[SpaceRemote]:
        login = self._server.add_user(COLLEAGUE)
        credentials = Credentials(login.username, login.token, "demo")
        return closing(connect(self._server.url, self._key, credentials))

    def _me(self) -> SpaceRemote:
        credentials = Credentials(self._server.username, self._server.token, "demo")
        return connect(self._server.url, self._key, credentials)

    def _page(self, edit: Edit, who: str) -> None:
        self._say(Text.assemble((f"  {edit.path}  ", "bold"), (who, QUIETLY)))
        words = {"you ": edit.mine, f"{COLLEAGUE} ": edit.theirs}
        for name, change in words.items():
            if change is not None:
                self._say(Text.assemble(f"    {name:4}", (change.before, "red"), " → ", (change.after, GOOD)))

    def _title(self, title: str) -> None:
        self._chapter += 1
        self._say("")
        self._say(f"{self._chapter}. {title}", "bold cyan")

    def _say(self, text: str | Text, style: str = "") -> None:
        self._terminal.say(text, style)


def _everything(me: SpaceRemote) -> Mapping[PageId, Record]:
    """Every page as the server has it."""
    listing = me.listing()
    return {
        record.id: record
        for record in me.fetch([page for page, row in listing.rows.items() if row.type.has_text])
    }


def _write(ben: SpaceRemote, page: PageId, words: Words) -> None:
    """Change a page in Confluence, as any other client of its API does."""
    now = ben.read(page)
    row = replace(now.row, version=replace(now.row.version, number=now.row.version.number + 1))
    ben.update(row, words.apply(now.body, now.title), message="")


def _short(text: str, width: int = 50) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _conflict_lines(text: str) -> Iterator[str]:
    """The lines from one conflict marker to the last."""
    inside = False
    for line in text.splitlines():
        inside = inside or line.lstrip().startswith("<<<<<<<")
        if inside:
            yield line
        if line.lstrip().startswith(">>>>>>>"):
            return


def _settled(text: str) -> str:
    """The file with its one conflict replaced by what the two agreed on."""
    lines = text.splitlines(keepends=True)
    first = next(i for i, line in enumerate(lines) if line.startswith("<<<<<<<"))
    last = next(i for i, line in enumerate(lines) if line.startswith(">>>>>>>"))
    ours = CONFLICT.mine
    if ours is None:
        raise LookupError("nobody edited the page in conflict here")
    kept = next(line for line in lines[first:last] if ours.after in line)
    return "".join([*lines[:first], kept.replace(ours.after, SETTLED), *lines[last + 1 :]])
