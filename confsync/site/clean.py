"""The allow-list that every page body goes through: bodies come from anybody who may write to a space.

Links and pictures get their final addresses here too, because raw HTML holds them as well as Markdown does.
"""

import re
from collections import Counter
from collections.abc import Set as AbstractSet
from functools import lru_cache
from html import escape

import nh3

from confsync.errors import MalformedMarkdown
from confsync.site.html.colours import styled_hue
from confsync.site.links import SCHEMES, Linker

RESERVED_ID = "site:"
"""What ids of the page's own chrome begin with; no body can have one of them."""

# fmt: off
_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del",
    "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small",
    "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time",
    "tr", "tt", "u", "ul", "var", "wbr", "audio", "video",
}
# fmt: on
_ATTRIBUTES = {
    "*": {"id", "class", "title", "lang", "dir", "aria-label", "style"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "audio": {"src"},
    "video": {"src"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "time": {"datetime"},
    "span": {"data-n"},
    "ol": {"start"},
    "del": {"datetime"},
    "ins": {"datetime"},
}
_VALUES = {
    "div": {"role": {"note"}, "tabindex": {"0"}},
    "span": {"role": {"img"}, "aria-hidden": {"true"}},
    "pre": {"tabindex": {"0"}},
    "audio": {"controls": {""}, "preload": {"none"}},
    "video": {"controls": {""}, "preload": {"none"}},
    "img": {"loading": {"lazy"}, "decoding": {"async"}},
    "ol": {"type": {"1", "a", "A", "i", "I"}},
}
_CLASSES = re.compile(
    r"panel(-[a-z]+)?|hue-[a-z]+|expand(-body)?|layout(-[a-z-]+)?|column(s)?|w-\d{1,3}|align-[a-z]+|decision(s|-list)?"
    r"|task(s)?|done|box|excerpt|properties|macro(-[a-z]+)?|card(-site)?|status(-[a-z]+)?|subtle|date|emoji|mention"
    r"|math|flat|style-[a-z-]+|outline|list-title|nothing|carried|search-here|box-cell|gallery|across-\d|file|film|included|mermaid-frame|code(-[a-z]+)?|numbered|ln|scroll|anchor|listing|contents|on-server|external|outside-image"
    r"|[a-z]{1,3}[0-9]?"  # Pygments
)


@lru_cache(maxsize=2048)
def _classes(value: str) -> str | None:
    return " ".join(word for word in value.split() if _CLASSES.fullmatch(word)) or None


_NUMBERS = re.compile(r" {0,6}\d{1,7}")
_COUNTED = frozenset({"colspan", "rowspan", "span", "start", "data-n", "width", "height"})


def clean(html: str, linker: Linker, taken: AbstractSet[str] = frozenset()) -> tuple[str, frozenset[str]]:
    """Return a page's body with only what is allowed, its links resolved, and the ids that it has.

    Args:
        html: the body, untrusted.
        linker: resolves `href` and `src`; it remembers what is broken.
        taken: ids that the page has already.

    Raises:
        MalformedMarkdown: its elements are nested so deeply that browsers would give up.
    """
    ids: set[str] = set()
    _check_depth(html)

    def attribute(_: str, name: str, value: str) -> str | None:  # noqa: PLR0911 (one return per attribute)
        match name:
            case "href":
                return linker.link(value)
            case "src":
                return linker.picture(value)
            case "class":
                return _classes(value)
            case "id":
                return _id(value, ids, taken)
            case "style":
                return None
            case _ if name in _COUNTED:
                return value if _NUMBERS.fullmatch(value) else None
            case _:
                return value

    safe = nh3.clean(
        coloured(html),
        tags=_TAGS,
        clean_content_tags={"script", "style", "template", "noscript", "iframe", "object", "svg", "math"},
        attributes=_ATTRIBUTES,
        tag_attribute_values=_VALUES,
        attribute_filter=attribute,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
    return _NO_ALT.sub(r'<img alt=""\1>', _NO_SOURCE.sub(_said_only, safe)), frozenset(ids)


_NO_SOURCE = re.compile(r"<img((?: (?!src=)[a-z-]+=\"[^\"]*\")*)>")
_ALT = re.compile(r' alt="([^"]*)"')


def _said_only(picture: re.Match[str]) -> str:
    """A picture that is nowhere: what it says of itself."""
    found = _ALT.search(picture[1])
    return f'<span class="nothing">{found[1]}</span>' if found and found[1] else ""


_NO_ALT = re.compile(r"<img((?: (?!alt=)[a-z]+=\"[^\"<>]*\")*)>")
_DEEPEST = 400
"""Elements within elements. The sanitiser needs time with the square of it, browsers cut at about 500."""
_OPEN_OR_CLOSE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NOT_DEEPER = frozenset({"br", "col", "dd", "dt", "hr", "img", "input", "li", "p", "td", "th", "tr", "wbr"})
"""Elements that hold nothing, or that the next of their kind ends."""


def _check_depth(html: str) -> None:
    if html.count("<") - html.count("</") < _DEEPEST:
        return
    open_elements: Counter[str] = Counter()
    depth = 0
    for closing, name in _OPEN_OR_CLOSE.findall(html):
        if name in _NOT_DEEPER:
            continue
        if not closing:
            open_elements[name] += 1
            depth += 1
            if depth > _DEEPEST:
                raise MalformedMarkdown("its HTML is nested too deeply", hint="close what it opens")
        elif open_elements[name]:
            open_elements[name] -= 1
            depth -= 1


def visible(storage: str) -> str:
    """Return storage that has no other form as the HTML that it mostly is."""
    html = _LONE.sub(" ", _CDATA.sub(lambda found: escape(found[1]), storage))
    spans = {"colspan", "rowspan"}
    return nh3.clean(html, tags=_TAGS - {"img", "a"}, attributes={"td": spans, "th": spans})


_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_LONE = re.compile(r"<(?:ac|ri):[^<>]*/>|<ac:parameter[^<>]*>[^<>]*</ac:parameter>")
_COLOURED = re.compile(r'<span style="([^"<>]*)">')


def coloured(html: str) -> str:
    """Turn hand-written text colours into classes: inline styles are not allowed to work."""
    return _COLOURED.sub(_colour_class, html)


def _colour_class(found: re.Match[str]) -> str:
    name = styled_hue(found[1])
    return f'<span class="hue-{name}">' if name else "<span>"


def _id(value: str, ids: set[str], taken: AbstractSet[str]) -> str | None:
    """An id of the body: each once, none that the page's chrome uses."""
    if (
        not value
        or value in ids
        or value in taken
        or value.startswith(RESERVED_ID)
        or any(char.isspace() for char in value)
    ):
        return None
    ids.add(value)
    return value
