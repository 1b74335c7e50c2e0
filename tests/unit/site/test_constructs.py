"""Every construct of the folder's Markdown, as HTML."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

Show = Callable[..., str]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.mark.parametrize(
    ("marker", "style"),
    [
        ("NOTE", "info"),
        ("TIP", "tip"),
        ("WARNING", "note"),
        ("CAUTION", "warning"),
        ("IMPORTANT", "important"),
    ],
)
def test_alerts_are_panels(show: Show, marker: str, style: str) -> None:
    html = show(f"> [!{marker}]\n>\n> Text.\n\n> plain\n")
    assert f'<div class="panel panel-{style}" role="note"' in html
    assert f"[!{marker}]" not in html
    assert html.count("<blockquote>") == 1


def test_text_on_the_line_below_the_marker_is_body(show: Show) -> None:
    assert "<p>is body.</p>" in show("> [!NOTE]\n> is body.\n")


def test_panels_nest_by_their_colons(show: Show) -> None:
    html = show("::::info[Outer]\n\n:::tip\n\nInner.\n\n:::\n\nAfter.\n\n::::\n\nOutside.\n")
    assert re.search(
        r"panel-info.*Outer.*panel-tip.*Inner\..*</div>\s*<p>After\.</p>\s*</div>\s*<p>Outside",
        html,
        re.DOTALL,
    )


def test_a_container_closed_inside_a_list_item_ends_after_the_list(show: Show) -> None:
    html = show(":::info\n\n- one\n\n  :::\n\nOutside.\n")
    assert re.search(r"</ul>\s*</div>\s*<p>Outside", html)


def test_a_container_on_one_line_is_a_container(show: Show) -> None:
    html = show(":::tip some text :::\n\nOutside.\n")
    assert re.search(r'panel-tip"[^>]*><p>some text</p>\s*</div>\s*<p>Outside', html)


def test_an_expand_folds(show: Show) -> None:
    html = show(":::expand[Show \\*it\\*]\n\nBody.\n\n:::\n")
    assert "<summary>Show *it*</summary>" in html
    assert "<p>Body.</p>" in html


def test_a_custom_panel_has_the_nearest_colour(show: Show) -> None:
    assert 'class="panel panel-custom hue-teal"' in show(":::panel[T]{bgColor=#E6FCFF}\n\nx\n\n:::\n")


def test_layouts_are_columns(show: Show) -> None:
    html = show("<!-- layout: two_equal -->\n\nL\n\n<!-- column -->\n\nR\n\n<!-- /layout -->\n\nO\n")
    plain = re.sub(r"\s+", "", html)
    assert (
        '<divclass="layoutlayout-two"><divclass="layout-cell"><p>L</p></div><divclass="layout-cell"><p>R</p></div></div><p>O</p>'
        in plain
    )


def test_section_and_column_keep_their_widths(show: Show) -> None:
    html = show("::::section\n\n:::column{width=33%}\n\nL\n\n:::\n\n::::\n")
    assert '<div class="columns"><div class="column w-35">' in html


def test_status_date_emoji_and_macros_within_a_line(show: Show) -> None:
    html = show(":status[DONE]{green} :date[2026-01-02] :emoji[party-blob] :macro[tip]{#a1} :unknown[x]\n")
    assert '<span class="status status-green">DONE</span>' in html
    assert '<time class="date" datetime="2026-01-02">2 Jan 2026</time>' in html
    assert ":party-blob:" in html
    assert '<span class="macro-inline" title="Shown in Confluence">tip</span>' in html
    assert ":unknown[x]" in html


def test_directives_in_cells_of_html_tables(show: Show) -> None:
    html = show('<table>\n<tr>\n<td rowspan="2">A :status[OK]{green}<br>b</td>\n</tr>\n</table>\n')
    assert '<td rowspan="2">A <span class="status status-green">OK</span><br>b</td>' in html
    assert '<div class="scroll" tabindex="0"><table>' in html


def test_markdown_in_cells_of_html_tables(show: Show) -> None:
    html = show("<table>\n<tr>\n<td>\n\n```bash\nls\n```\n\n</td>\n</tr>\n</table>\n")
    assert re.search(r"<td>\s*<figure class=\"code\">.*</figure>\s*</td>", html, re.DOTALL)


def test_tables_without_a_head_have_none(show: Show) -> None:
    html = show("|  |  |\n| --- | --- |\n| a | b |\n")
    assert "<thead>" not in html
    assert "<td>a</td>" in html


def test_header_columns(show: Show) -> None:
    assert '<th scope="row">a</th>' in show(
        "<!-- table: headerColumn -->\n\n|  |  |\n| --- | --- |\n| a | b |\n"
    )


def test_tasks_and_decisions(show: Show) -> None:
    html = show("- [x] done [@Jane](confluence:user/1)\n- [ ] open\n\n:::decisions\n\n- [x] yes\n\n:::\n")
    assert '<li class="task done"><span class="box" role="img" aria-label="Done"' in html
    assert '<li class="task"><span class="box" role="img" aria-label="To do"' in html
    assert '<li class="decision done"><span class="box" role="img" aria-label="Decided"' in html
    assert '<span class="mention">@Jane</span>' in html


def test_code_has_title_numbers_and_colours(show: Show) -> None:
    html = show('```python title="a.py" linenumbers firstline=9\nx = """a\nb"""\n```\n')
    assert '<figcaption class="code-title">a.py</figcaption>' in html
    assert re.findall(r'data-n="([ \d]+)"', html) == [" 9", "10"]
    assert html.count('<span class="s2">') == 2, "a colour that spans lines is closed and opened again"


def test_code_is_shown_as_written(show: Show) -> None:
    assert "&lt;b&gt; &amp;amp; :status[x]" in show("```text\n<b> &amp; :status[x]\n```\n")


def test_math_and_diagrams_stay_readable(show: Show) -> None:
    html = show("$`a_b`$ and\n\n```math\nx < y\n```\n\n```mermaid\na --> b\n```\n")
    assert "<math><mrow><msub><mi>a</mi><mi>b</mi></msub></mrow></math> and" in html
    assert '<math display="block"><mrow><mi>x</mi><mo>&lt;</mo><mi>y</mi></mrow></math>' in html
    assert "<code>a --&gt; b\n</code>" in html


def test_headings_get_githubs_ids_and_move_below_the_title(show: Show) -> None:
    html = show(
        '---\ntitle: T\n---\n# T\n\n# What\'s new?\n\n## A_b C\n\n## A_b C\n\n## <a id="x"></a>Größe\n'
    )
    assert re.findall(r'<h(\d) id="([^"]+)"', html) == [
        ("2", "whats-new"),
        ("3", "a_b-c"),
        ("3", "a_b-c-1"),
        ("3", "größe"),
    ]
    assert html.count("<h1>") == 1
    assert '<a id="x">' in html


def test_the_contents_directive_lists_the_headings_it_is_asked_for(show: Show) -> None:
    html = (
        show("::toc{maxLevel=2}\n\n## A\n\n### B\n\n## C\n")
        .partition('<div class="contents">')[2]
        .partition("</div>")[0]
    )
    assert words(html) == "A C"


def test_children_lists_what_lies_below(show: Show) -> None:
    html = show(
        "::children{depth=2}\n", page__a="x", page__b="y", page__a__deep="z", page__a__deep__deeper="z"
    )
    assert re.findall(r'<li><a href="([^"]+)">', html) == ["page/a.html", "page/a/deep.html", "page/b.html"]


def test_blog_posts_lists_the_newest_ones(show: Show) -> None:
    html = show("::blog-posts{max=1}\n", **{"blog/2026-01-02-old": "x", "blog/2026-03-04-new": "x"})
    assert words(html.partition("</h1>")[2]) == "New 4 Mar 2026"


def test_include_shows_the_other_page_with_its_links_right(show: Show) -> None:
    html = show(
        "::include[Other](sub/other.md)\n", sub__other="Text and [a link](third.md).\n", sub__third="x"
    )
    assert '<a href="sub/third.html">a link</a>' in html


def test_excerpts_are_included_by_name_even_hidden_ones(show: Show) -> None:
    other = ":::excerpt{name=a hidden}\n\nFirst.\n\n:::\n\nNot :excerpt[the *second*]{name=b} this.\n"
    html = show(
        "::excerpt-include[O](other.md){name=a}\n\n::excerpt-include[O](other.md){name=b}\n", other=other
    )
    assert words(html.partition("</h1>")[2]) == "Other First. Other the second"


def test_a_page_that_includes_itself_says_so_and_ends(show: Show) -> None:
    html = show("Before.\n\n::include[O](other.md)\n", other="Inner. \n\n::include[P](page.md)\n")
    assert "Inner." in html
    assert html.count("Before.") == 1


def test_hidden_properties_are_hidden(show: Show) -> None:
    html = show(":::details{hidden}\n\nsecret-words\n\n:::\n\n:::details\n\nshown\n\n:::\n")
    assert "secret-words" not in html
    assert "shown" in html


def test_unknown_macros_say_what_they_are(show: Show) -> None:
    html = show(
        "::macro[drawio: flow]{#a1}\n\n:::macro[hide]{#b2}\n\nBody.\n\n:::\n\n::recently-updated{max=5}\n"
    )
    assert words(html.partition("</h1>")[2]) == "Drawio: flow hide Body. Recently updated"


def test_pictures_with_size_and_caption_are_figures(show: Show, folder: Callable[..., Path]) -> None:
    folder({"page.assets/a.png": "x"})
    html = show("![alt](page.assets/a.png){width=200 align=center}\n*A **bold** caption*\n")
    assert re.search(
        r'<figure class="align-center"><img [^>]*width="200"[^>]*><figcaption>A <strong>bold</strong> caption',
        html,
    )


def test_pictures_of_other_sites_are_links(show: Show) -> None:
    html = show("![track](https://evil.example/t.png)\n")
    assert "<img" not in html
    assert '<a href="https://evil.example/t.png">track</a>' in html


def test_local_comments_are_not_published(show: Show) -> None:
    assert "TODO" not in show("<!-- TODO: nobody sees this -->\n\nText <!-- TODO -->.\n")


def test_literal_colons_are_literal(show: Show) -> None:
    assert "<p>:::info and :status[x]; 12:30 a:b[c]</p>" in show(
        ":<!-- -->::info and :<!-- -->status[x]; 12:30 a:b[c]\n"
    )


def test_deep_nesting_is_not_dropped(show: Show) -> None:
    assert "deepest" in show(
        "".join(f"{'  ' * depth}- {'deepest' if depth == 24 else depth}\n" for depth in range(25))
    )


def test_links_that_no_file_system_takes_are_broken_links(show: Show) -> None:
    assert "<a>long</a>" in show(f"[long]({'x' * 5000})\n")


def test_hints_of_templates_and_words_in_an_apps_macro(show: Show) -> None:
    html = show("Owner: :placeholder[who *is*?]{mention}, :tooltip[some *words*]{#a1b2c3}.\n")
    assert "<em>who *is*?</em>" in html
    assert "some <em>words</em>" in html
    assert "tooltip" not in html
