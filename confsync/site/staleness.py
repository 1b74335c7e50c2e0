"""Which pages have to be rendered again."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from confsync.model.record import record_path
from confsync.site.known import Known
from confsync.site.memory import Memory, digest
from confsync.site.model import Node
from confsync.site.questions import Answers
from confsync.site.view import TREE
from confsync.site.world import World


class Staleness:
    """Compares what pages were made from with what is there now.

    Args:
        world: the folder as it is.
        memory: keeps what pages asked.
        before: what is known of the pages.
        same_world: whether nothing but texts may differ.
    """

    def __init__(
        self, world: World, memory: Memory, before: Mapping[str, Known], *, same_world: bool
    ) -> None:
        self._world = world
        self._memory = memory
        self._same_world = same_world
        self._answers = Answers(world.around)
        nodes = world.tree.nodes
        self._changed = {
            out for out, known in before.items() if out not in nodes or known.text != self.text(nodes[out])
        }

    def text(self, node: Node) -> str:
        """The digest of a page's text and of what stands behind its placeholders."""
        row = self._world.sources.rows.get(node.source or "")
        record = self._world.records.rows.get(record_path(node.meta.id)) if node.meta.id else None
        return f"{row[3] if row else ''}{record[3] if record else ''}"

    @staticmethod
    def node(node: Node) -> str:
        """The digest of its title and labels."""
        return digest(node.title, node.meta.labels, node.source, node.meta.id)

    def stale(self, node: Node, known: Known) -> bool:
        """Whether a page has to be rendered again."""
        if node.out in self._changed or not self._changed.isdisjoint(known.reads):
            return True
        if self._same_world:
            return False
        if TREE in known.reads or known.node != self.node(node):
            return True
        return not self._answers.still(known.answers(self._memory))


def damaged_files(out: Path, files: Mapping[str, Sequence[int]]) -> frozenset[str]:
    """The files of a site that are not as they were written: gone, or changed by somebody else."""
    here: dict[str, tuple[int, int]] = {}
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            entries = os.scandir(f"{out}/{folder}" if folder else out)
        except OSError:
            continue
        with entries:
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                elif path in files:
                    stat = entry.stat(follow_symlinks=False)
                    here[path] = (stat.st_size, stat.st_mtime_ns)
    return frozenset(path for path, (size, modified) in files.items() if here.get(path) != (size, modified))
