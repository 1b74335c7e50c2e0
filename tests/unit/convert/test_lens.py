"""Laws and refusals of the lens."""

from pathlib import Path

import mdformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confsync.convert import (
    Links,
    LossKind,
    blocks_of,
    complete_mentions,
    get,
    inline_comment_refs,
    markdown_to_storage,
    pending_mentions,
    put,
    referenced_attachments,
    storage_to_markdown,
)
from confsync.convert.storage.parse import parse
from confsync.errors import MalformedMarkdown, WouldLose
from confsync.model.ids import PageId
from confsync.model.links import LinkTarget

WORDS = st.text("ab é*_`[]<>&~|:#-+.1\\{}!$\xa0\n", min_size=1, max_size=24)
ESCAPE = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(text: str) -> str:
    return "".join(ESCAPE.get(char, char) for char in text)


def inline() -> st.SearchStrategy[str]:
    leaf = WORDS.map(escaped)
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(st.sampled_from(["strong", "em", "del", "u", "sub", "span", "code"]), inner).map(
                lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
            ),
            st.lists(inner, min_size=2, max_size=3).map("".join),
            inner.map(lambda text: f'<ac:inline-comment-marker ac:ref="r">{text}</ac:inline-comment-marker>'),
            inner.map(lambda text: f"{text}<br />x"),
        ),
        max_leaves=5,
    )


def blocks() -> st.SearchStrategy[str]:
    paragraph = inline().map(lambda text: f"<p>{text}</p>")
    simple = st.one_of(
        paragraph,
        inline().map(lambda text: f"<h2>{text}</h2>"),
        st.just("<p />"),
        st.just("<hr />"),
        st.just('<ac:structured-macro ac:name="toc" ac:macro-id="1" />'),
        st.just('<ac:structured-macro ac:name="odd" ac:macro-id="2" />'),
        WORDS.map(lambda text: _code(text)),  # noqa: PLW0108  (defined below)
    )
    return st.recursive(
        simple,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(
                lambda kids: f"<ul><li>{'</li><li>'.join(kids)}</li></ul>"
            ),
            st.lists(inner, min_size=1, max_size=2).map(
                lambda kids: f"<blockquote>{''.join(kids)}</blockquote>"
            ),
            st.lists(inner, min_size=1, max_size=2).map(_panel),
            st.lists(inner, min_size=2, max_size=2).map(_table),
        ),
        max_leaves=6,
    )


def _code(text: str) -> str:
    body = text.replace("]]>", "")
    return f'<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[{body}]]></ac:plain-text-body></ac:structured-macro>'


def _panel(kids: list[str]) -> str:
    inside = "".join(kids)
    return f'<ac:structured-macro ac:name="info"><ac:rich-text-body>{inside}</ac:rich-text-body></ac:structured-macro>'


def _table(kids: list[str]) -> str:
    return f"<table><tbody><tr><th><p>h</p></th><th>{kids[0]}</th></tr><tr><td>x</td><td>{kids[1]}</td></tr></tbody></table>"


DOCUMENTS = st.lists(blocks(), min_size=1, max_size=4).map("".join)


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS)
def test_get_put_by_the_real_path(storage: str) -> None:
    markdown = storage_to_markdown(storage)
    added = put(f"{markdown}\nAdded.\n", storage).storage
    assert added.replace("<p>Added.</p>", "", 1) == storage


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS)
def test_what_get_writes_means_what_the_storage_means(storage: str) -> None:
    # A leading comment defeats the shortcut for text that the base is known to have.
    markdown = f"<!-- local -->\n\n{storage_to_markdown(storage)}"
    assert put(markdown, storage).storage == storage


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS)
def test_markdown_alone_makes_storage_that_says_the_same(storage: str) -> None:
    got = get(storage)
    library = dict(got.placeholders)
    made = put(got.markdown, None, library=library).storage
    parse(made)
    assert put(get(made).markdown, made).unchanged


