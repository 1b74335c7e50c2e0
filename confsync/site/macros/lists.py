"""Lists of pages: children, page tree, content by label, what changed lately, blog posts."""

from collections.abc import Iterable, Mapping
from html import escape

from confsync.convert.markdown.directive import Directive
from confsync.names.slug import fold
from confsync.site.html.inlines import time
from confsync.site.macros.chosen import Unanswerable, chosen, listed
from confsync.site.macros.desk import Desk, Macro, link, number, placeholder, unanswered, yes
from confsync.site.model import Kind, Node

_LISTED = 500
_POSTS = 15
_RECENT = 15


def children(found: Directive, desk: Desk) -> str:
    """`children`: the pages below this one, or below another."""
    root = desk.host
    wanted = found.target or found.label or found.get("root") or found.get("page")
    if wanted:
        root = desk.find(wanted) or root
    depth = 99 if yes(found, "all") else number(found.get("depth"), 1) or 99
    return _listing(_Below(found, desk, _LISTED).of(root, depth)) or _none("This page has no children.")


def pagetree(found: Directive, desk: Desk) -> str:
    """`pagetree`: everything below a page, folded."""
    wanted = (found.target or found.get("root") or found.label or "@home").strip()
    special = {"@home": desk.tree.home, "@self": desk.host, "@none": desk.tree.home}
    above = desk.tree.parents.get(desk.host.out)
    special["@parent"] = desk.tree.nodes[above] if above else desk.tree.home
    root = special.get(wanted) or desk.find(wanted) or desk.tree.home
    below = _Below(found, desk, _LISTED, folded=number(found.get("startDepth"), 1))
    search = search_here(found, desk) if yes(found, "searchBox") else ""
    return search + _listing(below.of(root, 99))


class _Below:
    """Lists within lists, up to so many entries."""

    def __init__(self, found: Directive, desk: Desk, budget: int, *, folded: int = 0) -> None:
        self._found = found
        self._desk = desk
        self._budget = budget
        self._folded = folded
        style = found.get("style") or ""
        self._heading = style if style in ("h1", "h2", "h3", "h4", "h5", "h6") else ""
        self._first = number(found.get("first"), 0)
        shown = (found.get("excerptType") or ("simple" if yes(found, "excerpt") else "")).lower()
        self._excerpts = shown in ("simple", "rich content", "rich")

    def of(self, root: Node, depth: int, level: int = 1) -> str:
        rows = []
        for child in self._ordered(root) if depth else ():
            if self._budget <= 0:
                break
            self._budget -= 1
            rows.append(self._row(child, depth, level))
        if not rows:
            return ""
        return "".join(rows) if self._heading else f"<ul>{''.join(rows)}</ul>"

    def _row(self, child: Node, depth: int, level: int) -> str:
        more = self.of(child, depth - 1, level + 1)
        said = excerpt(child, self._desk) if self._excerpts else ""
        if self._heading:
            return f"<{self._heading}>{link(child)}</{self._heading}>{said}{more}"
        if self._folded and more:
            opened = " open" if level < self._folded else ""
            return f"<li><details{opened}><summary>{link(child)}</summary>{more}</details></li>"
        return f"<li>{link(child)}{said}{more}</li>"

    def _ordered(self, root: Node) -> list[Node]:
        nodes = [one for one in self._desk.tree.children.get(root.out, ()) if one.kind is not Kind.BLOG]
        order = (self._found.get("sort") or "").lower()
        if order == "title":
            nodes.sort(key=lambda node: fold(node.title))
        elif order in ("modified", "creation"):
            nodes.sort(key=lambda node: _when(self._desk, node, created=order == "creation"))
        if yes(self._found, "reverse"):
            nodes.reverse()
        return nodes[: self._first] if self._first else nodes


def _when(desk: Desk, node: Node, *, created: bool) -> str:
    known = desk.updated(node)
    if known is None:
        return ""
    return known.created if created else known.when


def excerpt(node: Node, desk: Desk) -> str:
    """Return the excerpt of a page; empty where it has none."""
    parsed = desk.parsed(node)
    tokens = parsed.excerpt("") if parsed else None
    return desk.fragment(node, tokens) if tokens else ""


def content_by_label(found: Directive, desk: Desk) -> str:
    """`contentbylabel`: the pages that carry labels or answer a query."""
    try:
        nodes = chosen(found, desk)
    except Unanswerable as unknown:
        return unanswered(found, desk, str(unknown.args[0]))
    kind = (found.get("excerptType") or ("simple" if yes(found, "excerpt") else "")).lower()
    heading = f'<p class="list-title">{escape(found.get("title") or "")}</p>' if found.get("title") else ""
    rows = []
    for node in nodes:
        said = excerpt(node, desk) if kind not in ("", "none", "false") else ""
        carried = _carried(node) if yes(found, "showLabels", default=True) else ""
        rows.append(f"<li>{link(node)}{carried}{said}</li>")
    return heading + (_listing(f"<ul>{''.join(rows)}</ul>") if rows else _none("No page matches."))


def content_table(found: Directive, desk: Desk) -> str:
    """`content-report-table`: the pages that carry labels, with when they changed."""
    try:
        nodes = chosen(found, desk, default=20)
    except Unanswerable as unknown:
        return unanswered(found, desk, str(unknown.args[0]))
    rows = "".join(
        f"<tr><td>{link(node)}</td><td>{escape(_author(desk, node))}</td><td>{_date(desk, node)}</td></tr>"
        for node in nodes
    )
    if not rows:
        return _none("No page matches.")
    head = "<thead><tr><th>Title</th><th>Author</th><th>Modified</th></tr></thead>"
    return f'<div class="scroll" tabindex="0"><table>{head}<tbody>{rows}</tbody></table></div>\n'


