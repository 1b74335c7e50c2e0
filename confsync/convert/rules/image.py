"""`![alt](a.assets/a.png)`: an image. Size, borders and alignment stay in the base unless written."""

import re
from collections.abc import Sequence

from confsync.convert.markdown.attributes import Attribute, write_attributes
from confsync.convert.markdown.directive import parse_inline
from confsync.convert.markdown.target import (
    canonical,
    canonical_path,
    has_scheme,
    name_of,
    segment,
    url,
    write_target,
)
from confsync.convert.rules.inline import TokenRule
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node, child
from confsync.convert.tree import Atom, token
from confsync.model.content import ContentType
from confsync.model.links import LinkTarget

_ALT = re.compile(r'(\s(?:ac:)?alt\s*=\s*)(?:"[^"]*"|\'[^\']*\')')
_SOURCE = re.compile(r'(\ssrc\s*=\s*)(?:"[^"]*"|\'[^\']*\')')
_TAG_END = re.compile(r"\s*/?>$")
_LONGEST = 2000
"""Characters of an address that a reader should have to see."""
_ALT_ESCAPE = re.compile(r"[\\`*_\[\]<>]|&(?=#?\w+;)")


def read_image(page: Page, node: Node) -> Atom | None:
    """The atom of an image element; None where it points nowhere we know."""
    source = _html_source(page, node) if node.tag == "img" else image_target(page, node)
    if source is None:
        return None
    said = page.attributes(node)
    alt = said.get("ac:alt") or said.get("alt", "")
    return token("image", source, " ".join(alt.split()), "")


def _html_source(page: Page, node: Node) -> str | None:
    """Where an image of a pasted page comes from; pictures written out in its address stay in the base."""
    source = page.attributes(node).get("src", "").strip()
    return canonical(source) if source and len(source) <= _LONGEST and "\n" not in source else None


def image_target(page: Page, node: Node) -> str | None:
    """Where an image comes from, as a canonical link target."""
    attachment = child(node, "ri:attachment")
    if attachment is not None:
        return attachment_target(page, attachment)
    link = child(node, "ri:url")
    value = page.attributes(link).get("ri:value", "") if link else ""
    return canonical(value) if value and not value.isspace() else None


def attachment_target(page: Page, node: Node) -> str | None:
    """The canonical link target of an attachment."""
    name = page.attributes(node).get("ri:filename", "")
    if not name.strip():
        return None
    if not node.kids:
        folder = f"{page.links.attachments}/" if page.links.attachments else ""
        return folder + segment(name)
    there = _owner_here(page, node.kids[0])
    if there is not None and there.attachments:
        return canonical_path(there.attachments) + "/" + segment(name)
    found = page.attributes(node.kids[0])
    owner = found.get("ri:content-id") or found.get("ri:content-title", "")
    space = found.get("ri:space-key", "")
    return "confluence:attachment/" + "/".join(segment(part) for part in (space, owner, name) if part)


def _owner_here(page: Page, node: Node) -> LinkTarget | None:
    """The page of the working copy that a file is attached to."""
    said = page.attributes(node)
    if said.get("ri:space-key", "") not in ("", page.links.space):
        return None
    title = said.get("ri:content-title", "")
    if node.tag == "ri:blog-post":
        return page.near.post(title, said.get("ri:posting-day", "").strip("/"))
    return page.near.page(title) if title else page.near.content(said.get("ri:content-id", ""))


def attachment_storage(page: Page, target: str) -> str:
    """The resource element of an attachment named by a canonical target."""
    if target.startswith("confluence:attachment/"):
        *owner, name = [name_of(part) for part in target.split("/")[1:]]
        named = page.spelling.attribute(name)
        return f'<ri:attachment ri:filename="{named}">{_owner(page, owner)}</ri:attachment>'
    folder, _, name = target.rpartition("/")
    named = page.spelling.attribute(name_of(name))
    folder = "/".join(name_of(part) for part in folder.split("/"))
    there = page.near.with_folder(folder) if folder and folder != page.links.attachments else None
    if there is not None:
        return f'<ri:attachment ri:filename="{named}">{page_element(page, there)}</ri:attachment>'
    return f'<ri:attachment ri:filename="{named}" />'


