"""What a server's own saving changes is no difference; what a person could see is one."""

import pytest

from confsync.convert.sameness import says_the_same

MACRO = '<ac:structured-macro ac:name="view-file" ac:macro-id="{id}"><ac:parameter ac:name="name"><ri:attachment ri:filename="{name}"/></ac:parameter></ac:structured-macro>'


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>5 × 3 &amp; more</p>", "<p>5 &times; 3 &amp; more</p>"),
        ('<p local-id="a">words</p>', "<p>words</p>"),
        (MACRO.format(id="1", name="Größe.pdf"), MACRO.format(id="2", name="Gr&ouml;&szlig;e.pdf")),
        ("<p>one<br /></p>", "<p>one<br/></p>"),
    ],
)
def test_spelling_is_no_difference(one: str, other: str) -> None:
    assert says_the_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>words</p>", "<p>other words</p>"),
        ("<p>&amp;lt;</p>", "<p>&lt;</p>"),
        (MACRO.format(id="1", name="a.pdf"), MACRO.format(id="1", name="b.pdf")),
        ("<p>words</p>", ""),
    ],
)
def test_content_is_one(one: str, other: str) -> None:
    assert not says_the_same(one, other)
