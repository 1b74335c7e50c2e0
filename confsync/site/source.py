"""Read a folder of Markdown: which files are pages, and what their front matter says."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from confsync.convert.markdown import front_matter
from confsync.errors import ConfigError, FrontMatterError
from confsync.model.config import FILE, load_settings
from confsync.model.content import ContentType, Status
from confsync.model.ids import PageId, RelPath, SpaceId, SpaceKey
from confsync.model.record import Record, load_record, record_path
from confsync.model.settings import Settings
from confsync.names.attachments import ASSETS
from confsync.names.exclude import page_files
from confsync.names.slug import FOLDER_PAGES
from confsync.site.model import Meta, Problem, Source

_TITLE = re.compile(r"^# +(.+?)(?: +#+)?[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~)", re.MULTILINE)
_POST_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})[-_]?")


@dataclass(frozen=True, slots=True)
class Folder:
    """What a source folder holds. Nothing in it is kept open; texts are read again when rendered."""

    base: Path
    """Where confsync.toml and the records lie."""
    top: Path
    """What paths of sources are relative to."""
    settings: Settings
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    assets: frozenset[RelPath] = frozenset()
    """The folders of attachments."""


def read_text(path: Path) -> str:
    """Return a file's text with line feeds as line ends, without byte order mark.

    Raises:
        OSError: it cannot be read.
        UnicodeDecodeError: it is not UTF-8.
    """
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def read_settings(base: Path) -> Settings:
    """Return what a folder's confsync.toml says; a folder of Markdown without one is fine.

    Raises:
        ConfigError: it cannot be read.
    """
    path = base / FILE
    if not path.is_file():
        return Settings(url="", key=SpaceKey(""), space_id=SpaceId(""))
    try:
        return load_settings(read_text(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", hint="it has to be UTF-8 text") from error


def read_folder(base: Path, settings: Settings, *, skip: Path) -> Folder:
    """Find the pages of a folder.

    Args:
        base: the folder with confsync.toml, or any folder of Markdown files.
        settings: what confsync.toml says.
        skip: a folder that is left out, for an output folder that lies inside.

    Raises:
        ConfigError: there is no such folder.
    """
    top = base / settings.root
    if not top.is_dir():
        raise ConfigError(f"{top} is not a folder", hint="name the folder that holds your Markdown files")
    files = frozenset(_markdown_files(top, skip))
    sources: list[Source] = []
    problems: list[Problem] = []
    for path in sorted(page_files(files, exclude=settings.exclude) | _home_readme(files)):
        try:
            sources.append(_source(path, read_text(top / path), settings.front_matter))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(path, f"the file cannot be read: {error}"))
        except FrontMatterError as error:
            # Without its front matter nobody knows whether the page is meant to be seen.
            problems.append(Problem(path, f"left out, for its front matter cannot be read: {error.message}"))
    folders = frozenset(_assets_folders(top, skip))
    return Folder(base, top, settings, tuple(sources), tuple(problems), folders)


def read_record(base: Path, page: PageId) -> Record | None:
    """Return what Confluence last said of a page, or None where the working copy has no record of it.

    Raises:
        RecordError: the record does not match its checksum.
        OSError: it cannot be read.
    """
    path = base / record_path(page)
    return load_record(path.read_bytes()) if path.is_file() and not path.is_symlink() else None


def humanise(stem: str) -> str:
    """Return a readable title for a file or folder name: `release-notes` is `Release notes`."""
    words = _POST_NAME.sub("", stem, count=1).replace("-", " ").replace("_", " ").strip() or stem
    return words[:1].upper() + words[1:]


def post_date(path: RelPath) -> str:
    """Return the ISO date at the start of a post's file name; empty where there is none."""
    found = _POST_NAME.match(_name(path))
    return found[1] if found else ""


def _markdown_files(top: Path, skip: Path) -> Iterator[RelPath]:
    for folder, names, files in os.walk(top):
        here = Path(folder)
        names[:] = [name for name in names if not name.startswith((".", "_")) and _ours(here / name, skip)]
        for name in files:
            if name.endswith(".md") and not (here / name).is_symlink():
                yield RelPath((here / name).relative_to(top).as_posix())


def _assets_folders(top: Path, skip: Path) -> Iterator[RelPath]:
    for folder, names, _ in os.walk(top):
        here = Path(folder)
        names[:] = [name for name in names if not name.startswith((".", "_")) and _ours(here / name, skip)]
        for name in names:
            if name.endswith(ASSETS):
                yield RelPath((here / name).relative_to(top).as_posix())


def _ours(folder: Path, skip: Path) -> bool:
    return folder != skip and not folder.is_symlink()


def _home_readme(files: frozenset[RelPath]) -> frozenset[RelPath]:
    """A README at the top is the home page of a folder that has no other."""
    found = {path for path in files if path.casefold() == "readme.md"}
    return frozenset() if "index.md" in files else frozenset(found)


def _source(path: RelPath, text: str, names: Mapping[str, str]) -> Source:
    read = front_matter.read(text, names)
    dated = path.startswith("blog/") and bool(post_date(path))
    title = " ".join((read.title or "").split()) or _title(front_matter.split(text).body, path)
    meta = Meta(
        id=PageId(read.id) if read.id else None,
        title=title,
        labels=read.labels or (),
        children=read.children or (),
        blogpost=read.type is ContentType.BLOGPOST or (dated and read.type is None),
        draft=read.status is Status.DRAFT,
        local=not read.confluence,
        beside_home=read.parent == "none",
    )
    return Source(path, meta, title)


def _title(body: str, path: RelPath) -> str:
    found, fence = _TITLE.search(body), _FENCE.search(body)
    if found and (fence is None or found.start() < fence.start()):
        return found[1].strip()
    stem = _name(path)
    if stem.lower() in FOLDER_PAGES:
        stem = path.rpartition("/")[0].rpartition("/")[2] or "Home"
    return humanise(stem)


def _name(path: RelPath) -> str:
    return path.removesuffix(".md").rpartition("/")[2]
