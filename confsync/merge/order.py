"""The merged sequence of one sibling list: who is there, and where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from confsync.merge.align import alike, pair
from confsync.merge.node import Node
from confsync.merge.sequence import increasing, interleaved


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """One block in the three lists; None where a side does not have it."""

    base: Node | None
    local: Node | None
    remote: Node | None


Pairs = Mapping[Node, Node]


def slots(
    base: Sequence[Node],
    local: Sequence[Node],
    remote: Sequence[Node],
    pairs: tuple[Pairs, Pairs] | None = None,
) -> list[Slot]:
    """Return the union of three sibling lists in merged order.

    Local order holds, except for what the remote side moved; that, and what is new there, stands behind its
    remote neighbour, after anything new that stands there locally.
    """
    found = pairs or _paired(base, local, remote)
    local_base, remote_base = dict(found[0]), dict(found[1])
    twins = _twins(local, remote, local_base, remote_base)
    twin_remotes = set(twins.values())
    of_local = {b: node for node, b in local_base.items()}
    of_remote = {b: node for node, b in remote_base.items()}
    made = [Slot(b, of_local.get(b), of_remote.get(b)) for b in base]
    made += [Slot(None, node, twins.get(node)) for node in local if node not in local_base]
    made += [
        Slot(None, None, node) for node in remote if node not in remote_base and node not in twin_remotes
    ]
    return _ordered(made, base, local, remote)


def _paired(base: Sequence[Node], local: Sequence[Node], remote: Sequence[Node]) -> tuple[Pairs, Pairs]:
    """Pair both sides with the base; a block that looks lost on one side may be known by the other's edit."""
    local_base, remote_base = pair(base, local), pair(base, remote)
    through_remote = _through(local, local_base, remote_base)
    through_local = _through(remote, remote_base, local_base)
    return {**local_base, **through_remote}, {**remote_base, **through_local}


def _through(nodes: Sequence[Node], known: Pairs, other: Pairs) -> Pairs:
    """Pair nodes that resemble what the other side made of a block that seems lost here."""
    there = set(known.values())
    edits = {node: b for node, b in other.items() if b not in there and node.key != b.key}
    strangers = [node for node in nodes if node not in known]
    return {node: edits[edit] for node, edit in alike(list(edits), strangers).items()}


def _twins(
    local: Sequence[Node], remote: Sequence[Node], local_base: dict[Node, Node], remote_base: dict[Node, Node]
) -> dict[Node, Node]:
    """Find what both sides newly say in the same place, though it may look like an edit of something old.

    Changes both pairings where that makes the two one block.
    """
    places: dict[tuple[str, Node | None], list[Node]] = {}
    for node, before, after in _changed(remote, remote_base):
        places.setdefault((node.key, before), []).append(node)
        places.setdefault((node.key, after), []).append(node)
    result: dict[Node, Node] = {}
    taken: set[Node] = set()
    for node, before, after in _changed(local, local_base):
        candidates = [*places.get((node.key, before), []), *places.get((node.key, after), [])]
        twin = next((one for one in candidates if one not in taken), None)
        if twin is None:
            continue
        taken.add(twin)
        if not (
            _adopted(node, remote_base.get(twin), local_base)
            or _adopted(twin, local_base.get(node), remote_base)
        ):
            local_base.pop(node, None)
            remote_base.pop(twin, None)
            result[node] = twin
    return result


def _adopted(node: Node, base: Node | None, known: dict[Node, Node]) -> bool:
    """Give a node the base of its twin, unless that base stands unchanged on this side too."""
    if base is None:
        return False
    holders = [one for one, b in known.items() if b is base]
    if any(one.key == base.key for one in holders):
        return False
    for one in holders:
        del known[one]
    known[node] = base
    return True


def _changed(nodes: Sequence[Node], base: dict[Node, Node]) -> list[tuple[Node, Node | None, Node | None]]:
    """Return the nodes that are not as in the base, each with the unchanged ones before and behind it."""
    fixed = [base.get(node) if node in base and base[node].key == node.key else None for node in nodes]
    before: list[Node | None] = []
    last: Node | None = None
    for found in fixed:
        before.append(last)
        last = found or last
    after: list[Node | None] = []
    last = None
    for found in reversed(fixed):
        after.append(last)
        last = found or last
    after.reverse()
    return [
        row for row, found in zip(zip(nodes, before, after, strict=True), fixed, strict=True) if not found
    ]


def _ordered(
    made: Sequence[Slot], base: Sequence[Node], local: Sequence[Node], remote: Sequence[Node]
) -> list[Slot]:
    by_local = {slot.local: slot for slot in made if slot.local}
    by_remote = {slot.remote: slot for slot in made if slot.remote}
    at = {node: index for index, node in enumerate(base)}
    shared = [by_remote[node] for node in remote if by_remote[node].base and by_remote[node].local]
    still = increasing([at[slot.base] for slot in shared if slot.base])
    moved = {slot for index, slot in enumerate(shared) if index not in still}
    stay = [by_local[node] for node in local if by_local[node] not in moved]
    return interleaved(stay, [by_remote[node] for node in remote])
