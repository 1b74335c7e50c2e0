"""A build that remembers makes exactly what a build from nothing makes."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confsync.errors import UsageError
from confsync.site import SiteReport, build_site

SPACE = {
    "index.md": "---\ntitle: Home\n---\n[a](a.md) [b](a/b.md#deep)\n\n::children{all=true}\n\n::recently-updated\n",
    "a.md": "---\ntitle: Alpha\nlabels: [x]\nid: 1\n---\nalpha words :excerpt[first]{name=e}\n",
    "a/b.md": "---\ntitle: Beta\nlabels: [x, y]\n---\n## Deep\n\n- [ ] Do it\n\n[up](../a.md) ![p](../a.assets/p.png)\n",
    "c.md": "::include[B](a/b.md)\n\n::excerpt-include[A](a.md){name=e}\n\n[gone](new.md)\n",
    "d.md": "::contentbylabel{labels=x}\n\n::tasks-report-macro\n\n::attachments[x]\n",
    "blog/2026-01-01-hello.md": "Hello there.\n",
    "a.assets/p.png": "x",
}
EDITS: Mapping[str, tuple[str, str | None]] = {
    "text": ("a.md", "---\ntitle: Alpha\nlabels: [x]\nid: 1\n---\nother words :excerpt[second]{name=e} [d](d.md)\n"),
    "heading": ("a/b.md", "---\ntitle: Beta\nlabels: [x, y]\n---\n## Shallow\n\n- [x] Do it\n"),
    "title": ("a.md", "---\ntitle: Anton\nlabels: [x]\nid: 1\n---\nalpha words\n"),
    "labels": ("a/b.md", "---\ntitle: Beta\nlabels: [z]\n---\n## Deep\n"),
    "new": ("new.md", "I am new. [a](a.md)\n"),
    "gone": ("a/b.md", None),
    "draft": ("a.md", "---\ntitle: Alpha\nstatus: draft\nid: 1\n---\nnot yet\n"),
    "file": ("a.assets/q.pdf", "xyz"),
    "no file": ("a.assets/p.png", None),
    "post": ("blog/2026-01-01-hello.md", "Hello again.\n"),
    "another post": ("blog/2026-02-01-more.md", "[Home](../index.md)\n"),
    "settings": ("confsync.toml", '[space]\nurl = "https://x.example/wiki"\nkey = "K"\n[site]\ntitle = "Renamed"\n'),
    "touch": ("c.md", SPACE["c.md"]),
}  # fmt: skip


def write(top: Path, name: str, text: str | None) -> None:
    path = top / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if text is None:
        path.unlink(missing_ok=True)
    else:
        path.write_text(text, encoding="utf-8")


def content(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def facts(report: SiteReport) -> object:
    return report.broken, report.problems, report.left_out, report.pages, report.attachments


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.sampled_from(sorted(EDITS)), min_size=1, max_size=5), data=st.data())
def test_after_any_edits_the_site_is_as_if_built_from_nothing(
    tmp_path_factory: pytest.TempPathFactory, edits: list[str], data: st.DataObject
) -> None:
    top = tmp_path_factory.mktemp("incremental")
    for name, text in SPACE.items():
        write(top / "in", name, text)
    build_site(top / "in", top / "out", memory=top / "memory", base_url="https://x.example")
    for edit in edits:
        write(top / "in", *EDITS[edit])
        if data.draw(st.booleans()):
            continue
        again = build_site(top / "in", top / "out", memory=top / "memory", base_url="https://x.example")
    again = build_site(top / "in", top / "out", memory=top / "memory", base_url="https://x.example")
    fresh = build_site(top / "in", top / "fresh", base_url="https://x.example")
    assert facts(again) == facts(fresh)
    assert content(top / "out") == content(top / "fresh")
    shutil.rmtree(top)


@pytest.fixture
def remembering(
    folder: Callable[[Mapping[str, str]], Path], out: Path, tmp_path: Path
) -> Callable[[Mapping[str, str]], SiteReport]:
    return lambda files: build_site(folder(files), out, memory=tmp_path / "memory")


Remembering = Callable[[Mapping[str, str]], SiteReport]


def test_an_edit_writes_the_page_its_words_and_nothing_else(remembering: Remembering, out: Path) -> None:
    remembering(SPACE)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    remembering({"a/b.md": SPACE["a/b.md"] + "\nzebras\n"})
    changed = {
        p.relative_to(out).as_posix()
        for p in out.rglob("*")
        if p.is_file() and before.get(p) != p.stat().st_mtime_ns
    }
    assert changed - {".confsync-site", "_confsync/search/7a-65.js", "_confsync/search/pages.js"} == {
        "a/b.html",
        "c.html",
        "_confsync/search/text/a/b.js",
    }


def test_nothing_touched_writes_nothing(remembering: Remembering) -> None:
    first = remembering(SPACE)
    second = remembering({})
    assert (second.written, second.unchanged) == (0, first.written)


@pytest.mark.parametrize("hurt", ["a.html", "_confsync/site.css", "_confsync/search/text/a.js", "_confsync/search/pages.js", "sitemap.xml", "_labels/x.html"])  # fmt: skip
def test_what_somebody_broke_on_the_site_is_mended(
    folder: Callable[[Mapping[str, str]], Path], out: Path, tmp_path: Path, hurt: str
) -> None:
    def build() -> None:
        build_site(folder(SPACE), out, memory=tmp_path / "memory", base_url="https://x.example")

    build()
    before = content(out)
    (out / hurt).unlink()
    build()
    (out / hurt).write_text("broken", encoding="utf-8")
    build()
    assert content(out) == before


def test_a_memory_that_cannot_be_read_is_no_memory(
    remembering: Remembering, out: Path, tmp_path: Path
) -> None:
    remembering(SPACE)
    before = content(out)
    (tmp_path / "memory" / "facts.json").write_text("{", encoding="utf-8")
    remembering({})
    assert content(out) == before


def test_an_interrupted_build_leaves_nothing_that_the_next_believes(
    remembering: Remembering, out: Path, tmp_path: Path, folder: Callable[[Mapping[str, str]], Path]
) -> None:
    remembering(SPACE)
    own = tmp_path / "own"
    own.mkdir()
    (own / "page.html").write_text("{{ nonsense() }}", encoding="utf-8")
    with pytest.raises(UsageError):
        build_site(folder({"a.md": "changed"}), out, memory=tmp_path / "memory", templates=own)
    remembering({})
    fresh = tmp_path / "fresh"
    build_site(folder({}), fresh)
    assert content(out) == content(fresh)
