"""Attachments never act under the site's name."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from confsync.site import SiteReport
from confsync.site.served import harmless

Build = Callable[[Mapping[str, str]], SiteReport]
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<g onload="alert(1)"/>',
        '<a href="javascript:alert(1)"><text>x</text></a>',
        '<a xlink:href=" JaVaScript:alert(1)"><text>x</text></a>',
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></body></foreignObject>",
        '<set attributeName="onmouseover" to="alert(1)"/>',
        '<image href="https://evil.example/alert.png"/>',
        '<use xlink:href="data:image/svg+xml;base64,alert"/>',
        "<style>@import url(https://evil.example/alert.css)</style>",
        '<rect style="fill: url(https://evil.example/alert)"/>',
        '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
    ],
)
def test_a_picture_keeps_nothing_that_acts(tmp_path: Path, hostile: str) -> None:
    file = tmp_path / "a.svg"
    file.write_text(f'{HEAD}{hostile}<circle r="5" fill="url(#g)"/></svg>', encoding="utf-8")
    clean = harmless(file)
    assert b"alert" not in clean
    assert b'<circle r="5" fill="url(#g)"' in clean


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<svg",
        "<html/>",
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
    ],
)
def test_what_is_no_plain_picture_is_an_empty_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.svg").write_text(text, encoding="utf-8")
    assert harmless(tmp_path / "a.svg") == b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def test_pages_and_other_programs_are_served_as_text(build: Build, out: Path) -> None:
    build({
        "index.md": "[a](index.assets/a.html) ![b](index.assets/b.svg) [c](files/c.XML)\n\n::attachments\n",
        "index.assets/a.html": "<script>alert(1)</script>",
        "index.assets/b.svg": f"{HEAD}<script>alert(1)</script></svg>",
        "files/c.XML": "<x/>",
    })  # fmt: skip
    html = (out / "index.html").read_text(encoding="utf-8")
    assert 'href="index.assets/a.html.txt"' in html
    assert 'href="files/c.XML.txt"' in html
    assert (out / "index.assets" / "a.html.txt").read_text(encoding="utf-8") == "<script>alert(1)</script>"
    assert not (out / "index.assets" / "a.html").exists()
    assert "alert" not in (out / "index.assets" / "b.svg").read_text(encoding="utf-8")
