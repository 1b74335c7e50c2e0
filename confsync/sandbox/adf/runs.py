"""Document to storage: what stands in a line, with its marks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from confsync.sandbox.adf.macros import macro, macro_of
from confsync.sandbox.adf.names import STATUS_COLOUR, TAG_OF_MARK
from confsync.sandbox.adf.nodes import Json, attrs, kind, of, text
from confsync.sandbox.adf.nodes import inner as nested
from confsync.sandbox.adf.places import Places
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.saving.elements import element, spelt


def runs(nodes: Sequence[Json], places: Places) -> str:
    """Inline nodes as storage.

    Raises:
        Invalid: a node that may not stand in a line.
    """
    return "".join(_run(node, places) for node in nodes)


def _run(node: Json, places: Places) -> str:
    maker = _MAKERS.get(kind(node))
    if maker is None:
        raise Invalid(f"Content body cannot be converted to new editor format: {kind(node)} in a line")
    said = maker(node, places)
    # The first mark of a text is the outermost element.
    for mark in reversed(of(node, "marks")):
        said = _marked(mark, said)
    return said


def _marked(mark: Json, inside: str) -> str:
    said, name = attrs(mark), kind(mark)
    if name == "link":
        return _link(said, inside)
    if name in TAG_OF_MARK:
        return element(TAG_OF_MARK[name], {}, inside)
    if name == "subsup":
        return element("sup" if said.get("type") == "sup" else "sub", {}, inside)
    if name in _STYLES:
        return element("span", {"style": f"{_STYLES[name]}: {text(said, 'color')};"}, inside)
    if name == "annotation":
        return element("ac:inline-comment-marker", {"ac:ref": text(said, "id")}, inside)
    return inside


_STYLES = {"textColor": "color", "backgroundColor": "background-color"}


def _link(said: Json, inside: str) -> str:
    metadata = nested(said, "__confluenceMetadata")
    anchor = text(metadata, "anchorName")
    given = {"ac:anchor": anchor} if anchor else {}
    target = _target(metadata)
    if target is None:
        return element("a", {"href": text(said, "href")}, inside)
    return element("ac:link", given, target + element("ac:link-body", {}, inside))


def _target(metadata: Json) -> str | None:
    """What a link inside the site points at; None for an ordinary address."""
    match metadata.get("linkType"):
        case "page":
            return _page("ri:page", metadata)
        case "blogpost":
            return _page("ri:blog-post", metadata)
        case "attachment":
            return element("ri:attachment", {"ri:filename": text(metadata, "fileName")}, None)
        case "space":
            return element("ri:space", {"ri:space-key": text(metadata, "spaceKey")}, None)
        case "self":
            return ""
        case _:
            return None


def _page(name: str, metadata: Json) -> str:
    names = (
        ("ri:space-key", "spaceKey"),
        ("ri:content-title", "contentTitle"),
        ("ri:posting-day", "postingDay"),
        ("ri:version-at-save", "versionAtSave"),
    )
    return element(name, {own: text(metadata, adf) for own, adf in names if metadata.get(adf)}, None)


# ------------------------------------------------------------------------------------------- single nodes


def _text(node: Json, _places: Places) -> str:
    return spelt(text(node, "text"))


def _break(_node: Json, _places: Places) -> str:
    return element("br", {}, None)


def _mention(node: Json, _places: Places) -> str:
    said = attrs(node)
    given = {"ri:account-id": text(said, "id")}
    if said.get("localId"):
        given["ri:local-id"] = text(said, "localId")
    return element("ac:link", {}, element("ri:user", given, None))


def _emoji(node: Json, _places: Places) -> str:
    said = attrs(node)
    short = text(said, "shortName")
    given = {
        "ac:emoji-fallback": text(said, "text"),
        "ac:emoji-id": text(said, "id"),
        "ac:emoji-shortname": short,
        "ac:name": short.strip(":") if not said.get("id") else "blue-star",
    }
    return element("ac:emoticon", {key: value for key, value in given.items() if value}, None)


def _date(node: Json, _places: Places) -> str:
    raw = text(attrs(node), "timestamp")
    if not raw.lstrip("-").isdigit() or len(raw) > 15:  # noqa: PLR2004 - the year 33658
        raise Invalid("Content body cannot be converted to new editor format: a date without a day")
    day = datetime.fromtimestamp(int(raw) / 1000, UTC).date().isoformat()
    return element("time", {"datetime": day}, None)


def _status(node: Json, _places: Places) -> str:
    said = attrs(node)
    given = {"title": text(said, "text")}
    colour = STATUS_COLOUR.get(text(said, "color"), "Grey")
    if colour != "Grey":
        given["colour"] = colour
    if said.get("style") == "subtle":
        given["subtle"] = "true"
    own = {"ac:schema-version": "1"}
    if said.get("localId"):
        own["ac:macro-id"] = text(said, "localId")
    return macro("status", given, "", own)


def _card(node: Json, _places: Places) -> str:
    address = text(attrs(node), "url")
    return element("a", {"href": address, "data-card-appearance": "inline"}, spelt(address))


def _placeholder(node: Json, _places: Places) -> str:
    return element("ac:placeholder", {}, spelt(text(attrs(node), "text")))


def _extension(node: Json, _places: Places) -> str:
    return macro_of(attrs(node), None)


def _media(node: Json, places: Places) -> str:
    name = places.filename(text(attrs(node), "id"))
    inside = element("ri:attachment", {"ri:filename": name}, None) if name else ""
    return element("ac:image", {"ac:inline": "true"}, inside)


_MAKERS: Mapping[str, Callable[[Json, Places], str]] = {
    "text": _text,
    "hardBreak": _break,
    "mention": _mention,
    "emoji": _emoji,
    "date": _date,
    "status": _status,
    "inlineCard": _card,
    "placeholder": _placeholder,
    "inlineExtension": _extension,
    "mediaInline": _media,
}
