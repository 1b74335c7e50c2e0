"""Documents and storage are two spellings of one page: what goes over comes back."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confsync.sandbox.adf import from_adf, to_adf
from confsync.sandbox.adf.nodes import Node, attrs, of
from confsync.sandbox.adf.places import Media
from confsync.sandbox.refusals import Invalid
from confsync.sandbox.saving.check import check

SOMEBODY = "557058:robin"
RULE: Node = {"type": "rule"}
ONE: Node = {"colspan": 1, "rowspan": 1}
BACK = (Path(__file__).parent / "storage-and-back.txt").read_text(encoding="utf-8").splitlines()


class Desk:
    """One file, one page, one person."""

    def media(self, filename: str) -> Media | None:
        return Media("file-1", "contentId-7") if filename == "plan.png" else None

    def filename(self, file_id: str) -> str | None:
        return "plan.png" if file_id == "file-1" else None

    def page_address(self, title: str, space_key: str) -> str | None:
        return f"https://site.example/wiki/spaces/{space_key or 'DOCS'}/pages/9/{title}"

    def person_name(self, account_id: str) -> str:
        return "Robin Reyes" if account_id == SOMEBODY else "Somebody"


def over(document: Node) -> str:
    body = from_adf(json.dumps(document), Desk())
    check(body)
    return body


def doc(*content: Node) -> Node:
    return {"type": "doc", "content": list(content), "version": 1}


def para(*content: Node) -> Node:
    return {"type": "paragraph", "content": list(content)} if content else {"type": "paragraph"}


def text(said: str, *marks: Node) -> Node:
    return {"type": "text", "text": said, **({"marks": list(marks)} if marks else {})}


# --------------------------------------------------------------------------------------- any document

words = st.text(st.sampled_from("abc <&>\"'é✓]>"), min_size=1, max_size=12)
simple = st.sampled_from(["strong", "em", "underline", "strike"])
mark_sets: st.SearchStrategy[list[Node]] = st.lists(simple, unique=True, max_size=3).map(
    lambda names: [{"type": name} for name in ("em", "strong", "strike", "underline") if name in names]
)
links: st.SearchStrategy[list[Node]] = st.sampled_from(
    [[], [{"type": "link", "attrs": {"href": "https://example.com/?a=1&b=2"}}]]
)


def _runs(pieces: list[tuple[str, list[Node], list[Node]]]) -> list[Node]:
    """Texts, neighbours of the same marks put together as the editor does."""
    found: list[Node] = []
    for said, link, marks in pieces:
        node = text(said, *link, *marks)
        if found and found[-1].get("marks") == node.get("marks"):
            found[-1] = found[-1] | {"text": f"{found[-1]['text']}{said}"}
        else:
            found.append(node)
    return found


runs = st.lists(st.tuples(words, links, mark_sets), max_size=4).map(_runs)
singles: st.SearchStrategy[Node] = st.sampled_from(
    [
        {"type": "hardBreak"},
        {"type": "emoji", "attrs": {"shortName": ":smile:", "id": "1f604", "text": "😄"}},
        {"type": "date", "attrs": {"timestamp": "1784505600000"}},
        {"type": "mention", "attrs": {"id": SOMEBODY, "text": "@Robin Reyes", "accessLevel": ""}},
        {"type": "inlineCard", "attrs": {"url": "https://example.com/"}},
        {
            "type": "status",
            "attrs": {"text": "DONE", "color": "green", "localId": "l-1", "style": ""},
        },
    ]
)
lines = st.tuples(runs, singles, runs).map(lambda three: [*three[0], three[1], *three[2]]) | runs
paragraphs: st.SearchStrategy[Node] = lines.map(lambda content: para(*content))
codes: st.SearchStrategy[Node] = st.tuples(words, st.sampled_from(["python", "none"])).map(
    lambda two: {
        "type": "codeBlock",
        "attrs": {"language": two[1]},
        "content": [{"type": "text", "text": two[0]}],
    }
)
headings: st.SearchStrategy[Node] = st.tuples(st.integers(1, 6), runs.filter(bool)).map(
    lambda two: {"type": "heading", "attrs": {"level": two[0]}, "content": two[1]}
)
pictures: st.SearchStrategy[Node] = st.sampled_from([None, 320]).map(
    lambda width: {
        "type": "mediaSingle",
        "attrs": {"layout": "center", **({"width": width, "widthType": "pixel"} if width else {})},
        "content": [
            {
                "type": "media",
                "attrs": {"type": "file", "id": "file-1", "collection": "contentId-7", "width": 10},
            }
        ],
    }
)
leaves: st.SearchStrategy[Node] = paragraphs | codes | headings | st.just(RULE) | pictures


def _list(kind: str, attributes: Node, items: list[list[Node]]) -> Node:
    return {
        "type": kind,
        **({"attrs": attributes} if attributes else {}),
        "content": [{"type": "listItem", "content": item} for item in items],
    }


def _grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.lists(some, min_size=1, max_size=3).map(lambda items: _list("bulletList", {}, items)),
        st.lists(some, min_size=1, max_size=3).map(lambda items: _list("orderedList", {"order": 3}, items)),
        some.map(lambda content: {"type": "blockquote", "content": content}),
        st.tuples(st.sampled_from(["info", "success", "warning", "error", "note"]), some).map(
            lambda two: {"type": "panel", "attrs": {"panelType": two[0]}, "content": two[1]}
        ),
        st.tuples(words, some).map(
            lambda two: {"type": "expand", "attrs": {"title": two[0].strip()}, "content": two[1]}
        ),
        some.map(
            lambda content: {
                "type": "table",
                "attrs": {"layout": "default"},
                "content": [
                    {
                        "type": "tableRow",
                        "content": [
                            {
                                "type": "tableHeader",
                                "attrs": {**ONE, "colwidth": [120.0]},
                                "content": content,
                            },
                            {"type": "tableCell", "attrs": {**ONE, "colwidth": [60.0]}, "content": [para()]},
                        ],
                    }
                ],
            }
        ),
    )


documents = st.lists(st.recursive(leaves, _grown, max_leaves=8), max_size=5).map(lambda c: doc(*c))


@settings(max_examples=60, deadline=None)
@given(documents)
def test_any_document_comes_back_from_storage(document: Node) -> None:
    assert to_adf(over(document), Desk()) == document


@settings(max_examples=30, deadline=None)
@given(documents)
def test_a_second_way_over_changes_nothing(document: Node) -> None:
    body = over(document)
    assert over(to_adf(body, Desk())) == body


# ------------------------------------------------------------------------------------------ by example


@pytest.mark.parametrize(
    ("storage", "node"),
    [
        (
            '<p style="text-align: center;">x</p>',
            para(text("x")) | {"marks": [{"type": "alignment", "attrs": {"align": "center"}}]},
        ),
        ("<h2>One</h2>", {"type": "heading", "attrs": {"level": 2}, "content": [text("One")]}),
        (
            '<ac:structured-macro ac:name="note"><ac:rich-text-body><p>x</p></ac:rich-text-body></ac:structured-macro>',
            {"type": "panel", "attrs": {"panelType": "warning"}, "content": [para(text("x"))]},
        ),
        (
            '<p><ac:inline-comment-marker ac:ref="r">x</ac:inline-comment-marker></p>',
            para(text("x", {"type": "annotation", "attrs": {"annotationType": "inlineComment", "id": "r"}})),
        ),
        (
            '<p><span style="color: rgb(255, 0, 16);">x</span></p>',
            para(text("x", {"type": "textColor", "attrs": {"color": "#ff0010"}})),
        ),
        (
            (
                "<ac:task-list><ac:task><ac:task-id>3</ac:task-id><ac:task-status>complete</ac:task-status>"
                "<ac:task-body>ship</ac:task-body></ac:task></ac:task-list>"
            ),
            {
                "type": "taskList",
                "attrs": {"localId": ""},
                "content": [
                    {
                        "type": "taskItem",
                        "attrs": {"localId": "3", "state": "DONE"},
                        "content": [text("ship")],
                    }
                ],
            },
        ),
        (
            '<a href="https://example.com/" data-card-appearance="block">x</a>',
            {"type": "blockCard", "attrs": {"url": "https://example.com/"}},
        ),
        (
            (
                '<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note</ac:adf-attribute>'
                "<ac:adf-content><p>x</p></ac:adf-content></ac:adf-node><ac:adf-fallback><p>x</p></ac:adf-fallback>"
                "</ac:adf-extension>"
            ),
            {"type": "panel", "attrs": {"panelType": "note"}, "content": [para(text("x"))]},
        ),
    ],
)
def test_what_an_element_is_in_a_document(storage: str, node: Node) -> None:
    assert to_adf(storage, Desk())["content"] == [node]


def test_a_link_to_a_page_keeps_its_title_beside_its_address() -> None:
    storage = '<p><ac:link><ri:page ri:content-title="Plan" /><ac:link-body>see</ac:link-body></ac:link></p>'
    (paragraph,) = content_of(to_adf(storage, Desk()))
    (mark,) = of(content_of(paragraph)[0], "marks")
    assert str(attrs(mark)["href"]).endswith("/spaces/DOCS/pages/9/Plan")
    assert over(to_adf(storage, Desk())) == storage


def content_of(node: Node) -> list[Node]:
    found = node["content"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("macro", BACK)
def test_storage_comes_back_from_its_document(macro: str) -> None:
    assert over(to_adf(macro, Desk())) == macro


def test_nodes_without_an_element_are_kept_as_they_are() -> None:
    decision = doc(
        {
            "type": "decisionList",
            "attrs": {"localId": "a"},
            "content": [
                {
                    "type": "decisionItem",
                    "attrs": {"localId": "b", "state": "DECIDED"},
                    "content": [text("We "), text("go", {"type": "strong"})],
                }
            ],
        }
    )
    body = over(decision)
    assert body.startswith('<ac:adf-extension><ac:adf-node type="decisionList">')
    assert to_adf(body, Desk()) == decision


@pytest.mark.parametrize(
    "document",
    ["", "{", "[]", '{"type":"paragraph"}', '{"type":"doc","version":1,"content":[{"type":"marquee"}]}',
     '{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"rule"}]}]}',
     json.dumps({"type": "doc", "version": 1, "content": [json.loads('{"type":"blockquote","content":[' * 80 + "]}" * 80)]}),
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused(document: str) -> None:
    with pytest.raises(Invalid, match="cannot be converted to new editor format"):
        from_adf(document, Desk())
