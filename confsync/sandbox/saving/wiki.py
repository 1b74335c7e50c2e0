"""Wiki markup, which the API still takes: converted to storage once, when it is sent."""

import re
from collections.abc import Callable

from confsync.sandbox.saving.elements import cdata, element, spelt

_HEADING = re.compile(r"h([1-6])\.\s*(.*)")
_ITEM = re.compile(r"([*#-]+)\s+(.*)")
_BLOCK_MACRO = re.compile(r"\{(code|noformat|quote|info|tip|note|warning|panel|expand)(?::([^}]*))?\}")
_INLINE = re.compile(
    r"\{\{(?P<code>.+?)\}\}"
    r"|\[(?P<link>[^\]\n]+)\]"
    r"|!(?P<image>[^!\n|]+)(?:\|[^!\n]*)?!"
    r"|(?<!\w)\*(?P<strong>[^*\n]+)\*(?!\w)"
    r"|(?<!\w)_(?P<em>[^_\n]+)_(?!\w)"
    r"|(?<!\w)\+(?P<u>[^+\n]+)\+(?!\w)"
    r"|(?<!\w)-(?P<del>[^-\n]+)-(?!\w)"
    r"|(?P<br>\\\\)"
    r"|\{(?P<macro>[a-z-]+)(?::(?P<parameters>[^}]*))?\}"
)
_PLAIN = ("code", "noformat")


def from_wiki(markup: str) -> str:
    """Storage of wiki markup: headings, lists, tables, rules, quotes, links, pictures, marks and macros."""
    found: list[str] = []
    lines = markup.replace("\r\n", "\n").split("\n")
    while lines:
        found.append(_block(lines))
    return "".join(found)


def _block(lines: list[str]) -> str:
    line = lines.pop(0)
    for pattern, maker in _BLOCKS:
        match = pattern.match(line)
        if match:
            return maker(match, lines)
    return ""


def _heading(match: re.Match[str], _lines: list[str]) -> str:
    return element(f"h{match.group(1)}", {}, _line(match.group(2)))


def _rule(_match: re.Match[str], _lines: list[str]) -> str:
    return element("hr", {}, None)


def _quoted(match: re.Match[str], _lines: list[str]) -> str:
    return element("blockquote", {}, element("p", {}, _line(match.group(1))))


def _items(match: re.Match[str], lines: list[str]) -> str:
    return _list([match.string, *_taken(lines, _ITEM)])


def _rows(match: re.Match[str], lines: list[str]) -> str:
    return _table([match.string, *_taken(lines, re.compile(r"\|"))])


def _paragraph(match: re.Match[str], lines: list[str]) -> str:
    return element("p", {}, "<br />".join(map(_line, [match.string, *_taken(lines, _TEXT)])))


_TEXT = re.compile(
    r"(?!h[1-6]\.|[*#-]+\s|\||\{(?:code|noformat|quote|info|tip|note|warning|panel|expand)|----|bq\. )\s*\S"
)


def _taken(lines: list[str], pattern: re.Pattern[str]) -> list[str]:
    """The lines that go on with the same kind of block."""
    found = []
    while lines and pattern.match(lines[0]):
        found.append(lines.pop(0))
    return found


def _list(lines: list[str]) -> str:
    items = [match.groups() for line in lines if (match := _ITEM.match(line))]
    said, _ = _level(items, 0, 1)
    return said


def _level(items: list[tuple[str, ...]], at: int, depth: int) -> tuple[str, int]:
    """The list that begins at an item, and where it ends."""
    name = "ol" if items[at][0][-1] == "#" else "ul"
    found = []
    while at < len(items) and len(items[at][0]) >= depth:
        inside = _line(items[at][1])
        at += 1
        while at < len(items) and len(items[at][0]) > depth:
            below, at = _level(items, at, len(items[at][0]))
            inside += below
        found.append(element("li", {}, inside))
    return element(name, {}, "".join(found)), at


