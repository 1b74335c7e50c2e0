"""The way in: asks first whether there is anything to do, and loads the rest only then."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from confsync.ports import Reporter
from confsync.site import fresh
from confsync.site.report import SiteReport
from confsync.site.request import Request


def build_site(
    source: Path,
    out: Path,
    *,
    base_url: str = "",
    templates: Path | None = None,
    hooks: Path | None = None,
    include_restricted: bool = False,
    memory: Path | None = None,
    live: bool = False,
    jobs: int = 1,
    reporter: Reporter | None = None,
) -> SiteReport:
    """Make a static website of a folder of Markdown, from local files only.

    Args:
        source: a working copy, or any folder of Markdown files.
        out: where the site is written; files that an earlier build wrote there are replaced.
        base_url: where the site will be served, for its sitemap and feeds; it works from any path without.
        templates: a folder of templates, styles and scripts that override the shipped ones.
        hooks: a Python file with functions that run before and after pages are rendered.
        include_restricted: put pages with view restrictions on the site, too.
        memory: a folder where this build leaves what the next one need not do again; None: nowhere.
        live: pages load themselves anew when a preview tells them to.
        jobs: how many processes may work; the bytes are the same. A script that says more than 1 needs
            `if __name__ == "__main__":`, as always with processes.
        reporter: hears about progress and about broken links.

    Raises:
        UsageError: the folders, templates or hooks cannot be used.
        ConfigError: confsync.toml cannot be read, or `source` is no folder.
        WriteFailed: the disk is full or refuses; every file is whole, old or new.
    """
    request = Request(source.resolve(), out.resolve(), base_url, templates, hooks, include_restricted, live)
    request.check()
    if memory is None:
        with tempfile.TemporaryDirectory(prefix="confsync-site-") as folder:
            return _build(request, Path(folder), reporter, jobs, None)
    asked = (base_url, str(templates), str(hooks), include_restricted, live)
    stamp = fresh.stamp(request.source, request.out, *asked, more=(templates, hooks))
    known = fresh.unchanged(memory, stamp, request.out)
    if known is not None:
        _tell(reporter, known)
        return known
    report = _build(request, memory, reporter, jobs, memory / "templates")
    fresh.remember(memory, stamp, request.out, report)
    return report


def export_tree(request: Request, form: str, reporter: Reporter | None = None) -> SiteReport:
    """Write the source tree of the site for another generator.

    Args:
        request: what is wanted; templates and hooks play no part.
        form: `mkdocs`, `docusaurus` or `hugo`.
        reporter: hears about broken links.

    Raises:
        UsageError, ConfigError, WriteFailed: as `build_site`.
    """
    from confsync.site.formats.tree import write_tree  # noqa: PLC0415

    report = write_tree(request, form)
    _tell(reporter, report)
    return report


def _build(
    request: Request, memory: Path, reporter: Reporter | None, jobs: int, compiled: Path | None
) -> SiteReport:
    from confsync.site.build import build  # noqa: PLC0415 (takes longer than a build that has nothing to do)
    from confsync.site.memory import Memory  # noqa: PLC0415

    if compiled is not None:
        compiled.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        return build(request, stack.enter_context(Memory(memory)), reporter, jobs, compiled)


def _tell(reporter: Reporter | None, report: SiteReport) -> None:
    if reporter is None:
        return
    for link in report.broken:
        reporter.warn(f"broken link {link.target}: {link.reason}", page=link.page)
    for problem in report.problems:
        reporter.warn(problem.message, page=problem.page)
