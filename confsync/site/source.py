"""Read a folder of Markdown: which files are pages, and what their front matter says."""

import hashlib
import os
import re
import time
from collections.abc import Mapping
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
from confsync.site.model import Meta, Source
from confsync.site.report import Problem
from confsync.site.sightings import Sightings

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
    return text_of(path.read_bytes())


def text_of(data: bytes) -> str:
    """Return the text of a file's bytes, as `read_text` does.

    Raises:
        UnicodeDecodeError: they are not UTF-8.
    """
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


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


def read_folder(base: Path, settings: Settings, *, skip: Path, seen: Sightings | None = None) -> Folder:
    """Find the pages of a folder.

    Args:
        base: the folder with confsync.toml, or any folder of Markdown files.
        settings: what confsync.toml says.
        skip: a folder that is left out, for an output folder that lies inside.
        seen: what an earlier build learned of its files.

    Raises:
        ConfigError: there is no such folder.
    """
    top = base / settings.root
    if not top.is_dir():
        raise ConfigError(f"{top} is not a folder", hint="name the folder that holds your Markdown files")
    seen = seen if seen is not None else Sightings({})
    files, assets = _walk(top, skip)
    names = frozenset(map(RelPath, files))
    sources: list[Source] = []
    problems: list[Problem] = []
    pages = sorted(page_files(names, exclude=settings.exclude) | _home_readme(names))
    for path in pages:
        try:
            sources.append(_seen_source(path, files[path], top, settings.front_matter, seen))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(path, f"the file cannot be read: {error}"))
        except FrontMatterError as error:
            # Without its front matter nobody knows whether the page is meant to be seen.
            problems.append(Problem(path, f"left out, for its front matter cannot be read: {error.message}"))
    seen.forget_others(pages)
    return Folder(base, top, settings, tuple(sources), tuple(problems), assets)


def _seen_source(
    path: RelPath, stat: os.stat_result, top: Path, names: Mapping[str, str], seen: Sightings
) -> Source:
    row = seen.recall(path, stat)
    if row is None:
        now = time.time_ns()
        data = (top / path).read_bytes()
        source = _source(path, text_of(data), names)
        seen.note(path, stat, now, hashlib.blake2b(data, digest_size=12).hexdigest(), _row(source))
        return source
    identity, title, labels, children, flags, own = row[4]
    meta = Meta(
        PageId(identity) if identity else None, own, tuple(labels), tuple(children), *map(bool, flags)
    )
    return Source(path, meta, title)


def _row(source: Source) -> list[object]:
    meta = source.meta
    flags = [int(flag) for flag in (meta.blogpost, meta.draft, meta.local, meta.beside_home)]
    return [meta.id, source.title, list(meta.labels), list(meta.children), flags, meta.title]


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


def _walk(top: Path, skip: Path) -> tuple[dict[str, os.stat_result], frozenset[RelPath]]:
    """The Markdown files below a folder, and the folders of attachments; symlinks are not followed."""
    files: dict[str, os.stat_result] = {}
    assets: set[RelPath] = set()
    waiting = [""]
    while waiting:
        here = waiting.pop()
        with os.scandir(top / here) as entries:
            for entry in entries:
                path = f"{here}/{entry.name}" if here else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.name.endswith(ASSETS):
                        assets.add(RelPath(path))
                    elif not entry.name.startswith((".", "_")) and top / path != skip:
                        waiting.append(path)
                elif entry.name.endswith(".md") and entry.is_file(follow_symlinks=False):
                    files[path] = entry.stat(follow_symlinks=False)
    return files, frozenset(assets)


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
