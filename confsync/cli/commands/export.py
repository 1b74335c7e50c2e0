"""`confsync export`."""

import os
import shutil
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.counting import count
from confsync.cli.exclude import leave_out
from confsync.cli.finding import find_folder
from confsync.cli.flags import JsonFlag, QuietFlag
from confsync.cli.reporter import TerminalReporter
from confsync.cli.terminal import QUIETLY, Terminal, tidy
from confsync.site import Request, SiteReport, build_site, export_tree, memory_folder

app = new_app()


class Form(StrEnum):
    """What comes out."""

    SITE = "site"
    MKDOCS = "mkdocs"
    DOCUSAURUS = "docusaurus"
    HUGO = "hugo"


@app.command()
def export(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder for the site.")] = Path("site"),
    base_url: Annotated[
        str,
        typer.Option("--base-url", metavar="URL", help="Where it will be served; adds a sitemap and a feed."),
    ] = "",
    templates: Annotated[
        Path | None,
        typer.Option("--templates", metavar="DIR", help="Templates that override the shipped ones."),
    ] = None,
    hooks: Annotated[
        Path | None,
        typer.Option("--hooks", metavar="FILE", help="Python with before_page or after_page; it is run."),
    ] = None,
    include_restricted: Annotated[
        bool,
        typer.Option("--include-restricted", help="Show pages that people need permission to see, too."),
    ] = False,
    form: Annotated[
        Form,
        typer.Option("--format", help="The site itself, or a source tree for another generator."),
    ] = Form.SITE,
    clean: Annotated[
        bool, typer.Option("--clean", help="Render all pages anew, whatever the last export left.")
    ] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, help="How many processes may work; 0 for one a core.")
    ] = 0,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Make a website of the working copy.

    Plain files that work from any web server and from the disk; nothing is asked of Confluence. Only what
    changed since the last export is rendered and written, and only files that an export wrote are ever
    replaced. Its looks and what stays off it are in the table [site] of confsync.toml.
    """
    terminal = Terminal(as_json=as_json, quiet=quiet)
    source = find_folder(Path.cwd())
    target = Path.cwd() / out
    if form is not Form.SITE:
        request = Request(source.resolve(), target.resolve(), base_url, include_restricted=include_restricted)
        report = export_tree(request, form.value, TerminalReporter(terminal))
        terminal.document(report_json(report))
        show_report(terminal, report)
        return
    memory = memory_folder(source.resolve(), target.resolve())
    if clean:
        shutil.rmtree(memory, ignore_errors=True)
    report = build_site(
        source,
        target,
        base_url=base_url,
        templates=templates,
        hooks=hooks,
        include_restricted=include_restricted,
        memory=memory,
        jobs=jobs or os.cpu_count() or 1,
        reporter=TerminalReporter(terminal),
    )
    if leave_out(source, target):
        terminal.note(f"{out} is left out of git in this clone (.git/info/exclude)")
    terminal.document(report_json(report))
    show_report(terminal, report)


def show_report(terminal: Terminal, report: SiteReport) -> None:
    """Say what the site holds and where it begins."""
    held = [
        count(report.pages, "page"),
        count(report.posts, "blog post"),
        count(report.attachments, "attachment"),
    ]
    terminal.say(f"Exported {', '.join(held)} to {tidy(Path(report.home))}")
    done = (
        f"{count(report.written, 'file')} written, {report.unchanged} as they were, {report.removed} removed"
    )
    terminal.say(f"  {done}", style=QUIETLY)
    if report.restricted_shown:
        shown = count(report.restricted_shown, "page")
        terminal.warn(f"{shown} with view restrictions can be read by everybody who gets this site")
    for problem in report.left_out:
        terminal.say(f"  left out: {problem.page}: {problem.message}", style=QUIETLY)
    if report.broken:
        terminal.say(f"  {count(len(report.broken), 'broken link')}")


def report_json(report: SiteReport) -> dict[str, object]:
    """A site report as JSON values."""
    return {
        "home": report.home,
        "pages": report.pages,
        "posts": report.posts,
        "attachments": report.attachments,
        "written": report.written,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "broken": [
            {"page": link.page, "target": link.target, "reason": link.reason} for link in report.broken
        ],
        "problems": [{"page": item.page, "message": item.message} for item in report.problems],
        "restricted_shown": report.restricted_shown,
        "left_out": [{"page": item.page, "message": item.message} for item in report.left_out],
    }
