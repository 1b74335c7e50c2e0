"""Links: to pages of the working copy by path, to everything else by URL or `confluence:` target."""

import re
from urllib.parse import unquote

from confsync.convert.markdown.target import canonical, has_scheme, name_of, segment, slug, url
from confsync.convert.rules.image import attachment_storage, attachment_target
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node

_RESOURCE = re.compile(r"<ri:[a-z-]+\b[^>]*?(?:/>|>.*?</ri:[a-z-]+>)", re.DOTALL)
_ANCHOR = re.compile(r'\sac:anchor\s*=\s*(?:"[^"]*"|\'[^\']*\')')
_BODIES = ("ac:link-body", "ac:plain-text-link-body")


def body_of(link: Node) -> Node | None:
    """The element that holds a link's text, if it has one."""
    return next((kid for kid in link.kids if kid.tag in _BODIES), None)


def resource_of(link: Node) -> Node | None:
    """The `ri:` element that says where a link goes, if it has one."""
    return next((kid for kid in link.kids if kid.tag.startswith("ri:")), None)


def link_target(page: Page, link: Node) -> str | None:
    """Where an `ac:link` goes, as a canonical target; None where it cannot be said."""
    resource = resource_of(link)
    anchor = page.attributes(link).get("ac:anchor", "")
    fragment = f"#{slug(unquote(anchor)) or anchor}" if anchor else ""
    if resource is None:
        return fragment or None
    said = page.attributes(resource)
    match resource.tag:
        case "ri:page":
            target = _page(page, said)
        case "ri:blog-post":
            day = said.get("ri:posting-day", "").strip("/")
            space = said.get("ri:space-key") or page.links.space or "-"
            target = f"confluence:blog/{segment(space)}/{day}/{segment(said.get('ri:content-title', ''))}"
        case "ri:attachment":
            target = attachment_target(page, resource)
        case "ri:space":
            target = f"confluence:space/{segment(said.get('ri:space-key', ''))}"
        case "ri:content-entity":
            target = f"confluence:content/{segment(said.get('ri:content-id', ''))}"
        case "ri:url":
            target = canonical(said.get("ri:value", "")) or None
        case _:
            target = None
    return target + fragment if target and not target.endswith("/") else None


def implicit_text(page: Page, link: Node) -> str:
    """What Confluence shows for a link without a text."""
    resource = resource_of(link)
    said = page.attributes(resource) if resource else {}
    for name in ("ri:content-title", "ri:filename", "ri:space-key", "ri:content-id", "ri:value"):
        if said.get(name):
            return " ".join(said[name].split())
    return page.attributes(link).get("ac:anchor", "")


def _page(page: Page, said: dict[str, str]) -> str | None:
    title, space = said.get("ri:content-title", ""), said.get("ri:space-key", "")
    if not title:
        identity = said.get("ri:content-id", "")
        return f"confluence:content/{segment(identity)}" if identity else None
    here = page.links.space
    if not space or space == here:
        found = page.by_title.get(title)
        if found is not None:
            return "/".join(segment(part) for part in found.path.split("/"))
    return "confluence:page/" + "/".join(segment(part) for part in (space or here, title) if part)


def link_tags(page: Page, target: str) -> tuple[str, str]:
    """The bytes before and behind the text of a new link."""
    path, _, fragment = target.partition("#")
    if has_scheme(target) and not target.startswith("confluence:"):
        return f'<a href="{page.spelling.attribute(url(target))}">', "</a>"
    resource = _resource(page, path) if path else ""
    if resource is None:
        return f'<a href="{page.spelling.attribute(url(target))}">', "</a>"
    anchor = f' ac:anchor="{page.spelling.attribute(fragment)}"' if fragment else ""
    return f"<ac:link{anchor}>{resource}<ac:link-body>", "</ac:link-body></ac:link>"


def _resource(page: Page, path: str) -> str | None:  # noqa: PLR0911  (one return per case)
    found = page.by_path.get("/".join(name_of(part) for part in path.split("/")))
    if found is not None:
        return f'<ri:page ri:content-title="{page.spelling.attribute(found.title)}" />'
    if not has_scheme(path):
        if path.startswith("/") or path.endswith((".md", "/")) or "." not in path:
            return None
        return attachment_storage(page, path)
    kind, *parts = [name_of(part) for part in path.removeprefix("confluence:").split("/")]
    quoted = [page.spelling.attribute(part) for part in parts]
    match kind, quoted:
        case "page", [title]:
            return f'<ri:page ri:content-title="{title}" />'
        case "page", [space, title]:
            key = "" if parts[0] == page.links.space else f' ri:space-key="{space}"'
            return f'<ri:page{key} ri:content-title="{title}" />'
        case "space", [space]:
            return f'<ri:space ri:space-key="{space}" />'
        case "content", [identity]:
            return f'<ri:content-entity ri:content-id="{identity}" />'
        case "blog", [space, year, month, day, title]:
            key = "" if parts[0] in ("-", page.links.space) else f' ri:space-key="{space}"'
            when = f"{year}/{month}/{day}"
            return f'<ri:blog-post{key} ri:content-title="{title}" ri:posting-day="{when}" />'
        case "attachment", [_, *_]:
            return attachment_storage(page, path)
        case _:
            return None


def retarget(page: Page, raw: str, target: str) -> str | None:
    """Point the opening bytes of a link elsewhere; None where a new link has to be made."""
    opened, _ = link_tags(page, target)
    if raw.startswith("<a ") and opened.startswith("<a "):
        value = page.spelling.attribute(url(target))
        return re.sub(r'(\shref\s*=\s*)(?:"[^"]*"|\'[^\']*\')', lambda m: f'{m[1]}"{value}"', raw, count=1)
    new, old = _RESOURCE.search(opened), _RESOURCE.search(raw)
    if raw.startswith("<ac:link") and new and old:
        anchor = _ANCHOR.search(opened)
        head = _ANCHOR.sub("", raw[: old.start()])
        if anchor:
            head = head.replace("<ac:link", "<ac:link" + anchor[0], 1)
        return head + new[0] + raw[old.end() :]
    return None
