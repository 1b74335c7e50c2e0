"""Parameters that hold pages, spaces, people, files or addresses instead of text.

As the target of a directive such a thing is written like the target of a link. Among the attributes it is
a `confluence:` target, several have spaces between: `{spaces="confluence:space/A confluence:space/B"}`.
"""

import re
from collections.abc import Mapping

from confsync.convert.markdown.target import canonical, has_scheme, name_of, segment, url, write_target
from confsync.convert.rules.link import implicit_text, link_tags, link_target, resource_of
from confsync.convert.rules.mention import SCHEME, user_element, user_identity
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node

_TARGET = re.compile(r"confluence:(?:page|space|user|content|attachment)/\S+")
_OWN_FILE = "confluence:attachment/"
_SIMPLE: Mapping[str, tuple[str, str]] = {
    "ri:space": ("confluence:space/", "ri:space-key"),
    "ri:content-entity": ("confluence:content/", "ri:content-id"),
    "ri:attachment": (_OWN_FILE, "ri:filename"),
    "ri:url": ("", "ri:value"),
}


def target_of(page: Page, parameter: Node) -> tuple[str, str] | None:
    """The canonical target that a parameter holds, and its name for people; None where it cannot be said."""
    if len(parameter.kids) != 1 or page.inside(parameter).strip() != page.raw(parameter.kids[0]):
        return None
    holder = parameter.kids[0] if parameter.kids[0].tag == "ac:link" else parameter
    resource = resource_of(holder)
    if resource is not None and resource.tag == "ri:user":
        identity = user_identity(page, resource)
        bare = identity.rpartition("=")[2]
        return (f"{SCHEME}/{identity}", f"@{page.links.users.get(bare, bare)}") if identity else None
    target = link_target(page, holder)
    return (target, implicit_text(page, holder)) if target else None


def target_storage(page: Page, target: str) -> str:
    """What a new parameter holds for a canonical target: a link to a page, the bare resource of all else."""
    if target.startswith(f"{SCHEME}/"):
        return user_element(page, target.removeprefix(f"{SCHEME}/"))
    if has_scheme(target) and not target.startswith("confluence:"):
        return f'<ri:url ri:value="{page.spelling.attribute(url(target))}" />'
    opened, _ = link_tags(page, target)
    if not opened.startswith("<ac:link"):
        return page.spelling.encode(target)
    resource = opened.removeprefix("<ac:link>").removesuffix("<ac:link-body>")
    if resource.startswith(("<ri:attachment", "<ri:space")):
        return resource
    return opened.removesuffix("<ac:link-body>") + "</ac:link>"


def said_resources(page: Page, parameter: Node) -> str | None:
    """A parameter of resources as the value of an attribute; None where one of them cannot be said."""
    rest = page.inside(parameter)
    said = []
    for kid in parameter.kids:
        rest = rest.replace(page.raw(kid), "", 1)
        target = _said(page, kid)
        if target is None:
            return None
        said.append(write_target(target))
    return " ".join(said) if said and not rest.strip() else None


def _said(page: Page, node: Node) -> str | None:
    """One resource, by a name that does not depend on the folder."""
    resource = node
    if node.tag == "ac:link":
        if len(node.kids) != 1 or page.attributes(node).keys() - {"ac:card-appearance", "ac:local-id"}:
            return None
        resource = node.kids[0]
    said = page.attributes(resource)
    if resource.kids:
        return None
    if resource.tag == "ri:user":
        identity = user_identity(page, resource)
        return f"{SCHEME}/{identity}" if identity else None
    if resource.tag == "ri:page":
        title = said.get("ri:content-title", "")
        parts = [segment(part) for part in (said.get("ri:space-key", ""), title) if part]
        return "confluence:page/" + "/".join(parts) if title.strip() else None
    prefix, name = _SIMPLE.get(resource.tag, ("", ""))
    value = said.get(name, "")
    return None if not value.strip() else prefix + segment(value) if prefix else value


def normal_value(value: str) -> str:
    """The normal form of an attribute's value: resources by their targets as get writes them."""
    parts = value.split()
    if not parts or not all(_TARGET.fullmatch(part) for part in parts):
        return value
    return " ".join(write_target(canonical(part)) for part in parts)


def value_storage(page: Page, value: str) -> str:
    """What a new parameter holds for the value of an attribute."""
    parts = value.split()
    if not parts or not all(_TARGET.fullmatch(part) for part in parts):
        return page.spelling.encode(value)
    return "".join(_element(page, canonical(part)) for part in parts)


def _element(page: Page, target: str) -> str:
    if target.startswith(_OWN_FILE) and "/" not in target.removeprefix(_OWN_FILE):
        name = page.spelling.attribute(name_of(target.removeprefix(_OWN_FILE)))
        return f'<ri:attachment ri:filename="{name}" />'
    return target_storage(page, target)
