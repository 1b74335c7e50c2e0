"""Which files are pages at all: nothing is published by accident."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from confsync.model.ids import RelPath
from confsync.names.attachments import ASSETS
from confsync.names.links import parent
from confsync.names.litter import is_litter
from confsync.names.slug import FOLDER_PAGES, NEVER_PAGES
from confsync.names.tree import is_folder_page, stem, top


def is_excluded(
    path: str, *, root: str = ".", exclude: Sequence[str] = (), files: Collection[str] = ()
) -> bool:
    """Whether a file is nobody's page unless its front matter says otherwise.

    `files` are all files of the working copy; they tell whether a README is the page of a folder of pages.
    See `page_files` for many files at once.
    """
    return RelPath(path) not in page_files({path, *files}, root=root, exclude=exclude)


def page_files(files: Collection[str], *, root: str = ".", exclude: Sequence[str] = ()) -> frozenset[RelPath]:
    """Return the Markdown files that may be pages.

    Left out are files outside `root`; dot and underscore names; attachments; litter; whatever a glob of
    `exclude` matches; README, CONTRIBUTING, CHANGELOG and LICENSE, except for a README (or index) that is
    the page of a folder with other pages in it. A glob without a slash matches a file or folder of that name
    anywhere; others start at `root`; `**` crosses folders.
    """
    globs = tuple(map(_glob, exclude))
    ours = {path for path in files if _may_be_page(path, top(root), globs)}
    plain = sorted(path for path in ours if stem(path).casefold() not in NEVER_PAGES)
    names = ours.intersection(files)
    kept = (p for p in ours if stem(p).casefold() not in NEVER_PAGES or _heads_folder(p, names, plain, root))
    return frozenset(map(RelPath, kept))


def _may_be_page(path: str, root: str, globs: Iterable[re.Pattern[str]]) -> bool:
    if not path.endswith(".md") or not (path.startswith(f"{root}/") or not root):
        return False
    inner = path.removeprefix(f"{root}/") if root else path
    parts = inner.split("/")
    if any(part.startswith((".", "_")) for part in parts) or any(p.endswith(ASSETS) for p in parts[:-1]):
        return False
    return not is_litter(parts[-1]) and not any(glob.fullmatch(inner) for glob in globs)


def _heads_folder(path: str, files: Collection[str], plain: Sequence[str], root: str) -> bool:
    """Whether a README is the page of its folder, and the folder holds other pages."""
    folder = parent(path)
    if stem(path).casefold() not in FOLDER_PAGES or folder == top(root) or not is_folder_page(path, files):
        return False
    at = bisect_left(plain, f"{folder}/")
    return at < len(plain) and plain[at].startswith(f"{folder}/")


def glob_of(path: str) -> str:
    """Return the glob that excludes this file and no other."""
    return "/" + re.sub(r"[*?\[]", r"[\g<0>]", path)


def matches(path: str, glob: str) -> bool:
    """Whether a glob, as `exclude` has them, matches a path relative to the root."""
    return _glob(glob).fullmatch(path) is not None


@lru_cache(maxsize=256)
def _glob(pattern: str) -> re.Pattern[str]:
    """Translate a glob; what it matches includes everything below a folder that it matches."""
    anywhere = "" if "/" in pattern.rstrip("/") else "(?:.*/)?"
    body = pattern.strip("/").removeprefix("./")
    return re.compile(f"{anywhere}{''.join(map(_piece, _PIECES.findall(body)))}(?:/.*)?", re.DOTALL)


_PIECES = re.compile(r"\*\*/|\*\*|\*|\?|\[!?[^\]/]+\]|.", re.DOTALL)
_WILD = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _piece(piece: str) -> str:
    if piece in _WILD:
        return _WILD[piece]
    if len(piece) > 1:
        negation = "^" if piece.startswith("[!") else ""
        inner = re.escape(piece[1 + len(negation) : -1]).replace(r"\-", "-")
        return f"[{negation}{inner}]"
    return re.escape(piece)