@settings(max_examples=100, deadline=None)
@given(st.lists(DOCUMENTS, min_size=2, max_size=2), st.randoms(use_true_random=False))
def test_any_mixture_of_blocks_stays_well_formed(pair: list[str], chance: object) -> None:
    base, other = pair
    got = get(base)
    parts = [*got.markdown.split("\n\n"), *get(other).markdown.split("\n\n")]
    chance.shuffle(parts)  # type: ignore[attr-defined]
    edited = (
        "\n\n".join(part for part in parts if not part.startswith((":::", "::")) and "#" not in part) + "\n"
    )
    try:
        made = put(edited, base, allow_loss=True).storage
    except MalformedMarkdown:
        return
    parse(made)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        made = put(text, None, allow_loss=True).storage
    except MalformedMarkdown:
        return
    parse(made)


def test_a_malformed_body_is_carried_whole() -> None:
    got = get("<p>a & b")
    assert "not well-formed" in got.reason
    assert put(got.markdown, "<p>a & b").storage == "<p>a & b"
    with pytest.raises(WouldLose):
        put("new text", "<p>a & b")


def test_losing_an_inline_comment_is_refused() -> None:
    storage = '<p>a <ac:inline-comment-marker ac:ref="r1">b</ac:inline-comment-marker></p><p>c</p>'
    with pytest.raises(WouldLose) as caught:
        put("c\n", storage)
    assert "“b”" in caught.value.losses[0]
    allowed = put("c\n", storage, allow_loss=True)
    assert allowed.storage == "<p>c</p>"
    assert [loss.kind for loss in allowed.losses] == [LossKind.COMMENT]


def test_an_unknown_placeholder_is_refused_and_one_of_the_space_resolves() -> None:
    with pytest.raises(WouldLose):
        put("::macro[x]{#abc123}\n", "<p>a</p>")
    raw = '<ac:structured-macro ac:name="x" ac:macro-id="9" />'
    made = put("a\n\n::macro[x]{#abc123}\n", "<p>a</p>", library={"abc123": raw})
    assert made.storage == '<p>a</p><ac:structured-macro ac:name="x" />'


OPAQUE = '<ac:structured-macro ac:name="x" ac:macro-id="{}"><ac:parameter ac:name="p"><ri:user ri:account-id="1" /></ac:parameter></ac:structured-macro>'


def test_what_is_pasted_from_another_page_of_the_space_is_copied_from_there() -> None:
    """Blocks and words in a line, by the ids that `get` gave them there."""
    there = get(f'{OPAQUE.format(9)}<p local-id="l">a {OPAQUE.format(8)} b</p>')
    assert len(there.placeholders) == 2
    made = put(f"Mine.\n\n{there.markdown}", "<p>Mine.</p>", library=there.placeholders)
    copy = OPAQUE.replace(' ac:macro-id="{}"', "")
    assert made.losses == ()
    assert made.storage == f"<p>Mine.</p>{copy}<p>a {copy} b</p>"


def test_a_placeholder_of_this_page_is_never_looked_up_elsewhere() -> None:
    raw = OPAQUE.format(9)
    (identity,) = get(raw).placeholders
    text = f"a\n\n::macro[x]{{#{identity}}}\n"
    assert put(text, raw, library={identity: "<p>no</p>"}).storage == f"<p>a</p>{raw}"


def test_words_in_a_placeholder_are_no_part_of_the_page_and_that_is_said() -> None:
    raw = OPAQUE.format(9)
    text = get(raw).markdown.replace("[x", "[my x")
    made = put(text, raw)
    assert made.unchanged
    assert [(loss.kind, loss.severe) for loss in made.losses] == [(LossKind.IGNORED, False)]
    made = put(f"{text}\nMore.\n", raw)
    assert made.storage == f"{raw}<p>More.</p>"
    assert [loss.kind for loss in made.losses] == [LossKind.IGNORED]


def test_a_placeholder_keeps_its_bytes_by_the_number_it_had_before_another_went() -> None:
    storage = f"{OPAQUE.format(1)}<p>a</p>{OPAQUE.format(2)}"
    text = get(storage).markdown.split("\n", 2)[2]
    left = put(text, storage).storage
    assert left == f"<p>a</p>{OPAQUE.format(2)}"
    assert put(text, left).unchanged


@pytest.mark.parametrize(
    "text", ["_:date[2026-01-02]_", "*:date[2026-01-02]*", "__:date[2026-01-02]__", "_a :date[2026-01-02]_"]
)
def test_a_directive_may_stand_in_emphasis_of_either_sign(text: str) -> None:
    """Prettier turns stars into underscores."""
    assert '<time datetime="2026-01-02" />' in put(f"{text}\n", None).storage


