"""The whole site: every link works, nothing private, hostile or foreign comes out, and twice is the same."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest

from confsync.errors import ConfigError, UsageError
from confsync.model.content import ContentType, Page, Row, Status, Version
from confsync.model.ids import AccountId, PageId
from confsync.model.record import Record, dump_record, record_path
from confsync.site import SiteReport, build_site

Build = Callable[[Mapping[str, str]], SiteReport]
SPACE = Path(__file__).parents[2] / "site" / "fixtures" / "space"


class Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.doubles: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "href" and ("rel", "canonical") in attrs:
                continue
            if name == "href" and tag == "a":
                self.targets.append(value or "")
            elif name == "src" or (name == "href" and tag == "link"):
                self.loads.append(value or "")
            elif name == "id":
                self.doubles += [value or ""] if value in self.ids else []
                self.ids.add(value or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SiteReport]:
    out = tmp_path_factory.mktemp("site") / "out"
    return out, build_site(SPACE, out, base_url="https://docs.example.com/harbour")


def pages(out: Path) -> dict[str, Links]:
    return {p.relative_to(out).as_posix(): Links(p.read_text(encoding="utf-8")) for p in out.rglob("*.html")}


def test_every_link_and_anchor_of_the_site_leads_somewhere(site: tuple[Path, SiteReport]) -> None:
    out, _ = site
    found = pages(out)
    missing = []
    for name, links in found.items():
        if name == "404.html":
            continue
        for target in links.targets + links.loads:
            parts = urlsplit(urljoin(f"http://site/{name}", target))
            if parts.netloc != "site":
                continue
            path, anchor = unquote(parts.path).lstrip("/"), unquote(parts.fragment)
            if not (out / path).is_file() or (anchor and anchor not in found[path].ids):
                missing.append((name, target))
    assert not missing
    assert sum(len(links.targets) for links in found.values()) > 200


def test_broken_links_are_reported_with_page_and_target(site: tuple[Path, SiteReport]) -> None:
    assert [(link.page, link.target) for link in site[1].broken] == [
        ("everything.md", "nowhere.md"),
        ("everything.md", "x"),
    ]


def test_a_link_to_a_missing_heading_is_reported(build: Build) -> None:
    report = build({"index.md": "[x](a.md#gone) [y](a.md#there)\n", "a.md": "## There\n"})
    assert [(link.page, link.target) for link in report.broken] == [("index.md", "a.md#gone")]


def test_no_page_loads_anything_from_elsewhere(site: tuple[Path, SiteReport]) -> None:
    for name, links in pages(site[0]).items():
        assert not [load for load in links.loads if ":" in load or load.startswith("//")], name


def test_no_id_appears_twice(site: tuple[Path, SiteReport]) -> None:
    assert not {name: links.doubles for name, links in pages(site[0]).items() if links.doubles}


def test_nothing_needs_inline_script_or_style(site: tuple[Path, SiteReport]) -> None:
    for path in site[0].rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script>|javascript:", html), path
        assert "default-src 'none'" in html


def test_hostile_bodies_and_titles_are_text(build: Build, out: Path) -> None:
    build(
        {
            "index.md": "---\ntitle: '<script>alert(1)</script>'\nlabels: ['<b>x']\n---\n<script>alert(2)</script>\n",
            "a.md": "x",
        }
    )
    for path in out.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in (out / "index.html").read_text(encoding="utf-8")


def test_drafts_and_local_files_stay_off_the_site(build: Build, out: Path) -> None:
    report = build({
        "index.md": "[d](draft.md) [l](local.md) [f](draft.assets/xyzzy.txt)\n\n::include[D](draft.md)\n\n::children\n",
        "draft.md": "---\ntitle: Xyzzy one\nstatus: draft\n---\nxyzzy\n",
        "draft.assets/xyzzy.txt": "x",
        "local.md": "---\ntitle: Xyzzy two\nconfluence: false\n---\nxyzzy\n",
        "_hidden.md": "xyzzy",
        "README.md": "xyzzy",
        ".confsync/pages/xyzzy.md": "xyzzy",
    })  # fmt: skip
    assert {problem.page for problem in report.left_out} == {"draft.md", "local.md"}
    assert "xyzzy" not in "".join(
        path.read_text(encoding="utf-8").lower() + path.name for path in out.rglob("*") if path.is_file()
    )


def record(page: str, parent: str | None, *, restricted: bool = False) -> bytes:
    row = Row(
        PageId(page),
        ContentType.PAGE,
        page,
        PageId(parent) if parent else None,
        ContentType.PAGE,
        1,
        Status.CURRENT,
        Version(1, AccountId("x"), ""),
    )
    return dump_record(Record(Page(row, ""), restricted=restricted))


def test_restricted_pages_and_what_lies_below_them_stay_off_the_site(
    build: Build, folder: Callable[[Mapping[str, str]], Path], out: Path
) -> None:
    top = folder({})
    for page, parent, restricted in (
        ("21", None, True),
        ("22", "21", False),
        ("23", "22", False),
        ("24", None, False),
    ):
        path = top / record_path(PageId(page))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(record(page, parent, restricted=restricted))
    report = build({
        "index.md": "home\n",
        "a.md": "---\nid: 21\n---\nxyzzy\n",
        "elsewhere.md": "---\nid: 23\n---\nxyzzy\n",
        "a/new.md": "xyzzy, not yet pushed\n",
        "open.md": "---\nid: 24\n---\nfine\n",
    })  # fmt: skip
    assert {problem.page for problem in report.left_out} == {"a.md", "elsewhere.md", "a/new.md"}
    everything = [path.read_text(encoding="utf-8") for path in out.rglob("*") if path.is_file()]
    assert "xyzzy" not in "".join(everything)
    assert (out / "open.html").is_file()


def test_a_page_whose_record_is_damaged_is_not_shown_to_everybody(build: Build, out: Path) -> None:
    report = build({"index.md": "x", "a.md": "---\nid: 21\n---\nx\n", record_path(PageId("21")): "damaged"})
    assert [problem.page for problem in report.left_out] == ["a.md"]
    assert not (out / "a.html").exists()


def test_one_bad_page_never_stops_the_others(folder: Callable[[Mapping[str, str]], Path], out: Path) -> None:
    top = folder(
        {
            "index.md": "x",
            "good.md": "fine\n",
            "front.md": "---\n: [\n---\nx",
            "open.md": ":::info\n\nnever closed\n",
        }
    )
    (top / "latin.md").write_bytes(b"caf\xe9")
    report = build_site(top, out)
    assert {problem.page for problem in report.problems} == {"front.md", "latin.md", "open.md"}
    assert "fine" in (out / "good.html").read_text(encoding="utf-8")
    assert "never closed" in (out / "open.html").read_text(encoding="utf-8")


def test_the_same_folder_gives_the_same_bytes_and_writes_nothing_twice(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    build_site(SPACE, first)
    copy = tmp_path / "copy"
    shutil.copytree(SPACE, copy)
    build_site(copy, second)

    def content(out: Path) -> dict[str, bytes]:
        return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}

    assert content(first) == content(second)
    assert build_site(SPACE, first).written == 0


def test_several_processes_make_the_same_bytes(
    folder: Callable[[Mapping[str, str]], Path], tmp_path: Path
) -> None:
    top = folder(
        {f"p{i}.md": f"[before](p{i - 1}.md) word{i}\n" for i in range(620)} | {"bad.md": "<b>" * 999}
    )
    one = build_site(top, tmp_path / "1")
    two = build_site(top, tmp_path / "2", jobs=2)
    assert (one.broken, one.problems) == (two.broken, two.problems)
    assert [problem.page for problem in two.problems] == ["bad.md"]
    for path in sorted((tmp_path / "1").rglob("*.*")):
        other = tmp_path / "2" / path.relative_to(tmp_path / "1")
        assert path.is_dir() or path.read_bytes() == other.read_bytes()


def test_pages_that_went_are_removed(
    build: Build, folder: Callable[[Mapping[str, str]], Path], out: Path
) -> None:
    build({"index.md": "x", "a.md": "x", "a.assets/x.txt": "x"})
    top = folder({})
    (top / "a.md").unlink()
    assert build({}).removed == 4
    assert not (out / "a.html").exists()
    assert not [*out.rglob("a.js")]
    assert not (out / "a.assets").exists()


def test_attachments_are_copied_all_and_other_files_where_referenced(build: Build, out: Path) -> None:
    build(
        {
            "index.md": "[f](files/used.txt)",
            "a.md": "x",
            "a.assets/x y.txt": "x",
            "files/used.txt": "x",
            "files/unused.txt": "x",
        }
    )
    assert (out / "a.assets" / "x y.txt").is_file()
    assert (out / "files" / "used.txt").is_file()
    assert not (out / "files" / "unused.txt").exists()


def test_symlinks_are_not_followed(
    folder: Callable[[Mapping[str, str]], Path], out: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.md").write_text("xyzzy", encoding="utf-8")
    top = folder({"index.md": "[x](link/x.md) [y](file.md)"})
    (top / "link").symlink_to(tmp_path / "outside")
    (top / "file.md").symlink_to(tmp_path / "outside" / "x.md")
    (top / "index.assets").symlink_to(tmp_path / "outside")
    assert len(build_site(top, out).broken) == 2
    assert "xyzzy" not in "".join(path.read_text(encoding="utf-8") for path in out.rglob("*.html"))


def test_the_sitemap_names_every_page_by_its_full_address(site: tuple[Path, SiteReport]) -> None:
    text = (site[0] / "sitemap.xml").read_text(encoding="utf-8")
    assert "<loc>https://docs.example.com/harbour/install/linux.html</loc>" in text
    assert "<loc>https://docs.example.com/harbour/%ED%95%9C%EA%B5%AD%EC%96%B4.html</loc>" in text


def test_the_404_page_finds_its_styles_from_anywhere(site: tuple[Path, SiteReport]) -> None:
    assert 'href="/harbour/_confsync/site.css"' in (site[0] / "404.html").read_text(encoding="utf-8")


def test_blog_posts_are_listed_newest_first_with_their_dates(site: tuple[Path, SiteReport]) -> None:
    html = (site[0] / "blog" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<a href=\"2026[^>]*>([^<]*)", html) == ["Harbour 2.0 is out", "Hello, world"]
    assert "2 Nov 2026" in html
    assert "After a year of work" in html


def test_own_templates_override_blocks_and_files(
    folder: Callable[[Mapping[str, str]], Path], out: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "page.html").write_text(
        '{% extends "shipped/page.html" %}{% block footer %}<p>ours</p>{% endblock %}', encoding="utf-8"
    )
    (own / "site.css").write_text("/* ours */", encoding="utf-8")
    build_site(folder({"index.md": "text\n"}), out, templates=own)
    html = (out / "index.html").read_text(encoding="utf-8")
    assert "<p>ours</p>" in html
    assert "<p>text</p>" in html
    assert (out / "_confsync" / "site.css").read_text(encoding="utf-8") == "/* ours */"


def test_a_broken_template_is_named(
    folder: Callable[[Mapping[str, str]], Path], out: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "page.html").write_text("fine\n{% if %}", encoding="utf-8")
    with pytest.raises(UsageError, match=r"page\.html, line 2"):
        build_site(folder({"index.md": "x"}), out, templates=own)


def test_places_that_make_no_sense_are_refused(
    folder: Callable[[Mapping[str, str]], Path], tmp_path: Path
) -> None:
    top = folder({"index.md": "x"})
    for out in (top, tmp_path):
        with pytest.raises(UsageError):
            build_site(top, out)
    with pytest.raises(ConfigError):
        build_site(tmp_path / "nothing", tmp_path / "out")
    with pytest.raises(UsageError, match="not a web address"):
        build_site(top, tmp_path / "out", base_url="docs.example.com")


def test_a_site_inside_its_source_is_not_read_again(folder: Callable[[Mapping[str, str]], Path]) -> None:
    top = folder({"index.md": "x", "site/own.md": "x"})
    assert build_site(top, top / "site").pages == 1


def test_styles_and_scripts_of_a_page_within_their_budget(site: tuple[Path, SiteReport]) -> None:
    for path in site[0].rglob("*.html"):
        loads = [(path.parent / load).resolve() for load in Links(path.read_text(encoding="utf-8")).loads]
        if path.name not in ("404.html", "frame.html"):
            sizes = {
                end: sum(one.stat().st_size for one in loads if one.suffix == end) for end in (".css", ".js")
            }
            assert sizes[".css"] <= 40_000
            assert sizes[".js"] <= 30_000


class Listener:
    """A reporter that writes down what it hears."""

    def __init__(self) -> None:
        self.done = 0
        self.total: int | None = 0
        self.warnings: list[tuple[str, str]] = []

    @contextmanager
    def task(self, title: str, total: int | None) -> Iterator[Callable[[int], None]]:
        self.total = total

        def advance(more: int) -> None:
            self.done += more

        yield advance

    def note(self, message: str) -> None:
        """Nothing here says more than warnings."""

    def warn(self, message: str, *, page: str = "") -> None:
        self.warnings.append((page, message))


def test_progress_and_broken_links_are_told(folder: Callable[[Mapping[str, str]], Path], out: Path) -> None:
    listener = Listener()
    build_site(folder({"index.md": "[x](no.md)\n", "a.md": "x"}), out, reporter=listener)
    assert listener.done == listener.total == 2
    assert listener.warnings == [("index.md", "broken link no.md: there is no such file")]


def test_pages_come_from_the_root_that_confsync_toml_names(build: Build, out: Path) -> None:
    settings = '[space]\nurl = "https://x.example/wiki"\nkey = "DOC"\n[sync]\nroot = "docs"\nexclude = ["old"]\n[front-matter]\ntitle = "name"\n'
    build(
        {
            "confsync.toml": settings,
            "docs/index.md": "---\nname: Ours\n---\nx",
            "docs/old/a.md": "x",
            "other.md": "x",
        }
    )
    assert {path.name for path in out.glob("*.html")} == {"index.html", "404.html"}
    assert "<h1>Ours</h1>" in (out / "index.html").read_text(encoding="utf-8")


def test_a_confsync_toml_that_cannot_be_read_stops_the_build(build: Build, out: Path) -> None:
    with pytest.raises(ConfigError):
        build({"confsync.toml": "url = ", "index.md": "x"})
    assert not out.exists()


def test_a_large_site_shows_only_the_surroundings_of_a_page(build: Build, out: Path) -> None:
    build({"index.md": "x"} | {f"s{i % 10}/p{i}.md": "x" for i in range(200)})
    html = (out / "s3" / "p3.html").read_text(encoding="utf-8")
    assert 'href="p13.html"' in html
    assert "p14.html" not in html


def test_the_way_up_goes_through_the_parents(site: tuple[Path, SiteReport]) -> None:
    html = (site[0] / "install" / "linux" / "arm.html").read_text(encoding="utf-8")
    trail = html.partition('<nav class="trail"')[2].partition("</nav>")[0]
    assert re.findall(r'<a href="([^"]+)">([^<]+)', trail) == [
        ("../../index.html", "Harbour handbook"),
        ("../../install.html", "Install"),
        ("../linux.html", "Linux"),
    ]
    assert re.search(r'class="previous" href="\.\./linux\.html"', html)
    assert re.search(r'class="next" href="\.\./windows\.html"', html)
    assert 'aria-current="page"' in html


def test_what_is_included_never_lands_in_an_attribute(build: Build, out: Path) -> None:
    marks = "include-0- \ue0000\ue001 include-00000000000000000000000000000000-0-"
    build(
        {
            "index.md": f'<a title="{marks}">t</a>\n\n::include[B](b.md)\n',
            "b.md": '" onmouseover=alert(1) "\n',
        }
    )
    html = (out / "index.html").read_text(encoding="utf-8")
    assert f'title="{marks}"' in html
    assert html.count("onmouseover") == 1


def test_every_label_has_a_page_that_lists_what_carries_it(build: Build, out: Path) -> None:
    build({
        "index.md": "---\nlabels: [ops, 'a/b']\n---\nx",
        "deep/a.md": "---\ntitle: Deep\nlabels: [ops, index]\n---\nx",
        "draft.md": "---\nstatus: draft\nlabels: [ops, xyzzy]\n---\nx",
    })  # fmt: skip
    assert {path.name for path in (out / "_labels").iterdir()} == {
        "index.html",
        "index-1.html",
        "ops.html",
        "ab.html",
    }
    html = (out / "_labels" / "ops.html").read_text(encoding="utf-8")
    assert re.findall(r'<li data-labels="[^"]*"><a href="([^"]+)">', html) == [
        "../deep/a.html",
        "../index.html",
    ]
    assert 'href="../_labels/ops.html"' in (out / "deep" / "a.html").read_text(encoding="utf-8")
    assert "ops (2)" in (out / "_labels" / "index.html").read_text(encoding="utf-8")


def test_pages_say_which_pages_lead_to_them(build: Build, out: Path) -> None:
    build({"index.md": "[x](a.md)\n\n::children\n", "a.md": "[me](#x)\n\n## X\n", "b.md": "[y](a.md#x)"})
    links = (out / "a.html").read_text(encoding="utf-8").partition("Linked from")[2].partition("</ul>")[0]
    assert re.findall(r'href="([^"]+)"', links) == ["b.html", "index.html"]
    assert "Linked from" not in (out / "b.html").read_text(encoding="utf-8"), (
        "a list that a macro makes is no link"
    )


def test_pages_say_when_confluence_last_saved_them(build: Build, out: Path) -> None:
    row = Row(
        PageId("7"),
        ContentType.PAGE,
        "A",
        None,
        None,
        1,
        Status.CURRENT,
        Version(12, AccountId("x"), "2026-11-02T10:00:00Z"),
    )
    build(
        {
            "index.md": "x",
            "a.md": "---\nid: 7\n---\nx",
            record_path(PageId("7")): dump_record(Record(Page(row, ""))).decode(),
        }
    )
    html = (out / "a.html").read_text(encoding="utf-8")
    assert 'Last changed <time datetime="2026-11-02T10:00:00Z">2 Nov 2026</time>, version 12' in html
    assert "Last changed" not in (out / "index.html").read_text(encoding="utf-8")


def test_machines_find_a_feed_the_sitemap_and_canonical_addresses(site: tuple[Path, SiteReport]) -> None:
    out, base = site[0], "https://docs.example.com/harbour/"
    feed = ET.fromstring((out / "feed.xml").read_bytes())
    atom = "{http://www.w3.org/2005/Atom}"
    assert [one.findtext(f"{atom}title") for one in feed.iter(f"{atom}entry")] == [
        "Harbour 2.0 is out",
        "Hello, world",
    ]
    assert f"Sitemap: {base}sitemap.xml" in (out / "robots.txt").read_text(encoding="utf-8")
    html = (out / "blog" / "index.html").read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{base}blog/index.html">' in html
    assert 'type="application/atom+xml" title="Blog" href="../feed.xml"' in html
    assert '<meta property="og:title" content="Blog">' in html
