"""What machines read: the sitemap, robots.txt, the Atom feed of the blog."""

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from confsync.site.model import Node

FEED, SITEMAP, ROBOTS = "feed.xml", "sitemap.xml", "robots.txt"
_URL = ":/%?=~@!$()*+,;-._"
_NEWEST = 30


def address(base_url: str, out: str) -> str:
    """The full address of a page; `base_url` ends with a slash."""
    return quote(base_url, safe=_URL) + quote(out)


def sitemap(base_url: str, outs: Iterable[str]) -> str:
    """Return the sitemap."""
    rows = (f"<url><loc>{escape(address(base_url, out))}</loc></url>\n" for out in sorted(outs))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{''.join(rows)}</urlset>\n"


def robots(base_url: str) -> str:
    """Return a robots.txt that allows everything and names the sitemap."""
    return f"User-agent: *\nAllow: /\nSitemap: {address(base_url, SITEMAP)}\n"


def feed(base_url: str, title: str, posts: Iterable[tuple[Node, str]]) -> str:
    """Return the Atom feed of the blog: its newest dated posts, each with its first words."""
    dated = [(post, summary) for post, summary in posts if post.date][:_NEWEST]
    entries = "".join(
        f"<entry><title>{escape(post.title)}</title>"
        f'<id>{escape(address(base_url, post.out))}</id><link href="{escape(address(base_url, post.out))}"/>'
        f"<updated>{post.date}T00:00:00Z</updated><summary>{escape(summary)}</summary></entry>\n"
        for post, summary in dated
    )
    updated = dated[0][0].date if dated else "1970-01-01"
    own = escape(address(base_url, FEED))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f'<title>{escape(title)}</title><id>{own}</id><link rel="self" href="{own}"/>'
        f"<author><name>{escape(title)}</name></author><updated>{updated}T00:00:00Z</updated>\n{entries}</feed>\n"
    )
