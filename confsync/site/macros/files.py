"""Attachments: lists of them, pictures of them, ways to them."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import PurePosixPath

from confsync.convert.markdown.directive import Directive
from confsync.names.links import decode
from confsync.names.slug import fold
from confsync.site.macros.chosen import listed
from confsync.site.macros.desk import Desk, Macro, file_address, number, placeholder, yes
from confsync.site.model import Asset, Node

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".ico"})
_FILMS = {
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".ogv": "video/ogg",
    ".mov": "video/quicktime",
    ".m4v": "video/mp4",
}
_SOUNDS = {
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".m4a": "audio/mp4",
    ".flac": "audio/flac",
}
_KILO = 1024
_STARS = 3
_DIAGRAM_PICTURES = ("{}.png", "{}.svg", "{}.drawio.png", "{}.drawio.svg", "{}")


def readable_size(size: int) -> str:
    """Return a number of bytes for people: `12 KB`, `3.4 MB`."""
    if size < _KILO:
        return f"{size} bytes"
    if size < _KILO**2:
        return f"{size / _KILO:.0f} KB"
    mega = size / _KILO**2
    return f"{mega:.1f} MB" if mega < _KILO else f"{mega / _KILO:.1f} GB"


def attachments(found: Directive, desk: Desk) -> str:
    """`attachments`: the files of this page, or of another, with their sizes."""
    node = _of(found, desk)
    patterns = listed(found.get("patterns"))
    files = [one for one in desk.assets(node) if not patterns or _matches(one.name, patterns)]
    order = (found.get("sortBy") or "name").lower()
    files.sort(key=lambda one: (one.size if order == "size" else 0, fold(one.name)))
    if order == "size" or (found.get("sortOrder") or "").startswith("desc"):
        files.reverse()
    if not files:
        return '<p class="nothing">No attachments.</p>\n'
    rows = "".join(
        f'<tr><td><a href="{file_address(one.path)}">{escape(one.name)}</a></td>'
        f"<td>{readable_size(one.size)}</td><td>{escape(one.comment)}</td></tr>"
        for one in files
    )
    head = "<thead><tr><th>File</th><th>Size</th><th>Comment</th></tr></thead>"
    return f'<div class="scroll" tabindex="0"><table>{head}<tbody>{rows}</tbody></table></div>\n'


def gallery(found: Directive, desk: Desk) -> str:
    """`gallery`: the pictures of this page, or of another."""
    only, never = listed(found.get("include")), {fold(one) for one in listed(found.get("exclude"))}
    shown = [
        one
        for one in desk.assets(_of(found, desk))
        if _suffix(one) in PICTURES
        and (not only or fold(one.name) in {fold(name) for name in only})
        and fold(one.name) not in never
    ]
    if (found.get("sort") or "").lower() in ("size", "date"):
        shown.sort(key=lambda one: one.size)
    if yes(found, "reverse"):
        shown.reverse()
    if not shown:
        return '<p class="nothing">No pictures.</p>\n'
    heading = found.get("title") or ""
    title = f'<p class="list-title">{escape(heading)}</p>' if heading else ""
    columns = min(max(number(found.get("columns"), 4), 1), 6)
    return f'{title}<div class="gallery across-{columns}">{"".join(map(_picture, shown))}</div>\n'


def _picture(one: Asset) -> str:
    said = escape(one.comment or PurePosixPath(one.name).stem)
    picture = f'<img src="{file_address(one.path)}" alt="{said}" loading="lazy" decoding="async">'
    return f"<figure>{picture}<figcaption>{said}</figcaption></figure>"


def view_file(found: Directive, desk: Desk) -> str:
    """`view-file` and its older names, `multimedia`: a picture or film where browsers show it, or a link."""
    name = found.get("name") or found.get("filename") or decode(found.target or "") or found.label or ""
    page = found.get("page")
    one = _named(desk.assets((desk.find(page) if page else None) or desk.host), name.rpartition("/")[2])
    if one is None:
        return placeholder(found, desk)
    suffix = _suffix(one)
    address = file_address(one.path)
    if suffix in PICTURES:
        return _picture(one) + "\n"
    film, size = "", readable_size(one.size)
    for tag, types in (("video", _FILMS), ("audio", _SOUNDS)):
        if suffix in types:
            film = f'<{tag} controls preload="none" src="{address}"></{tag}>'
    shown = f'<a href="{address}">{escape(one.name)}</a> <span class="card-site">{size}</span>'
    return f'<div class="file">{film}<p class="card">{shown}</p></div>\n'


def diagram(found: Directive, desk: Desk) -> str:
    """`drawio`, `gliffy` and others that attach a picture of themselves."""
    named = [found.get(key) for key in ("diagramName", "name", "filename", "diagramDisplayName")]
    names = [name for name in (*named, (found.label or "")) if name]
    files = desk.assets(desk.host)
    for name in names:
        for form in _DIAGRAM_PICTURES:
            one = _named(files, form.format(name))
            if one is not None and _suffix(one) in PICTURES:
                return _picture(one) + "\n"
    return placeholder(found, desk)


def _of(found: Directive, desk: Desk) -> Node:
    wanted = found.target or found.get("page")
    return (desk.find(wanted) if wanted else None) or desk.host


def _named(files: Sequence[Asset], name: str) -> Asset | None:
    return next((one for one in files if fold(one.name) == fold(name)), None)


def _suffix(one: Asset) -> str:
    return PurePosixPath(one.path).suffix.lower()


def _matches(name: str, patterns: Sequence[str]) -> bool:
    """Patterns are expressions in Confluence, mostly `.*jpg` or `*.jpg`; more would let hostile ones hang."""
    return any(
        re.fullmatch(".*".join(map(re.escape, re.split(r"\.?\*", one))), name, re.IGNORECASE)
        for one in patterns
        if one.count("*") <= _STARS
    )


MACROS: Mapping[str, Macro] = {
    "attachments": attachments,
    "gallery": gallery,
    "multimedia": view_file,
    **dict.fromkeys(("view-file", "viewfile", "viewpdf", "viewdoc", "viewxls", "viewppt"), view_file),
    **dict.fromkeys(
        ("drawio", "drawio-sketch", "inc-drawio", "gliffy", "lucidchart", "balsamiq", "mermaid-cloud"),
        diagram,
    ),
}
