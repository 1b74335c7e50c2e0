"""docs/fidelity.md is what docs/fidelity.py finds on the corpus, and the README says the same."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("CONFSYNC_CORPUS", ROOT.parent / "shared" / "corpus"))
pytestmark = pytest.mark.skipif(
    not (FOLDER / "manifest.tsv").is_file(),
    reason="no corpus: let CONFSYNC_CORPUS name a folder of storage documents",
)


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fidelity_page", ROOT / "docs" / "fidelity.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page() -> str:
    written: str = script().fidelity(FOLDER)
    return written


def test_the_page_says_what_is_found(page: str) -> None:
    assert (ROOT / "docs" / "fidelity.md").read_text("utf-8") == page


def test_every_document_is_kept_and_few_blocks_are_not_editable(page: str) -> None:
    table = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    figures = {row[0]: row[1:] for row in table}
    kept = figures["come back byte for byte, although something else on the page was edited"]
    assert kept == figures["documents"]
    assert float(figures["editable"][0].removesuffix(" %")) >= 99.5


def test_the_readme_says_the_same(page: str) -> None:
    share = page.rsplit(" kept, and ", 1)[1].partition(" can be edited")[0]
    assert share in " ".join((ROOT / "README.md").read_text("utf-8").split())
