"""Build the site: read the folder, grow the tree, render what changed, write what changed."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from confsync.ports import Reporter
from confsync.shipped import templates as shipped_templates
from confsync.site.construction import Construction
from confsync.site.memory import Memory, code_digest, digest
from confsync.site.model import SiteReport
from confsync.site.request import Request
from confsync.site.theme import Theme
from confsync.site.world import World, gather

_CODE = Path(__file__).parent


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
    with ExitStack() as stack:
        folder = memory or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="confsync-site-")))
        store = stack.enter_context(Memory(folder))
        return _build(request, store, reporter, jobs, memory)


def _build(
    request: Request, memory: Memory, reporter: Reporter | None, jobs: int, compiled: Path | None
) -> SiteReport:
    facts = memory.facts()
    world = gather(request, facts)
    own = _own_templates(request, world)
    theme = Theme(own, compiled)
    key = digest(
        request.live,
        world.options,
        world.folder.settings,
        str(request.source),
        code_digest([_CODE, shipped_templates(), *([own] if own else [])]),
        str(request.hooks),
        request.hooks.read_bytes() if request.hooks else b"",
    )
    construction = Construction(
        request, world, theme=theme, memory=memory, facts=facts, key=key, own=own, compiled=compiled
    )
    return construction.run(reporter, jobs)


def _own_templates(request: Request, world: World) -> Path | None:
    """The user's templates: named on the command line, else in confsync.toml."""
    if request.templates is not None:
        return request.templates
    return request.source / world.options.templates if world.options.templates else None
