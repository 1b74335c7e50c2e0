"""The links every answer carries, relative to the site's base."""

import base64
from urllib.parse import quote, quote_plus

from confsync.sandbox.rows import Content, FileRow, SpaceRow


def tiny(content: int) -> str:
    """The code of a short link, `/x/AQAC`."""
    code = base64.b64encode(content.to_bytes(8, "little")).decode().rstrip("=").rstrip("A")
    return code.replace("/", "-").replace("+", "_")


def from_tiny(code: str) -> int:
    """The content id behind a short link's code.

    Raises:
        ValueError: it is none.
    """
    plain = code.replace("-", "/").replace("_", "+").ljust(11, "A") + "="
    return int.from_bytes(base64.b64decode(plain, validate=True), "little")


def webui(content: Content, space: SpaceRow) -> str:
    """Where people read it."""
    key = quote(space.key, safe="~")
    if content.id == space.homepage:
        return f"/spaces/{key}/overview"
    if content.type == "folder":
        return f"/spaces/{key}/folder/{content.id}"
    if content.type == "blogpost":
        day = content.created[:10].replace("-", "/")
        return f"/spaces/{key}/blog/{day}/{content.id}/{slug(content.title)}"
    if content.type in ("whiteboard", "database", "embed"):
        return f"/spaces/{key}/{content.type}/{content.id}"
    return f"/spaces/{key}/pages/{content.id}/{slug(content.title)}"


def slug(title: str) -> str:
    """A title as the web address spells it."""
    return quote_plus("".join(c for c in title if c.isascii() and c not in "&%")) or "page"


def page_links(content: Content, space: SpaceRow) -> dict[str, str]:
    """The links of a page, post or draft."""
    return {
        "editui": f"/pages/resumedraft.action?draftId={content.id}",
        "webui": webui(content, space),
        "edituiv2": f"/spaces/{quote(space.key, safe='~')}/pages/edit-v2/{content.id}",
        "tinyui": f"/x/{tiny(content.id)}",
    }


def download(attachment: Content, file: FileRow) -> str:
    """Where the bytes of one version of an attachment are."""
    name = quote(attachment.title, safe="")
    return f"/download/attachments/{attachment.container}/{name}?version={file.number}&cacheVersion=1&api=v2"


def preview(attachment: Content) -> str:
    """Where people look at an attachment."""
    page = attachment.container
    shown = quote(f"/{page}/{attachment.id}/{attachment.title}", safe="")
    return f"/pages/viewpageattachments.action?pageId={page}&preview={shown}"
