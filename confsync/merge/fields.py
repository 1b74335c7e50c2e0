"""Merging what is no text: labels, the order of siblings, single values, attachments (sync-model table B)."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from confsync.merge.sequence import increasing, interleaved

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

    What the remote side moved or added stands behind its remote neighbour; what both sides moved stands where
    the remote side has it.
    """
    was, mine, theirs = set(base), set(local), set(remote)
    members = (mine | (theirs - was)) - (was - theirs)
    at = {item: index for index, item in enumerate(base)}
    shared = [item for item in remote if item in at and item in members]
    still = {shared[index] for index in increasing([at[item] for item in shared])}
    moved = set(shared) - still
    stay = [item for item in local if item in members and item not in moved]
    return tuple(interleaved(stay, [item for item in remote if item in members]))


# ------------------------------------------------------------------------------------- attachments


class FileDecision(StrEnum):
    """What to do about one attachment name."""

    NOTHING = "nothing"
    ADOPT = "adopt"
    """Both sides have the same new bytes: only the base moves on."""
    UPLOAD = "upload"
    DOWNLOAD = "download"
    REMOVE_LOCAL = "remove locally"
    REMOVE_REMOTE = "remove remotely"
    KEEP_BOTH = "keep both"
    """Remote keeps the name, the local file gets the name that `copy_name` says."""


def merge_file(base: str | None, local: str | None, remote: str | None) -> FileDecision:
    """Decide about one attachment by the sha256 of its bytes on each side; None where it is not there.

    An edit wins over a deletion.
    """
    match merge_field(base, local, remote):
        case Same(value):
            return FileDecision.NOTHING if value == base else FileDecision.ADOPT
        case Local(value):
            return FileDecision.REMOVE_REMOTE if value is None else FileDecision.UPLOAD
        case Remote(value):
            return FileDecision.REMOVE_LOCAL if value is None else FileDecision.DOWNLOAD
        case Both(mine, theirs):
            if mine is None:
                return FileDecision.DOWNLOAD
            return FileDecision.UPLOAD if theirs is None else FileDecision.KEEP_BOTH


def copy_name(name: str, sha256: str) -> str:
    """Return the name of the local one of two versions of a file: `a.png` becomes `a.local-0a1b2c3.png`."""
    stem, dot, extension = name.rpartition(".")
    if not stem:
        return f"{name}.local-{sha256[:7]}"
    return f"{stem}.local-{sha256[:7]}{dot}{extension}"
