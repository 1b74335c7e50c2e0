"""The merge on real Markdown, read by the lens."""

import os
from itertools import pairwise
from pathlib import Path

import pytest

from confsync.convert import blocks_of, get
from confsync.merge import MarkerLabels, Merged, Side, merge_text
from confsync.model.record import load_record

LABELS = MarkerLabels("local", "Confluence v3 (Ann, 2026-11-23)")
SAMPLE = Path(__file__).parents[2] / "sample-space"


def li(*inner: str) -> str:
    return "".join(f"<li>{text}</li>" for text in inner)


def row(*cells: str, tag: str = "td") -> str:
    return f"<tr>{''.join(f'<{tag}><p>{cell}</p></{tag}>' for cell in cells)}</tr>"


PANEL = (
    '<ac:structured-macro ac:name="info" ac:schema-version="1" ac:macro-id="m1">'
    '<ac:parameter ac:name="title">Title</ac:parameter>'
    "<ac:rich-text-body><p>Inside panel.</p><p>Second one.</p></ac:rich-text-body></ac:structured-macro>"
)
TIP = (
    '<ac:structured-macro ac:name="tip"><ac:rich-text-body><p>Alert text.</p>'
    f"<ul>{li('<p>x</p>')}</ul></ac:rich-text-body></ac:structured-macro>"
)
CODE = (
    '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">python</ac:parameter>'
    "<ac:plain-text-body><![CDATA[def f():\n    return 1\n\nprint(f())]]></ac:plain-text-body></ac:structured-macro>"
)
STORAGE = (
    "<p>Hello <strong>brave</strong> world, this is a paragraph with some text.</p>"
    f"<ul>{li('<p>one</p>', '<p>two</p><ul>' + li('<p>nested a</p>', '<p>nested b</p>') + '</ul>', '<p>three</p>')}</ul>"
    f"{PANEL}{TIP}<table><tbody>{row('h1', 'h2', tag='th')}{row('a', 'b')}{row('c', 'd')}</tbody></table>{CODE}"
    f"<ol>{li('<p>first</p>', '<p>second</p>')}</ol><p>Last.</p>"
)
MINE = """Hello **brave** world, this is
a paragraph with some text.

<!-- TODO: mine -->

* one
* two
    * nested a
    * nested b
* three

:::info[Title]

Inside panel.

Second one.

:::

> [!TIP]
>
> Alert text.
>
> * x

| h1   | h2   |
| ---- | ---- |
| a    | b    |
| c    | d    |

```python
def f():
    return 1

print(f())
```

1. first
1. second

Last.
"""


def merged(local: str, remote: str, base: str = STORAGE) -> Merged:
    was, theirs = get(base), get(remote)
    return merge_text(
        Side(was.markdown, was.blocks),
        Side(local, blocks_of(local)),
        Side(theirs.markdown, theirs.blocks),
        labels=LABELS,
        read=blocks_of,
    )


def changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        (("nested b", "nested bee"), ("    * nested b", "    * nested bee")),
        (("<p>x</p></li>", "<p>x</p></li><li><p>y</p></li>"), ("> * x\n", "> * x\n> * y\n")),
        (("<li><p>three</p></li>", "<li><p>2.5</p></li><li><p>three</p></li>"), ("* three", "* 2.5\n* three")),
        (("second</p></li>", "second</p></li><li><p>third</p></li>"), ("1. second\n", "1. second\n1. third\n")),
        ((">Title<", ">New title<"), (":::info[Title]", ":::info[New title]")),
        (("<p>Second one.</p>", ""), ("Second one.\n\n", "")),
        (("<p>Second one.</p>", f"<p>Second one.</p>{CODE}"), (
            "Second one.\n",
            "Second one.\n\n```python\ndef f():\n    return 1\n\nprint(f())\n```\n",
        )),
        (("<p>d</p>", "<p>dd</p>"), ("| c    | d    |", "| c    | dd   |")),
        (("<tr><td><p>c</p>", f"{row('n', 'm')}<tr><td><p>c</p>"), ("| c    |", "| n | m |\n| c    |")),
        (("return 1", "return 2"), ("return 1", "return 2")),
        (("<p>Last.</p>", "<hr /><p>Last.</p>"), ("Last.", "---\n\nLast.")),
        (("<strong>brave</strong>", "<em>brave</em>"), (
            "Hello **brave** world, this is\na paragraph", "Hello *brave* world, this is\na paragraph",
        )),
    ],
)  # fmt: skip
def test_a_pull_changes_only_the_lines_of_what_changed(
    remote: tuple[str, str], expected: tuple[str, str]
) -> None:
    theirs = changed(STORAGE, remote)
    result = merged(MINE, theirs)
    assert not result.conflicts
    assert result.text == changed(MINE, expected)
    assert [block.key for block in blocks_of(result.text)] == [block.key for block in get(theirs).blocks]


