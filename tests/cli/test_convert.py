"""`confsync convert --check` over what people have lying around: exports, folders, pipes, wrong files."""

import os
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

PAGE = '<h1>Weir</h1><p>Water <strong>flows</strong>.</p><ac:structured-macro ac:name="map"><ac:parameter ac:name="x">1</ac:parameter></ac:structured-macro>'
EXPORT = f"""<?xml version="1.0" encoding="UTF-8"?>
<hibernate-generic datetime="2026-11-23">
<object class="Page" package="com.atlassian.confluence.pages"><id name="id">7</id></object>
<object class="BodyContent" package="com.atlassian.confluence.core"><id name="id">8</id>
<property name="body"><![CDATA[{PAGE}<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[x]] ></ac:plain-text-body></ac:structured-macro>]]></property>
<property name="bodyType">2</property></object>
<object class="BodyContent" package="com.atlassian.confluence.core"><id name="id">9</id>
<property name="body"><![CDATA[h1. Old wiki markup]]></property><property name="bodyType">0</property></object>
</hibernate-generic>
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_it_counts_what_can_be_edited_and_what_cannot(cli: Cli) -> None:
    Path("page.xml").write_text(PAGE)
    Path("broken.storage").write_text("<p>open")
    ran = cli("convert", "--check", ".")
    assert ran.code == 0, ran.said
    assert ran.out.splitlines() == [
        "broken.storage: carried whole, the body is not well-formed: mismatched tag (line 1, column 8)",
        "2 of 2 documents come back byte for byte",
        "2 blocks of text can be edited, 1 cannot (66.7% editable)",
        "Editable: heading ×1, paragraph ×1",
        "Shown as placeholders: map ×1",
    ]


def test_the_report_as_json(cli: Cli) -> None:
    Path("page.xml").write_text(PAGE)
    ran = cli("convert", "--check", "--json", "page.xml")
    assert ran.code == 0
    assert ran.json == {
        "checked": 1, "ok": 1, "failed": [], "read_only": [], "refused": [], "editable": 2,
        "constructs": {"heading": 1, "paragraph": 1}, "opaque": {"map": 1},
    }  # fmt: skip


@pytest.mark.parametrize("packed", [False, True])
def test_an_export_of_a_space_is_read_body_by_body(cli: Cli, packed: bool) -> None:  # noqa: FBT001
    if packed:
        with zipfile.ZipFile("space.zip", "w") as archive:
            archive.writestr("entities.xml", EXPORT)
    else:
        Path("entities.xml").write_text(EXPORT)
    ran = cli("convert", "--check", "--json", ".")
    assert (ran.code, ran.json["checked"], ran.json["editable"]) == (0, 1, 3), ran.said
    assert ran.json["refused"] == []


def test_other_files_of_a_folder_are_left_out_and_named(cli: Cli) -> None:
    Path("page.xml").write_text(PAGE)
    Path("pom.xml").write_text('<?xml version="1.0"?><project />')
    Path("index.HTML").write_text("<!DOCTYPE html><html><body><br></body></html>")
    with zipfile.ZipFile("pictures.zip", "w") as archive:
        archive.writestr("a.png", b"")
    ran = cli("convert", "--check", ".")
    assert ran.code == 0, ran.said
    assert "pom.xml: left out, is not storage format" in ran.out
    assert "index.HTML: left out, is not storage format" in ran.out
    assert "pictures.zip: left out, is no XML export of a space" in ran.out
    assert "1 of 1 document come back byte for byte" in ran.out


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("image.xml", b"\x89PNG\r\n\x1a\n\x00", "image.xml: is not UTF-8 (byte 1)"),
        ("wide.xml", "<p>x</p>".encode("utf-16"), "wide.xml: is not UTF-8 (byte 1)"),
        ("cut.zip", b"PK\x03\x04", "cut.zip: cannot be read: File is not a zip file"),
        (
            "odd/entities.xml",
            b"<hibernate-generic>",
            "odd/entities.xml: is not well-formed: no element found",
        ),
        ("record.page", b"no record", "record.page: "),
    ],
)
def test_what_cannot_be_read_fails_and_is_named(cli: Cli, name: str, data: bytes, said: str) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_bytes(data)
    ran = cli("convert", "--check", name)
    assert ran.code == 1
    assert said in ran.out
    assert "0 of 1 document come back" in ran.out


def test_a_file_that_only_others_may_read(cli: Cli) -> None:
    Path("secret.xml").write_text(PAGE)
    Path("secret.xml").chmod(0)
    if os.access("secret.xml", os.R_OK):
        pytest.skip("this user may read everything: run as somebody else")
    ran = cli("convert", "--check", ".")
    assert ran.code == 1
    assert "secret.xml: cannot be read: Permission denied" in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--check", "empty"], "no document in storage format in empty"),
        (["--check", "page.md"], "page.md is Markdown, not storage format"),
        (["--check", "--to", "markdown", "page.xml"], "--check takes files and folders only"),
        (["page.xml", "--to", "markdown", "--base", "page.xml"], "--base belongs to Markdown"),
        (["-", "--base", "-"], "not both"),
        (["empty"], "empty cannot be read: Is a directory"),
    ],
)
def test_wrong_usage(cli: Cli, arguments: list[str], said: str) -> None:
    Path("empty").mkdir()
    Path("page.xml").write_text(PAGE)
    Path("page.md").write_text("# Weir\n")
    ran = cli("convert", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.said


def test_a_pipe_can_be_checked(cli: Cli) -> None:
    assert "1 of 1 document come back byte for byte" in cli("convert", "--check", stdin=PAGE).out


def test_a_document_too_large_is_named(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confsync.cli.documents.MAX_BYTES", 10)
    Path("page.xml").write_text(PAGE)
    ran = cli("convert", "--check", "page.xml")
    assert ran.code == 1
    assert "page.xml: cannot be read: it is larger than" in ran.out
    assert "cannot be read: it is larger than" in cli("convert", "page.xml").said
