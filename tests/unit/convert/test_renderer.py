"""What a renderer shows of Markdown written by hand is what goes to the page."""

import pytest

from confsync.convert import get, put
from tests.unit.convert.shown_by import by_page, by_renderer

PLAIN = {
    "paragraphs": "One\ntwo\n\nThree\n",
    "headings": "# One #\n\n## Two *em*\n\nThree\n=====\n\nFour\n-----\n\n###### Six\n",
    "a heading without blank lines": "Text\n# Heading\nText\n",
    "emphasis": "*a* _b_ **c** __d__ ***e*** *g **h** i* a*b*c a_b_c **j*k*\n",
    "strikethrough": "~~a~~ b ~~**c**~~ ~d~\n",
    "code": "`a` ``b ` c`` ` d ` `e  f` `<b>` `\\`\n",
    "hard breaks": "one  \ntwo\\\nthree\nfour\n",
    "trailing spaces": "one   \n\ntwo \n",
    "escapes": "\\*a\\* \\# \\[b\\](c) \\\\ \\` 1\\. x \\<b\\> \\& \\~\\~d\\~\\~ \\q\n",
    "entities": "&copy; &amp; &lt;b&gt; &#65; &#x42; &nope; a&nbsp;b\n",
    "links": "[a](http://b) [c](<http://d e> \"t\") [f *g*](http://h 'i') [j]( http://k )\n",
    "reference links": '[a][b] [b][] [b] [c]\n\n[b]: http://x "t"\n[c]:\n  <http://y>\n',
    "references in other blocks": "> [a]\n\n- [a]\n1. [a]\n\n[a]: http://x\n",
    "brackets that are none": "[a] [b](c d) [e\n\n](f)\n",
    "autolinks": "<http://a.b/c?d=e&f=g> <me@example.com>\n",
    "images": '![a](http://b/c.png) text ![d *e*](f.png "g") ![](h.png)\n',
    "an image in a link": "[![a](b.png)](http://c) text\n",
    "bullets": "- a\n- b\n\n* c\n* d\n\n+ e\n",
    "loose bullets": "- a\n\n- b\n\n  c\n- d\n",
    "nested bullets": "- a\n  - b\n    - c\n\n      d\n  - e\n- f\n",
    "numbers": "1. a\n2. b\n\n5) c\n6) d\n\n0. e\n",
    "numbers in bullets": "- a\n  1. b\n  2. c\n- d\n",
    "a list that interrupts": "text\n- a\ntext\n\ntext\n2. no list\n",
    "items with blocks": "- a\n\n  > b\n\n      code\n\n  ```\n  c\n  ```\n- # d\n",
    "empty items": "- a\n-\n- b\n",
    "items that begin with code": "-     a\n\n- b\n",
    "tabs": "-\ta\n\n\tb\n\n1.\tc\n\n\tcode\n",
    "lazy lines": "> a\nb\n\n- c\nd\n",
    "quotes": "> a\n> b\n>\n> > c\n> d\n\n> e\n",
    "quotes with blocks": "> # a\n> - b\n>   c\n>\n> ```\n> d\n> ```\n",
    "indented code": "    a\n      b\n\n    c\n\ntext\n    no code\n",
    "fences": "```python\na  b\n\n  c\n```\n\n~~~\n```\n~~~\n\n````\n```\n````\n",
    "a fence that never closes": "```\na\n\nb\n",
    "an empty fence": "```\n```\n\ntext\n",
    "rules": "text\n\n***\n\n- - -\n\n___\n\ntext\n",
    "tables": "| a | b |\n| :-- | --: |\n| *c* | `d` |\n| e \\| f | g |\n",
    "tables without edges": "a | b\n-|-\nc | d\ne\nf | g | h\n\ntext\n",
    "tables with code": "| a |\n|---|\n| `b \\| c` |\n",
    "tables after text": "text\n| a | b |\n|---|---|\n| c | d |\n",
    "no table": "| a | b |\n| c | d |\n",
    "comments": "a <!-- b --> c\n\n<!-- d -->\n\ne\n",
    "marks of HTML": "a<sub>b</sub> c<sup>d</sup> <u>e</u> <ins>f</ins> g<br>h\n",
    "marks of HTML around marks": "<u>**a** b</u> **<u>c</u>**\n",
    "other alphabets": "**你好**世界 *ü*ber ~~é~~ **Ω**\n",
    "punctuation at marks": '**"a"** *(b)* a**"c"**d **e**.\n',
    "line ends of Windows": "# a\r\n\r\nb\r\nc  \r\nd\r\n\r\n- e\r\n- f\r\n",
    "line ends of old": "# a\r\rb\rc\r",
    "no last line end": "a\n\n- b",
    "blank lines": "\n\n\na\n\n\n\nb\n\n\n",
    "a backslash at the end": "a\\\n",
    "long runs": "*** a ***b*** __ c\n",
    "links with brackets": "[a [b] c](http://d) [e\\]](http://f) [g](http://h_(i))\n",
    "titles with quotes": '[a](http://b "c \\"d\\"")\n',
}  # fmt: skip


