"""Storage documents over all constructs, nested, as Hypothesis draws them; every id occurs once."""

import re
from itertools import count

from hypothesis import strategies as st

Text = st.SearchStrategy[str]
ID = "\x00"
"""Stands for an id until the document is whole."""
WORDS = st.sampled_from(
    [
        "deploy",
        "the",
        "release",
        "notes",
        "of",
        "every",
        "team",
        "before",
        "friday",
        "noon",
        "with",
        "care",
        "배포",
        "문서",
        "café",
        "naïve",
        "cache",
        "token",
        "R&amp;D",
        "&ldquo;quoted&rdquo;",
        "it&rsquo;s",
        "3&nbsp;km",
        "a*b",
        "snake_case",
        "[x]",
        "#tag",
        "1.",
        "2)",
        "--",
        "~tilde~",
        "x|y",
        "C:\\dir",
        "&lt;tag&gt;",
        ":colon",
        ":status",
        "`tick`",
        "$5",
        "{brace}",
        "![no]",
        "+plus",
        "=equal",
        "&copy;2026",
        "&amp;amp;",
        "\xa0",
        "\u200bzero",
    ]
)
PLAIN = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)


def macro(name: str, inside: str = "", **parameters: str) -> str:
    values = "".join(f'<ac:parameter ac:name="{k}">{v}</ac:parameter>' for k, v in parameters.items())
    return f'<ac:structured-macro ac:name="{name}" ac:schema-version="1" ac:macro-id="{ID}">{values}{inside}</ac:structured-macro>'


def rich(name: str, inside: str, **parameters: str) -> str:
    return macro(name, f"<ac:rich-text-body>{inside}</ac:rich-text-body>", **parameters)


def code(text: str, name: str = "code", **parameters: str) -> str:
    body = text.replace("]]>", "]]]]><![CDATA[>")
    return macro(name, f"<ac:plain-text-body><![CDATA[{body}]]></ac:plain-text-body>", **parameters)


PAGE = '<ri:page ri:content-title="Other page" ri:version-at-save="3" />'
MARKS = (
    "strong",
    "em",
    "u",
    "s",
    "del",
    "sub",
    "sup",
    "code",
    "b",
    "i",
    'span style="color: rgb(7,71,166);"',
)
TOKENS = (
    "<br />",
    '<time datetime="2026-01-02" />',
    f'<ac:link><ri:user ri:account-id="557058:ab" ri:local-id="{ID}" /></ac:link>',
    '<ac:emoticon ac:name="tick" />',
    '<ac:emoticon ac:name="blue-star" ac:emoji-shortname=":rocket:" ac:emoji-id="1f680" ac:emoji-fallback="🚀" />',
    macro("status", title="IN PROGRESS", colour="Yellow"),
    macro("anchor", **{"": "here"}),
    macro("jira", key="PROJ-1", server="Jira"),
    f'<ac:image ac:width="30" ac:inline="true" ac:local-id="{ID}"><ri:attachment ri:filename="a b.png" /></ac:image>',
    f"<ac:link>{PAGE}</ac:link>",
    f"<ac:link>{PAGE}<ac:plain-text-link-body><![CDATA[plain words]]></ac:plain-text-link-body></ac:link>",
    f'<ac:link ac:card-appearance="inline">{PAGE}<ac:link-body>rich <em>words</em></ac:link-body></ac:link>',
    '<ac:link ac:anchor="Some part"><ac:link-body>below</ac:link-body></ac:link>',
    '<ac:link><ri:attachment ri:filename="x.pdf" /><ac:link-body>the file</ac:link-body></ac:link>',
    '<a href="https://example.com/a?b=1&amp;c=2" data-card-appearance="inline">https://example.com/a?b=1&amp;c=2</a>',
    '<a href="https://example.com/" rel="nofollow">a link</a>',
    '<ac:placeholder ac:type="mention">who</ac:placeholder>',
    macro("tooltip", text="odd"),
)


def _marked(pair: tuple[str, str]) -> str:
    return f"<{pair[0]}>{pair[1]}</{pair[0].split(' ')[0]}>"


def inline() -> Text:
    """Content of a paragraph."""
    pieces = st.recursive(
        st.one_of(PLAIN, PLAIN, st.sampled_from(TOKENS)),
        lambda inner: st.one_of(
            st.tuples(st.sampled_from(MARKS), inner).map(_marked),
            inner.map(
                lambda text: f'<ac:inline-comment-marker ac:ref="{ID}">{text}</ac:inline-comment-marker>'
            ),
            inner.map(lambda text: f"<strong>{text} </strong>"),
        ),
        max_leaves=2,
    )
    return st.lists(pieces, min_size=1, max_size=4).map(" ".join)


