"""What goes into a merge of texts, and what comes out."""

from dataclasses import dataclass

from confsync.model.block import Block


@dataclass(frozen=True, slots=True)
class Side:
    """One of three texts with the blocks read from it."""

    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class MarkerLabels:
    """What stands behind conflict markers."""

    local: str = "local"
    remote: str = "Confluence"


@dataclass(frozen=True, slots=True)
class TextConflict:
    """Lines that both sides changed; one of the two may be empty."""

    line: int
    """Where its first marker stands in the marked text, counted from 1."""
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text. Without conflicts, `text`, `ours`, `theirs` and `marked` are the same.

    With conflicts, `ours` (and `text`) and `theirs` take the conflicting blocks from one side and have
    everything else merged; `marked` has git's markers round these blocks.
    """

    ours: str
    theirs: str
    marked: str
    conflicts: tuple[TextConflict, ...] = ()

    @property
    def text(self) -> str:
        """The merged text, conflicting blocks as they are locally."""
        return self.ours
