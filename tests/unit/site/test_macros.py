"""Macros on the site: lists, reports, files, and what stands behind placeholders."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from confsync.model.content import Attachment, ContentType, Page, Row, Status, Version
from confsync.model.ids import AccountId, AttachmentId, PageId
from confsync.model.record import Record, dump_record, record_path
from confsync.site import SiteReport, build_site

Build = Callable[[Mapping[str, str]], SiteReport]
Show = Callable[..., str]


@pytest.fixture
def body(folder: Callable[[Mapping[str, str]], Path], out: Path) -> Show:
    """The body of `page.md`, with other files around it."""

    def show(text: str, others: Mapping[str, str] | None = None, **more: str) -> str:
        files = {"index.md": "home\n", "page.md": text, **(others or {})} | more
        build_site(folder(files), out)
        html = (out / "page.html").read_text(encoding="utf-8")
        return html.partition("</h1>")[2].partition("</article>")[0]

    return show


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def titles(html: str) -> list[str]:
    return re.findall(r"<li><a[^>]*>([^<]*)</a>", html)


def page(title: str, text: str = "x", **meta: str) -> str:
    keys = "".join(f"{key}: {value}\n" for key, value in meta.items())
    return f"---\ntitle: {title}\n{keys}---\n{text}\n"


LABELLED = {
    "a.md": page("Alpha", ":::excerpt\n\nWhat alpha is.\n\n:::", labels="[ops, red]", id="1"),
    "a/b.md": page("Beta", labels="[ops]", id="2"),
    "c.md": page("Gamma", labels="[red]"),
    "blog/2026-01-02-d.md": page("Delta", labels="[ops]"),
}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("labels=ops type=page", ["Alpha", "Beta"]),
        ("labels=ops", ["Alpha", "Beta", "Delta"]),
        ('labels="ops,red" operator=AND', ["Alpha"]),
        ('labels="ops,-red" type=page', ["Beta"]),
        ("labels=ops max=1", ["Alpha"]),
        ("labels=ops type=page sort=title reverse=true", ["Beta", "Alpha"]),
        ('cql=`label = "ops" and type = page`', ["Alpha", "Beta"]),
        ("cql=`label in (\"red\", 'nowhere') order by title desc`", ["Gamma", "Alpha"]),
        ('cql=`label = "ops" and ancestor = 1`', ["Beta"]),
        ('cql=`(label = "ops" or label = "red") and not title = "Alpha" and type != blogpost`', ["Beta", "Gamma"]),
        ('cql=`title ~ "amm*"`', ["Gamma"]),
        ('cql=`label = "ops" and space not in (currentSpace())`', []),
    ],
)  # fmt: skip
def test_content_by_label_answers_queries(body: Show, parameters: str, expected: list[str]) -> None:
    assert titles(body(f"::contentbylabel{{showLabels=false {parameters}}}\n", LABELLED)) == expected


def test_content_by_label_shows_labels_and_excerpts(body: Show) -> None:
    html = body("::contentbylabel{labels=ops type=page excerptType=simple}\n", LABELLED)
    assert words(html) == "Alpha ops, red What alpha is. Beta ops"


@pytest.mark.parametrize(
    "query", ["watcher = currentUser()", "label =", "(" * 99, "created > now('-4w')", 'x "']
)
def test_a_query_without_an_answer_says_so_politely(body: Show, query: str) -> None:
    html = body(f"::contentbylabel{{cql=`{query}`}}\n", LABELLED)
    assert '<p class="macro"><span class="macro-name">Contentbylabel</span>' in html


def test_children_sort_stop_and_show_excerpts(body: Show) -> None:
    below = {
        "page/a.md": page("Anna", ":::excerpt\n\nFirst.\n\n:::"),
        "page/b.md": page("Bert"),
        "page/b/c.md": page("Cleo"),
    }
    assert titles(body("::children\n", below)) == ["Anna", "Bert"]
    assert titles(body("::children{all=true}\n", below)) == ["Anna", "Bert", "Cleo"]
    assert titles(body("::children{sort=title reverse=true first=1}\n", below)) == ["Bert"]
    assert words(body("::children{excerptType=simple}\n", below)) == "Anna First. Bert"
    assert "<h3><a" in body("::children{style=h3}\n", below)
    assert titles(body("::children[Bert]\n", below)) == ["Cleo"]


def test_a_page_tree_folds(body: Show) -> None:
    below = {"page/b.md": page("Bert"), "page/b/c.md": page("Cleo")}
    html = body("::pagetree{root=@self}\n", below)
    assert re.search(r"<details><summary><a[^>]*>Bert</a></summary><ul><li><a[^>]*>Cleo</a>", html)
    assert titles(body("::pagetree{startDepth=9}\n", below))[-1] == "Cleo"


def test_headings_in_one_line_numbered_or_chosen(body: Show) -> None:
    text = "## One\n\n## Two\n\n### Old things\n"
    assert "One | Two | Old things" in words(body("::toc{type=flat separator=pipe}\n\n" + text))
    assert "1 One 2 Two 2.1 Old things" in words(body("::toc{outline=true}\n\n" + text))
    listed = body("::toc{exclude=`^Old.*s$`}\n\n" + text).partition('<div class="contents">')[2]
    assert "Old" not in listed.partition("</div>")[0]
    zone = body("## Before\n\n:::toc-zone\n\n## Inside\n\n:::\n").partition("<div>")[2]
    assert re.findall(r'<a href="#([a-z]+)">', zone.partition("</div>")[0]) == ["inside"]


def test_an_expression_that_could_hang_is_taken_literally(body: Show) -> None:
    assert "aaaa" in body("::toc{exclude=`(a+)+$`}\n\n## " + "a" * 40 + "!\n\n## Two\n")


def test_page_properties_report_rows_and_columns(body: Show) -> None:
    details = ":::details{id=meta hidden}\n\n| **Owner** | [home](index.md) |\n| --- | --- |\n| State | :status[DONE]{green} |\n\n:::"
    html_table = ":::details\n\n<table>\n<tr>\n<th>State</th>\n<th>Owner</th>\n<th>Size</th>\n</tr>\n<tr>\n<td>open</td>\n<td>Bo</td>\n<td>1</td>\n</tr>\n</table>\n\n:::"
    others = {
        "a.md": page("Alpha", details, labels="[adr]"),
        "b.md": page("Beta", html_table, labels="[adr]"),
        "c.md": page("Gamma", labels="[adr]"),
    }
    html = body(
        "::detailssummary{labels=adr firstcolumn=Decision headings=`State,Owner` sortBy=State}\n", others
    )
    assert re.findall(r"<th>([^<]*)", html) == ["Decision", "State", "Owner"]
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(<td>.*?)</tr>", html)]
    assert [words(" ".join(row)) for row in rows] == ["Alpha DONE home", "Beta open Bo"]
    assert '<span class="status status-green">DONE</span>' in html
    assert '<a href="index.html">home</a>' in html
    only = body("::detailssummary{labels=adr id=meta}\n", others)
    assert (titles(only), "Beta" in only) == ([], False)


def test_a_task_report_gathers_tasks_of_all_pages(body: Show) -> None:
    others = {
        "a.md": page(
            "Alpha", "- [ ] Paint it [@Jo](confluence:user/1) :date[2026-03-04]\n- [x] Buy *paint*\n"
        ),
        "b/c.md": page("Beta", "1. [ ] Look [at](../a.md)\n"),
    }
    html = body("::tasks-report-macro{spaces=ALL}\n", others)
    assert "No tasks" in html, "another space"
    html = body("::tasks-report-macro\n", others)
    rows = [words(row) for row in re.findall(r"<tr><td>.*?</tr>", html)]
    assert rows == ["Paint it @Jo 4 Mar 2026 4 Mar 2026 Jo Alpha", "Look at Beta"]
    assert '<a href="a.html">at</a>' in html
    assert words(body("::tasks-report-macro{status=complete}\n", others)).endswith("Buy paint Alpha")
    assert "Look" not in body("::tasks-report-macro{assignees=Jo}\n", others)


def test_attachments_with_sizes_and_galleries(body: Show) -> None:
    files = {"page.assets/a b.png": "x" * 2048, "page.assets/z.pdf": "x", "page.assets/.hidden": "x"}
    html = body(
        "::attachments\n\n::gallery{title=Ours columns=3}\n\n::attachments{patterns=`.*pdf`}\n", files
    )
    assert [words(row) for row in re.findall(r"<tr><td>.*?</tr>", html)] == [
        "a b.png 2 KB",
        "z.pdf 1 bytes",
        "z.pdf 1 bytes",
    ]
    assert re.search(r'class="gallery across-3"><figure><img src="page\.assets/a%20b\.png" alt="a b"', html)


def test_recently_updated_begins_with_the_newest(body: Show) -> None:
    files = {}
    for number, when in (("1", "2026-01-01"), ("2", "2026-03-01"), ("3", "2026-02-01")):
        files[f"p{number}.md"] = page(f"P{number}", id=number)
        files[record_path(PageId(number))] = dump_record(
            recorded(number, "", when=f"{when}T10:00:00Z")
        ).decode()
    html = body("::recently-updated{max=2}\n", files)
    assert words(html) == "Recently updated P2 1 Mar 2026 P3 1 Feb 2026"


def recorded(number: str, storage: str, *, when: str = "", files: tuple[str, ...] = ()) -> Record:
    row = Row(
        PageId(number), ContentType.PAGE, number, None, ContentType.PAGE, 1, Status.CURRENT,
        Version(1, AccountId("x"), when),
    )  # fmt: skip
    attached = tuple(
        Attachment(AttachmentId(name), name, 1, 1, "image/png", "A comment", "") for name in files
    )
    return Record(Page(row, storage), attached)


def macro(macro_name: str, inside: str = "", /, **parameters: str) -> str:
    said = "".join(
        f'<ac:parameter ac:name="{key}">{value}</ac:parameter>' for key, value in parameters.items()
    )
    return f'<ac:structured-macro ac:name="{macro_name}">{said}{inside}</ac:structured-macro>'


@pytest.fixture
def behind(body: Show) -> Show:
    """A page as the lens writes it from storage, on the site."""
    from confsync.convert import Links, get

    def show(storage: str, others: Mapping[str, str] | None = None, files: tuple[str, ...] = ()) -> str:
        record = recorded("7", storage, files=files)
        text = f"---\nid: 7\n---\n{get(storage, Links(space='DOC', attachments='page.assets')).markdown}"
        settings = '[space]\nurl = "https://x.example/wiki"\nkey = "DOC"\n'
        base = {"confsync.toml": settings, record_path(PageId("7")): dump_record(record).decode()}
        return body(text, base | dict(others or {}))

    return show


def test_what_stands_behind_a_placeholder_works(behind: Show) -> None:
    files = {"page.assets/plan.pdf": "x", "page.assets/flow.png": "x"}
    attached = '<ri:attachment ri:filename="plan.pdf" />'
    html = behind(macro("viewpdf", name=attached) + macro("drawio", diagramName="flow"), files, ("flow.png",))
    assert '<p class="card"><a href="page.assets/plan.pdf">plan.pdf</a>' in html
    assert '<img src="page.assets/flow.png" alt="A comment"' in html


def test_what_nobody_can_show_says_so_and_leads_to_the_page(behind: Show) -> None:
    html = behind(macro("river-map", zoom="3"))
    assert 'href="https://x.example/wiki/pages/viewpage.action?pageId=7">Open in Confluence</a>' in html
    assert "river-map" in html


def test_macros_in_a_line_work(behind: Show) -> None:
    target = '<ac:link><ri:page ri:content-title="Alpha" /></ac:link>'
    others = {"a.md": page("Alpha", "Our :excerpt[very *own*]{name=m} motto.")}
    storage = f"<p>We say {macro('excerpt-include', name='m', **{'': target})} loudly.</p>"
    assert words(behind(storage, others)) == "We say very own loudly."


def test_links_out_are_cards_and_load_nothing(body: Show) -> None:
    html = body("::widget(https://www.youtube.com/watch?v=x)\n\n::embed[The map](https://example.com/map)\n")
    assert words(html) == "Watch the video www.youtube.com The map example.com"
    assert "<iframe" not in html


def test_films_play_where_the_browser_can(body: Show) -> None:
    html = body("::multimedia{name=a.mp4}\n", {"page.assets/a.mp4": "x"})
    assert '<video controls preload="none" src="page.assets/a.mp4"></video>' in html.replace('=""', "")


def test_formulas_are_mathml_and_escape_what_they_hold(body: Show) -> None:
    html = body("$`\\text{<script>alert(1)</script>}`$ $`\\href{javascript:alert(1)}{x}`$ $`\\frac{1}{`$\n")
    assert "<script>" not in html
    assert "javascript" not in html
    assert '<code class="math">\\frac{1}{</code>' in html


def test_included_ids_never_meet_those_of_the_page(body: Show) -> None:
    html = body(
        "::include[O](o.md)\n\n## Same\n\n::include[P](p.md)\n", {"o.md": "## Same\n", "p.md": "## Same\n"}
    )
    assert html.count('id="same"') == 1
    assert words(html).count("Same") == 3
