"""How faithfully one body is carried, for `convert --check`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from confsync.convert.lens.get import get, read_base
from confsync.convert.lens.layouts import END, SECTION
from confsync.convert.lens.put import put
from confsync.errors import ConvertError
from confsync.model.links import Links

_PROBE = "An added paragraph."


@dataclass(frozen=True, slots=True)
class Fidelity:
    """What became of one body."""

    well_formed: bool
    reason: str = ""
    """Why it is carried whole."""
    get_put: bool = True
    """An edit elsewhere on the page leaves every byte of it alone."""
    editable: int = 0
    """Blocks whose text can be edited."""
    opaque: int = 0
    """Constructs shown as placeholders."""
    kinds: Mapping[str, int] = field(default_factory=dict)
    """Placeholders by kind."""
    constructs: Mapping[str, int] = field(default_factory=dict)
    """Leaf blocks by kind."""


def check(storage: str, links: Links | None = None) -> Fidelity:
    """Check one body by the real path: a paragraph is added and every old byte must still be there."""
    base = read_base(storage, links or Links())
    if base.reason:
        return Fidelity(
            well_formed=False, reason=base.reason, get_put=put(base.markdown, storage, links).unchanged
        )
    leaves: dict[str, int] = {}
    for top in base.items:
        for item in top.walk():
            if not item.children and item.kind != "opaque":
                leaves[item.kind] = leaves.get(item.kind, 0) + 1
    kinds: dict[str, int] = {}
    for kind in base.page.opaque:
        kinds[kind] = kinds.get(kind, 0) + 1
    return Fidelity(
        well_formed=True,
        get_put=_survives(storage, links),
        editable=sum(leaves.values()),
        opaque=len(base.page.opaque),
        kinds=kinds,
        constructs=leaves,
    )


def _survives(storage: str, links: Links | None) -> bool:
    markdown = get(storage, links).markdown
    try:
        edited = put(f"{markdown}\n{_PROBE}\n", storage, links).storage
    except ConvertError:
        return False
    plain = f"<p>{_PROBE}</p>"
    return any(edited.replace(added, "", 1) == storage for added in (f"{SECTION}{plain}{END}", plain))
