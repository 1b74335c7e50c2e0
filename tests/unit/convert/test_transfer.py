"""Bodies that go to other pages: references follow, everything else stays byte for byte."""

import pytest

from confsync.convert.transfer import Removal, renumber, without_inline_comments
from confsync.model.ids import PageId, SpaceKey

OLD = "https://old.example/wiki"
REMOVAL = Removal(
    ids={PageId("11"): PageId("91"), PageId("12"): PageId("92")},
    sites={OLD: "http://127.0.0.1:8080/wiki"},
    spaces={SpaceKey("DOCS"): SpaceKey("COPY")},
    titles=frozenset({"Install & run"}),
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<ri:content-entity ri:content-id="11"/>', '<ri:content-entity ri:content-id="91"/>'),
        ("<ri:content-entity ri:content-id='12' />", "<ri:content-entity ri:content-id='92' />"),
        ('<ri:content-entity ri:content-id="110"/>', None),
        (
            f'<a href="{OLD}/spaces/DOCS/pages/11/Install">x</a>',
            '<a href="http://127.0.0.1:8080/wiki/spaces/COPY/pages/91/Install">x</a>',
        ),
        ('<a href="/wiki/spaces/DOCS/pages/12#top">x</a>', '<a href="/wiki/spaces/COPY/pages/92#top">x</a>'),
        (
            f'<a href="{OLD}/pages/viewpage.action?pageId=11&amp;focus=1">x</a>',
            '<a href="http://127.0.0.1:8080/wiki/pages/viewpage.action?pageId=91&amp;focus=1">x</a>',
        ),
        (f'<a href="{OLD}/spaces/DOCS/pages/110/Other">x</a>', None),
        ('<a href="https://elsewhere.example/wiki/spaces/DOCS/pages/11/Install">x</a>', None),
        ("<p>See /wiki/spaces/DOCS/pages/11 in the log.</p>", None),
        (
            '<ac:link><ri:page ri:content-title="Install &amp; run" ri:space-key="DOCS"/></ac:link>',
            '<ac:link><ri:page ri:content-title="Install &amp; run" ri:space-key="COPY"/></ac:link>',
        ),
        ('<ac:link><ri:page ri:content-title="Elsewhere" ri:space-key="DOCS"/></ac:link>', None),
        (
            '<ac:parameter ac:name="pageId">12</ac:parameter>',
            '<ac:parameter ac:name="pageId">92</ac:parameter>',
        ),
        ('<ac:parameter ac:name="count">12</ac:parameter>', None),
        (
            '<ac:plain-text-body><![CDATA[<ri:content-entity ri:content-id="11"/>]]></ac:plain-text-body>',
            None,
        ),
        ('<p>broken <ri:content-entity ri:content-id="11">', None),
    ],
)
def test_references_follow_their_pages(before: str, after: str | None) -> None:
    assert renumber(before, REMOVAL) == (before if after is None else after)


def test_nothing_moved_changes_nothing() -> None:
    body = '<p><ri:content-entity ri:content-id="11"/></p>'
    assert renumber(body, Removal({})) == body


def test_comments_stay_behind_and_their_words_come_along() -> None:
    body = (
        '<p>One <ac:inline-comment-marker ac:ref="a">two <b><ac:inline-comment-marker ac:ref="b">three'
        "</ac:inline-comment-marker></b></ac:inline-comment-marker> four</p>"
        "<ac:plain-text-body><![CDATA[<ac:inline-comment-marker>]]></ac:plain-text-body>"
    )
    assert without_inline_comments(body) == (
        "<p>One two <b>three</b> four</p>"
        "<ac:plain-text-body><![CDATA[<ac:inline-comment-marker>]]></ac:plain-text-body>"
    )
