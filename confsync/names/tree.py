"""Which file is whose parent: `install/linux.md` belongs to `install.md`.

On reading, `install/index.md` and `install/README.md` are understood as the page of their folder too, so
that documentation trees made for other tools can be taken over as they are.
"""

from collections.abc import Collection

from confsync.model.ids import RelPath
from confsync.names.links import join, parent
from confsync.names.slug import FOLDER_PAGES

_FOLDER_FILES = ("index.md", "README.md", "readme.md", "Readme.md")


def top(root: str) -> str:
    """Return the folder of the home page's children: `root` without `.` and slashes at its ends."""
    return "" if root in ("", ".") else root.removeprefix("./").strip("/")


def home_path(root: str = ".") -> RelPath:
    """Return where the home page lies unless somebody renamed it."""
    return join(top(root), "index.md")


def stem(path: str) -> str:
    """Return a page's file name without `.md`."""
    return path.rpartition("/")[2].removesuffix(".md")


def is_folder_page(path: str, files: Collection[str]) -> bool:
    """Whether this file is the page of the folder it lies in, by its name and what lies around it."""
    folder = parent(path)
    return bool(folder) and stem(path).casefold() in FOLDER_PAGES and folder_page(folder, files) == path


def folder_page(folder: str, files: Collection[str]) -> RelPath | None:
    """Return the file of the page that a folder (not the top) is named after."""
    candidates = [f"{folder}.md", *(f"{folder}/{name}" for name in _FOLDER_FILES)]
    return next((RelPath(path) for path in candidates if path in files), None)


def children_folder(path: str, files: Collection[str] = (), root: str = ".") -> str:
    """Return the folder in which the children of the page in this file lie; empty for the top.

    `files` decides about `install/index.md`: where `install.md` lies beside it, it is an ordinary page.
    """
    if path == home_path(root):
        return top(root)
    named = stem(path).casefold() in FOLDER_PAGES and parent(path)
    return parent(path) if named and f"{parent(path)}.md" not in files else path.removesuffix(".md")


def parent_path(path: str, files: Collection[str], root: str = ".") -> RelPath | None:
    """Return the file of the page that this file's folder is named after.

    At the top that is the home page, where it has a file. None: the home page itself, or a folder without a
    page, whose pages keep the parent that the base knows.
    """
    home = home_path(root)
    if path == home:
        return None
    folder = parent(path)
    if folder != top(root) and is_folder_page(path, files):
        folder = parent(folder)
    if folder == top(root):
        return home if home in files else None
    return folder_page(folder, files)
