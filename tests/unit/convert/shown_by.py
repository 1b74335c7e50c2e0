"""What a page and what a renderer of Markdown show, in one form in which the two can be compared.

A list of events: the beginnings and ends of elements that mean something, text with its white space collapsed,
code as it is. Paragraphs in list items and cells count for nothing (tight or loose is not in storage format),
nor do attributes other than targets.
"""

import html
import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from confsync.convert.markdown.target import canonical

_SAME = {"b": "strong", "i": "em", "s": "del", "strike": "del"}
_SHOWN = frozenset(
    ("h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "table", "tr", "td", "th", "a", "strong",
     "em", "del", "u", "sub", "sup", "ins", "mark", "code")
)  # fmt: skip
_BLOCKS = frozenset(
    ("h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "table", "tr", "td", "th")
)
_CODE = re.compile(
    r'<ac:structured-macro ac:name="code"[^>]*>.*?<ac:plain-text-body>(.*?)</ac:plain-text-body></ac:structured-macro>',
    re.DOTALL,
)
_IMAGE = re.compile(
    r'<ac:image([^>]*)>\s*<ri:(?:attachment ri:filename|url ri:value)="([^"]*)"\s*/>.*?</ac:image>', re.DOTALL
)
_ALT = re.compile(r'ac:alt="[^"]*"')


def by_renderer(markdown: str) -> list[str]:
    """What CommonMark with tables and strikethrough shows."""
    made = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    made.normalizeLink = str  # type: ignore[method-assign,assignment]
    return _events(made.render(markdown))


def by_page(storage: str) -> list[str]:
    """What a body in storage format shows."""
    code = _CODE.sub(lambda m: f"<pre><code>{_cdata(m[1])}</code></pre>", storage)
    return _events(_IMAGE.sub(_img, code))


def _img(found: re.Match[str]) -> str:
    alt = _ALT.search(found[1])
    return f'<img {alt[0][3:] if alt else ""} src="{found[2]}">'


def _cdata(body: str) -> str:
    return html.escape(re.sub(r"<!\[CDATA\[(.*?)\]\]>", r"\1", body, flags=re.DOTALL), quote=False)


def _events(source: str) -> list[str]:
    reader = _Events()
    reader.feed(source)
    reader.close()
    return reader.settled()


class _Events(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []
        self.inside: list[str] = []
        self.pre = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag, said = _SAME.get(tag, tag), dict(attrs)
        if tag == "pre":
            self.pre = True
            self.out.append("<pre>")
        elif tag == "br":
            self.out.append("<br>")
        elif tag == "hr":
            self.out.append("<hr>")
        elif tag == "img":
            self.out.append(f"<img {canonical(said.get('src') or '')} {said.get('alt') or ''}>")
        elif tag in _SHOWN and not (self.pre and tag == "code"):
            if tag == "p" and set(self.inside) & {"li", "td", "th"}:
                self.out.append("|")
                return
            self.inside.append(tag)
            start = said.get("start") if tag == "ol" and said.get("start") not in (None, "1") else ""
            self.out.append(f"<{tag}{start}{' ' + canonical(said.get('href') or '') if tag == 'a' else ''}>")

    def handle_endtag(self, tag: str) -> None:
        tag = _SAME.get(tag, tag)
        if tag == "pre":
            self.pre = False
            self.out.append("</pre>")
        elif tag in self.inside and not (self.pre and tag == "code"):
            while self.inside.pop() != tag:
                pass
            self.out.append(f"</{tag}>")
        elif tag == "p":
            self.out.append("|")

    def handle_data(self, data: str) -> None:
        if self.pre:
            self.out.append(data if data.endswith("\n") else data + "\n")
        else:
            self.out.append(re.sub(r"[ \t\r\n]+", " ", data))

    def settled(self) -> list[str]:
        """Text joined, without the spaces at the edges of blocks and breaks."""
        joined: list[str] = []
        for event in self.out:
            if joined and not _is_sign(event) and not _is_sign(joined[-1]):
                joined[-1] = re.sub(" {2,}", " ", joined[-1] + event)
            else:
                joined.append(event)
        text = "\0".join(joined)
        edges = r"(?:</?(?:" + "|".join(sorted(_BLOCKS)) + r")\d*>|<br>|<hr>|</?pre>|\||<img [^>]*>)"
        text = re.sub(rf"({edges}) +", r"\1", re.sub(rf" +\0({edges})", r"\0\1", text.replace("\0 \0", "\0")))
        text = re.sub(rf"({edges})\0 +", "\\1\0", text)
        return [event for event in text.split("\0") if event.strip() and event != "|"]


def _is_sign(event: str) -> bool:
    return event == "|" or (event.startswith("<") and event.endswith(">"))
