"""`confsync restore`."""

from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.opening import opened
from confsync.cli.options import JsonFlag, QuietFlag
from confsync.cli.terminal import QUIETLY, Terminal
from confsync.engine.observe_local import observe_copy
from confsync.engine.session import Session
from confsync.errors import UsageError
from confsync.model.ids import PageId
from confsync.ports import Fate

app = new_app()


@app.command()
def restore(
    page: Annotated[str, typer.Argument(metavar="PAGE", help="The id of a page in Confluence's trash.")],
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Bring a page back from Confluence's trash; the next pull brings its file back, too.

    A page's id stands in the front matter of its file, in any commit from before it was deleted: `git log
    --diff-filter=D --name-only` finds it.
    """
    terminal = Terminal(as_json=as_json, quiet=quiet)
    if not page.isdigit():
        raise UsageError(
            f"{page} is no page id", hint="`git log --diff-filter=D --name-only` finds deleted files."
        )
    with opened(terminal) as session:
        found = PageId(page)
        _check(session, found)
        back = session.remote.restore(found)
    terminal.document({"page": back.id, "title": back.title, "version": back.row.version.number})
    terminal.say(f"“{back.title}” is back in Confluence")
    terminal.say("Next: `confsync pull` brings its file.", style=QUIETLY)


def _check(session: Session, page: PageId) -> None:
    fate = session.remote.fates([page])[page]
    if fate is Fate.TRASHED:
        return
    known = page in observe_copy(session).records
    hint = "Its file is gone? `git checkout HEAD -- FILE` brings it back." if known else ""
    raise UsageError(f"page {page} is not in the trash: it is {fate.value}", hint=hint)