@pytest.mark.parametrize("text", ["snake_:date[2026-01-02]", "a:date[2026-01-02]", "\\:date[2026-01-02]"])
def test_a_directive_is_no_part_of_a_word(text: str) -> None:
    assert "<time" not in put(f"{text}\n", None).storage


def test_a_page_that_cannot_be_read_says_where_it_can_be_edited() -> None:
    with pytest.raises(WouldLose) as caught:
        put("new text", "<p>a & b")
    assert "in Confluence" in caught.value.hint
    assert "allow" not in caught.value.hint


def test_a_copied_placeholder_gets_ids_of_its_own() -> None:
    storage = '<ac:structured-macro ac:name="x" ac:macro-id="9"><ac:parameter ac:name="a">b</ac:parameter></ac:structured-macro>'
    markdown = storage_to_markdown(storage)
    made = put(f"{markdown}\n{markdown}", storage)
    assert made.storage.count("ac:macro-id") == 1
    assert [loss.kind for loss in made.losses] == [LossKind.COPIED]


def test_ids_survive_what_a_server_changes_by_itself() -> None:
    one = '<ac:structured-macro ac:name="x" ac:macro-id="1" ac:schema-version="1" />'
    other = '<ac:structured-macro ac:name="x" ac:macro-id="2"/>'
    assert storage_to_markdown(one) == storage_to_markdown(other)


LINKS = Links(
    pages=(LinkTarget(PageId("1"), "Other page", "../Other page.md"),), space="DOC", attachments="me.assets"
)


def test_links_inside_the_working_copy_are_relative_paths() -> None:
    storage = (
        '<p><ac:link><ri:page ri:content-title="Other page" /><ac:link-body>it</ac:link-body></ac:link></p>'
    )
    markdown = get(storage, LINKS).markdown
    assert markdown == "[it](../Other%20page.md)\n"
    assert put(markdown.replace("it", "is", 1), storage, LINKS).storage == storage.replace(">it<", ">is<")
    assert put(markdown, None, LINKS).storage == storage


def test_images_lie_in_the_page_s_folder() -> None:
    storage = '<ac:image><ri:attachment ri:filename="스크린샷 (1).png" /></ac:image>'
    markdown = get(storage, LINKS).markdown
    assert markdown == "![](me.assets/스크린샷%20%281%29.png)\n"
    assert put(markdown, None, LINKS).storage == storage


def test_a_directive_nobody_closes_is_an_error_that_names_its_line() -> None:
    with pytest.raises(MalformedMarkdown, match="line 3"):
        markdown_to_storage("a\n\n:::info\n\nb\n")


def test_front_matter_and_its_title_are_not_sent() -> None:
    assert markdown_to_storage("---\ntitle: T\n---\n\n# T\n\nx\n") == "<p>x</p>"


def test_local_comments_are_not_sent() -> None:
    assert put("<!-- TODO -->\n\na\n", "<p>a</p>").unchanged


def test_mentions_wait_for_their_account() -> None:
    markdown = "[@Jane Doe](confluence:user) `[@No](confluence:user)`\n"
    assert pending_mentions(markdown) == ("Jane Doe",)
    with pytest.raises(MalformedMarkdown, match="Jane Doe"):
        put(markdown, None)
    done = complete_mentions(markdown, {"Jane Doe": "557058:ab"})
    assert done.startswith("[@Jane Doe](confluence:user/557058:ab) ")
    assert 'ri:account-id="557058:ab"' in put(done, None).storage


def test_attachments_and_comments_are_found() -> None:
    storage = (
        '<ac:image><ri:attachment ri:filename="a &amp; b.png" /></ac:image>'
        '<ri:attachment ri:filename="other.png"><ri:page ri:content-title="X" /></ri:attachment>'
        '<p><ac:inline-comment-marker ac:ref="r1">x</ac:inline-comment-marker></p>'
    )
    assert referenced_attachments(storage) == {"a & b.png"}
    assert inline_comment_refs(storage) == {"r1"}