@pytest.mark.parametrize("markdown", PLAIN.values(), ids=PLAIN)
def test_what_is_shown_is_on_the_page(markdown: str) -> None:
    assert by_page(put(markdown, None).storage) == by_renderer(markdown)


@pytest.mark.parametrize("markdown", PLAIN.values(), ids=PLAIN)
def test_it_comes_back_as_it_was_sent(markdown: str) -> None:
    storage = put(markdown, None).storage
    assert by_page(put(get(storage).markdown, None).storage) == by_page(storage)
    assert put(markdown, storage).storage == storage


GITHUB = {
    "a BOM": ("\ufeff# a\n", "<h1>a</h1>"),
    "an alert": ("> [!NOTE]\n> a\n", '<ac:structured-macro ac:name="info"'),
    "an alert in lower case": ("> [!tip]\n> a\n", '<ac:structured-macro ac:name="tip"'),
    "a checkbox": ("- [x] a\n- [ ] b\n", "<ac:task-status>complete</ac:task-status>"),
    "a checkbox with a reference": ("- [ ] [a][b]\n\n[b]: http://c\n", '<a href="http://c">a</a>'),
    "some checkboxes": ("- [x] a\n- b\n", "<li><p>[x] a</p></li>"),
    "details": ("<details>\n<summary>a</summary>\n\nb\n\n</details>\n", '<ac:parameter ac:name="title">a</ac:parameter>'),
    "a footnote": ("a[^1]\n\n[^1]: b\n", "<p>a[^1]</p><p>[^1]: b</p>"),
    "a centred picture": ('<p align="center">\n  <img src="a.png" width="9">\n</p>\n', '<ri:attachment ri:filename="a.png" />'),
    "a centred heading": ('<h1 align="center">a <em>b</em></h1>\n\nc\n', "<h1>a <em>b</em></h1><p>c</p>"),
    "a wrapper": ("<div>\n\n**a**\n\n</div>\n", "<p><strong>a</strong></p>"),
    "a generic type": ("List<String>\n", "<p>List&lt;String&gt;</p>"),
    "the size of a picture": ("![a](b.png){width=300}\n", 'ac:width="300"'),
    "an attribute said twice": ("![a](b.png){width=300 width=200}\n", 'ac:width="200"'),
    "braces behind a picture": ("![a](b.png)\\{width=300}\n", "{width=300}"),
    "math": ("$`a_b`$\n", "a_b"),
    "marks over two paragraphs of a cell": ("| a |\n|---|\n| **b<br><br>c *d*** |\n", "<p><strong>b</strong></p><p><strong>c <em>d</em></strong></p>"),
}  # fmt: skip


@pytest.mark.parametrize(("markdown", "expected"), GITHUB.values(), ids=GITHUB)
def test_what_people_write_on_github(markdown: str, expected: str) -> None:
    storage = put(markdown, None).storage
    assert expected in storage
    assert put(markdown, storage).storage == storage
