"""What people type who never read how we write it: the same things in GitHub's or HTML's spelling."""

import pytest

from confsync.convert import get, put

IMAGE = '<ri:attachment ri:filename="b.png" /></ac:image>'


@pytest.mark.parametrize(
    ("typed", "storage"),
    [
        ('![a](b.png "My title")', f'<ac:image ac:title="My title" ac:alt="a">{IMAGE}'),
        ('![a](b.png "My `t`"){width=30}', f'<ac:image ac:width="30" ac:title="My `t`" ac:alt="a">{IMAGE}'),
        ('<img src="b.png" alt="a" width="300">', f'<ac:image ac:width="300" ac:alt="a">{IMAGE}'),
        ("Press <kbd>Ctrl</kbd>", "<p>Press <code>Ctrl</code></p>"),
        (
            "<details><summary>More</summary>\n\nText\n\n</details>",
            ('<ac:structured-macro ac:name="expand" ac:schema-version="1"><ac:parameter ac:name="title">More</ac:parameter>'
            "<ac:rich-text-body><p>Text</p></ac:rich-text-body></ac:structured-macro>"),
        ),
        ("a | b\n--|--\nc | d", ("<table><tbody><tr><th><p>a</p></th><th><p>b</p></th></tr>"
         "<tr><td><p>c</p></td><td><p>d</p></td></tr></tbody></table>")),
        ("Text[^1]\n\n[^1]: A *note*", "<p>Text[^1]</p><p>[^1]: A <em>note</em></p>"),
        ("One\n===\n\nTwo\n---", "<h1>One</h1><h2>Two</h2>"),
    ],
)  # fmt: skip
def test_it_makes_the_same_storage_and_stays_as_typed(typed: str, storage: str) -> None:
    assert put(f"{typed}\n", None).storage == storage
    assert put(f"{typed}\n", storage).unchanged
    assert not get(storage).opaque


@pytest.mark.parametrize(
    ("base", "becomes"),
    [
        ("<p>Text</p>", '<p style="text-align: center;">Text</p>'),
        ("Text", '<p style="text-align: center;">Text</p>'),
        ('<p class="x">Text</p>', '<p style="text-align: center;" class="x">Text</p>'),
    ],
)
def test_text_is_aligned_by_hand(base: str, becomes: str) -> None:
    assert put(":::align{center}\n\nText\n\n:::\n", base).storage == becomes


@pytest.mark.parametrize(
    "typed",
    [
        "::macro[livetable]{limit=5}",
        ":::macro[hide]{when=always}\n\nText\n\n:::",
        "```macro-html {a=b}\n<b>\n```",
        "In a line :macro[badge]{text=new}.",
        "::macro[recent]{spaces=confluence:space/DOC}",
    ],
)
def test_a_macro_typed_without_its_id_is_not_made_anew(typed: str) -> None:
    made = put(f"{typed}\n", None).storage
    answered = made.replace(' ac:schema-version="1"', ' ac:schema-version="1" ac:macro-id="given"')
    assert put(f"{typed}\n", answered).unchanged
    assert put(f"{typed}\n\nMore.\n", answered).storage == f"{answered}<p>More.</p>"
    assert put(f"{typed}\n\n{typed}\n", answered).storage == answered + made


def test_a_copy_of_code_keeps_what_looks_like_an_id_or_a_comment() -> None:
    code = '<x ac:macro-id="5"><ac:inline-comment-marker ac:ref="r">'
    body = f"<ac:plain-text-body><![CDATA[{code}]]></ac:plain-text-body></ac:structured-macro>"
    base = f'<ac:structured-macro ac:name="code" ac:macro-id="9">{body}'
    fence = f"```\n{code}\n```\n"
    assert put(f"{fence}\n{fence}", base).storage == f'{base}<ac:structured-macro ac:name="code">{body}'
