"""Merging what is no text: labels, the order of siblings, single values (sync-model table B)."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from confsync.merge.sequence import interleaved

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)


def merge_labels(base: Collection[str], local: Collection[str], remote: Collection[str]) -> frozenset[str]:
    """Merge sets of labels: what either side added is there, what either side removed is not."""
    was, mine, theirs = frozenset(base), frozenset(local), frozenset(remote)
    return (mine | (theirs - was)) - (was - theirs)


# ------------------------------------------------------------------------------------ single values


@dataclass(frozen=True, slots=True)
class Same(Generic[T]):
    """Both sides have the same value, whether or not it is new."""

    value: T


@dataclass(frozen=True, slots=True)
class Local(Generic[T]):
    """Only the local side changed it."""

    value: T


@dataclass(frozen=True, slots=True)
class Remote(Generic[T]):
    """Only the remote side changed it."""

    value: T


@dataclass(frozen=True, slots=True)
class Both(Generic[T]):
    """The sides changed it to different values."""

    local: T
    remote: T


Change = Same[T] | Local[T] | Remote[T] | Both[T]


def merge_field(base: T, local: T, remote: T) -> Change[T]:
    """Say who changed a single value such as a title or a parent."""
    if local == remote:
        return Same(local)
    if remote == base:
        return Local(local)
    return Remote(remote) if local == base else Both(local, remote)


# ---------------------------------------------------------------------------------------- siblings


def merge_order(base: Sequence[H], local: Sequence[H], remote: Sequence[H]) -> tuple[H, ...]:
    """Merge the order of siblings; who is among them is decided as for labels.

    Of any two that all sides have, the side that turned them round is right; where that makes no order, the
    remote one counts. What is new on a side stands behind the neighbour it has there.
    """
    was, mine, theirs = set(base), set(local), set(remote)
    members = (mine | (theirs - was)) - (was - theirs)
    core = _turned(base, local, remote, members & was & mine & theirs)
    with_mine = interleaved(core, [item for item in local if item in members])
    return tuple(interleaved(with_mine, [item for item in remote if item in members]))


def _turned(base: Sequence[H], local: Sequence[H], remote: Sequence[H], shared: set[H]) -> list[H]:
    """The order of what all three sides have, pair by pair."""
    before, mine, theirs = ([item for item in side if item in shared] for side in (base, local, remote))
    if mine in (before, theirs):
        return theirs
    if theirs == before:
        return mine
    at = [{item: index for index, item in enumerate(side)} for side in (before, mine, theirs)]

    def is_first(one: H, other: H) -> bool:
        was, here, there = (side[one] < side[other] for side in at)
        return here if there == was else there

    wins = {one: sum(is_first(one, other) for other in theirs if other != one) for one in theirs}
    return sorted(theirs, key=lambda one: -wins[one])


# ------------------------------------------------------------------------------------- attachments


def copy_name(name: str, sha256: str) -> str:
    """Return the name of the local one of two versions of a file: `a.png` becomes `a.local-0a1b2c3.png`."""
    stem, dot, extension = name.rpartition(".")
    if not stem:
        return f"{name}.local-{sha256[:7]}"
    return f"{stem}.local-{sha256[:7]}{dot}{extension}"
