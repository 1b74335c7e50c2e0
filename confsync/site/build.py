"""Build the site: read the folder, grow the tree, render what changed, write what changed."""

from pathlib import Path

from confsync.ports import Reporter
from confsync.shipped import templates as shipped_templates
from confsync.site.construction import Construction
from confsync.site.memory import Memory, code_digest, digest
from confsync.site.report import SiteReport
from confsync.site.request import Request
from confsync.site.theme import Theme
from confsync.site.world import World, gather

_CODE = Path(__file__).parent


def build(
    request: Request, memory: Memory, reporter: Reporter | None, jobs: int, compiled: Path | None
) -> SiteReport:
    """Build the site that is asked for.

    Args:
        request: what is wanted.
        memory: keeps bodies and facts.
        reporter: hears about progress and about broken links.
        jobs: how many processes may work.
        compiled: keeps compiled templates, or None.

    Raises:
        UsageError, ConfigError, WriteFailed: see `confsync.site.door.build_site`.
    """
    facts = memory.facts()
    world = gather(request, facts)
    own = _own_templates(request, world)
    theme = Theme(own, compiled)
    key = digest(
        request.live,
        world.options,
        world.folder.settings,
        str(request.source),
        code_digest([_CODE, _CODE.parent / "convert", shipped_templates(), *([own] if own else [])]),
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
