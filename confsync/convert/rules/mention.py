"""`[@Jane Doe](confluence:user/557058:ab)`: a mention. The name is decoration, the id is what counts."""

from collections.abc import Sequence

from confsync.convert.markdown.labels import escape_label
from confsync.convert.rules.inline import TokenRule
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node, child
from confsync.convert.tree import Atom, token
from confsync.errors import MalformedMarkdown

SCHEME = "confluence:user"
_ATTRIBUTES = ("ri:account-id", "ri:userkey", "ri:username")


def read_user(page: Page, link: Node) -> Atom | None:
    """The atom of a link to a user; a body of its own, which Confluence does not show, stays in the base."""
    user = child(link, "ri:user")
    if user is None or any(kid.kids for kid in link.kids):
        return None
    identity = user_identity(page, user)
    return token("user", identity) if identity else None


def user_identity(page: Page, user: Node) -> str:
    """Who a user element means: an account, else `userkey=…` or `username=…`; empty where it says nobody."""
    found = page.attributes(user)
    for name in _ATTRIBUTES:
        if found.get(name):
            return ("" if name == "ri:account-id" else name.removeprefix("ri:") + "=") + found[name]
    return ""


def _markdown(fields: Sequence[str], page: Page | None) -> str:
    identity = fields[0]
    if not identity:
        return f"[@{escape_label(fields[1])}]({SCHEME})"
    bare = identity.rpartition("=")[2]
    name = page.links.users.get(bare, bare) if page else bare
    return f"[@{escape_label(name)}]({SCHEME}/{_encoded(identity)})"


def _encoded(text: str) -> str:
    return "".join(f"%{ord(c):02X}" if c in "()<>% " else c for c in text)


def _from_link(target: str, text: str) -> Atom | None:
    identity = target.removeprefix(SCHEME).removeprefix("/")
    return token("user", identity) if identity else token("user", "", text.removeprefix("@"))


def _storage(fields: Sequence[str], page: Page) -> str:
    identity = fields[0]
    if not identity:
        raise MalformedMarkdown(
            f"nobody has looked up who @{fields[1]} is",
            hint=f"write [@{fields[1]}](confluence:user/ACCOUNT-ID)",
        )
    return f"<ac:link>{user_element(page, identity)}</ac:link>"


def user_element(page: Page, identity: str) -> str:
    """The resource element of a person."""
    kind, _, value = identity.rpartition("=")
    name = f"ri:{kind}" if kind in ("userkey", "username") else "ri:account-id"
    value = value if kind in ("userkey", "username") else identity
    return f'<ri:user {name}="{page.spelling.attribute(value)}" />'


RULE = TokenRule("user", _markdown, _storage, schemes=(SCHEME,), from_link=_from_link)
