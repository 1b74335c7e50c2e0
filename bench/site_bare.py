"""The calibration job: the same pages with markdown-it-py, Pygments and Jinja2 alone, in one process.

What the documentation of the three shows, with the caches anybody would add: no navigation beyond a list of
siblings, no search, no check of any link, nothing sanitised.
"""

import sys
from functools import lru_cache
from html import escape
from pathlib import Path

from jinja2 import Environment
from markdown_it import MarkdownIt
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.tasklists import tasklists_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
<link rel="stylesheet" href="{{ up }}style.css"></head><body>
<nav>{% for url, name in siblings %}<a href="{{ url }}">{{ name }}</a>{% endfor %}</nav>
<main><h1>{{ title }}</h1>{{ body | safe }}</main></body></html>
"""
_FORMATTER: "HtmlFormatter[str]" = HtmlFormatter(nowrap=True)


@lru_cache
def _lexer(name: str) -> Lexer:
    return get_lexer_by_name(name)


def _highlight(code: str, name: str, _: str) -> str:
    return highlight(code, _lexer(name), _FORMATTER) if name else escape(code)


def render(source: Path, out: Path) -> int:
    """Render every page of a folder; return how many."""
    parser = (
        MarkdownIt("commonmark", {"highlight": _highlight})
        .enable(["table", "strikethrough"])
        .use(front_matter_plugin)
        .use(tasklists_plugin)
        .use(anchors_plugin, max_level=4)
    )
    template = Environment(autoescape=True).from_string(PAGE)
    paths = sorted(source.rglob("*.md"))
    for path in paths:
        relative = path.relative_to(source)
        siblings = [(f"{one.stem}.html", one.stem) for one in sorted(path.parent.glob("*.md"))]
        html = template.render(
            title=path.stem, up="../" * (len(relative.parts) - 1), siblings=siblings,
            body=parser.render(path.read_text(encoding="utf-8")),
        )  # fmt: skip
        target = (out / relative).with_suffix(".html")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(html, encoding="utf-8")
    return len(paths)


if __name__ == "__main__":
    print(render(Path(sys.argv[1]), Path(sys.argv[2])), "pages")