def test_spans_of_the_neutral_tree_are_exact() -> None:
    text = (
        "---\nid: 1\n---\n\n# H\n\n- one\n  more\n- two\n\n| a | b |\n| --- | --- |\n| c d | `e` |\n\n> q\n"
    )
    heading, bullets, table, quote = blocks_of(text)
    assert text[slice(*heading.span)] == "# H"
    assert text[slice(*bullets.children[0].children[0].span)] == "one\n  more"
    assert bullets.children[0].children[0].prefix == "  "
    assert [text[slice(*cell.span)] for cell in table.children[1].children] == ["c d", "`e`"]
    assert text[slice(*quote.children[0].span)] == "q"
    assert quote.children[0].prefix == "> "


@pytest.mark.parametrize(
    "text",
    [
        'a <span style="color: red">b</span> c\n',
        "<mark>b</mark>\n",
        ":::align{center}\n\nb\n\n:::\n",
        "a\n\n<br>\n\nb\n",
        "text $`a_b`$\n",
        "<details>\n<summary>T</summary>\n\nb\n\n</details>\n",
        ":::info\nText.\n:::\n",
        ":::info Text. :::\n",
        "> [!NOTE]\n> Text.\n",
    ],
)
def test_what_is_written_by_hand_is_pushed_once(text: str) -> None:
    storage = put(text, None).storage
    assert put(text, storage).storage == storage
    assert put(get(storage).markdown, storage).unchanged


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        ":a[" * 8_000,
        "`" * 20_000,
        "`a" * 10_000,
        "*a **b " * 4_000,
        "<b>" * 5_000,
        "> " * 2_000,
        "{" * 20_000,
    ],
)
def test_hostile_markdown_costs_no_more_than_its_length(text: str) -> None:
    try:
        put(text, None, allow_loss=True)
    except MalformedMarkdown:
        return


@pytest.mark.parametrize(
    "storage",
    [
        "<![CDATA[" * 20_000,
        "<p>" * 3_000,
        "&amp;" * 20_000,
        "<p>" + "* " * 20_000 + "</p>",
        "<p>x</p>" * 3_000,
    ],
)
def test_hostile_storage_costs_no_more_than_its_length(storage: str) -> None:
    assert put(get(storage).markdown, storage).storage == storage


def test_an_alignment_is_written_by_hand() -> None:
    assert put(":::align{center}\n\na\n\n:::\n", '<p local-id="x">a</p>').storage == (
        '<p style="text-align: center;" local-id="x">a</p>'
    )


SAMPLE = (Path(__file__).parent / "fixtures" / "sample.md").read_text(encoding="utf-8")


def test_the_sample_makes_storage_that_says_the_same() -> None:
    made = put(SAMPLE, None).storage
    parse(made)
    again = get(made)
    assert put(again.markdown, made).unchanged
    shown = {block.key for block in again.blocks}
    said = blocks_of(SAMPLE)
    assert sum(block.key in shown for block in said) >= len(said) - 5


def test_formatting_the_sample_is_no_edit() -> None:
    made = put(SAMPLE, None).storage
    formatted = mdformat.text(SAMPLE, extensions={"gfm", "frontmatter"})
    assert put(formatted, made).storage == put(SAMPLE, made).storage
    assert [block.key for block in blocks_of(formatted)] == [block.key for block in blocks_of(SAMPLE)]


def test_an_added_empty_item_looks_like_its_neighbours() -> None:
    for storage in ("<ul><li><p>one</p></li></ul>", "<ul><li>one</li></ul>"):
        inside = "<p />" if "<p>" in storage else ""
        made = put("- one\n-\n", storage).storage
        assert made == storage.replace("</ul>", f"<li>{inside}</li></ul>")


def test_the_columns_of_an_existing_table_are_aligned_only_in_confluence() -> None:
    text = "| a | b |\n| --- | :---: |\n| one | two |\n"
    aligned, plain = put(text, None).storage, put(text.replace(":", ""), None).storage
    assert put(text, plain).storage == plain
    assert put(text.replace("two", "zwei"), plain).storage == plain.replace("two", "zwei")
    added = put(text + "| tre | due |\n", aligned).storage
    assert '<td><p>tre</p></td><td><p style="text-align: center;">due</p></td>' in added
    assert "text-align" not in put(text + "| tre | due |\n", plain).storage