INLINE = inline()
PARAGRAPH = st.one_of(
    INLINE.map(lambda text: f'<p local-id="{ID}">{text}</p>'),
    INLINE.map(lambda text: f"<p>{text}</p>"),
    INLINE.map(lambda text: f'<p style="text-align: center;">{text}</p>'),
)
HEADING = st.tuples(st.integers(1, 6), INLINE).map(lambda pair: f"<h{pair[0]}>{pair[1]}</h{pair[0]}>")
CODE_TEXT = st.lists(WORDS.map(lambda word: f"{word} = 1"), min_size=1, max_size=3).map("\n".join)
IMAGE = '<ac:image ac:align="center" ac:width="491" ac:local-id="{0}"><ri:attachment ri:filename="a.png" />{1}</ac:image>'
SINGLE = (
    "<hr />", "<p />", "<p><br /></p>", "<p>&nbsp;</p>\n", "<!-- note -->", "\n",
    macro("toc", maxLevel="3"), macro("children", depth="2"), macro("drawio", diagramName="flow"),
    macro("odd-one"), f"<p>{macro('toc')}</p>", IMAGE.format(ID, ""),
    macro("include", **{"": f"<ac:link>{PAGE}</ac:link>"}),
    '<a href="https://example.com/card" data-card-appearance="block">https://example.com/card</a>',
    '<ac:macro ac:name="old"><ac:default-parameter>x</ac:default-parameter></ac:macro>',
    '<ac:adf-extension><ac:adf-node type="extension"><ac:adf-attribute key="x">y</ac:adf-attribute></ac:adf-node></ac:adf-extension>',
    "<pre>one\n  two</pre>",
)  # fmt: skip
LEAF = st.one_of(
    PARAGRAPH,
    PARAGRAPH,
    HEADING,
    st.sampled_from(SINGLE),
    CODE_TEXT.map(lambda text: code(text, language="python")),
    CODE_TEXT.map(lambda text: code(text, "noformat")),
    CODE_TEXT.map(lambda text: code(text, "plain-odd")),
    INLINE.map(lambda text: IMAGE.format(ID, f"<ac:caption><p>{text}</p></ac:caption>")),
)


def _items(inside: Text) -> Text:
    bare = st.tuples(INLINE, st.one_of(st.just(""), _list(PARAGRAPH))).map("".join)
    item = st.one_of(INLINE, bare, inside.map(lambda text: f"<p>first</p>{text}"), PARAGRAPH)
    return st.lists(item.map(lambda text: f'<li local-id="{ID}">{text}</li>'), min_size=1, max_size=3).map(
        "".join
    )


def _list(paragraph: Text) -> Text:
    items = st.lists(paragraph.map(lambda text: f"<li>{text}</li>"), min_size=1, max_size=2).map("".join)
    return st.one_of(
        items.map(lambda text: f"<ul>{text}</ul>"), items.map(lambda text: f'<ol start="1">{text}</ol>')
    )


def _lists(inside: Text) -> Text:
    return st.one_of(
        _items(inside).map(lambda text: f"<ul>{text}</ul>"),
        _items(inside).map(lambda text: f'<ol start="1">{text}</ol>'),
    )


def _task(pair: tuple[str, str, str]) -> str:
    body, status, nested = pair
    return (
        f"<ac:task>\n<ac:task-id>{ID}</ac:task-id>\n<ac:task-status>{status}</ac:task-status>\n"
        f"<ac:task-body>{body}</ac:task-body>{nested}\n</ac:task>\n"
    )


STATUS = st.sampled_from(("complete", "incomplete"))
SPANNED = INLINE.map(lambda text: f'<span class="placeholder-inline-tasks">{text}</span>')


def _tasks(nested: Text) -> Text:
    task = st.tuples(st.one_of(INLINE, SPANNED), STATUS, nested).map(_task)
    return st.lists(task, min_size=1, max_size=3).map(
        lambda tasks: f"<ac:task-list>\n{''.join(tasks)}</ac:task-list>"
    )


TASKS = _tasks(st.one_of(st.just(""), _tasks(st.just(""))))


