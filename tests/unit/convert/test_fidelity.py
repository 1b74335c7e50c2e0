"""docs/fidelity.md says what `confsync convert --check` finds on the corpus."""

import csv
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from confsync.convert import check

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("CONFSYNC_CORPUS", ROOT.parent / "shared" / "corpus"))
TEXT = (ROOT / "docs" / "fidelity.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.skipif(
    not (FOLDER / "manifest.tsv").is_file(),
    reason="no corpus: let CONFSYNC_CORPUS name a folder of storage documents",
)


def documents(every: int = 1) -> list[str]:
    with (FOLDER / "manifest.tsv").open(encoding="utf-8", newline="") as manifest:
        names = [row["file"] for row in csv.DictReader(manifest, delimiter="\t")]
    return [(FOLDER / name).read_bytes().decode("utf-8") for name in names[::every]]


def figure(row: str) -> int:
    """The number in a row of the documentation's tables, by how the row begins."""
    found = re.search(rf"^\| {re.escape(row)}.*?\| (\d+) \|", TEXT, re.MULTILINE)
    assert found, row
    return int(found[1])


def test_the_figures_are_true() -> None:
    found = [check(storage) for storage in documents()]
    opaque = sum(one.opaque for one in found)
    editable = sum(one.editable for one in found)
    assert figure("documents") == len(found)
    assert figure("come back byte for byte") == sum(one.get_put for one in found)
    assert figure("not well-formed") == sum(not one.well_formed for one in found)
    assert figure("blocks of text that can be edited") == editable
    assert figure("parts that cannot") == opaque
    assert f"{editable / (editable + opaque):.1%}".replace("%", " %") in TEXT


def test_the_kinds_add_up() -> None:
    kinds: Counter[str] = Counter()
    for storage in documents():
        kinds.update(check(storage).kinds)
    rows = re.findall(r"^\| (?:`|everything).*?\| (\d+) \|", TEXT, re.MULTILINE)
    assert sum(map(int, rows)) == kinds.total() == figure("parts that cannot")
    assert figure("`placeholder`") == kinds["placeholder"]
    assert figure("`macro`") == kinds["macro"]
    diagrams = ("drawio", "gliffy", "mermaid-cloud", "plantumlcloud", "chart")
    assert figure("`drawio`") == sum(kinds[kind] for kind in diagrams)
    assert figure("`view-file`") == sum(
        kinds[kind] for kind in ("view-file", "viewpdf", "multimedia", "widget")
    )
    pieces = (
        "parameter",
        "plain-text-body",
        "rich-text-body",
        "plain-text-link-body",
        "task-body",
        "task-id",
        "task-status",
    )
    assert figure("`parameter`") == sum(kinds[kind] for kind in pieces)
    assert figure("`profile`") == sum(kinds[kind] for kind in ("profile", "author", "user"))
