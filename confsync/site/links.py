"""Where links and pictures of a page lead: from what the Markdown says to addresses of the site.

One `Linker` serves one page. Everything it is asked is untrusted: schemes are allow-listed, paths never
leave the source folder, symlinks are not followed.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

from confsync.model.ids import RelPath
from confsync.names.links import decode, relative, resolve
from confsync.names.slug import fold
from confsync.site.model import Node, Reference
from confsync.site.report import BrokenLink
from confsync.site.served import served
from confsync.site.surroundings import Surroundings
from confsync.site.tree import nfc

INTERNAL = "site:"
"""The scheme of links that confsync itself makes: `site:blog/index.html`."""

RESERVED = frozenset({
    "_confsync", "_history", "_labels", "_redirects", "404.html", "changes.xml", "feed.xml", "robots.txt",
    "sitemap.xml",
})  # fmt: skip
"""What the site itself writes at its top."""

SCHEMES = frozenset({"http", "https", "mailto", "tel", "confluence", "jira", "site"})
_OPEN = ("http:", "https:", "mailto:", "tel:")
_ROUTE = 2
"""`page/KEY/Title` splits at most twice."""


class Linker:
    """Resolves the links of one page and remembers what it saw.

    Args:
        around: the site.
        host: the page that is being written; links are relative to it.
        origin: the file whose text is being rendered; another one inside an include.
    """

    def __init__(self, around: Surroundings, host: Node, origin: RelPath) -> None:
        self._around = around
        self._host = host
        self._origin = origin
        self.broken: list[BrokenLink] = []
        self.references: list[Reference] = []
        self.files: set[RelPath] = set()
        self.nodes: set[str] = set()
        self.asked: set[tuple[str, str]] = set()

    def link(self, target: str) -> str | None:
        """The address for an `href`; None where it has to stay plain text."""
        target = target.strip()
        scheme = _scheme(target)
        if target.startswith("#"):
            return self._to_node(self._here(), target, target[1:])
        if scheme in _OPEN or target.startswith("//"):
            return target
        if scheme:
            handler = self._schemes().get(scheme)
            return (
                handler(target[len(scheme) :], target) if handler else self._miss(target, "not a web address")
            )
        return self._path(target)

    def picture(self, source: str) -> str | None:
        """The address for an image's `src`; None for anything that is not a file of the folder."""
        scheme = _scheme(source)
        if scheme == INTERNAL:
            return self._internal(source[len(INTERNAL) :], source)
        if scheme or source.startswith("//"):
            return None
        path = resolve(self._origin, decode(source.partition("?")[0].partition("#")[0]))
        found = self._file(path) if path else "leads out of the folder"
        return self._asset(path) if path and not found else self._miss(source, found)

    def node(self, target: str) -> Node | None:
        """The page that a Markdown link leads to, without taking note of it."""
        scheme = _scheme(target)
        if scheme == "confluence:":
            return self._named(target[len(scheme) :])
        path = resolve(self._origin, decode(target.partition("#")[0]))
        return self._page_at(path) if path else None

    def to(self, node: Node) -> str:
        """The address of another page of the site, relative to this one."""
        return url_between(self._host.out, node.out)

    def _here(self) -> Node:
        return self._around.tree.by_source.get(nfc(self._origin), self._host)

    def _schemes(self) -> Mapping[str, Callable[[str, str], str | None]]:
        return {"confluence:": self._confluence, "jira:": self._jira, INTERNAL: self._internal}

    def _path(self, target: str) -> str | None:
        bare, _, fragment = target.partition("#")
        path = resolve(self._origin, decode(bare.partition("?")[0]))
        if path is None:
            return self._miss(target, "leads out of the folder")
        node = self._page_at(path)
        if node is not None:
            return self._to_node(node, target, fragment)
        reason = self._file(path)
        return self._miss(target, reason) if reason else self._asset(path)

    def _page_at(self, path: RelPath) -> Node | None:
        self.asked.add(("page", path))
        return page_at(self._around, path)

    def _to_node(self, node: Node, target: str, fragment: str) -> str:
        if not target.startswith(INTERNAL):  # lists that a macro makes are no links of the author's
            self.nodes.add(node.out)
        anchor = decode(fragment)
        if anchor:
            self.references.append(Reference(self._origin, target, node.out, anchor))
        here = node.out == self._host.out
        return ("" if here and anchor else self.to(node)) + (
            f"#{quote(anchor, safe=_ANCHOR)}" if anchor else ""
        )

    def _asset(self, path: RelPath) -> str:
        self.files.add(path)
        return url_between(self._host.out, served(path))

    def _file(self, path: RelPath) -> str:
        """Why a file cannot be shown; empty where it can."""
        self.asked.add(("file", path))
        return file_trouble(self._around, path)

    def _internal(self, rest: str, target: str) -> str | None:
        out, _, fragment = rest.partition("#")
        node = self._around.tree.nodes.get(decode(out))
        if node is not None:
            return self._to_node(node, target, fragment)
        path = RelPath(decode(out))
        if self._file(path):
            return self._miss(target, "there is no such page")
        return self._asset(path)

    def _confluence(self, rest: str, target: str) -> str | None:
        bare, _, fragment = rest.partition("#")
        node = self._named(bare)
        if node is not None:
            return self._to_node(node, target, fragment)
        kind, _, name = bare.partition("/")
        url = self._around.url
        if not url or kind == "user" or not name:
            return None
        parts = [decode(part) for part in name.split("/", 1)]
        if kind == "attachment":
            return f"{url}/download/attachments/" + "/".join(quote(part, safe="") for part in parts)
        # Every flavour of Confluence answers /display/KEY/Title, by redirect where it has newer addresses.
        tail = f"#{quote(decode(fragment), safe=_ANCHOR)}" if fragment else ""
        return f"{url}/display/" + "/".join(quote_plus(part) for part in parts) + tail

    def _named(self, rest: str) -> Node | None:
        parts = rest.partition("#")[0].split("/", _ROUTE)
        if len(parts) != _ROUTE + 1 or parts[0] != "page" or decode(parts[1]) != self._around.key:
            return None
        self.asked.add(("title", fold(decode(parts[2]))))
        return self._around.tree.by_title.get(fold(decode(parts[2])))

    def _jira(self, rest: str, target: str) -> str | None:
        if not self._around.jira:
            return None
        if not rest.replace("-", "").replace("_", "").isalnum():
            return self._miss(target, "not the key of an issue")
        return f"{self._around.jira}/browse/{quote(rest, safe='')}"

    def _miss(self, target: str, reason: str) -> str | None:
        self.broken.append(BrokenLink(self._origin, target, reason))
        return None