def _table(lines: list[str]) -> str:
    rows = []
    for line in lines:
        name, mark = ("th", "||") if line.startswith("||") else ("td", "|")
        cells = line.strip().strip("|").split(mark)
        rows.append(
            element("tr", {}, "".join(element(name, {}, element("p", {}, _line(c.strip()))) for c in cells))
        )
    return element("table", {}, element("tbody", {}, "".join(rows)))


def _macro(match: re.Match[str], lines: list[str]) -> str:
    line, name, end = match.string, match.group(1), f"{{{match.group(1)}}}"
    rest = "\n".join([line[match.end() :], *lines])
    inside, found, after = rest.partition(end)
    if not found:
        return element("p", {}, spelt(line))
    lines[:] = after.split("\n") if after else []
    inside = inside.strip("\n")
    if name == "quote":
        return element("blockquote", {}, from_wiki(inside))
    if name in _PLAIN:
        body = element("ac:plain-text-body", {}, cdata(inside))
    else:
        body = element("ac:rich-text-body", {}, from_wiki(inside))
    return _macro_tag(name, match.group(2) or "", body)


def _macro_tag(name: str, parameters: str, body: str = "") -> str:
    said = []
    for part in filter(None, parameters.split("|")):
        key, equals, value = part.partition("=")
        own = key if equals else {"code": "language"}.get(name, "")
        said.append(element("ac:parameter", {"ac:name": own}, spelt(value if equals else key)))
    return element("ac:structured-macro", {"ac:name": name}, "".join(said) + body)


def _line(markup: str) -> str:
    found, at = [], 0
    for match in _INLINE.finditer(markup):
        found += [spelt(markup[at : match.start()]), _run(match)]
        at = match.end()
    return "".join([*found, spelt(markup[at:])])


def _run(match: re.Match[str]) -> str:
    kind = next(name for name, said in match.groupdict().items() if said is not None and name != "parameters")
    said = match.group(kind)
    match kind:
        case "link":
            return _link(said)
        case "image":
            return element("ac:image", {}, _source(said))
        case "br":
            return element("br", {}, None)
        case "code":
            return element("code", {}, spelt(said))
        case "macro":
            return _macro_tag(said, match.group("parameters") or "")
        case _:
            return element(kind, {}, _line(said))


def _source(name: str) -> str:
    if name.startswith(("http://", "https://")):
        return element("ri:url", {"ri:value": name}, None)
    return element("ri:attachment", {"ri:filename": name}, None)


def _link(said: str) -> str:
    shown, bar, target = said.partition("|")
    target = target if bar else shown
    if re.match(r"(?:https?://|mailto:|/)", target):
        return element("a", {"href": target}, spelt(shown))
    if target.startswith("~"):
        return element("ac:link", {}, element("ri:user", {"ri:username": target[1:]}, None))
    if target.startswith("^"):
        inside = element("ri:attachment", {"ri:filename": target[1:]}, None)
    elif target.startswith("#"):
        return element("ac:link", {"ac:anchor": target[1:]}, _shown(shown if bar else target[1:]))
    else:
        key, colon, title = target.partition(":")
        own = {"ri:space-key": key, "ri:content-title": title} if colon else {"ri:content-title": target}
        inside = element("ri:page", own, None)
    return element("ac:link", {}, inside + (_shown(shown) if bar else ""))


def _shown(words: str) -> str:
    return element("ac:plain-text-link-body", {}, cdata(words))


_BLOCKS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], list[str]], str]], ...] = (
    (_BLOCK_MACRO, _macro),
    (_HEADING, _heading),
    (re.compile(r"-{4,}\s*$"), _rule),
    (re.compile(r"bq\. (.*)"), _quoted),
    (_ITEM, _items),
    (re.compile(r"\|"), _rows),
    (re.compile(r"\s*\S"), _paragraph),
)
