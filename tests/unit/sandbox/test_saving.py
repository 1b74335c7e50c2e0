"""What a server does to storage when it is saved."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confsync.sandbox.refusals import Malformed
from confsync.sandbox.saving.check import check
from confsync.sandbox.saving.markers import mark, marked
from confsync.sandbox.saving.normalise import Saving
from confsync.sandbox.saving.text import plain_text
from confsync.sandbox.saving.tokens import tokens

SAVE = Saving(new_id=lambda: "id-1", page_version=lambda title, _space: 7 if title == "Known & co" else None)
MACRO = '<ac:structured-macro ac:name="info" ac:schema-version="1" ac:macro-id="id-1">'


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("<p>a<br/>b<hr/></p>", "<p>a<br />b<hr /></p>"),
        ('<ac:structured-macro ac:name="info"></ac:structured-macro>', f"{MACRO}</ac:structured-macro>"),
        (
            '<ac:structured-macro ac:macro-id="m" ac:local-id="l" ac:name="x"/>',
            '<ac:structured-macro ac:name="x" ac:schema-version="1" ac:local-id="l" ac:macro-id="m" />',
        ),
        ("<p>ä — “x” …</p>", "<p>&auml; &mdash; &ldquo;x&rdquo; &hellip;</p>"),
        ("<p>it's</p>", "<p>it&#039;s</p>"),
        ("<p>⚠ 漢字 &#9888; &#x6f22;</p>", "<p>⚠ 漢字 ⚠ 漢</p>"),
        ("<p>\u00a0&nbsp;&#160;</p>", "<p>&nbsp;&nbsp;&nbsp;</p>"),
        ("<p>a<!-- gone -->b</p>", "<p>ab</p>"),
        ("<![CDATA[é <'> ]]]]><![CDATA[>]]>", "<![CDATA[é <'> ]]]]><![CDATA[>]]>"),
        ('<p style="text-align: start;">x</p>', '<p style="">x</p>'),
        ("<p   class='a\"b' >x</p >", '<p class="a&quot;b">x</p>'),
        (
            '<ri:page ri:content-title="Known &amp; co"/>',
            '<ri:page ri:content-title="Known &amp; co" ri:version-at-save="7" />',
        ),
        ('<ri:page ri:content-title="Other"/>', '<ri:page ri:content-title="Other" />'),
        (
            "<ac:task><ac:task-id>4</ac:task-id></ac:task><ac:task><ac:task-body>x</ac:task-body></ac:task>",
            (
                "<ac:task><ac:task-id>4</ac:task-id></ac:task>"
                "<ac:task><ac:task-id>5</ac:task-id><ac:task-body>x</ac:task-body></ac:task>"
            ),
        ),
    ],
)
def test_the_server_writes_it_its_own_way_and_then_leaves_it_alone(sent: str, stored: str) -> None:
    assert SAVE(sent) == stored
    assert SAVE(stored) == stored


def test_a_macro_that_has_its_ids_keeps_its_attributes_in_their_order() -> None:
    macro = '<ac:structured-macro ac:macro-id="m" ac:schema-version="1" ac:name="x" />'
    assert SAVE(macro) == macro


def test_characters_stay_where_the_site_does_not_name_them() -> None:
    assert Saving(named_entities=False)("<p>ä — it's\u00a0</p>") == "<p>ä — it's&nbsp;</p>"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>a</div>", "Unexpected close tag </div>; expected </p>."),
        ("<p>a", "Unexpected EOF; was expecting a close tag for element <p>"),
        ("a & b", "Unexpected character ' ' (code 32) (expected a name start character)"),
        ("a < b", "Unexpected character ' ' (code 32) (expected a name start character)"),
        ("<p [x]>", "Unexpected character '[' (code 91) excepted space, or '>' or \"/>\""),
        ("<p>&foo;</p>", 'Undeclared general entity "foo"'),
        ("<foo:bar/>", 'Undeclared namespace prefix "foo"'),
        ("<p foo:bar='1'/>", 'Undeclared namespace prefix "foo"'),
        ("<p a='1' a='2'/>", "Unexpected character"),
        ("<p x>", "Unexpected character '>' (code 62) expected '='"),
        ("\x01", "Illegal character ((CTRL-CHAR, code 1))"),
        ("]]>", "Unexpected character"),
        ("</xml>", "Unexpected"),
        ("</xml><xml>", "Unexpected"),
        ("<!DOCTYPE x>", "Unexpected"),
    ],
)
def test_what_is_not_well_formed_is_refused_in_the_parsers_words(body: str, words: str) -> None:
    with pytest.raises(Malformed) as caught:
        check(body)
    assert caught.value.reason.startswith("Error parsing xhtml: ")
    assert words in caught.value.reason


@pytest.mark.parametrize(
    "body", ["", "plain", "<p>&nbsp;&auml;&apos;</p>", "<at:var at:name='x'/><ac:x><ri:y/></ac:x>"]
)
def test_fragments_and_html_entities_are_fine(body: str) -> None:
    check(body)


def test_a_selection_is_wrapped_where_it_stands() -> None:
    body = "<p>red it&rsquo;s <em>red</em></p>"
    assert mark(body, "red", 1, "r") == (
        '<p>red it&rsquo;s <em><ac:inline-comment-marker ac:ref="r">red</ac:inline-comment-marker></em></p>'
    )
    assert mark(body, "it’s", 0, "r") is not None
    assert mark(body, "green", 0, "r") is None
    assert mark("<ac:parameter>red</ac:parameter>", "red", 0, "r") is None


INLINE = st.text("ab <>&é—'\"\u00a0漢", max_size=8)


@given(INLINE, INLINE)
def test_saving_never_changes_what_readers_see(first: str, second: str) -> None:
    escaped = [t.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for t in (first, second)]
    body = f"<p>{escaped[0]}</p><ul><li>{escaped[1]}</li></ul>"
    saved = SAVE(body)
    check(saved)
    assert plain_text(saved) == plain_text(body)
    assert SAVE(saved) == saved
    assert "".join(t.source for t in tokens(body)) == body


@given(st.integers(0, 3))
def test_a_marker_changes_nothing_but_itself(index: int) -> None:
    body = "<p>one two</p><p>two <b>two</b></p><p>x &amp; two</p>"
    made = mark(body, "two", index, "r")
    assert made is not None
    assert marked(made) == {"r": "two"}
    assert re.sub(r"</?ac:inline-comment-marker[^>]*>", "", made) == body


def test_a_link_within_its_space_does_not_name_it() -> None:
    save = Saving(space_key="DOCS", page_version=lambda _title, _space: 3)
    link = '<ac:link><ri:page ri:space-key="{}" ri:content-title="T" /></ac:link>'
    assert (
        save(link.format("DOCS"))
        == '<ac:link><ri:page ri:content-title="T" ri:version-at-save="3" /></ac:link>'
    )
    assert 'ri:space-key="OPS"' in save(link.format("OPS"))


def test_a_user_named_by_name_is_kept_by_key() -> None:
    save = Saving(user_key=lambda name: "key-1" if name == "robin" else None)
    assert save('<ri:user ri:username="robin"/>') == '<ri:user ri:userkey="key-1" />'
    assert save('<ri:user ri:username="nobody"/>') == '<ri:user ri:username="nobody" />'


def test_plain_text_is_kept_as_cdata() -> None:
    body = "<ac:plain-text-body>a &lt; b ]]&gt;</ac:plain-text-body>"
    assert Saving()(body) == "<ac:plain-text-body><![CDATA[a < b ]]]]><![CDATA[>]]></ac:plain-text-body>"
