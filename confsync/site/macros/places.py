"""What stands for something elsewhere: cards, films, Jira issues, people, anchors."""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlsplit

from confsync.convert.markdown.directive import Directive
from confsync.site.html.inlines import mention
from confsync.site.macros.desk import Desk, Macro, placeholder

_FILMS = ("youtube.com", "youtu.be", "vimeo.com", "dailymotion.com", "loom.com")


def card(found: Directive, desk: Desk) -> str:
    """`card`, `embed`, `widget`, `iframe`: a link in a box, for nothing is loaded from elsewhere."""
    target = found.target or found.get("url") or found.get("src") or (found.label or "")
    if not target.startswith(("http://", "https://")):
        return placeholder(found, desk)
    host = urlsplit(target).netloc.rpartition("@")[2]
    film = any(host == one or host.endswith(f".{one}") for one in _FILMS)
    own = found.label if found.name in ("card", "embed") else None
    label = own or ("Watch the video" if film else target)
    kind = "card film" if film else "card"
    where = f'<span class="card-site">{escape(host)}</span>'
    return f'<p class="{kind}"><a href="{escape(target)}">{escape(label)}</a> {where}</p>\n'


def jira(found: Directive, desk: Desk) -> str:
    """`jira`: one issue, or a query, as a link to where it is answered."""
    key = found.get("key") or ""
    if key and key.replace("-", "").replace("_", "").isalnum():
        way = f'<a href="jira:{escape(key)}">{escape(key)}</a>'
        return f'<p class="card">{way} <span class="card-site">Jira</span></p>\n'
    query = found.get("jqlQuery") or found.get("jql") or found.get("jqlquery") or ""
    if not query:
        return placeholder(found, desk)
    return (
        '<p class="macro"><span class="macro-name">Jira issues</span> '
        f"<code>{escape(query)}</code>{desk.jira_search(query) or desk.on_server()}</p>\n"
    )


def anchor(found: Directive, _: Desk) -> str:
    """`anchor`: a place to link to."""
    return f'<a id="{escape(found.label or found.get("default") or "")}"></a>'


def person(found: Directive, desk: Desk) -> str:
    """`profile`, `profile-picture`: a name, where the folder knows it."""
    account = found.get("user") or found.get("User") or (found.target or "").rpartition("/")[2]
    name = desk.person(account)
    return f"<p>{mention(escape(f'@{name}'))}</p>\n" if name else placeholder(found, desk)


MACROS: Mapping[str, Macro] = {
    "card": card,
    "embed": card,
    "widget": card,
    "iframe": card,
    "jira": jira,
    "jiraissues": jira,
    "anchor": anchor,
    "profile": person,
    "profile-picture": person,
    "include": lambda found, desk: desk.include(found),
    "excerpt-include": lambda found, desk: desk.include(found),
}