def page_at(around: Surroundings, path: RelPath) -> Node | None:
    """Return the page that a path of the folder leads to."""
    tree = around.tree
    return tree.by_source.get(nfc(path)) or tree.folders.get(path)


def file_trouble(around: Surroundings, path: RelPath) -> str:
    """Why a file cannot be shown; empty where it can."""
    return _private(around, path) or _absent(around, path)


def _private(around: Surroundings, path: RelPath) -> str:
    left_out = around.left_out.get(fold(path)) or around.left_out.get(_page_of_asset(path))
    if left_out:
        return f"its page is not on the site: {left_out}"
    if any(part.startswith(".") for part in path.split("/")):
        return "dot files are not published"
    if path.split("/")[0] in RESERVED:
        return "the site keeps this name for itself"
    return "a page of the site has this address" if path in around.tree.nodes else ""


def _absent(around: Surroundings, path: RelPath) -> str:
    try:
        if _through_symlink(around.top, path):
            return "symlinks are not followed"
        exists = (around.top / path).is_file()
    except (OSError, ValueError):  # a name that no file system takes
        exists = False
    if not exists:
        return "there is no such file"
    return "this file is not a page of the site" if path.endswith(".md") else ""


_ANCHOR = "/:-._~!$&'()*+,;=@?"


def url_between(here: str, there: str) -> str:
    """Return the relative, percent-encoded address that leads from one file of the site to another."""
    return quote(relative(here, there), safe="/")


def _scheme(target: str) -> str:
    head, colon, _ = target.partition(":")
    plain = head.replace("+", "").replace("-", "").replace(".", "")
    return head.lower() + ":" if colon and plain.isalnum() and plain.isascii() and head[:1].isalpha() else ""


def _page_of_asset(path: RelPath) -> str:
    for part in path.split("/"):
        if part.lower().endswith(".assets"):
            return fold(path.partition(f"{part}/")[0] + part[: -len(".assets")] + ".md")
    return ""


def _through_symlink(top: Path, path: RelPath) -> bool:
    at = top
    for part in path.split("/"):
        at /= part
        if at.is_symlink():
            return True
    return False
