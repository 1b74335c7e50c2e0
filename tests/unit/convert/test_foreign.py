"""HTML of browsers and exporters becomes Markdown in our forms, one way."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confsync.convert import get, put
from confsync.convert.foreign import MAX_SIZE, html_to_markdown
from confsync.errors import ConvertError


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<h1>Install</h1><h2>First</h2><p>Text.</p>", "# Install\n\n## First\n\nText.\n"),
        ("<p>a <b>bold </b>and <em>em</em></p>", "a **bold** and *em*\n"),
        ("<p>one\n1. two\n# three</p>", "one 1. two # three\n"),
        ("<p>1. no list, *no* mark_up_, a_b, [x](y), a|b</p>", "1\\. no list, \\*no\\* mark_up\\_, a_b, \\[x\\](y), a|b\n"),
        ("<p>:status[x] and ::: y</p><p>::: z</p>", ":<!-- -->status[x] and ::: y\n\n:<!-- -->:: z\n"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c\n"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n<!-- -->\n\n- b\n"),
        ('<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b\n"),
        ('<ul><li><input type="checkbox" checked> a</li><li><input type="checkbox"> b</li></ul>', "- [x] a\n- [ ] b\n"),
        ("<p>a<br>b</p>", "a\\\nb\n"),
        ('<pre class="brush: js">a  b</pre>', "```js\na  b\n```\n"),
        ('<pre><code class="language-python">```\nx\n</code></pre>', "````python\n```\nx\n````\n"),
        ("<p>x</p><pre>a\n\n\n\nb</pre>", "x\n\n```\na\n\n\n\nb\n```\n"),
        ('<a href="https://x.example/">https://x.example/</a>', "<https://x.example/>\n"),
        ('<a href="a b(1).html">c</a>', "[c](a%20b%281%29.html)\n"),
        ('<a href="javascript:alert(1)">c</a><script>x</script><style>y</style>', "c\n"),
        ('<img src="data:image/png;base64,AAAA" alt="dot"> <img src="a b.png" alt="A [1]">', "dot ![A \\[1\\]](a%20b.png)\n"),
        ("<p>H<sub>2</sub>O <u>u</u> <mark>m</mark></p>", "H<sub>2</sub>O <u>u</u> <mark>m</mark>\n"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b\n"),
        ("<details><summary>More</summary><p>in</p></details>", ":::expand[More]\n\nin\n\n:::\n"),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td>1|2</td><td><p>x</p><p>y</p></td></tr></table>",
         "| A | B |\n| --- | --- |\n| 1\\|2 | x<br><br>y |\n"),
        ("<table><tr><td>1</td></tr></table>", "|  |\n| --- |\n| 1 |\n"),
        ('<table><tr><th colspan="2">A</th></tr><tr><td rowspan="2">1</td><td>2</td></tr><tr><td>3</td></tr></table>',
         "| A |  |\n| --- | --- |\n| 1 | 2 |\n|  | 3 |\n"),
        ("<table><tr><td><ul><li>a</li></ul></td><td><pre>b|c</pre></td></tr></table>",
         "|  |  |\n| --- | --- |\n| <ul><li>a</li></ul> | `b\\|c` |\n"),
        ("<p>a<p>b<li>c", "a\n\nb\n\n- c\n"),
        ("", ""),
    ],
)  # fmt: skip
def test_forms(html: str, markdown: str) -> None:
    assert html_to_markdown(html) == markdown


def test_what_it_writes_is_ours_to_read() -> None:
    html = "<h2>A</h2><ul><li>a</li></ul><table><tr><th>x</th></tr><tr><td>y</td></tr></table><pre>z</pre>"
    markdown = html_to_markdown(html)
    assert get(put(markdown, None).storage).markdown == markdown


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab *_`[]()<>:|#-1.\\{}!&~$\n", max_size=40))
def test_text_stays_text(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    storage = put(html_to_markdown(f"<p>{escaped}</p>"), None).storage
    words = " ".join(text.split())
    shown = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert storage == (f"<p>{shown}</p>" if shown else "")


def test_it_is_bounded() -> None:
    with pytest.raises(ConvertError, match="longer"):
        html_to_markdown("x" * (MAX_SIZE + 1))
    with pytest.raises(ConvertError, match="deep"):
        html_to_markdown("<div>" * 1000)
    start = time.process_time()
    html_to_markdown('<table><tr><td colspan="999999999" rowspan="99999">x' * 30)
    html_to_markdown("<ol>" + "<li>x" * 5000)
    assert time.process_time() - start < 5
