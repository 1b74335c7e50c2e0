"""`confsync restore`."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.commands.push import page_paths
from confsync.cli.opening import opened
from confsync.cli.options import DryRunFlag, JsonFlag, QuietFlag
from confsync.cli.rehearsal import SANDBOX, Destination, destination
from confsync.cli.restored import plan_json, result_json, tell_plan, tell_result
from confsync.cli.show import tell_outcome
from confsync.cli.terminal import QUIETLY, Terminal
from confsync.engine import runs
from confsync.engine.gatekeeper import Run, check_state
from confsync.engine.observe_local import observe_copy
from confsync.engine.outcome import Outcome
from confsync.engine.restore import Archive, Restorer, look_at, plan, read_archive, rebind
from confsync.engine.session import Options, Session
from confsync.errors import UsageError
from confsync.model.ids import PageId, SpaceKey
from confsync.ports import Fate

app = new_app()


@app.command()
def restore(
    commit: Annotated[
        str,
        typer.Argument(
            metavar="COMMIT",
            help="A commit, tag or branch of this repository; or the id of a page in the trash.",
        ),
    ],
    pages: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PAGE]...",
            help="Files or folders as the commit has them, or ids of pages; without any, every page of the "
            "commit that is no longer in the space.",
        ),
    ] = None,
    space: Annotated[
        str, typer.Option("--space", metavar="KEY", help="Restore into another space of the same site.")
    ] = "",
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="sandbox|URL", help="Rehearse on a sandbox, or restore into a space of any site."
        ),
    ] = "",
    include_restricted: Annotated[
        bool,
        typer.Option(
            "--include-restricted",
            help="Make new pages of view-restricted ones, too; everybody will see them.",
        ),
    ] = False,
    dry_run: DryRunFlag = False,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Bring pages back from any commit.

    A page in Confluence's trash comes back with its id, a purged one as a new page, both with the text,
    title, labels, attachments, links and place that the commit has of them. A page that is still there is
    left alone unless it is named; then the commit's text becomes its next version. What cannot come back is
    listed.
    """
    if space and to:
        raise UsageError("--space and --to both say where to", hint="Give one of them.")
    terminal = Terminal(as_json=as_json, quiet=quiet)
    wish = Wish(commit, tuple(pages or ()), space, to, include_restricted or to == SANDBOX, dry_run)
    with opened(terminal) as session:
        if not pages and commit.isdigit() and session.history.find_commit(commit) is None:
            code = _from_trash(terminal, session, PageId(commit))
        else:
            code = bring_back(terminal, session, wish)
    raise typer.Exit(code)


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall come back, and where to."""

    commit: str
    pages: tuple[str, ...]
    space: str
    to: str
    include_restricted: bool
    dry_run: bool


def bring_back(terminal: Terminal, session: Session, wish: Wish) -> int:
    """Plan, carry out, tell; the exit code."""
    archive = read_archive(session, wish.commit)
    wanted = named_pages(archive, wish.pages)
    with destination(session, key=wish.space, to=wish.to) as there:
        target = look_at(there.remote, archive, elsewhere=there.elsewhere)
        planned = plan(archive, target, wanted, include_restricted=wish.include_restricted)
        if wish.dry_run:
            terminal.document(plan_json(planned))
            tell_plan(terminal, planned)
            return 0
        with _alone(session) if not there.elsewhere else nullcontext():
            restorer = Restorer(session, there.remote, archive, target, there.key, *_moved(session, there))
            result = restorer.run(planned.steps)
            if not there.elsewhere:
                rebind(session, result.restored)
        own = not there.elsewhere and bool(result.restored)
        outcome = runs.pull(session, Options(this_branch=True)) if own else Outcome()
        where = "" if not there.elsewhere else "a sandbox" if there.server else f"the space {there.key}"
        code = max(1 if result.failed else 0, outcome.exit_code)
        terminal.document({**plan_json(planned), **result_json(result, outcome), "exit_code": code})
        tell_result(terminal, planned, result, where)
        if own:
            tell_outcome(terminal, outcome)
    return code


def named_pages(archive: Archive, names: tuple[str, ...]) -> frozenset[PageId]:
    """The pages that ids, files and folders name, as the commit has them.

    Raises:
        UsageError: a name is none of them.
    """
    found: set[PageId] = set()
    for name in names:
        if PageId(name) in archive.records:
            found.add(PageId(name))
            continue
        (path,) = page_paths([Path(name)])
        pages = {page for page, file in archive.paths.items() if file == path or file.startswith(f"{path}/")}
        if not pages & archive.records.keys():
            raise UsageError(
                f"{archive.commit[:7]} has no page {name}",
                hint=f"`git ls-tree -r --name-only {archive.commit[:7]}` lists its files.",
            )
        found |= pages & archive.records.keys()
    return frozenset(found)


@contextmanager
def _alone(session: Session) -> Iterator[None]:
    """Hold the working copy: files of purged pages will be given new ids."""
    with session.tree.lock():
        session.history.recover()
        check_state(session, Run.PULL, Options(this_branch=True))
        yield


def _moved(session: Session, there: Destination) -> tuple[dict[str, str], dict[SpaceKey, SpaceKey]]:
    """Where links lead, for those that name the site or the space."""
    here = session.settings
    spaces = {here.key: there.key} if there.elsewhere else {}
    return {here.url: there.site}, spaces


def _from_trash(terminal: Terminal, session: Session, page: PageId) -> int:
    """A page by its id, as the trash has it; the next pull brings its file."""
    fate = session.remote.fates([page])[page]
    if fate is not Fate.TRASHED:
        known = page in observe_copy(session).records
        hint = "Its file is gone? `git checkout HEAD -- FILE` brings it back." if known else ""
        raise UsageError(f"page {page} is not in the trash: it is {fate.value}", hint=hint)
    back = session.remote.restore(page)
    terminal.document({"page": back.id, "title": back.title, "version": back.row.version.number})
    terminal.say(f"“{back.title}” is back in Confluence")
    terminal.say("Next: `confsync pull` brings its file.", style=QUIETLY)
    return 0
