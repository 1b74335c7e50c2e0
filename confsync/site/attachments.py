"""The attachments of a site's pages: which files there are, and what they are called."""

import os
from collections.abc import Mapping, Sequence

from confsync.model.ids import RelPath
from confsync.names.attachments import assets_folder
from confsync.names.slug import fold
from confsync.site.audience import Audience
from confsync.site.model import Asset, Node
from confsync.site.served import served
from confsync.site.source import Folder
from confsync.site.tree import Tree


class Attachments:
    """Every file in the assets folder of a page that is on the site; symlinks and dot files are not."""

    def __init__(self, folder: Folder, audience: Audience, tree: Tree) -> None:
        taken = {fold(out) for out in tree.nodes}
        self.by_page: Mapping[str, Sequence[Asset]] = {
            node.out: files
            for node in tree.nodes.values()
            if node.source and (files := _files(folder, node, audience, taken))
        }
        """By the address of the page, by name."""

    @property
    def files(self) -> Mapping[RelPath, str]:
        """Every file with its address on the site."""
        return {one.path: served(one.path) for files in self.by_page.values() for one in files}


def _files(folder: Folder, node: Node, audience: Audience, taken: set[str]) -> tuple[Asset, ...]:
    path = assets_folder(node.source or "")
    if path not in folder.assets:
        return ()
    comments = audience.comments(node)
    found = []
    with os.scandir(folder.top / path) as entries:
        for entry in entries:
            inside = RelPath(f"{path}/{entry.name}")
            plain = entry.is_file(follow_symlinks=False) and not entry.name.startswith(".")
            if plain and fold(inside) not in taken:
                name, comment = comments.get(entry.name, (entry.name, ""))
                found.append(Asset(name, inside, entry.stat(follow_symlinks=False).st_size, comment))
    return tuple(sorted(found, key=lambda one: one.path))
