"""Links: to pages of the working copy by path, to everything else by URL or `confluence:` target."""

import re
from urllib.parse import unquote

from confsync.convert.markdown.target import (
    anchor,
    canonical,
    canonical_path,
    has_scheme,
    name_of,
    segment,
    slug,
    url,
)
from confsync.convert.rules.image import attachment_storage, attachment_target, page_element
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node, start_tag_attributes

_RESOURCE = re.compile(r"<ri:[a-z-]+\b[^>]*?(?:/>|>.*?</ri:[a-z-]+>)", re.DOTALL)
_ANCHOR = re.compile(r'\sac:anchor\s*=\s*(?:"[^"]*"|\'[^\']*\')')
_BOOKKEEPING = frozenset(("ri:version-at-save", "ri:local-id"))
_SIMPLE = {"space": ("ri:space", "ri:space-key"), "content": ("ri:content-entity", "ri:content-id")}
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
        return fragment or "#"
    said = page.attributes(resource)
    match resource.tag:
        case "ri:page":
            target = _page(page, said)
        case "ri:blog-post":
            day = said.get("ri:posting-day", "").strip("/")
            target = _post(page, said, day)
        case "ri:attachment":
            target = attachment_target(page, resource)
        case "ri:space":
            target = f"confluence:space/{segment(said.get('ri:space-key', ''))}"
        case "ri:content-entity":
            target = _content(page, said.get("ri:content-id", ""))
        case "ri:url":
            target = canonical(said.get("ri:value", "")) or None
        case "ri:shortcut" if said.get("ri:key") and said.get("ri:parameter"):
            target = f"confluence:shortcut/{segment(said['ri:key'])}/{segment(said['ri:parameter'])}"
        case _:
            target = None
    return target + fragment if target and not target.endswith("/") else None


def implicit_text(page: Page, link: Node) -> str:
    """What Confluence shows for a link without a text."""
    resource = resource_of(link)
    said = page.attributes(resource) if resource else {}
    if said.get("ri:parameter"):
        return f"{' '.join(said['ri:parameter'].split())}@{said.get('ri:key', '')}"
    for name in ("ri:content-title", "ri:filename", "ri:space-key", "ri:content-id", "ri:value"):
        if said.get(name):
            return " ".join(said[name].split())
    return page.attributes(link).get("ac:anchor", "")


def _page(page: Page, said: dict[str, str]) -> str | None:
    title, space = said.get("ri:content-title", ""), said.get("ri:space-key", "")
    if not title:
        identity = said.get("ri:content-id", "")
        return _content(page, identity) if identity else None
    here = page.links.space
    if not space or space == here:
        found = page.near.page(title)
        if found is not None:
            return canonical_path(found.path)
    return "confluence:page/" + "/".join(segment(part) for part in (space or here, title) if part)


def _post(page: Page, said: dict[str, str], day: str) -> str:
    title, space = said.get("ri:content-title", ""), said.get("ri:space-key", "")
    found = page.near.post(title, day) if space in ("", page.links.space) else None
    if found is not None:
        return canonical_path(found.path)
    return f"confluence:blog/{segment(space or page.links.space or '-')}/{day}/{segment(title)}"


def _content(page: Page, identity: str) -> str:
    found = page.near.content(identity)
    return canonical_path(found.path) if found is not None else f"confluence:content/{segment(identity)}"


def unresolved_target(page: Page, target: str) -> bool:
    """Whether a link's canonical target is a file of Markdown that no page is."""
    path = target.partition("#")[0]
    if has_scheme(target) or not path.lower().endswith(".md"):
        return False
    return page.near.at(_decoded(path)) is None


def _decoded(path: str) -> str:
    return "/".join(name_of(part) for part in path.split("/"))


def link_tags(page: Page, target: str) -> tuple[str, str]:
    """The bytes before and behind the text of a new link."""
    path, _, fragment = target.partition("#")
    if has_scheme(target) and not target.startswith("confluence:"):
        return f'<a href="{page.spelling.attribute(url(target))}">', "</a>"
    resource = _resource(page, path) if path else ""
    if resource is None:
        return f'<a href="{page.spelling.attribute(url(target))}">', "</a>"
    named = page.spelling.attribute(_anchor(page, path, fragment)) if fragment else ""
    anchored = f' ac:anchor="{named}"' if fragment else ""
    return f"<ac:link{anchored}>{resource}<ac:link-body>", "</ac:link-body></ac:link>"


def _anchor(page: Page, path: str, fragment: str) -> str:
    """How Confluence calls the heading that a fragment means; the fragment itself where nobody knows it."""
    found = page.near.at(_decoded(path)) if path else None
    headings = found.headings if found is not None else {} if path else page.headings
    return anchor(headings[fragment]) if fragment in headings else fragment


def _resource(page: Page, path: str) -> str | None:  # noqa: PLR0911  (one return per case)
    found = page.near.at(_decoded(path))
    if found is not None:
        return page_element(page, found)
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
        case (("space" | "content"), [one]):
            element, name = _SIMPLE[kind]
            return f'<{element} {name}="{one}" />'
        case "blog", [space, year, month, day, title]:
            key = "" if parts[0] in ("-", page.links.space) else f' ri:space-key="{space}"'
            when = f"{year}/{month}/{day}"
            return f'<ri:blog-post{key} ri:content-title="{title}" ri:posting-day="{when}" />'
        case "shortcut", [key, parameter]:
            return f'<ri:shortcut ri:key="{key}" ri:parameter="{parameter}" />'
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
        anchored, was = _ANCHOR.search(opened), _ANCHOR.search(raw[: old.start()])
        said, before = start_tag_attributes(new[0]), start_tag_attributes(old[0])
        if said.items() <= before.items() and not before.keys() - said.keys() - _BOOKKEEPING:
            # Another way to write the same target: its bytes stay.
            resource = old[0]
        else:
            resource = new[0]
        same_anchor = anchored and was and slug(unquote(anchored[0])) == slug(unquote(was[0]))
        head = raw[: old.start()] if same_anchor else _ANCHOR.sub("", raw[: old.start()])
        if anchored and not same_anchor:
            head = head.replace("<ac:link", "<ac:link" + anchored[0], 1)
        return head + resource + raw[old.end() :]
    return None
