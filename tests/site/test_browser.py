"""The site in a real browser, from disk: it looks and behaves as it should, in light, in dark, on a phone."""

import functools
import html
import http.server
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from confsync.site import build_site

HERE = Path(__file__).parent
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no browser here: install chromium")

DESKTOP, PHONE = (1280, 900), (390, 844)
PAGES = [
    "index.html",
    "everything.html",
    "install.html",
    "install/linux/arm.html",
    "blog/index.html",
    "blog/2026-11-02-release.html",
    "teams/index.html",
    "한국어.html",
    "404.html",
]
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-extensions --disable-dev-shm-usage --virtual-time-budget=3000"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "out put"
    build_site(HERE / "fixtures" / "space", out, templates=HERE / "probe")
    return out


@pytest.fixture
def look(tmp_path: Path) -> Any:
    def at(url: str, size: tuple[int, int] = DESKTOP, *, dark: bool = False) -> dict[str, Any]:
        scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
        size_flag = f"--window-size={size[0]},{size[1]}"
        command = [
            str(BROWSER),
            *FLAGS.split(),
            scheme,
            size_flag,
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
            url,
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)
        probe = re.search(r'data-probe="([^"]*)"', done.stdout)
        assert probe, done.stdout[:2000] + done.stderr[-2000:]
        found: dict[str, Any] = json.loads(html.unescape(probe[1]))
        return found

    return at


def brightness(colour: str) -> int:
    return sum(map(int, re.findall(r"\d+", colour)[:3]))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_right_from_disk(site: Path, look: Any, page: str) -> None:
    found = look((site / page).as_uri())
    assert not found["errors"]
    assert found["styled"]
    assert not found["faint"], "contrast of at least 4.5 in light"
    assert not found["faintToggled"], "contrast of at least 4.5 in dark"
    assert not found["small"], "targets of at least 24 pixels"
    assert not found["nameless"], "links and buttons that say what they are"
    assert found["wide"] == 0
    assert found["pictures"] == 0


@pytest.mark.parametrize("page", ["index.html", "everything.html"])
def test_a_page_fits_a_phone_and_its_menu_works(site: Path, look: Any, page: str) -> None:
    found = look((site / page).as_uri(), PHONE)
    assert found["wide"] == 0, "nothing but tables and code scrolls sideways"
    assert (found["menu"], found["navBefore"]) == (True, False)
    assert found["navOpen"]
    assert found["navClosed"]
    assert not found["errors"]
    assert not found["small"]


def test_dark_follows_the_system_and_the_switch(site: Path, look: Any) -> None:
    light, dark = (look((site / "index.html").as_uri(), dark=dark) for dark in (False, True))
    assert brightness(light["canvas"]) > 700
    assert brightness(dark["canvas"]) < 120
    assert (light["toggled"], light["pressed"], light["remembered"]) == (dark["canvas"], "true", "dark")


def test_the_choice_is_remembered(site: Path, look: Any) -> None:
    look((site / "index.html").as_uri())
    assert brightness(look((site / "install.html").as_uri())["canvas"]) < 120


def test_code_has_copy_buttons(site: Path, look: Any) -> None:
    assert look((site / "install.html").as_uri())["copy"] == 2


def test_a_link_into_folded_text_opens_it(tmp_path: Path, look: Any) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "index.md").write_text(":::expand[More]\n\n## Deep\n\n:::\n", encoding="utf-8")
    build_site(tmp_path / "in", tmp_path / "out", templates=HERE / "probe")
    assert look((tmp_path / "out" / "index.html").as_uri() + "#deep")["unfolded"] is True


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def served(site: Path, tmp_path: Path) -> Iterator[str]:
    """The site below a sub-path of a web server."""
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "docs").symlink_to(site)
    handler = functools.partial(_Quiet, directory=str(tmp_path / "www"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/docs"
        server.shutdown()


def test_a_page_is_right_from_a_sub_path_of_a_server(served: str, look: Any) -> None:
    found = look(f"{served}/install/linux/arm.html")
    assert found["styled"]
    assert not found["errors"]


@pytest.mark.parametrize(
    ("typed", "title", "marked"),
    [
        ("packa", "Linux", "Packa"),
        ("instal", "Install", "Instal"),
        ("pakcages ", "Linux", "Packages"),
        ("안내", "한국어 안내서", "안내"),
    ],
)
def test_search_from_disk_finds(site: Path, look: Any, typed: str, title: str, marked: str) -> None:
    found = look((site / "blog" / "index.html").as_uri() + f"?q={quote(typed)}")
    first, _, marks = found["results"][0]
    assert first == title
    assert marked in marks
    assert not found["errors"]


def test_search_leads_to_the_section_that_says_it(site: Path, look: Any) -> None:
    found = look((site / "index.html").as_uri() + "?q=configure")
    assert found["results"][0][:2] == ["Install", "install.html#configure"]


def test_search_is_used_with_keys_alone(site: Path, look: Any) -> None:
    found = look((site / "index.html").as_uri() + "?q=linux")
    assert found["searchOpen"], "a slash opens it and its field has the focus"
    assert found["onFirst"], "down goes to the first page found"
    assert found["backInField"], "up goes back"
    assert found["status"] == f"{len(found['results'])} pages"
    assert not found["searchFaint"]


def test_search_says_when_nothing_is_found(site: Path, look: Any) -> None:
    found = look((site / "index.html").as_uri() + "?q=qqqqqq")
    assert (found["results"], found["status"]) == ([], "Nothing found")


def test_search_works_from_a_sub_path_of_a_server(served: str, look: Any) -> None:
    found = look(f"{served}/install/linux/arm.html?q=handbook")
    assert found["results"][0][:2] == ["Harbour handbook", "index.html"]
