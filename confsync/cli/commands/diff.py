"""`confsync diff`."""

from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.commands.push import page_paths
from confsync.cli.differences import Difference, local_differences, remote_differences, unified
from confsync.cli.opening import Access, opened
from confsync.cli.options import JsonFlag
from confsync.cli.terminal import Terminal

app = new_app()

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


@app.command()
def diff(
    pages: Annotated[
        list[Path] | None, typer.Argument(help="Files of pages; all of them where none is named.")
    ] = None,
    remote: Annotated[
        bool, typer.Option("--remote", "-r", help="What changed in Confluence since the last pull, instead.")
    ] = False,
    storage: Annotated[
        bool, typer.Option("--storage", help="Compare storage format instead of Markdown.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Show what you changed since the last sync, as Confluence will see it.

    Reformatting a file is no edit and does not show; `git diff` shows it. The output is a unified diff of the
    Markdown, or with --storage of what is sent, block by block.
    """
    terminal = Terminal(as_json=as_json)
    only = page_paths(pages or [])
    with opened(terminal, access=Access.ALWAYS if remote else Access.NEVER) as session:
        find = remote_differences if remote else local_differences
        found = [item for item in find(session, storage=storage) if not only or item.path in only]
    terminal.document({"files": [_json(item) for item in found]})
    for item in found:
        for line in _lines(item):
            terminal.say(line, style=_style(line))


def _lines(item: Difference) -> list[str]:
    return [f"{item.did} {item.path}", *unified(item)]


def _style(line: str) -> str:
    if line.startswith(("+++", "---")):
        return "bold"
    return _STYLES.get(line[:1], "")


def _json(item: Difference) -> dict[str, object]:
    return {"path": item.path, "page": item.page, "did": item.did, "diff": "\n".join(unified(item))}
