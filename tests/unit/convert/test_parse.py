"""The lexer's spans are expat's: two ways to the same tree, on pages, on real bodies, on random pieces."""

import contextlib
import time
from pyexpat import ParserCreate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.pages import PageMaker
from confsync.convert.storage.parse import MAX_DEPTH, Node, parse
from confsync.errors import MalformedStorage

PROLOGUE = b"<!DOCTYPE r SYSTEM 'x'><r>"
PIECES = (
    "<p>", "</p>", "<p/>", "<br />", "<b", "</b >", '<a x="1>2">', "</a>", "<a y='\">'/>", "<i z='/'>", "</i>",
    "text", "é€𝄞", "&nbsp;", "&lt;", "&bogus;", "&#160;", "&", ">", "<", "/>", '"', "'", "<!-- a > b -->", "<!--",
    "-->", "<![CDATA[<p>&bogus;]]>", "<![CDATA[", "]]>", "<?x y?>", "<!DOCTYPE a>", '<ac:link ri:a="&quot;">',
    "</ac:link>", "<A\n a = '1'\n>", "</A>", "\ufffe", "\ud800",
)  # fmt: skip
Span = tuple[str, int, int, int, int]


def spans(node: Node) -> list[Span]:
    """Every element inside a node, in document order."""
    out: list[Span] = []
    for kid in node.kids:
        out += [(kid.tag, kid.start, kid.open_end, kid.close_start, kid.end), *spans(kid)]
    return out


def by_expat(source: str) -> list[Span]:
    """The same, from the offsets of a validating parser's events: a tag ends where the next event begins."""
    found: list[list[object]] = []
    stack: list[list[object]] = []
    waiting: list[tuple[list[object], int]] = []
    parser = ParserCreate("utf-8")
    parser.UseForeignDTD(True)  # noqa: FBT003  (C functions without keywords)

    def here() -> int:
        at = parser.CurrentByteIndex - len(PROLOGUE)
        while waiting:
            element, place = waiting.pop()
            element[place] = at
        return at

    def start(tag: str, _said: object) -> None:
        made: list[object] = [tag, here(), 0, 0, 0]
        found.append(made)
        stack.append(made)
        waiting.append((made, 2))

    def end(_tag: str) -> None:
        made = stack.pop()
        at = here()
        made[3] = at
        waiting.append((made, 4))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.DefaultHandler = lambda _data: here()
    parser.Parse(PROLOGUE + source.encode("ascii", "replace") + b"</r>", True)  # noqa: FBT003
    return [tuple(element) for element in found[1:]]  # type: ignore[misc]


def assert_same(source: str) -> None:
    assert spans(parse(source)) == [
        # An element without content ends where it begins to end.
        (tag, start, open_end, max(close, open_end), max(end, open_end))
        for tag, start, open_end, close, end in by_expat(source)
    ]


def test_the_spans_of_made_pages() -> None:
    for seed in range(10):
        assert_same(PageMaker(seed).page(3_000))


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_the_spans_of_random_pieces(source: str) -> None:
    try:
        parse(source)
    except MalformedStorage:
        return
    assert_same(source)


@pytest.mark.parametrize(
    "source",
    ["<p>", "</p>", "<p></b>", "<p a=1/>", "a & b", "a < b", "<p a='1' a='2'/>", "]]>", "<!-- a -- b -->", "<p",
     "&bogus;", '<p a="&bogus;"/>', "\x01", "\ufffe", "\ud800", "<!DOCTYPE x>", "<![CDATA[", "<p>" * (MAX_DEPTH + 1)],
)  # fmt: skip
def test_what_is_no_body_is_refused_with_a_reason(source: str) -> None:
    with pytest.raises(MalformedStorage) as refused:
        parse(source)
    assert str(refused.value)


@pytest.mark.parametrize(
    "source", ["<![CDATA[&bogus;]]>", "<!-- &bogus; -->", "&apos;&nbsp;&#1114111;", "<p/>é"]
)
def test_what_only_looks_like_an_unknown_entity_is_none(source: str) -> None:
    parse(source)


@pytest.mark.parametrize(
    "source",
    ["<![CDATA[" * 100_000, "<!--" * 200_000, "<?" * 400_000, "<" * 800_000, '<p a="' * 100_000, "<p a='\"'" * 100_000,
     "<a " + "/" * 800_000, "<a " + '"x"' * 300_000, "<p>" * 300_000, "</p" * 300_000, "<![CDATA[&x;]]>" * 50_000,
     "&x;" * 200_000],
    ids=["sections", "comments", "instructions", "signs", "quotes", "both quotes", "slashes", "strings", "depth",
         "ends", "entities in sections", "entities"],
)  # fmt: skip
def test_hostile_markup_costs_its_length(source: str) -> None:
    start = time.process_time()
    with contextlib.suppress(MalformedStorage):
        parse(source)
    assert time.process_time() - start < 1
