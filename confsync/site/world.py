"""Everything that is known of a site before its first page is rendered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from confsync.model.ids import RelPath
from confsync.names.slug import fold
from confsync.site.attachments import Attachments
from confsync.site.audience import Audience
from confsync.site.labels import Labels
from confsync.site.memory import Facts, digest
from confsync.site.model import Updated
from confsync.site.options import Options, read_options
from confsync.site.past import Past, Repository
from confsync.site.request import Request
from confsync.site.sightings import Sightings
from confsync.site.source import Folder, read_folder, read_settings
from confsync.site.surroundings import Surroundings, jira_site
from confsync.site.tree import Tree, grow


@dataclass(frozen=True, slots=True)
class World:
    """What all pages are rendered against, and what it was made from."""

    folder: Folder
    options: Options
    audience: Audience
    tree: Tree
    labels: Labels
    attachments: Attachments
    past: Past
    repository: Repository
    around: Surroundings
    sources: Sightings
    records: Sightings
    rows: str
    """A digest of what was learned from the heads of files and from records."""
    digest: str
    """Of all of it but the texts of pages."""


def gather(request: Request, facts: Facts) -> World:
    """Read the folder, its records and its repository.

    Args:
        request: what to build.
        facts: what an earlier build knew.

    Raises:
        ConfigError: confsync.toml cannot be read, or the source is no folder.
    """
    settings = read_settings(request.source)
    options = read_options(settings.site)
    base_url = request.base_url or options.base_url
    options = replace(options, base_url=base_url.rstrip("/") + "/" if base_url else "")
    sources, records = Sightings(facts.sources), Sightings(facts.records)
    folder = read_folder(request.source, settings, skip=request.out, seen=sources)
    audience = Audience(
        folder, exclude=options.exclude, include_restricted=request.include_restricted, seen=records
    )
    tree = grow(
        audience.sources, audience.base_parent, name=options.title or settings.key or request.source.name
    )
    repository = Repository(request.source, settings.root, settings.key)
    past = repository.past(history=options.history)
    labels, attachments = Labels(tree), Attachments(folder, audience, tree)
    updated = _updated(tree, audience, past)
    audience.close()
    around = Surroundings(
        tree,
        folder.top,
        folder.base,
        settings.url,
        settings.key,
        options.jira_url or jira_site(settings),
        options.base_url,
        {fold(path): reason for path, reason in audience.left_out.items()},
        updated,
        attachments.by_page,
        labels.nodes,
        past.people,
    )
    rows = facts.rows
    if sources.learned or records.learned or not rows:
        rows = digest([[(path, row[4]) for path, row in one.rows.items()] for one in (sources, records)])
    known = digest(rows, attachments.by_page, sorted(audience.left_out.items()), past.key)
    return World(
        folder,
        options,
        audience,
        tree,
        labels,
        attachments,
        past,
        repository,
        around,
        sources,
        records,
        rows,
        known,
    )


def _updated(tree: Tree, audience: Audience, past: Past) -> Mapping[str, Updated]:
    found = {}
    for out, node in tree.nodes.items():
        known = audience.updated(node, past.people)
        if known is not None:
            found[out] = known
    return found


def text_digest(world: World, path: RelPath) -> str:
    """The digest of a page's text."""
    row = world.sources.rows.get(path)
    return str(row[3]) if row else ""
