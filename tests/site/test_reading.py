"""The site as people read it: a browser, a keyboard, a phone, no network; clean for those who cannot see it."""

import functools
import http.server
import importlib.util
import json
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from confsync.site import build_site

HERE = Path(__file__).parent
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
playwright = pytest.importorskip(
    "playwright.sync_api", reason="install the extra `test`: playwright is missing"
)
AXE = importlib.util.find_spec("axe_playwright_python")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no browser here: install chromium")
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PAGES = {
    "a page": "install.html",
    "every construct": "everything.html",
    "home": "index.html",
    "a folder": "teams/index.html",
    "the blog": "blog/index.html",
    "a post": "blog/2026-11-02-release.html",
    "all labels": "_labels/index.html",
    "a label": "_labels/sample.html",
    "another script": "한국어.html",
    "nothing": "404.html",
}
MORE = {
    "confsync.toml": '[space]\nurl = "https://x.atlassian.net/wiki"\nkey = "K"\n[site]\naccent = "#ffd43b"\nfooter = "© Us"\n'
    'links = [{ title = "Status", url = "https://status.example.com/" }]\n',
    "index.md": "---\ntitle: Home\nlabels: [a, b]\n---\n[Far](far/away.md) words\n\n::livesearch\n",
    "far/away.md": "---\ntitle: Far away\nid: 12\nlabels: [a]\n---\nIt begins like this.\n\n"
    "| Name | Size |\n| --- | --- |\n| ten | 10 MB |\n| two | 2 MB |\n| three | 3 MB |\n\n![Dot](away.assets/dot.svg)\n",
    "far/away.assets/dot.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="9"/></svg>',
    "rtl.md": "---\ntitle: شروع به کار\n---\nاین یک صفحه است که از راست به چپ خوانده می‌شود.\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        found = running.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("reading") / "the site"
    build_site(HERE / "fixtures" / "space", out)
    return out


@pytest.fixture(scope="module")
def more(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("more")
    for name, text in MORE.items():
        (top / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (top / "in" / name).write_text(text, encoding="utf-8")
    build_site(top / "in", top / "out")
    return top / "out"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serving(folder: Path) -> Any:
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Reader:
    """A page in a browser without a network, and everything that went wrong on it."""

    def __init__(self, browser: Any, **how: Any) -> None:
        self.trouble: list[str] = []
        self.context = browser.new_context(viewport=DESKTOP, **how)
        self.context.route("**/*", self._route)
        self.page = self.context.new_page()
        self.page.on("console", lambda said: self.trouble.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))

    def _route(self, route: Any) -> None:
        if route.request.url.startswith(("file:", "http://127.0.0.1", "data:")):
            route.continue_()
        else:
            self.trouble.append(f"asked for {route.request.url}")
            route.abort()

    def open(self, url: str) -> Any:
        self.page.goto(url)
        return self.page


@pytest.fixture
def reader(browser: Any) -> Iterator[Reader]:
    one = Reader(browser)
    yield one
    one.context.close()
    assert one.trouble == []


@pytest.mark.skipif(AXE is None, reason="install the extra `test`: axe-playwright-python is missing")
@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing_in_light_and_dark_on_a_desk_and_on_a_phone(
    site: Path, browser: Any, kind: str
) -> None:
    assert AXE is not None
    assert AXE.origin is not None
    axe = (Path(AXE.origin).parent / "axe.min.js").read_text(encoding="utf-8")
    reader = Reader(browser, bypass_csp=True)
    page = reader.open((site / PAGES[kind]).as_uri())
    page.evaluate(axe)
    for scheme in ("light", "dark"):
        for size in (DESKTOP, PHONE):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)
            found = page.evaluate("axe.run(document, { iframes: false, resultTypes: ['violations'] })")
            wrong = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]
            assert not wrong, json.dumps([scheme, size, wrong], indent=1)
            if folder := os.environ.get("CONFSYNC_SCREENSHOTS"):
                name = f"{PAGES[kind].replace('/', '-')}-{size['width']}-{scheme}.png"
                page.screenshot(path=Path(folder) / name, full_page=True)
    reader.context.close()


@pytest.mark.parametrize("how", ["from a server", "from a disk"])
def test_search_finds_and_leads_there_without_a_network(site: Path, reader: Reader, how: str) -> None:
    server = serving(site) if how == "from a server" else None
    base = f"http://127.0.0.1:{server.server_address[1]}" if server else site.as_uri()
    page = reader.open(f"{base}/blog/index.html")
    page.keyboard.press("/")
    page.keyboard.type("confgure")
    page.wait_for_selector(".search-found mark")
    page.keyboard.press("Enter")
    page.wait_for_url("**/install.html#configure")
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.press("Escape")
    assert page.locator("dialog.search[open]").count() == 0
    if server:
        server.shutdown()
        server.server_close()


