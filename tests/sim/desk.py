"""The user's desk: picking files and saving them, for everything that a user does."""

from confsync.convert.markdown import front_matter
from tests.sim.ledger import tokens
from tests.sim.world import SimWorld


def files(world: SimWorld) -> list[str]:
    """Files without an open conflict."""
    pending = {conflict.path for conflict in world.repository.pending.values()}
    return [path for path in world.pages() if path not in pending]


def pick(world: SimWorld, a: int) -> str:
    found = files(world)
    focus = next((path for path in found if f"\nid: {world.focus(a)}\n" in world.text(path)), "")
    return focus or found[a % len(found)] if found else ""


def take_apart(world: SimWorld, path: str) -> tuple[str, list[str]]:
    document = front_matter.split(world.text(path))
    head = world.text(path)[: document.body_offset]
    return head, [part for part in document.body.strip("\n").split("\n\n") if part]


def save(world: SimWorld, path: str, head: str, parts: list[str]) -> None:
    before = tokens(world.text(path))
    world.tree.write(path, (head + "\n" + "\n\n".join(parts) + "\n").replace("\n\n\n", "\n\n").encode())
    world.ledger.dropped_here |= before - tokens(world.text(path))


def key(world: SimWorld, path: str, **values: front_matter.Value | None) -> None:
    world.tree.write(path, front_matter.edit(world.text(path), values).encode())
