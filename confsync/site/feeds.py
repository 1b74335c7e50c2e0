"""What machines read: the sitemap, robots.txt, the Atom feed of the blog."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from confsync.site.model import Node, Updated

FEED, CHANGES, SITEMAP, ROBOTS = "feed.xml", "changes.xml", "sitemap.xml", "robots.txt"
_URL = ":/%?=~@!$()*+,;-._"
_NEWEST = 30


def address(base_url: str, out: str) -> str:
    """The full address of a page; `base_url` ends with a slash."""
    return quote(base_url, safe=_URL) + quote(out)


def sitemap(base_url: str, outs: Iterable[str], updated: Mapping[str, Updated]) -> str:
    """Return the sitemap, with the day of the last change where it is known."""
    rows = (
        f"<url><loc>{escape(address(base_url, out))}</loc>{_changed(updated.get(out))}</url>\n"
        for out in sorted(outs)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{''.join(rows)}</urlset>\n"


def _changed(updated: Updated | None) -> str:
    return f"<lastmod>{escape(updated.when[:10])}</lastmod>" if updated and _DAY.match(updated.when) else ""


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def robots(base_url: str, wanted: str) -> str:
    """Return a robots.txt that allows everything, or nothing (`noindex`), and names the sitemap."""
    if wanted == "noindex":
        return "User-agent: *\nDisallow: /\n"
    return f"User-agent: *\nAllow: /\nSitemap: {address(base_url, SITEMAP)}\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed."""

    node: Node
    when: str
    """ISO 8601, with time and zone."""
    summary: str = ""
    author: str = ""


def posts_feed(base_url: str, title: str, posts: Iterable[tuple[Node, str]]) -> str:
    """Return the feed of the blog: its newest dated posts, each with its first words."""
    entries = [Entry(post, f"{post.date}T00:00:00Z", summary) for post, summary in posts if post.date]
    return _feed(base_url, FEED, title, entries[:_NEWEST])


def changes_feed(base_url: str, title: str, nodes: Iterable[Node], updated: Mapping[str, Updated]) -> str:
    """Return the feed of what changed last."""
    known = [(entry, node) for node in nodes if (entry := updated.get(node.out)) and _DAY.match(entry.when)]
    known.sort(key=lambda pair: (pair[0].when, pair[1].out), reverse=True)
    entries = [Entry(node, one.when, one.message, one.author) for one, node in known[:_NEWEST]]
    return _feed(base_url, CHANGES, f"{title}: recent changes", entries)


def _feed(base_url: str, path: str, title: str, entries: Sequence[Entry]) -> str:
    own = escape(address(base_url, path))
    updated = entries[0].when if entries else "1970-01-01T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f'<title>{_plain(title)}</title><id>{own}</id><link rel="self" href="{own}"/>'
        f'<link href="{escape(address(base_url, ""))}"/>'
        f"<author><name>{_plain(title)}</name></author><updated>{escape(updated)}</updated>\n"
        f"{''.join(_entry(base_url, one) for one in entries)}</feed>\n"
    )


def _entry(base_url: str, one: Entry) -> str:
    where = escape(address(base_url, one.node.out))
    author = f"<author><name>{_plain(one.author)}</name></author>" if one.author else ""
    return (
        f'<entry><title>{_plain(one.node.title)}</title><id>{where}</id><link href="{where}"/>'
        f"<updated>{escape(one.when)}</updated>{author}<summary>{_plain(one.summary)}</summary></entry>\n"
    )


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def _plain(text: str) -> str:
    """Text for XML, which has no way to write most control characters."""
    return escape(_CONTROL.sub("", text))
