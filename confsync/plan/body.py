"""The lens and the merge, composed: what one page's file says after a pull."""

from dataclasses import dataclass

from confsync.convert import blocks_of, get
from confsync.merge import MarkerLabels, Side, merge_text
from confsync.model.links import Links


@dataclass(frozen=True, slots=True)
class MergedBody:
    """The body of a file after the remote version was merged in."""

    text: str
    """With the local side of what conflicts, where something does."""
    conflicts: int = 0
    theirs: str = ""
    marked: str = ""


@dataclass(frozen=True, slots=True)
class Versions:
    """One page three times: base and remote in storage format, local as the file's body."""

    base: str | None
    """None where nobody remembers a common ancestor."""
    local: str
    remote: str


def merge_body(versions: Versions, base_links: Links, remote_links: Links, remote_label: str) -> MergedBody:
    """Merge a remote body into a file's body, rewriting only the lines of what changed.

    Args:
        versions: the three bodies.
        base_links: the neighbourhood as it was when the file was last written.
        remote_links: the neighbourhood after this pull.
        remote_label: what the closing conflict marker says, e.g. `Confluence v3 (Ann, 2026-11-23)`.
    """
    base = get(versions.base, base_links) if versions.base is not None else None
    remote = get(versions.remote, remote_links)
    merged = merge_text(
        Side(base.markdown, base.blocks) if base else Side("", ()),
        Side(versions.local, blocks_of(versions.local, versions.base, base_links)),
        Side(remote.markdown, remote.blocks),
        labels=MarkerLabels(local="local", remote=remote_label),
        read=lambda text: blocks_of(text, None, remote_links),
    )
    if not merged.conflicts:
        return MergedBody(merged.text)
    return MergedBody(merged.ours, len(merged.conflicts), merged.theirs, merged.marked)
