# ruff: noqa: INP001 - a script of its own
"""Write docs/fidelity.md from a corpus: `python docs/fidelity.py FOLDER`.

FOLDER holds documents in storage format and a `manifest.tsv` with the columns `file`, `source` and `kind`.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from confsync.convert import Fidelity, check

PAGE: Final = Path(__file__).parent / "fidelity.md"
WHOLE: Final = frozenset({"fixture", "json-string", "json-body", "export-body"})
"""Kinds of documents that are whole pages; all others are pieces out of code and documentation."""

HEAD: Final = """\
# Fidelity

How much of real Confluence pages is kept, and how much can be edited? Measure it on your own export,
without an account and without a network:

```
confsync convert --check exports/
```

It turns every document into Markdown, edits that Markdown, turns it back, and compares the bytes.

## On a corpus
"""
MIDDLE: Final = """\
They can be moved, copied and deleted. A copy gets no ids of the original.

## Construct by construct
"""
TAIL: Final = """\
## What is not shown, and kept

Sizes and alignment of images, widths and colours of tables and text, ids, the parameters of macros that are
at their default, inline comments, the spelling of entities, empty paragraphs, the text of a link that
Confluence makes itself.

## What an edit can cost

Each of these is said, and refused unless you allow it with `--allow-loss`:

- deleting all the words that an inline comment is on;
- a placeholder whose `#id` nobody knows;
- any edit of a page that is carried whole.

What the new editor keeps as a rendered copy of a panel or an app goes when its text is edited; Confluence
makes it again.

This page is written by `docs/fidelity.py`, and `tests/unit/convert/test_fidelity.py` holds it to the corpus.
"""
GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "pieces of macros, links and tasks without what they belong to": (
        "parameter", "plain-text-body", "rich-text-body", "plain-text-link-body", "task-id", "task-status",
        "task-body", "caption", "page", "attachment", "user", "space", "td", "p",
    ),
    "macros without a name": ("macro",),
    "diagrams that are files or data, not text": (
        "drawio", "gliffy", "mermaid-cloud", "plantumlcloud", "chart",
    ),
    "links and images that lead nowhere, task lists without tasks": ("link", "image", "task-list"),
}  # fmt: skip
"""Placeholders by what they are; every other kind is an app of its own, or made up by a test."""
OTHERS: Final = "apps without a body, and macros made up by tests"
CONSTRUCTS: Final = PAGE.parent.parent / "tests" / "unit" / "convert" / "constructs"
_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found in some documents."""

    documents: int
    kept: int
    malformed: int
    editable: int
    opaque: Counter[str]

    @property
    def share(self) -> str:
        """How many of all blocks can be edited."""
        return f"{self.editable / (self.editable + self.opaque.total()):.1%}".replace("%", " %")


def measure(found: Sequence[Fidelity]) -> Measured:
    """Add up the findings of some documents."""
    kinds: Counter[str] = Counter()
    for one in found:
        kinds.update(one.kinds)
    kept = sum(one.get_put for one in found)
    malformed = sum(not one.well_formed for one in found)
    return Measured(len(found), kept, malformed, sum(one.editable for one in found), kinds)


def rows(corpus: Path) -> list[dict[str, str]]:
    """The manifest of a corpus."""
    with (corpus / "manifest.tsv").open(encoding="utf-8", newline="") as manifest:
        return list(csv.DictReader(manifest, delimiter="\t"))


def fidelity(corpus: Path) -> str:
    """The whole page."""
    manifest = rows(corpus)
    found = [check((corpus / row["file"]).read_bytes().decode("utf-8")) for row in manifest]
    is_page = [row["kind"] in WHOLE for row in manifest]
    pages = measure([one for one, whole in zip(found, is_page, strict=True) if whole])
    pieces = measure([one for one, whole in zip(found, is_page, strict=True) if not whole])
    projects = len({row["source"].partition("@")[0] for row in manifest})
    everything = measure(found)
    figures, kinds = _figures(everything, pages, pieces, projects), _kinds(everything.opaque)
    return "\n".join((HEAD, *figures, "", *kinds, "", MIDDLE, *_constructs(), "", TAIL))


def _figures(everything: Measured, pages: Measured, pieces: Measured, projects: int) -> Iterator[str]:
    yield f"{everything.documents:,} documents from {projects} public projects that work with Confluence:"
    yield f"{pages.documents} whole pages (exports, answers of the API, fixtures; Cloud and Data Center, old"
    yield f"and new editor), and {pieces.documents} smaller pieces out of their documentation, templates and"
    yield "tests, which hold the odd cases.\n"
    yield "| | whole pages | pieces | together |\n| --- | --- | --- | --- |"
    three = (pages, pieces, everything)
    table: Mapping[str, Sequence[int | str]] = {
        "documents": [one.documents for one in three],
        "come back byte for byte, although something else on the page was edited": [
            one.kept for one in three
        ],
        "not well-formed: carried whole and read-only": [one.malformed for one in three],
        "blocks of text that can be edited": [one.editable for one in three],
        "parts that cannot, shown as a placeholder and kept": [one.opaque.total() for one in three],
        "editable": [one.share for one in three],
    }
    for name, values in table.items():
        yield f"| {name} | " + " | ".join(map(str, values)) + " |"
    kept = "every document is" if everything.kept == everything.documents else f"{everything.kept} are"
    yield f"\nSo {kept} kept, and {pages.share} of the blocks of whole pages can be edited."


def _kinds(opaque: Counter[str]) -> Iterator[str]:
    yield "## What cannot be edited\n\n| What it is | How often | Shown as |\n| --- | --- | --- |"
    named = {kind for kinds in GROUPS.values() for kind in kinds}
    others = [kind for kind, _ in sorted(opaque.items(), key=_frequency) if kind not in named]
    for group, kinds in {**GROUPS, OTHERS: others}.items():
        there = [kind for kind in kinds if opaque[kind]]
        shown = ", ".join(f"`{kind}`" for kind in there[:_SHOWN]) + (", …" if len(there) > _SHOWN else "")
        yield f"| {group} | {sum(opaque[kind] for kind in there)} | {shown} |"


def _constructs() -> Iterator[str]:
    texts = [path.read_bytes().decode("utf-8") for path in sorted(CONSTRUCTS.glob("*/*.md"))]
    words = [text for text in texts if re.search(r"^=== words\n\S", text, re.MULTILINE)]
    whole = sum("\n=== not editable\n" not in text for text in words)
    typed = sum("\n=== makes\n" in text for text in texts)
    every = len(texts)
    yield f"{every} constructs of storage format are held one by one by `tests/unit/convert/constructs/`:"
    yield f"all {every} are kept when something else is edited, and can be deleted without a trace. In"
    yield f"{whole} of the {len(words)} that hold words every word can be changed, and only its bytes change."
    yield f"{typed} can be typed by hand; what the others say besides their text is known only to the page"
    yield "they came from."


def _frequency(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


if __name__ == "__main__":
    PAGE.write_text(fidelity(Path(sys.argv[1])), "utf-8")
