"""Attachments as the site serves them: nobody's file may run scripts under the site's name.

A picture in SVG is copied without anything that acts; files that a browser would run as a page (HTML, XML)
are served as plain text, under a name that says so.
"""

import re
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

from confsync.model.ids import RelPath

PICTURE = ".svg"
_AS_TEXT = frozenset({
    ".htm", ".html", ".mht", ".mhtml", ".rdf", ".rss", ".shtml", ".svgz", ".xht", ".xhtml", ".xml", ".xsl",
    ".xslt",
})  # fmt: skip
_LARGEST = 20_000_000
"""In bytes; larger pictures are served as text."""
_DEEPEST = 200
_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_DROPPED = frozenset({
    "script", "foreignObject", "iframe", "object", "embed", "audio", "video", "handler", "listener", "set",
    "animate", "animateMotion", "animateTransform", "discard",
})  # fmt: skip
"""What acts, and what could make something act: animations change attributes."""
_OUTSIDE = re.compile(
    r"url\(\s*['\"]?\s*(?!#|data:image/(?:png|jpeg|gif|webp))|@import|expression\(", re.IGNORECASE
)
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_REFERENCE = re.compile(r"#|data:image/(?:png|jpeg|gif|webp);base64,")
_NOTHING = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def served(path: RelPath) -> RelPath:
    """Return the path on the site of a file of the folder."""
    return RelPath(f"{path}.txt") if PurePosixPath(path).suffix.lower() in _AS_TEXT else path


def harmless(file: Path) -> bytes:
    """Return an SVG picture without anything that acts; an empty one where it cannot be read."""
    if file.stat().st_size > _LARGEST:
        return _NOTHING
    data = file.read_bytes()
    if _DECLARED.search(data):
        # Old editors declare the document type; entities can hide anything, and grow without end.
        data = re.sub(rb"<!DOCTYPE[^>\[]*>", b"", data, count=1, flags=re.IGNORECASE)
        if _DECLARED.search(data):
            return _NOTHING
    try:
        root = ET.fromstring(data)  # noqa: S314 (no entities, and expat has limits of its own)
    except (ET.ParseError, ValueError):
        return _NOTHING
    if _name(root) != "svg":
        return _NOTHING
    _clean(root, 0)
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _name(element: ET.Element) -> str:
    """Its name without namespace; empty for what is not SVG."""
    tag = str(element.tag)
    return tag.removeprefix(f"{{{_SVG}}}") if tag.startswith(f"{{{_SVG}}}") or "}" not in tag else ""


def _clean(element: ET.Element, depth: int) -> None:
    for name, value in list(element.attrib.items()):
        plain = name.rpartition("}")[2].lower()
        link = plain in ("href", "src")
        if (
            plain.startswith("on")
            or (link and not _REFERENCE.match(value.strip()))
            or (not link and _OUTSIDE.search(value))
        ):
            del element.attrib[name]
    if _name(element) == "style" and _OUTSIDE.search(element.text or ""):
        element.text = ""
    for kid in list(element):
        if not _name(kid) or _name(kid) in _DROPPED or depth > _DEEPEST:
            element.remove(kid)
        else:
            _clean(kid, depth + 1)