def test_a_reader_with_a_keyboard_gets_everywhere(site: Path, reader: Reader) -> None:
    page = reader.open((site / "install.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.locator(".site-nav summary").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is not None


def test_the_way_through_the_site(site: Path, reader: Reader) -> None:
    page = reader.open((site / "install.html").as_uri())
    page.locator(".neighbours .next").click()
    page.wait_for_url("**/install/linux.html")
    page.locator(".trail a").last.click()
    page.wait_for_url("**/install.html")
    page.locator(".site-contents a").last.click()
    assert "#" in page.url
    page.wait_for_selector('.site-contents a[aria-current="location"]')


def test_on_a_phone_the_menu_opens_and_nothing_sticks_out(site: Path, reader: Reader) -> None:
    reader.page.set_viewport_size(PHONE)
    page = reader.open((site / "everything.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("[data-menu]").click()
    assert page.locator(".site-nav a").first.is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".site-nav a").first.is_visible()


def test_dark_is_a_choice_that_stays(site: Path, reader: Reader) -> None:
    page = reader.open((site / "index.html").as_uri())
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("[data-theme-button]").click()
    after = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert before != after
    reader.open((site / "install.html").as_uri())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == after


def test_a_link_tells_where_it_leads(more: Path, reader: Reader) -> None:
    page = reader.open((more / "index.html").as_uri())
    page.locator(".text a", has_text="Far").hover()
    page.wait_for_selector(".preview:not([hidden])")
    assert page.locator(".preview strong").inner_text() == "Far away"
    assert page.locator(".preview span").inner_text() == "It begins like this."
    page.keyboard.press("Escape")
    assert not page.locator(".preview").is_visible()


def test_tables_sort_by_what_a_column_means(more: Path, reader: Reader) -> None:
    page = reader.open((more / "far" / "away.html").as_uri())
    page.locator(".sort", has_text="Size").click()
    assert page.locator("tbody td:first-child").all_inner_texts() == ["two", "three", "ten"]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    page.locator(".sort", has_text="Size").click()
    assert page.locator("tbody td:first-child").all_inner_texts() == ["ten", "three", "two"]


def test_a_picture_opens_large_and_closes(more: Path, reader: Reader) -> None:
    page = reader.open((more / "far" / "away.html").as_uri())
    page.get_by_role("button", name="Enlarge: Dot").click()
    assert page.locator("dialog.lightbox[open] img").get_attribute("alt") == "Dot"
    page.keyboard.press("Escape")
    assert page.locator("dialog.lightbox[open]").count() == 0


def test_labels_are_filtered_by_other_labels(more: Path, reader: Reader) -> None:
    page = reader.open((more / "_labels" / "a.html").as_uri())
    page.get_by_role("button", name="b", exact=True).click()
    assert page.locator(".folder li:visible").all_inner_texts() == ["Home"]
    assert page.locator("[data-filter] [role=status]").inner_text() == "1 page"


def test_a_search_macro_opens_the_search(more: Path, reader: Reader) -> None:
    page = reader.open((more / "index.html").as_uri())
    page.get_by_role("link", name="Search these pages").click()
    assert page.locator("dialog.search[open]").count() == 1


def test_lasting_addresses_lead_to_the_page(more: Path, reader: Reader) -> None:
    for lasting in ("p/12/index.html", "wiki/spaces/K/pages/12/index.html"):
        reader.open((more / lasting).as_uri())
        reader.page.wait_for_url("**/far/away.html")


def test_text_from_right_to_left_stands_on_the_right(more: Path, reader: Reader) -> None:
    page = reader.open((more / "rtl.html").as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('.text p')).direction") == "rtl"
    assert page.evaluate("document.querySelector('.text').lang") == "ar"


@pytest.mark.parametrize("how", ["from a server", "from a disk"])
def test_diagrams_are_drawn_in_a_frame_of_their_own(site: Path, reader: Reader, how: str) -> None:
    server = serving(site) if how == "from a server" else None
    base = f"http://127.0.0.1:{server.server_address[1]}" if server else site.as_uri()
    page = reader.open(f"{base}/everything.html")
    page.wait_for_selector(".mermaid-frame.drawn")
    assert page.frame_locator(".mermaid-frame iframe").locator("svg").count() == 1
    if server:
        assert page.locator(".mermaid-frame iframe").get_attribute("sandbox") == "allow-scripts"
        server.shutdown()
        server.server_close()


def test_a_page_prints_without_what_surrounds_it(site: Path, reader: Reader) -> None:
    page = reader.open((site / "everything.html").as_uri())
    page.emulate_media(media="print")
    for around in (".site-header", ".site-nav", ".site-contents", ".neighbours", ".about"):
        assert not page.locator(around).first.is_visible(), around
    assert page.locator(".text h1").is_visible()