def recently_updated(found: Directive, desk: Desk) -> str:
    """`recently-updated`: the pages that were saved last."""
    kinds = {kind.rstrip("s") for kind in listed(found.get("types"))} or {"page", "blogpost", "blog"}
    labels = {fold(label) for label in listed(found.get("labels"))}
    known = [
        (entry.when, node)
        for node in desk.tree.nodes.values()
        if (entry := desk.updated(node)) is not None
        and ("page" in kinds if node.kind is Kind.PAGE else bool(kinds & {"blogpost", "blog", "news"}))
        and (not labels or labels & {fold(label) for label in node.meta.labels})
    ]
    known.sort(key=lambda pair: (pair[0], pair[1].out), reverse=True)
    rows = []
    for when, node in known[: number(found.get("max"), _RECENT, _LISTED)]:
        author = _author(desk, node)
        rows.append(f"<li>{link(node)} {time(when)}{f' by {escape(author)}' if author else ''}</li>")
    heading = "" if yes(found, "hideHeading") else '<p class="list-title">Recently updated</p>'
    return heading + _listing(f"<ul>{''.join(rows)}</ul>") if rows else placeholder(found, desk)


def blog_posts(found: Directive, desk: Desk) -> str:
    """`blog-posts`: the newest posts, as titles, with an excerpt, or whole."""
    labels = {fold(label) for label in listed(found.get("labels"))}
    posts = [
        post for post in desk.tree.posts if not labels or labels & {fold(one) for one in post.meta.labels}
    ]
    content = (found.get("content") or "titles").lower()
    rows = []
    for post in posts[: number(found.get("max"), _POSTS, _LISTED)]:
        said = excerpt(post, desk) if content == "excerpts" else ""
        if content == "entire":
            parsed = desk.parsed(post)
            said = desk.fragment(post, parsed.shown) if parsed else ""
        rows.append(f"<li>{link(post)} {time(post.date)}{said}</li>")
    return _listing(f"<ul>{''.join(rows)}</ul>") if rows else _none("There are no blog posts yet.")


def list_labels(found: Directive, desk: Desk) -> str:
    """`listlabels`, `popular-labels`: every label of the site, with how many pages carry it."""
    counts: dict[str, int] = {}
    for node in desk.tree.nodes.values():
        for label in dict.fromkeys(node.meta.labels):
            counts[label] = counts.get(label, 0) + 1
    names = sorted(
        counts, key=lambda one: (-counts[one], one) if found.name == "popular-labels" else (0, one)
    )
    rows = [f"<li>{desk.label_link(name)} ({counts[name]})</li>" for name in names[: _count(found)]]
    return f'<ul class="labels">{"".join(rows)}</ul>\n' if rows else _none("No page has a label.")


def _count(found: Directive) -> int:
    return number(found.get("count"), 100 if found.name == "popular-labels" else _LISTED, _LISTED)


def contributors(found: Directive, desk: Desk) -> str:
    """`contributors`: who saved the pages last, as far as the folder knows."""
    names = dict.fromkeys(name for node in _scope(found, desk) if (name := _author(desk, node)))
    if not names:
        return placeholder(found, desk)
    return f"<p>{', '.join(escape(name) for name in names)}</p>\n"


def _scope(found: Directive, desk: Desk) -> Iterable[Node]:
    root = desk.find(found.get("page") or found.label or "") or desk.host
    nodes = [root]
    if (found.get("scope") or "") in ("children", "descendants"):
        nodes += desk.tree.children.get(root.out, ())
    return nodes


def change_history(found: Directive, desk: Desk) -> str:
    """`change-history`: the newest version; all of them are on the history page, where there is one."""
    known = desk.updated(desk.host)
    if known is None:
        return placeholder(found, desk)
    author = f" by {escape(known.author)}" if known.author else ""
    return f"<p>Version {known.version}, {time(known.when)}{author}</p>\n"


def search_here(_: Directive, desk: Desk) -> str:
    """`livesearch`, `pagetreesearch`: a way into the site's own search."""
    return desk.safe('<p class="search-here"><a href="#site:search">Search these pages</a></p>\n')


def _carried(node: Node) -> str:
    if not node.meta.labels:
        return ""
    return f' <span class="carried">{escape(", ".join(node.meta.labels))}</span>'


def _author(desk: Desk, node: Node) -> str:
    known = desk.updated(node)
    return known.author if known else ""


def _date(desk: Desk, node: Node) -> str:
    known = desk.updated(node)
    return time(known.when) if known else ""


def _listing(rows: str) -> str:
    return f'<div class="listing">{rows}</div>\n' if rows else ""


def _none(words: str) -> str:
    return f'<p class="nothing">{words}</p>\n'


MACROS: Mapping[str, Macro] = {
    "children": children,
    "pagetree": pagetree,
    "contentbylabel": content_by_label,
    "content-by-label": content_by_label,
    "content-report-table": content_table,
    "recently-updated": recently_updated,
    "recently-updated-dashboard": recently_updated,
    "blog-posts": blog_posts,
    "listlabels": list_labels,
    "popular-labels": list_labels,
    "contributors": contributors,
    "contributors-summary": contributors,
    "change-history": change_history,
    "livesearch": search_here,
    "pagetreesearch": search_here,
}