HEADS = st.one_of(
    PLAIN, PLAIN.map(lambda text: f"<p>{text}</p>"), PLAIN.map(lambda text: f"<p><strong>{text}</strong></p>")
)


@st.composite
def _table(draw: st.DrawFn, cells: Text) -> str:
    columns, rows = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    header, first = draw(st.booleans()), draw(st.integers(0, 3)) == 0
    out = []
    for row in range(rows):
        kinds = [
            "th" if (header and not row) or (first and not column) else "td" for column in range(columns)
        ]
        fill = HEADS if header and not row else cells
        made = "".join(f'<{kind} class="c{at}">{draw(fill)}</{kind}>' for at, kind in enumerate(kinds))
        out.append(f'<tr ac:local-id="{ID}">{made}</tr>')
    if columns > 1 and draw(st.integers(0, 4)) == 0:
        out.append(f'<tr><td colspan="{columns}"><p>wide</p></td></tr>')
    cols = "".join(f'<col style="width: {100 + at}.0px;" />' for at in range(columns))
    group = draw(st.sampled_from(("", f"<colgroup>{cols}</colgroup>")))
    return f'<table data-layout="wide" ac:local-id="{ID}">{group}<tbody>{"".join(out)}</tbody></table>'


PANELS = (
    "info",
    "note",
    "tip",
    "warning",
    "panel",
    "expand",
    "excerpt",
    "details",
    "odd-body",
    "section",
    "column",
)


def _panel(pair: tuple[str, str]) -> str:
    name, inside = pair
    titles = {
        "panel": {"title": "A title", "bgColor": "#E6FCFF"},
        "expand": {"title": "More"},
        "tip": {"title": "T"},
    }
    return rich(name, inside, **titles.get(name, {}))


def _adf(inside: str) -> str:
    return (
        '<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note</ac:adf-attribute>'
        f'<ac:adf-attribute key="local-id">{ID}</ac:adf-attribute><ac:adf-content>{inside}</ac:adf-content></ac:adf-node>'
        "<ac:adf-fallback><div>copy</div></ac:adf-fallback></ac:adf-extension>"
    )


def _decision(text: str) -> str:
    return (
        '<ac:adf-node type="decision-item"><ac:adf-attribute key="state">DECIDED</ac:adf-attribute>'
        f"<ac:adf-content>{text}</ac:adf-content></ac:adf-node>"
    )


DECISIONS = st.lists(INLINE.map(_decision), min_size=1, max_size=2).map(
    lambda items: (
        f'<ac:adf-extension><ac:adf-node type="decision-list">{"".join(items)}</ac:adf-node></ac:adf-extension>'
    )
)


def _containers(inner: Text) -> Text:
    some = st.lists(inner, min_size=1, max_size=2).map("".join)
    cells = st.one_of(
        INLINE, PARAGRAPH, PARAGRAPH, st.lists(PARAGRAPH, max_size=2).map("".join), _list(PARAGRAPH), some
    )
    return st.one_of(
        st.tuples(st.sampled_from(PANELS), some).map(_panel),
        some.map(_adf),
        some.map(lambda text: f"<blockquote>{text}</blockquote>"),
        _lists(inner),
        _table(cells),
        _table(st.one_of(INLINE, PARAGRAPH)),
        TASKS,
        DECISIONS,
    )


BLOCK = st.recursive(LEAF, _containers, max_leaves=4)
BLOCKS = st.lists(BLOCK, min_size=1, max_size=4).map("".join)
SECTION = st.tuples(BLOCKS, BLOCKS).map(
    lambda pair: (
        '<ac:layout-section ac:type="two_equal">'
        f"<ac:layout-cell>{pair[0]}</ac:layout-cell><ac:layout-cell>{pair[1]}</ac:layout-cell></ac:layout-section>"
    )
)
SINGLE_SECTION = BLOCKS.map(
    lambda text: (
        f'<ac:layout-section ac:type="fixed-width"><ac:layout-cell>{text}</ac:layout-cell></ac:layout-section>'
    )
)
LAYOUT = st.lists(st.one_of(SECTION, SINGLE_SECTION), min_size=1, max_size=2).map(
    lambda sections: f"<ac:layout>{''.join(sections)}</ac:layout>"
)


def _numbered(storage: str) -> str:
    numbers = count(1)
    return re.sub(ID, lambda _: f"id{next(numbers)}", storage)


def storages() -> Text:
    """Whole bodies."""
    return st.one_of(BLOCKS, BLOCKS, LAYOUT).map(_numbered)
