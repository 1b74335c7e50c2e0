"""export, preview, convert and doctor."""

import io
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from confsync.model.record import load_record
from tests.cli.conftest import INSTALL, Cli, change, git

STORAGE = "<h2>Read me</h2><p>Some <strong>bold</strong> words &amp; more.</p>"


def test_export_makes_a_site_and_says_where(cli: Cli, copy: Path) -> None:
    ran = cli("export")
    assert ran.code == 0
    assert "Exported 4 pages" in ran.out
    assert "site/index.html" in ran.out
    assert "Welcome home." in Path("site/index.html").read_text()
    assert git("status", "--porcelain") == ""
    assert "0 files written" in cli("export").out


def test_export_elsewhere_and_as_json(cli: Cli, copy: Path) -> None:
    said = cli("export", "../public", "--base-url", "https://docs.example.com/", "--json").json
    assert said["pages"] == 4
    assert Path("../public/sitemap.xml").is_file()
    assert "public" not in (copy / ".git/info/exclude").read_text()


def test_export_over_somebody_elses_files_is_refused(cli: Cli, copy: Path) -> None:
    Path("site").mkdir()
    Path("site/index.html").write_text("mine")
    ran = cli("export")
    assert ran.code == 2
    assert Path("site/index.html").read_text() == "mine"


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_preview_serves_the_site_until_ctrl_c(copy: Path) -> None:
    command = [sys.executable, "-m", "confsync", "preview", "--port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env={**os.environ, "PYTHONUNBUFFERED": "1"}, **pipes) as process:  # type: ignore[call-overload]
        line = process.stdout.readline()
        url = next(word for word in line.split() if word.startswith("http"))
        with urllib.request.urlopen(url) as answer:
            assert b"Welcome home." in answer.read()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "The preview is gone" in err


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_pages_of_a_preview_follow_the_files_and_strangers_are_turned_away(copy: Path) -> None:
    command = [sys.executable, "-m", "confsync", "preview", "--port", "0"]
    with subprocess.Popen(
        command, env={**os.environ, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        url = next(word for word in process.stdout.readline().split() if word.startswith("http"))
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(urllib.request.Request(url, headers={"Host": "evil.example"}))
        with urllib.request.urlopen(f"{url}_confsync/live", timeout=20) as events:
            assert events.readline() == b": here\n"
            (copy / "fresh.md").write_text("A fresh page.\n")
            heard = b"".join(events.readline() for _ in range(2))
        assert heard == b"\nevent: reload\n"
        with urllib.request.urlopen(f"{url}fresh.html") as answer:
            assert b"A fresh page." in answer.read()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def test_storage_becomes_markdown_and_comes_back(cli: Cli) -> None:
    Path("page.xml").write_text(STORAGE)
    markdown = cli("convert", "page.xml").out
    assert markdown == "## Read me\n\nSome **bold** words & more.\n"
    Path("page.md").write_text(markdown)
    assert cli("convert", "page.md", "--base", "page.xml").out == STORAGE
    Path("page.md").write_text(markdown.replace("words", "letters"))
    assert cli("convert", "page.md", "--base", "page.xml").out == STORAGE.replace("words", "letters")


def test_a_filter_reads_standard_input_and_sees_what_it_is(cli: Cli) -> None:
    assert cli("convert", stdin=STORAGE).out.startswith("## Read me")
    assert cli("convert", stdin="## Read me").out == "<h2>Read me</h2>"
    assert cli("convert", "--to", "storage", stdin="<https://example.com>").out.startswith("<p>")


def test_a_record_is_read_as_its_storage(cli: Cli, copy: Path) -> None:
    ran = cli("convert", f".confsync/pages/02/{INSTALL}.page")
    assert "Then start it." in ran.out


def test_check_reports_over_folders(cli: Cli, copy: Path) -> None:
    ran = cli("convert", "--check", ".")
    assert ran.code == 0
    assert "4 of 4 documents come back byte for byte" in ran.out
    assert "drawio ×1" in ran.out


def test_check_names_what_cannot_be_read(cli: Cli) -> None:
    Path("broken.xml").write_text("<p>open")
    Path("latin.xml").write_bytes("<p>é</p>".encode("latin-1"))
    ran = cli("convert", "--check", "--json", ".")
    assert ran.code == 1
    assert [item["path"] for item in ran.json["failed"]] == ["latin.xml"]  # type: ignore[attr-defined]
    assert [item["path"] for item in ran.json["read_only"]] == ["broken.xml"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["convert", "missing.xml"], "missing.xml cannot be read: No such file"),
        (["convert", "a.xml", "b.xml"], "one file at a time"),
        (["convert", "latin.xml"], "latin.xml is not UTF-8"),
        (["convert", "directive.md"], "line 1"),
    ],
)
def test_wrong_input_to_the_filter(cli: Cli, arguments: list[str], said: str) -> None:
    Path("latin.xml").write_bytes("<p>é</p>".encode("latin-1"))
    Path("directive.md").write_text(":::expand[open\n\nText\n")
    ran = cli(*arguments)
    assert ran.code in (1, 2)
    assert said in ran.said
    assert ran.out == ""


def test_doctor_finds_a_healthy_copy_healthy(cli: Cli, copy: Path) -> None:
    ran = cli("doctor", "--json")
    assert ran.code == 0, ran.said
    health = {item["about"]: item["health"] for item in ran.json["checks"]}  # type: ignore[attr-defined]
    assert set(health.values()) <= {"ok", "warning"}
    assert health["records"] == health["Confluence"] == health["attributes"] == "ok"


def test_doctor_finds_what_hides_or_changes_records(cli: Cli, copy: Path) -> None:
    Path(".gitignore").write_text(".*\n")
    Path(".confsync/.gitattributes").write_text("*.page filter=lfs\n")
    ran = cli("doctor", "--offline")
    assert ran.code == 1
    assert "a .gitignore hides .confsync/" in ran.out
    assert "records are changed by filter=lfs" in ran.out


def test_doctor_finds_a_record_that_somebody_edited(cli: Cli, copy: Path) -> None:
    change(f".confsync/pages/02/{INSTALL}.page", "Then start it.", "Then stop it.")
    git("commit", "--quiet", "-am", "Tamper")
    ran = cli("doctor", "--offline")
    assert ran.code == 1
    assert f"{INSTALL}.page" in ran.out


def test_doctor_registers_the_merge_driver(cli: Cli, copy: Path) -> None:
    git("config", "--local", "--remove-section", "merge.confsync")
    assert "not registered" in cli("doctor", "--offline").out
    assert "not registered" not in cli("doctor", "--offline", "--fix").out


def test_the_merge_driver_takes_the_newer_record(cli: Cli, copy: Path) -> None:
    record = Path(f".confsync/pages/02/{INSTALL}.page").read_bytes()
    for name in ("base", "ours", "theirs"):
        Path(name).write_bytes(record)
    assert cli("merge-record", "base", "ours", "theirs").code == 0
    assert load_record(Path("ours").read_bytes()).id == INSTALL
    Path("ours").write_bytes(b"broken")
    Path("theirs").write_bytes(b"broken, too")
    assert cli("merge-record", "base", "ours", "theirs").code == 1
    assert Path("ours").read_bytes() == b"broken"


def test_a_reader_that_leaves_early_is_no_error(copy: Path) -> None:
    text = Path("index.md").read_text()
    Path("index.md").write_text(text + "\nMore.\n" * 5000)
    command = f"{sys.executable} -m confsync diff | head -n 1"
    ran = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert ran.stdout == "update index.md\n"
    assert ran.stderr == ""


def test_bytes_on_standard_output_are_utf8_whatever_the_locale() -> None:
    command = [sys.executable, "-m", "confsync", "convert"]
    env = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(command, input="<p>한강 ½</p>".encode(), capture_output=True, env=env, check=True)
    assert ran.stdout.decode() == "한강 ½\n"
    assert io.BytesIO(ran.stderr).read() == b""
