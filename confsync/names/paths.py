"""One page's path: made from its title, and following it.

What the old title had given a file name is replaced by what the new one gives, so that `01-install.md`
becomes `01-setup.md`; a name that owes nothing to the title is the user's own and stays.
"""

import re
from collections.abc import Collection

from confsync.model.content import ContentType, Row
from confsync.model.ids import RelPath
from confsync.names.links import join, parent
from confsync.names.slug import fold, shorten, slug
from confsync.names.tree import is_folder_page, stem

BLOG = "blog"
"""The folder of blog posts, below the root."""

_SHORTEST = 24
_PATH_ROOM = 200
_SUFFIX = re.compile(r"~\d{6,}$")


def rename(path: str, *, old: str, new: str, folder: str, files: Collection[str] = ()) -> RelPath:
    """Return the new path of a page or folder whose title goes from `old` to `new`, below `folder`.

    What the old title had given the name is replaced; a name that has nothing of it is kept. `files` are
    those the present path lies among; of `install/index.md` they tell whether it is the folder's page.
    """
    if is_folder_page(path, {path, *files}):
        named = _retitle(parent(path).rpartition("/")[2], old, new)
        return join(folder, f"{named}/{path.rpartition('/')[2]}")
    ending = ".md" if path.endswith(".md") else ""
    return join(folder, _retitle(stem(path), old, new) + ending)


def page_path(row: Row, folder: str, *, at_top: bool = False) -> RelPath:
    """Return the path that a new page or folder gets where nothing else is in its way.

    `at_top`: the folder is the one of the home page's children, where `blog/` holds the posts.
    """
    name = slug(row.title)
    if row.type is ContentType.BLOGPOST:
        name = f"{row.created[:10]}-{name}" if row.created else name
    elif at_top and name == BLOG:
        name = f"{BLOG}-page"
    name = shorten(name, max(_SHORTEST, _PATH_ROOM - len(folder)))
    return join(folder, f"{name}.md" if row.type.has_text else name)


def without_suffix(name: str) -> str:
    """Return a name without the `~123456` that told it from another one."""
    return _SUFFIX.sub("", name)


def keys(path: str) -> tuple[str, str]:
    """Return what must be unique: the path, and the path without `.md`, its children's folder."""
    return fold(path), fold(path.removesuffix(".md"))


def suffixed(path: RelPath, ending: str, *, on_folder: bool) -> RelPath:
    """Put `~123456` behind the part of a path that the title gave."""
    folder, _, name = path.rpartition("/")
    if on_folder:
        return RelPath(f"{folder}~{ending}/{name}")
    bare = path.removesuffix(".md")
    return RelPath(f"{bare}~{ending}{path[len(bare) :]}")


def _retitle(name: str, old: str, new: str) -> str:
    """Put the new title's slug where the old one's stands in a name, between borders of words."""
    bare, was, becomes = without_suffix(name), slug(old), slug(new)
    if was == becomes:
        return name
    if len(bare) >= _SHORTEST // 2 and was.startswith(bare):
        was = bare  # cut to size in a deep folder
    found = re.search(rf"(?<![^\W_]){re.escape(was)}(?![^\W_])", bare)
    return bare[: found.start()] + becomes + bare[found.end() :] if found else name
