"""Fenced code: highlighted by Pygments into classes, with title, line numbers and folding."""

import re
from functools import lru_cache
from html import escape
from typing import Protocol

from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from confsync.site.html.diagrams import diagram
from confsync.site.html.math import formula

_OPTION = re.compile(r'([A-Za-z][\w.-]*)(?:=(?:"([^"]*)"|`([^`]*)`|([^\s{}]+)))?')
_LANGUAGE = re.compile(r"[^\s{}]*")
_PLAIN = frozenset({"", "text", "txt", "plain", "none", "plaintext"})
_DIAGRAMS = {"plantuml": "PlantUML diagram"}
_MAX_HIGHLIGHTED = 200_000
"""Longer listings are shown without colours: some lexers take quadratic time."""

_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


class Aside(Protocol):
    """Takes HTML that is known to be safe."""

    def safe(self, html: str) -> str:
        """Put it aside; what is returned stands for it."""


def code_block(code: str, info: str, aside: Aside) -> str:
    """Return a fenced block as HTML.

    Args:
        code: the code.
        aside: takes what is safe as it is.
        info: what stands behind the fence: a language and options, `python title="a.py" linenumbers`.
    """
    found = _LANGUAGE.match(info.strip())
    language = found[0].lower() if found else ""
    options = _options(info.strip()[len(language) :])
    if language == "math":
        return aside.safe(formula(code, block=True))
    if language == "mermaid":
        return aside.safe(diagram(code, options.get("title", "")))
    title = options.get("title", "") or (_label(language) if language in _DIAGRAMS else "")
    body = _lines(code, language, options) if _numbered(options) else _coloured(code, language)
    label = title or _label(language)
    caption = f'<figcaption class="{"code-title" if title else "code-lang"}">{escape(label)}</figcaption>'
    classes = "code numbered" if _numbered(options) else "code"
    pre = f'<pre tabindex="0"><code>{body}</code></pre>'
    figure = f'<figure class="{classes}">{caption if label else ""}{pre}</figure>'
    if options.get("collapse", "false") in ("", "true"):
        figure = f'<details class="expand"><summary>{escape(title or "Code")}</summary>{figure}</details>'
    # Most of the tags of a page are colours of code; all of it is escaped here already.
    return f"{aside.safe(figure)}\n"


def inline_code(code: str) -> str:
    """Return a code span."""
    return f"<code>{escape(code)}</code>"


def _options(text: str) -> dict[str, str]:
    return {
        key: quoted or ticked or bare or ""
        for key, quoted, ticked, bare in (match.groups() for match in _OPTION.finditer(text))
    }


def _numbered(options: dict[str, str]) -> bool:
    return options.get("linenumbers", "false") in ("", "true") or "firstline" in options


def _label(language: str) -> str:
    if language in _PLAIN:
        return ""
    if language.startswith("macro-"):
        return f"{language.removeprefix('macro-')} macro"
    return _DIAGRAMS.get(language, language)


def _coloured(code: str, language: str) -> str:
    lexer = _lexer(language)
    if lexer is None or len(code) > _MAX_HIGHLIGHTED:
        return escape(code.rstrip("\n"))
    return highlight(code, lexer, _FORMATTER).rstrip("\n")


def _lines(code: str, language: str, options: dict[str, str]) -> str:
    first = options.get("firstline", "1")
    start = int(first) if first.isdecimal() else 1
    rows = _balanced(_coloured(code, language).split("\n"))
    width = len(str(start + len(rows) - 1))
    return "\n".join(
        f'<span class="ln" data-n="{number:>{width}}"></span>{row}' for number, row in enumerate(rows, start)
    )


_SPAN = re.compile(r"<span[^>]*>|</span>")


def _balanced(rows: list[str]) -> list[str]:
    """Close the colours at the end of each line and open them again on the next."""
    result: list[str] = []
    running: list[str] = []
    for row in rows:
        text = "".join(running) + row
        for tag in _SPAN.findall(row):
            if tag == "</span>" and running:
                running.pop()
            elif tag != "</span>":
                running.append(tag)
        result.append(text + "</span>" * len(running))
    return result


@lru_cache(maxsize=256)
def _lexer(language: str) -> Lexer | None:
    if language in _PLAIN or language in _DIAGRAMS:
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