def test_a_new_column_rewrites_its_table_only() -> None:
    theirs = changed(
        STORAGE,
        ("h2</p></th>", "h2</p></th><th><p>h3</p></th>"),
        ("<p>b</p></td>", "<p>b</p></td><td><p>B</p></td>"),
    )
    theirs = changed(theirs, ("<p>d</p></td>", "<p>d</p></td><td><p>D</p></td>"))
    edited = MINE.replace("| b    |", "| mine |")
    table = MINE[MINE.index("| h1") : MINE.index("```python")]
    new = "| h1 | h2 | h3 |\n| --- | --- | --- |\n| a | mine | B |\n| c | d | D |\n\n"
    assert merged(edited, theirs).text == MINE.replace(table, new)


def test_two_writers_meet_only_where_they_meet() -> None:
    mine = changed(
        MINE,
        ("some text", "some lovely text"),
        ("return 1", "return 3"),
        ("nested a", "nested A"),
        ("Alert", "Loud"),
    )
    theirs = changed(
        STORAGE, ("Hello ", "Hi "), ("return 1", "return 2"), ("nested b", "nested B"), ("Inside", "In the")
    )
    result = merged(mine, theirs)
    assert len(result.conflicts) == 1
    expected = changed(mine, ("Hello", "Hi"), ("nested b", "nested B"), ("Inside", "In the"))
    assert result.ours == expected
    assert result.theirs == expected.replace("return 3", "return 2")
    marked = result.marked
    assert marked[marked.index("<<<<<<<") : marked.index("=======")] == (
        "<<<<<<< local\n```python\ndef f():\n    return 3\n\nprint(f())\n```\n"
    )


def test_marks_that_would_cross_are_a_conflict() -> None:
    base = "<p>alpha beta gamma</p>"
    result = merged("**alpha beta** gamma\n", "<p>alpha <strong>beta gamma</strong></p>", base)
    assert result.conflicts or result.text == "**alpha beta gamma**\n"


def bodies() -> list[str]:
    return [
        load_record(path.read_bytes()).page.body for path in sorted(SAMPLE.glob(".confsync/pages/*/*.page"))
    ]


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="the sample space is not here")
def test_a_pull_of_every_sample_page_into_every_other_says_what_the_remote_says() -> None:
    """Neighbouring pages stand for a remote edit of everything."""
    pages = [body for body in bodies() if body]
    for base, remote in pairwise(pages):
        result = merged(get(base).markdown, remote, base)
        assert not result.conflicts
        assert [b.key for b in blocks_of(result.text)] == [b.key for b in get(remote).blocks]


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="the sample space is not here")
def test_deleting_any_block_of_a_sample_page_remotely_leaves_all_other_lines_alone() -> None:
    for body in bodies()[:: int(os.environ.get("CONFSYNC_SAMPLE_STEP", "4"))]:
        was = get(body)
        for gone in was.blocks[:8]:
            rest = was.markdown[: gone.span[0]] + was.markdown[gone.span[1] :]
            result = merge_text(
                Side(was.markdown, was.blocks),
                Side(was.markdown, was.blocks),
                Side(rest, blocks_of(rest)),
                labels=LABELS,
            )
            kept = [line for line in was.markdown.splitlines() if line]
            cut = was.markdown[slice(*gone.span)].splitlines()
            left = [line for line in result.text.splitlines() if line]
            assert len(kept) - len(left) == len([line for line in cut if line])


def test_two_edits_in_one_cell_of_an_html_table_go_together() -> None:
    cell = "<p>Choose the <code>group mode</code> first.</p><ul><li><p>member</p></li><li><p>unique</p></li></ul>"
    base = f'<table><tbody><tr><td rowspan="2"><p>Type</p></td><td>{cell}</td></tr><tr><td><p>b</p></td></tr></tbody></table>'
    local, remote = base.replace("unique", "mine"), base.replace("first", "theirs")
    result = merged(get(local).markdown, remote, base)
    assert not result.conflicts
    assert result.text == get(local.replace("first", "theirs")).markdown
