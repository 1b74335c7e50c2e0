"""What a reviewer is told of an edit: the constructs it touches, by name."""

import pytest

from confsync.convert.touched import touched

PANEL = '<ac:structured-macro ac:name="info"><ac:rich-text-body>{}</ac:rich-text-body></ac:structured-macro>'
MARKED = '<p>One <ac:inline-comment-marker ac:ref="r">{}</ac:inline-comment-marker> more.</p>'
TABLE = "<table><tbody><tr><td>{}</td></tr></tbody></table>"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("<p>a</p>", "<p>b</p>", {}),
        (PANEL.format("<p>a</p>"), PANEL.format("<p>b</p>"), {"`info`": 1}),
        (PANEL.format("<p>a</p>") * 2, PANEL.format("<p>a</p>"), {"`info`": 1}),
        (MARKED.format("word"), MARKED.format("words"), {"inline comment": 1}),
        (MARKED.format("word"), MARKED.format("word").replace("more", "less"), {}),
        (TABLE.format("a"), TABLE.format(PANEL.format("<p>b</p>")), {"table": 1, "`info`": 1}),
        ("<p>a</p>", "<p>a", {}),
    ],
)
def test_what_is_touched(before: str, after: str, told: dict[str, int]) -> None:
    assert touched(before, after) == told
