"""What git knows, on the site: authors, histories, former addresses; and nothing of it that is private."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from confsync.engine.tracking import author_address
from confsync.model.content import ContentType, Page, Row, Status, Version
from confsync.model.ids import AccountId, PageId
from confsync.model.record import Record, dump_record, record_path
from confsync.site import SiteReport, build_site
from confsync.site.past import edit_url

TOML = '[space]\nurl = "https://x.example/wiki"\nkey = "DOC"\n'
IDENTITY = ["-c", "user.name=Jo Doe", "-c", f"user.email={author_address('557058:ab-c')}"]


class Copy:
    """A working copy whose every commit is on the tracking branch."""

    def __init__(self, top: Path) -> None:
        self.top = top
        top.mkdir()
        self.git("init", "-q", "-b", "main")
        self.write("confsync.toml", TOML)
        self.write("index.md", "---\nid: 1\ntitle: Home\n---\nhome\n")
        self.save("1", 1)
        self.commit("Start")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *IDENTITY, *arguments], cwd=self.top, check=True, capture_output=True, text=True
        )
        return done.stdout

    def write(self, name: str, text: str) -> None:
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def save(self, page: str, version: int, *, restricted: bool = False) -> None:
        row = Row(
            PageId(page), ContentType.PAGE, f"Page {page}", None, ContentType.PAGE, 1, Status.CURRENT,
            Version(version, AccountId("557058:ab-c"), f"2026-01-0{version}T10:00:00Z"),
        )  # fmt: skip
        self.write(
            record_path(PageId(page)), dump_record(Record(Page(row, ""), restricted=restricted)).decode()
        )

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--no-verify", "-m", message)
        self.git("update-ref", "refs/remotes/confluence/DOC", "HEAD")


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path / "copy")


@pytest.fixture
def built(copy: Copy, out: Path) -> Callable[[], SiteReport]:
    return lambda: build_site(copy.top, out, base_url="https://docs.example")


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_a_page_tells_how_it_became_what_it_is(
    copy: Copy, built: Callable[[], SiteReport], out: Path
) -> None:
    for version, line in enumerate(
        ("The river is high.", "The river is <b>low</b>.", "The river is low."), 1
    ):
        copy.write("a.md", f"---\nid: 7\ntitle: A\n---\n{line}\n")
        copy.save("7", version)
        copy.commit(f"Say {version}")
    built()
    html = text(out / "_history" / "7.html")
    assert re.findall(r'<span class="version-message">([^<]+)', html) == ["Say 3", "Say 2", "Say 1"]
    assert "The river is <del>high</del>." in html
    assert "&lt;b&gt;" in html
    assert "Jo Doe" in html
    page = text(out / "a.html")
    assert 'href="_history/7.html">History</a>' in page
    assert "by Jo Doe, version 3" in page


def test_versions_that_were_restricted_are_not_told(
    copy: Copy, built: Callable[[], SiteReport], out: Path
) -> None:
    for version, line, restricted in ((1, "open", False), (2, "xyzzy", True), (3, "open again", False)):
        copy.write("a.md", f"---\nid: 7\ntitle: A\n---\n{line}\n")
        copy.save("7", version, restricted=restricted)
        copy.commit(f"Save {line}")
    built()
    assert "xyzzy" not in "".join(text(path) for path in out.rglob("*") if path.is_file())
    assert "<ins> again</ins>" in text(out / "_history" / "7.html")


def test_former_addresses_lead_to_where_pages_are_now(
    copy: Copy, built: Callable[[], SiteReport], out: Path
) -> None:
    copy.write("old/name.md", "---\nid: 7\ntitle: A\n---\n" + "many words stay the same\n" * 5)
    copy.save("7", 1)
    copy.commit("One")
    copy.git("mv", "old/name.md", "old/second.md")
    copy.commit("Two")
    copy.git("mv", "old/second.md", "now.md")
    copy.commit("Three")
    built()
    for former in ("old/name.html", "old/second.html"):
        assert 'content="0; url=../now.html"' in text(out / former)
    assert 'content="0; url=../../now.html"' in text(out / "p" / "7" / "index.html")
    assert 'url=../../../../../now.html"' in text(
        out / "wiki" / "spaces" / "DOC" / "pages" / "7" / "index.html"
    )
    assert text(out / "_redirects") == "/wiki/spaces/DOC/pages/:id/* /p/:id/ 301\n"


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/o/r.git", "https://github.com/o/r/edit/main/docs/{path}"),
        ("git@github.com:o/r.git", "https://github.com/o/r/edit/main/docs/{path}"),
        ("ssh://git@gitlab.com/g/s/r.git", "https://gitlab.com/g/s/r/-/edit/main/docs/{path}"),
        ("https://user:secret@bitbucket.org/o/r", "https://bitbucket.org/o/r/src/main/docs/{path}?mode=edit"),
        ("/home/me/r", ""),
        ("https://git.example.com/o/r", ""),
    ],
)
def test_files_are_edited_where_the_repository_lives(remote: str, address: str) -> None:
    assert edit_url(remote, "main", "docs/") == address


def test_a_page_leads_to_its_file_and_to_confluence(
    copy: Copy, built: Callable[[], SiteReport], out: Path
) -> None:
    copy.git("remote", "add", "origin", "git@github.com:o/r.git")
    copy.write("a b.md", "---\nid: 7\n---\nx\n")
    built()
    html = text(out / "a b.html")
    assert 'href="https://github.com/o/r/edit/main/a%20b.md">Edit the Markdown' in html
    assert 'href="https://x.example/wiki/pages/viewpage.action?pageId=7">Edit in Confluence' in html
    assert '<a href="p/7/index.html" rel="bookmark">Permalink</a>' in html


def test_recent_changes_are_a_feed(copy: Copy, built: Callable[[], SiteReport], out: Path) -> None:
    copy.write("a.md", "---\nid: 7\ntitle: A & B\n---\nx\n")
    copy.save("7", 2)
    copy.commit("x")
    built()
    feed = text(out / "changes.xml")
    assert re.findall(r"<entry><title>([^<]+)", feed) == ["A &amp; B", "Home"]
    assert "<author><name>Jo Doe</name></author>" in feed
    assert "<lastmod>2026-01-02</lastmod>" in text(out / "sitemap.xml")


PRIVATE = {
    "draft.md": "---\ntitle: Xyzzy draft\nid: 21\nstatus: draft\nlabels: [xyzzy-1]\n---\nxyzzy :excerpt[xyzzy]{name=x}\n\n- [ ] xyzzy\n",
    "draft/child.md": "---\ntitle: Xyzzy child\n---\nxyzzy\n",
    "local.md": "---\ntitle: Xyzzy local\nconfluence: false\nlabels: [xyzzy-2, shared]\n---\nxyzzy [home](index.md)\n",
    "secret.md": "---\ntitle: Xyzzy secret\nid: 22\nlabels: [shared]\n---\n:::details\n\n| Xyzzy | xyzzy |\n| --- | --- |\n\n:::\n",
    "secret/below.md": "---\ntitle: Xyzzy below\nid: 23\n---\nxyzzy\n",
    "labelled.md": "---\ntitle: Xyzzy labelled\nlabels: [Internal, shared]\n---\nxyzzy\n",
    "drafts/some.md": "---\ntitle: Xyzzy path\nlabels: [shared]\n---\nxyzzy\n",
    "archived.md": "---\ntitle: Xyzzy archived\nid: 24\nlabels: [shared]\n---\nxyzzy\n",
    "blog/2026-01-01-xyzzy.md": "---\ntitle: Xyzzy post\nlabels: [Internal]\n---\nxyzzy\n",
}
OPEN = """\
[a](draft.md) [b](secret.md#xyzzy) [c](drafts/some.md) ![d](secret.assets/xyzzy.png) [e](labelled.assets/xyzzy.txt)

::children{all=true excerptType=simple}

::pagetree

::contentbylabel{labels=shared excerptType=simple}

::detailssummary{labels=shared}

::tasks-report-macro{status=all}

::recently-updated

::include[X](secret.md)

::excerpt-include[X](draft.md){name=x}

::blog-posts{content=entire}

::popular-labels

::attachments{page="Xyzzy secret"}
"""


def test_no_word_of_what_is_private_is_anywhere_on_the_site(
    copy: Copy, built: Callable[[], SiteReport], out: Path
) -> None:
    copy.write(
        "confsync.toml", TOML + '[site]\nexclude = ["label:internal", "path:drafts/*", "status:archived"]\n'
    )
    for name, said in PRIVATE.items():
        copy.write(name, said)
    for page, restricted in (("21", False), ("22", True), ("23", False)):
        copy.save(page, 1, restricted=restricted)
    row = Row(
        PageId("24"),
        ContentType.PAGE,
        "Xyzzy",
        None,
        None,
        1,
        Status.ARCHIVED,
        Version(1, AccountId("x"), ""),
    )
    copy.write(record_path(PageId("24")), dump_record(Record(Page(row, "xyzzy"))).decode())
    for asset in ("secret.assets/xyzzy.png", "labelled.assets/xyzzy.txt", "draft.assets/xyzzy.pdf"):
        copy.write(asset, "xyzzy")
    copy.commit("Save")
    # A page that was inside of what is private, and is not any more.
    copy.git("mv", "secret/below.md", "secret/xyzzy-moved.md")
    copy.write("open.md", f"---\nid: 9\ntitle: Open\nlabels: [shared]\n---\n{OPEN}")
    copy.save("9", 1)
    copy.commit("Save")
    report = built()
    assert len(report.left_out) == len(PRIVATE)
    written_words = OPEN.lower().count("xyzzy")
    for path in out.rglob("*"):
        name = path.relative_to(out).as_posix().lower()
        assert "xyzzy" not in name, path
        if path.is_file() and name not in ("open.html", "_history/9.html", "_confsync/search/text/open.js"):
            assert "xyzzy" not in text(path).lower(), path
    assert text(out / "open.html").lower().count("xyzzy") <= written_words


def test_restricted_pages_are_shown_where_somebody_says_so(copy: Copy, out: Path) -> None:
    copy.write("secret.md", PRIVATE["secret.md"])
    copy.save("22", 1, restricted=True)
    report = build_site(copy.top, out, include_restricted=True)
    assert report.restricted_shown == 1
    assert (out / "secret.html").is_file()
