"""The sample space is what it promises to be: a believable space with every construct in it."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from html.entities import name2codepoint
from io import BytesIO
from pathlib import Path
from xml.parsers import expat

import pytest

from confsync.model.content import ContentType, Row
from confsync.model.ids import PageId
from confsync.model.record import Record, dump_record, load_record, record_path
from confsync.names import assets_folder, attachment_path, lay_out, slug

SPACE = Path(__file__).parents[2] / "sample-space"
HOME = PageId("98400")
XML_OWN = ("amp", "lt", "gt", "quot")
ENTITIES = "".join(f'<!ENTITY {n} "&#{c};">' for n, c in name2codepoint.items() if n not in XML_OWN)

RECORDS = {
    file.relative_to(SPACE).as_posix(): load_record(file.read_bytes())
    for file in sorted((SPACE / ".confsync" / "pages").rglob("*.page"))
}
BY_ID: Mapping[PageId, Record] = {record.id: record for record in RECORDS.values()}
ROWS: Mapping[PageId, Row] = {record.id: record.row for record in RECORDS.values()}
PATHS = lay_out(ROWS, home=HOME)
BODIES = [record.page.body for record in RECORDS.values()]


def macro(name: str, *inside: str) -> str:
    """A structured macro of this name whose own bytes hold these patterns in this order."""
    within = r"(?:(?!</ac:structured-macro>).)*?"
    return rf'<ac:structured-macro[^>]*ac:name="{name}"' + "".join(within + part for part in inside)


def body(outer: str, inner: str) -> str:
    """A macro whose rich body holds another pattern before it ends."""
    own = r"(?:(?!</ac:rich-text-body>).)*?"
    parameters = "(?:<ac:parameter(?:(?!</ac:parameter>).)*</ac:parameter>)*"
    start = rf'<ac:structured-macro[^>]*ac:name="{outer}"[^>]*>'
    return start + parameters + "<ac:rich-text-body>" + own + inner


def parameter(name: str, value: str = "[^<]+") -> str:
    return rf'<ac:parameter ac:name="{name}">{value}</ac:parameter>'


# What it is called: how it looks in storage. One row for each form that the lens has to know.
CONSTRUCTS = {
    # panels and expands
    "info panel": macro("info", "<ac:rich-text-body>"),
    "tip panel": macro("tip", "<ac:rich-text-body>"),
    "note panel": macro("note", "<ac:rich-text-body>"),
    "warning panel": macro("warning", "<ac:rich-text-body>"),
    "panel with a title": macro("(?:info|note|warning)", parameter("title"), "<ac:rich-text-body>"),
    "panel with bare text": macro("(?:info|tip|note)", "<ac:rich-text-body>[A-Z]"),
    "panel with a table": body("warning", "<table"),
    "panel in a panel": body("panel", r'<ac:structured-macro[^>]*ac:name="note"'),
    "custom panel, new editor": macro("panel", parameter("panelIcon")),
    "custom panel, legacy": macro("panel", parameter("title"), parameter("borderStyle")),
    "ADF note": r'<ac:adf-attribute key="panel-type">note<',
    "ADF error": r'<ac:adf-attribute key="panel-type">error<',
    "ADF custom panel": r'<ac:adf-attribute key="panel-type">custom<',
    "expand": macro("expand", parameter("title")),
    "expand in an expand": body("expand", r'<ac:structured-macro[^>]*ac:name="expand"'),
    # layouts
    "layout, one column": r'ac:type="fixed-width" ac:breakout-mode',
    "layout, one column, legacy": r'<ac:layout-section ac:type="single">',
    "layout with a sidebar at the left": r'ac:type="two_left_sidebar"',
    "layout, two columns": r'ac:type="two_equal"',
    "layout, three columns": r'ac:type="three_equal"',
    "layout with a sidebar": r'ac:type="two_right_sidebar"',
    "layout with two sidebars": r'ac:type="three_with_sidebars"',
    "section and columns": body("section", r'<ac:structured-macro[^>]*ac:name="column"'),
    "column width": macro("column", parameter("width")),
    # tables
    "plain table, new editor": r'<table data-table-width="760" data-layout="default" ac:local-id="[^"]+"><tbody><tr><th><p',
    "plain table, legacy": r'<table class="confluenceTable">',
    "table of Data Center": r'<table class="wrapped',
    "table with no header": r"<table[^>]*>(?:<colgroup>.*?</colgroup>)?<tbody><tr><td",
    "header column": r"<tbody><tr><th>(?:(?!</tr>).)*?<td>(?:(?!</table>).)*?<tr><th>",
    "header row and column": r"<th>(?:(?!</tr>).)*?<th>(?:(?!</tr>).)*?</tr><tr><th>(?:(?!</th>).)*</th><td>",
    "several paragraphs in a cell": r"<td><p[^>]*>[^<]*(?:<[^p/][^>]*>[^<]*)*(?:</code>)?</p><p",
    "line break in a cell": r"<td><p[^>]*>[^<]*<br />",
    "list in a cell": r"<td[^>]*>\s*<ul",
    "nested list in a cell": r"<td><ul(?:(?!</td>).)*?<ul",
    "column span": r'<t[dh] colspan="3"',
    "row span": r'<th rowspan="2"',
    "code in a cell": r'<td colspan="3"><ac:structured-macro ac:name="code"',
    "panel in a cell": r'<td colspan="3"><ac:structured-macro ac:name="info"',
    "nested table": r"<td[^>]*><table",
    "column widths": r'<col style="width: \d+\.0px;" />',
    "cell colours": r'data-highlight-colour="#',
    "named cell colour": r'data-highlight-colour="(?:grey|yellow)"',
    "empty cell": r"<t[dh]><p[^>]* /></t[dh]>",
    "numbered rows": r'<td class="numberingColumn">1</td>',
    "cell colour as a design token": r'data-highlight-colour="var\(--ds-',
    "aligned text in a cell": r'<td><p style="text-align: right;"',
    "table at the left": r'<table [^>]*data-layout="align-start"',
    "table head of its own": r"<table><thead>",
    "long row": r"<td><p[^>]*>[^<]{200,}</p></td><td><p[^>]*>[^<]{200,}</p>",
    "image with a caption in a cell": r"<td[^>]*><ac:image(?:(?!</td>).)*<ac:caption",
    # images and files
    "image of the new editor": r'<ac:image ac:align="center" ac:layout="center" ac:original-height',
    "image caption": r"<ac:caption",
    "caption with a link": r"<ac:caption[^>]*><p[^>]*>[^<]*<ac:link",
    "image border": r'<ac:adf-mark key="border"',
    "wide image": r'<ac:image [^>]*ac:layout="wide"',
    "image at the left": r'ac:layout="align-start"',
    "image in a paragraph": r"<p[^>]*><ac:image",
    "image with a caption typed below": r"</ac:image> <em>",
    "thumbnail": r'ac:thumbnail="true"',
    "image in text": r'<ac:image [^>]*ac:inline="true"',
    "image as a link": r"<a href=[^>]*><ac:image",
    "image title": r'<ac:image [^>]*ac:title="',
    "image from the web": r"<ac:image[^>]*><ri:url",
    "image of another page": r"<ac:image[^>]*><ri:attachment[^>]*><ri:page",
    "file name that is not ASCII": r'ri:filename="[^"]*[가-힣ß]',
    "file shown on the page": macro("view-file", "<ri:attachment"),
    "link to a file": r"<ac:link><ri:attachment",
    "link to a file of another page": r"<ac:link><ri:attachment[^>]*><ri:page",
    # links
    "page link, new editor": r'<ac:link ac:card-appearance="inline"[^>]*><ri:page ri:content-title="[^"]*" ri:version-at-save="\d+" /><ac:link-body>',
    "page link, legacy": r'<ac:link><ri:page ri:content-title="[^"]*" /><ac:plain-text-link-body><!\[CDATA\[',
    "page link without text": r"<ac:link><ri:page [^>]*/></ac:link>",
    "link to a heading elsewhere": r'<ac:link ac:anchor="[^"]+"[^>]*><ri:page',
    "link to a heading here": r'<ac:link ac:anchor="[^"]+"[^>]*><ac:link-body',
    "link to another space's page": r'<ri:page ri:space-key="',
    "link to a space": r"<ri:space ri:space-key=\"[^\"]*\" /><ac:link-body>",
    "link by id": r"<ri:content-entity",
    "link to a blog post": r'<ri:blog-post [^>]*ri:posting-day="\d{4}/\d\d/\d\d"',
    "web link": r'<a href="https://[^"]*">',
    "web link with a query": r'<a href="[^"]*&amp;',
    "mail link": r'<a href="mailto:',
    "smart link in text": r'data-card-appearance="inline"',
    "smart link, card": r'data-card-appearance="block"',
    "smart link, embedded": r'data-card-appearance="embed"',
    "mention": r'<ri:user ri:account-id="[^"]+" ri:local-id=',
    "mention, legacy": r'<ri:user ri:account-id="[^"]+" />',
    "mention of Data Center": r"<ri:user ri:userkey=",
    "mention by user name": r"<ri:user ri:username=",
    "anchor": macro("anchor", parameter("")),
    "anchor in a heading": rf"<h\d[^>]*>{macro('anchor')}",
    # text
    "date": r'<time datetime="\d{4}-\d\d-\d\d" />',
    "status": macro("status", parameter("title"), parameter("colour", "Green")),
    "subtle status": macro("status", parameter("subtle", "true")),
    "status without a colour or in purple": macro("status", parameter("colour", "Purple")),
    "emoji": r'<ac:emoticon ac:name="blue-star" [^>]*ac:emoji-fallback="🦦"',
    "emoji as an entity": r'ac:emoji-fallback="&#\d+;"',
    "emoji of the site": r'ac:emoji-id="[0-9a-f]{8}-',
    "emoticon": r'<ac:emoticon ac:name="[a-z-]+" />',
    "emoticon of the new editor": r'<ac:emoticon ac:name="smile" ac:emoji-shortname=',
    "tick of the new editor": r'ac:emoji-id="atlassian-check_mark"',
    "inline comment": r'<ac:inline-comment-marker ac:ref="[0-9a-f-]{36}">',
    "placeholder": r"<ac:placeholder>",
    "placeholder for a mention": r'<ac:placeholder ac:type="mention">',
    "text colour": r'<span style="color: rgb\(',
    "highlight": r'<span style="background-color: rgb\(',
    "marks": r"<strong><em>",
    "struck, new editor": r"<s>",
    "struck, legacy": r"<del>",
    "inserted": r"<ins>",
    "underlined": r"<u>",
    "subscript": r"<sub>",
    "superscript": r"<sup>",
    "small": r"<small>",
    "b and i": r"<b>.*<i>",
    "mark with spaces at its edges": r"\w<strong> [^<]* </strong>",
    "mark inside a word": r"\w<em>\w+</em>\w",
    "code in text": r"<code>",
    "meaningful nbsp": r"\d&nbsp;\w",
    "artefact nbsp": r"&nbsp; ",
    "raw nbsp": "\\d\u00a0\\w",
    "zero width space": "\u200b",
    "entity where none is needed": r"&quot;\w",
    "typographic entities": r"&rsquo;.*&ndash;",
    "raw typography": r"…|—",
    "line break": r"[^>]<br />[^<]",
    "centred paragraph": r'<p style="text-align: center;"',
    "right paragraph": r'<p style="text-align: right;"',
    "indented paragraph": r'<p style="margin-left: 30.0px;"',
    "text that looks like a heading": r"<p[^>]*># ",
    "text that looks like a list": r"<p[^>]*>- ",
    "text that looks like marks": r" \* .*snake_case_names, \[",
    "text that looks like a directive": r":::info",
    # blocks
    "heading": r"<h2 local-id=",
    "heading of level 1 with a style": r"<h1 style=",
    "heading with a status": rf"<h2[^>]*>[^<]*<time[^>]*/> {macro('status')}",
    "empty paragraph, new editor": r"<p />",
    "empty paragraph with a break": r"<p><br /></p>",
    "empty paragraph with a nbsp": r"<p>&nbsp;</p>",
    "empty paragraph of the cursor": r'<p class="auto-cursor-target"><br /></p>',
    "list of the new editor": r"<ul local-id=\"[^\"]+\"><li local-id=\"[^\"]+\"><p",
    "list of bare items": r"<ul><li>[^<]",
    "bare and wrapped items in one list": r"<ol><li>[^<]*</li><li>[^<]*</li><li><p>",
    "numbered list": r'<ol start="1"',
    "numbered list that goes on": r'<ol start="4"',
    "list with a style": r'<ul style="list-style-type: square;">',
    "list of a class": r'<ul class="alternate">',
    "list in a list": r"</p><ul(?:(?!</ul>).)*?</p><ul",
    "code in a list": r"<li[^>]*><p[^>]*>[^<]*</p><ac:structured-macro[^>]*ac:name=\"code\"",
    "two lists in a row": r"</ul><ul>",
    "two quotes in a row": r"</blockquote><blockquote",
    "quote": r"<blockquote><p>",
    "rule": r"<hr />",
    "pre": r"<pre>",
    "definition list": r"<dl>",
    "text outside of any paragraph": r"\nLoose text",
    "newlines between blocks": r"</p>\n<h2>",
    "tasks": r"<ac:task-uuid>",
    "tasks without uuid": r"</ac:task-id>\n<ac:task-status>",
    "task in a task": r"</ac:task-body>\n<ac:task-list",
    "task in a task's text": r"<ac:task-body>[^<]*<ac:task-list",
    "task that is done": r"<ac:task-status>complete<",
    "task with assignee and date": r"<ac:task-body>(?:(?!</ac:task-body>).)*<ri:user(?:(?!</ac:task-body>).)*<time",
    "decisions": r'<ac:adf-attribute key="state">DECIDED<.*<ac:adf-attribute key="state">UNDECIDED<',
    # code
    "code": macro("code", parameter("language", "bash"), "<ac:plain-text-body>"),
    "code with title and line numbers": macro(
        "code", parameter("linenumbers", "true"), parameter("language"), parameter("title")
    ),
    "code, folded": macro("code", parameter("collapse", "true")),
    "code with a theme": macro("code", parameter("theme")),
    "code with first line": macro("code", parameter("firstline")),
    "code without a language": r'<ac:structured-macro[^>]*ac:name="code"[^>]*><ac:parameter ac:name="title">[^<]*</ac:parameter><ac:plain',
    "code holding CDATA": r"\]\]\]\]><!\[CDATA\[>",
    "code ending in a newline": r"\n\]\]></ac:plain-text-body>",
    "noformat": macro("noformat", "<ac:plain-text-body>"),
    "noformat without panel": macro("noformat", parameter("nopanel", "true")),
    "mermaid": macro("mermaid-macro", "<ac:plain-text-body>"),
    "plantuml": macro("plantuml", "<ac:plain-text-body>"),
    "math in a block": macro("mathblock", "<ac:plain-text-body>"),
    "math in text": rf"<p[^>]*>[^<]*{macro('mathinline', parameter('body'))}",
    # macros
    "toc": macro("toc", parameter("maxLevel")),
    "toc with empty parameters": macro("toc", '<ac:parameter ac:name="exclude" />'),
    "toc with a pattern": macro("toc", parameter("exclude", r"\^Old\.\*stuff\$")),
    "toc with an open empty parameter": macro("toc", '<ac:parameter ac:name="class"></ac:parameter>'),
    "macro that a chart may refer to": macro("toc", "<ac:adf-fragment-mark>"),
    "toc in a paragraph": rf"<p>{macro('toc')}",
    "children": macro("children", parameter("depth")),
    "children in schema 2": r'ac:name="children" ac:schema-version="2"',
    "page tree": macro("pagetree", "<ac:link><ri:page"),
    "include": macro("include", '<ac:parameter ac:name=""><ac:link><ri:page'),
    "excerpt": macro("excerpt", "<ac:rich-text-body>"),
    "excerpt, hidden": macro("excerpt", parameter("hidden", "true")),
    "excerpt, named": macro("excerpt", parameter("name", "weir-short")),
    "excerpt in text": rf"<p[^>]*>[^<]*{macro('excerpt', 'INLINE')}",
    "excerpt-include": macro("excerpt-include", "<ri:page", parameter("name", "weir-short")),
    "page properties": macro("details", parameter("id"), "<table"),
    "page properties, hidden": macro("details", parameter("hidden", "true")),
    "page properties report": macro("detailssummary", parameter("cql")),
    "jira issue": rf"[^>]{macro('jira', parameter('key', 'WEIR-318'))}",
    "jira query": macro("jira", parameter("jqlQuery")),
    "recently updated": macro("recently-updated"),
    "blog posts": macro("blog-posts"),
    "content by label": macro("contentbylabel", parameter("cql")),
    "attachments": macro("attachments"),
    "gallery": macro("gallery"),
    "profile": macro("profile", "<ri:user"),
    "widget": macro("widget", "<ri:url"),
    "drawio": macro("drawio", parameter("diagramName", "network-plan")),
    "gliffy": macro("gliffy"),
    "html": macro("html", "<ac:plain-text-body>"),
    "unknown macro without a body": macro("river-map", parameter("gauge")),
    "button": macro("create-from-template", parameter("buttonLabel")),
    "unknown macro in text": rf"<p[^>]*>[^<]*{macro('tooltip')}",
    "unknown macro with a rich body": macro("river-legend", "<ac:rich-text-body>"),
    "unknown macro with a plain body": macro("html", "<ac:plain-text-body>"),
    "macro without an id": r'<ac:structured-macro ac:name="anchor"><',
    "macro of wiki markup days": r'<ac:macro ac:name="info">',
    "Forge extension": r'<ac:adf-node type="extension">',
}


def every(pattern: str) -> int:
    """In how many bodies the pattern occurs."""
    found = re.compile(pattern, re.DOTALL)
    return sum(1 for text in BODIES if found.search(text))


def depth(page: PageId) -> int:
    """1 for what stands at the top, and one more for each parent."""
    parent = ROWS[page].parent
    return 1 if parent is None else 1 + depth(parent)


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_every_construct_occurs(construct: str) -> None:
    assert every(CONSTRUCTS[construct])


def test_three_generations_of_the_editor_wrote_it() -> None:
    assert every(r'<p local-id="[0-9a-f]{12}">') >= 25
    assert (
        every(r"^<p>|^<ac:structured-macro[^>]*><ac:parameter ac:name=\"\w+\">[^<]*</ac:parameter><ac:rich")
        >= 5
    )
    assert every(r"</p>\n<") >= 3


@pytest.mark.parametrize("path", RECORDS)
def test_every_record_lies_where_it_belongs_and_is_written_as_we_write_it(path: str) -> None:
    assert path == record_path(RECORDS[path].id)
    assert (SPACE / path).read_bytes() == dump_record(RECORDS[path])


@pytest.mark.parametrize("path", RECORDS)
def test_every_body_is_well_formed(path: str) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    text = RECORDS[path].page.body
    document = f'<!DOCTYPE x [{ENTITIES}]><x xmlns:ac="ac" xmlns:ri="ri">{text}</x>'
    parser.ParseFile(BytesIO(document.encode()))


def test_it_has_the_size_of_a_small_team() -> None:
    types = Counter(row.type for row in ROWS.values())
    assert types[ContentType.PAGE] >= 34
    assert types[ContentType.BLOGPOST] == 2
    assert types[ContentType.FOLDER] == 1
    assert types[ContentType.WHITEBOARD] == 1


def test_it_is_at_least_four_levels_deep() -> None:
    assert max(map(depth, ROWS)) >= 4


def test_every_parent_is_there_and_of_the_type_that_its_child_says() -> None:
    for row in ROWS.values():
        assert (row.parent is None) == (row.parent_type is None)
        assert row.parent is None or ROWS[row.parent].type is row.parent_type


def test_titles_are_unique_as_confluence_counts() -> None:
    assert len({row.title.casefold() for row in ROWS.values()}) == len(ROWS)


@pytest.mark.parametrize("script", ["[가-힣]", "[ぁ-ん]", "[а-я]", "[α-ω]", "🦦"])
def test_titles_come_in_many_scripts(script: str) -> None:
    assert any(re.search(script, row.title) for row in ROWS.values())


def test_two_siblings_would_have_the_same_path() -> None:
    wanted = Counter((row.parent, slug(row.title)) for row in ROWS.values())
    assert [count for count in wanted.values() if count > 1] == [2]
    assert len(set(PATHS.values())) == len(PATHS)


def test_a_page_with_a_child_stands_beside_the_home_page() -> None:
    beside = [
        i for i, row in ROWS.items() if row.parent is None and row.type is ContentType.PAGE and i != HOME
    ]
    assert len(beside) == 1
    assert any(row.parent == beside[0] for row in ROWS.values())


def test_a_folder_holds_pages() -> None:
    folders = {i for i, row in ROWS.items() if row.type is ContentType.FOLDER}
    assert sum(1 for row in ROWS.values() if row.parent in folders) >= 3


def test_nodes_have_no_text() -> None:
    assert all(bool(record.page.body) == record.row.type.has_text for record in RECORDS.values())


def test_somewhere_the_order_of_children_is_not_that_of_their_titles() -> None:
    orders: dict[PageId | None, list[tuple[int, str]]] = {}
    for row in ROWS.values():
        if row.position is not None:
            orders.setdefault(row.parent, []).append((row.position, row.title.casefold()))
    assert all(len({position for position, _ in rows}) == len(rows) for rows in orders.values())
    by_title = [sorted(rows) == sorted(rows, key=lambda row: row[1]) for rows in orders.values()]
    assert not all(by_title)
    assert any(by_title)


def test_one_page_is_restricted() -> None:
    assert [record.row.title for record in RECORDS.values() if record.restricted] == ["Salaries and shares"]


def test_most_pages_have_labels_and_one_is_not_ascii() -> None:
    labels = [record.page.labels for record in RECORDS.values() if record.row.type.has_text]
    assert sum(map(bool, labels)) > len(labels) * 0.9
    assert any(not label.isascii() for found in labels for label in found)


def test_several_people_wrote_it_in_2026_and_all_of_them_are_mentioned_somewhere() -> None:
    authors = {row.version.author for row in ROWS.values()}
    assert len(authors) >= 5
    assert all(every(f'ri:account-id="{re.escape(author)}"') for author in authors)
    assert all(row.created <= row.version.when for row in ROWS.values() if row.type.has_text)
    assert all(
        row.created.startswith("2026-") and row.created.endswith("Z")
        for row in ROWS.values()
        if row.type.has_text
    )


def test_versions_tell_a_history() -> None:
    numbers = {row.version.number for row in ROWS.values()}
    assert {1, 14} <= numbers
    assert sum(1 for row in ROWS.values() if row.version.message) >= 10
    assert any(row.version.minor for row in ROWS.values())


def test_attachments_are_the_ones_the_records_speak_of() -> None:
    expected = {}
    for record in RECORDS.values():
        names = [item.name for item in record.attachments]
        for item in record.attachments:
            path = SPACE / attachment_path(PATHS[record.id], item.name, names)
            data = path.read_bytes()
            assert (item.size, item.sha256) == (len(data), hashlib.sha256(data).hexdigest())
            expected[path] = item
    assert set(expected) == {file for folder in SPACE.rglob("*.assets") for file in folder.iterdir()}
    assert {item.media_type for item in expected.values()} > {
        "image/png",
        "image/svg+xml",
        "text/csv",
        "application/pdf",
    }
    assert len({item.id for item in expected.values()} | ROWS.keys()) == len(expected) + len(ROWS)


def test_attachments_are_small_and_one_has_a_name_to_stumble_over() -> None:
    items = [item for record in RECORDS.values() for item in record.attachments]
    assert max(item.size for item in items) < 20_000
    assert any(" " in item.name and not item.name.isascii() for item in items)
    assert any("." not in item.name for item in items)


def test_every_attachment_a_page_shows_is_its_own() -> None:
    for record in RECORDS.values():
        names = {item.name for item in record.attachments}
        assert names >= set(re.findall(r'<ri:attachment ri:filename="([^"]*)"[^>]*/>', record.page.body))


def test_links_find_their_pages() -> None:
    titles = {row.title.casefold() for row in ROWS.values()}
    for text in BODIES:
        for title in re.findall(r'<ri:(?:page|blog-post) ri:content-title="([^"]*)"', text):
            assert title.casefold() in titles


def test_assets_lie_beside_their_page() -> None:
    assert (SPACE / assets_folder(PATHS[HOME])).is_dir()