def page_element(page: Page, target: LinkTarget) -> str:
    """The resource element of a page of the working copy; of a post only the id is surely right."""
    if target.type is ContentType.BLOGPOST:
        return f'<ri:content-entity ri:content-id="{page.spelling.attribute(target.id)}" />'
    return f'<ri:page ri:content-title="{page.spelling.attribute(target.title)}" />'


def _owner(page: Page, owner: Sequence[str]) -> str:
    if len(owner) == 1 and owner[0].isdigit():
        return f'<ri:content-entity ri:content-id="{owner[0]}" />'
    space = f' ri:space-key="{page.spelling.attribute(owner[0])}"' if len(owner) > 1 else ""
    title = page.spelling.attribute(owner[-1]) if owner else ""
    return f'<ri:page{space} ri:content-title="{title}" />'


def image_resource(page: Page, target: str) -> str:
    """The resource element of an image."""
    if target.startswith("/") or (has_scheme(target) and not target.startswith("confluence:")):
        return f'<ri:url ri:value="{page.spelling.attribute(url(target))}" />'
    return attachment_storage(page, target)


def _markdown(fields: Sequence[str], _page: Page | None) -> str:
    source, alt, extra = fields
    escaped = _ALT_ESCAPE.sub(lambda m: "\\" + m[0], alt)
    return f"![{escaped}]({write_target(source)}){extra}"


def read_attributes(pairs: Sequence[Attribute]) -> str:
    """The normal form of an attribute list behind an image."""
    return write_attributes(pairs)


def _storage(fields: Sequence[str], page: Page) -> str:
    source, alt, extra = fields
    return f"<ac:image{_new_attributes(page, alt, extra)}>{image_resource(page, source)}</ac:image>"


def _new_attributes(page: Page, alt: str, extra: str) -> str:
    said = f' ac:alt="{page.spelling.attribute(alt)}"' if alt else ""
    for name, value in _pairs(extra):
        said = f' ac:{name}="{page.spelling.attribute(value)}"' + said
    return said


def _pairs(extra: str) -> list[tuple[str, str]]:
    found = parse_inline(f":x[]{extra}", 0) if extra else None
    return [(name, value or "") for name, value in found.attributes] if found else []


def _revise(raw: str, old: Sequence[str], new: Sequence[str], page: Page) -> str | None:
    """Change what is said of an image and keep everything else."""
    tag_end = raw.index(">") + 1
    head, rest = raw[:tag_end], raw[tag_end:]
    prefix = "ac:" if head.startswith("<ac:") else ""
    if old[1] != new[1]:
        head = _set(head, _ALT, f"{prefix}alt", page.spelling.attribute(new[1]))
    for name, value in _pairs(new[2]):
        pattern = re.compile(rf"(\s{prefix}{re.escape(name)}\s*=\s*)(?:\"[^\"]*\"|'[^']*')")
        head = _set(head, pattern, f"{prefix}{name}", page.spelling.attribute(value))
    if old[0] != new[0] and not prefix:
        head = _set(head, _SOURCE, "src", page.spelling.attribute(url(new[0])))
    elif old[0] != new[0]:
        rest = re.sub(
            r"<ri:(attachment|url)\b[^>]*?(?:/>|>.*?</ri:\1>)",
            lambda _: image_resource(page, new[0]), rest, count=1, flags=re.DOTALL,
        )  # fmt: skip
    return head + rest


def _set(head: str, pattern: re.Pattern[str], name: str, value: str) -> str:
    """A start tag with an attribute that says `value`, which is spelt already."""
    changed, count = pattern.subn(lambda m: f'{m[1]}"{value}"', head)
    if count or not value:
        return changed
    end = _TAG_END.search(head)
    at = end.start() if end else len(head)
    return f'{head[:at]} {name}="{value}"{head[at:]}'


RULE = TokenRule("image", _markdown, _storage, elements=("ac:image", "img"), read=read_image, revise=_revise)
