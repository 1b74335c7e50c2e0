"""A diagram that is kept as a file comes with a picture of itself: shown below it, and never sent back."""

from collections.abc import Mapping, Sequence

from confsync.convert.markdown.target import canonical_path, segment
from confsync.convert.rules.parameters import macro_name, parameter
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.tree import TOKEN, Item, fields_of

DIAGRAMS = frozenset(("drawio", "drawio-sketch", "gliffy", "lucidchart", "balsamiq", "mermaid-cloud"))
_NAMES = ("diagramName", "name", "filename", "diagramDisplayName")


def preview_of(page: Page, node: Node) -> str:
    """The target of the picture that is attached beside a diagram; empty where there is none."""
    if macro_name(page, node) not in DIAGRAMS:
        return ""
    named = (parameter(page, node, name) for name in _NAMES)
    files = [file for name in named if name for file in (f"{name}.png", name) if file.endswith(".png")]
    found = next((file for file in files if file in page.links.files), "")
    folder = f"{canonical_path(page.links.attachments)}/" if page.links.attachments else ""
    return folder + segment(found) if found else ""


def without_previews(items: Sequence[Item], previews: Mapping[str, str]) -> list[Item]:
    """The blocks of an edited text without the pictures right below their diagrams."""
    out: list[Item] = []
    for item in items:
        before = previews.get(out[-1].props.get("id", "")) if out and out[-1].kind == "opaque" else None
        if before is not None and _picture(item) == before:
            continue
        if item.children and item.kind != "table":
            item.children = without_previews(item.children, previews)
            item.seal()
        out.append(item)
    return out


def _picture(item: Item) -> str:
    atoms = item.atoms or []
    alone = item.kind == "paragraph" and len(atoms) == 1 and atoms[0].startswith(TOKEN + "image")
    return fields_of(atoms[0])[1] if alone else ""
