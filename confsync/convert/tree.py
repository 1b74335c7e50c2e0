"""The block tree that both sides are read into.

Two items with the same key say the same thing, however they are spelt. Keys are computed from tokens, never
from text: wrapping, bullets, padding, attribute order and volatile ids do not enter them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

WORDED = "worded"
"""The mark of a macro around words of a line, known by its `#id`."""

Atom = str
"""One piece of inline content in normal form.

A word is itself, a space is " ", a hard break "\\n". Marks begin with OPEN or CLOSE, everything else that
stands in a line with TOKEN; fields are separated by FIELD.
"""

SPACE = " "
BREAK = "\n"
OPEN = "\x02"
CLOSE = "\x03"
TOKEN = "\x04"  # noqa: S105  (no secret: a sign in atoms)
FIELD = "\x1f"
SPECIAL = frozenset((OPEN, CLOSE, TOKEN, BREAK, SPACE))


def token(kind: str, *fields: str) -> Atom:
    """Make the atom of something that is one thing: an image, a status, a placeholder."""
    return TOKEN + FIELD.join((kind, *fields))


def opening(name: str, *fields: str) -> Atom:
    """Make the atom that opens a mark."""
    return OPEN + FIELD.join((name, *fields))


def closing(name: str) -> Atom:
    """Make the atom that closes a mark."""
    return CLOSE + name


def fields_of(atom: Atom) -> list[str]:
    """The name of a mark or token, and its fields."""
    return atom[1:].split(FIELD)


class Entry:
    """A piece of a leaf's storage: the bytes of one atom, or bytes that Markdown does not show.

    Concatenating the `raw` of a leaf's entries gives the leaf's bytes.
    """

    __slots__ = ("atom", "form", "hidden", "raw", "twin")

    def __init__(self, atom: Atom, raw: str, hidden: tuple[int, ...] = (), form: str = "") -> None:
        self.atom = atom
        """Empty: not shown."""
        self.raw = raw
        self.hidden = hidden
        """Which invisible marks (inline comments, colours) enclose it, outermost first."""
        self.form = form
        """How `raw` is spelt where that matters; empty for plain XML.

        `cdata` and `implicit` belong to links; the bytes of a `moved` sign stand in its twin, a `trailer`;
        `swapped` signs carry the bytes of the mark they changed places with.
        """
        self.twin: Entry | None = None


Props = dict[str, str]


class Item:
    """A block of either side.

    A leaf has `atoms`, a block of code `text`, a container `children`; a rule or placeholder none of these.
    """

    __slots__ = (
        "_atoms",
        "_key",
        "bare",
        "children",
        "end",
        "entries",
        "hint",
        "host",
        "inner",
        "kind",
        "marks",
        "own_end",
        "prefix",
        "props",
        "runs",
        "source_kids",
        "source_node",
        "span",
        "start",
        "text",
        "written",
    )  # fmt: skip

    def __init__(self, kind: str, props: Props | None = None) -> None:
        self.kind = kind
        self.props: Props = props or {}
        """What it says besides its content, in normal form."""
        self._atoms: list[Atom] | None = None
        self.runs: list[str] | None = None
        """The atoms of a leaf of storage with words and spaces together, where they are known so."""
        self.text: str | None = None
        self.children: list[Item] | None = None
        self._key = ""
        # Where it stands in storage.
        self.start = self.end = -1
        self.inner = (-1, -1)
        """Where its content stands: children and what lies between them, or the inline content."""
        self.own_end = -1
        """Where the invisible blocks behind it end that go with it."""
        self.entries: list[Entry] = []
        self.marks: list[Hidden] = []
        """The invisible marks inside a leaf."""
        self.bare = False
        """A paragraph without an element of its own."""
        self.source_node: object = None
        self.source_kids: Sequence[object] = ()
        """The elements inside a leaf whose entries have not been read yet."""
        self.host: tuple[int, int] | None = None
        """The paragraph it stands in beside other blocks, which is shown as these blocks."""
        self.hint = ""
        """How a paragraph, or a cell's column, written by hand is aligned; the base knows for all others."""
        self.written = ""
        """A leaf's Markdown, once it is known to read back."""
        # Where it stands in Markdown.
        self.span = (0, 0)
        self.prefix = ""

    @property
    def atoms(self) -> list[Atom] | None:
        """The inline content of a leaf; None for everything else."""
        if self._atoms is None and self.runs is not None:
            self._atoms = atoms_of_runs(self.runs)
        return self._atoms

    @atoms.setter
    def atoms(self, atoms: list[Atom]) -> None:
        self._atoms = atoms
        self.runs = None

    @property
    def is_leaf(self) -> bool:
        """Whether it has inline content."""
        return self._atoms is not None or self.runs is not None

    @property
    def shows(self) -> bool:
        """Whether a leaf shows anything."""
        return bool(self._atoms or self.runs)

    def says(self, other: Item) -> bool:
        """Whether two items say the same; often they are one and the same."""
        return self is other or self.key == other.key

    def seal(self) -> Item:
        """Call when content or props have changed: the key is computed anew when it is asked for."""
        self._key = ""
        return self

    @property
    def key(self) -> str:
        """A name for all that the item says."""
        if not self._key:
            self._key = self._digest()
        return self._key

    def _digest(self) -> str:
        said = [self.kind, *(f"{name}={self.props[name]}" for name in sorted(self.props))]
        if self.is_leaf:
            runs = self.runs if self.runs is not None else runs_of_atoms(self._atoms or ())
            said.append("\x1d" + "\x1e".join(runs))
        if self.text is not None:
            said.append("\x1c" + self.text)
        if self.children is not None:
            said.append("\x1b" + "\x1e".join([child.key for child in self.children]))
        return digest("\x1d".join(said))

    def shell(self) -> str:
        """What it says besides its content, as one string."""
        return " ".join(f"{name}={self.props[name]}" for name in sorted(self.props))

    def walk(self) -> Iterator[Item]:
        """This item and everything inside it, outermost first."""
        yield self
        for child in self.children or ():
            yield from child.walk()


class Hidden:
    """An invisible mark of a leaf: an inline comment, a colour."""

    __slots__ = ("close", "kind", "open")

    def __init__(self, kind: str, open_raw: str, close_raw: str) -> None:
        self.kind = kind
        """`comment` where losing it must be said, else the tag's name."""
        self.open = open_raw
        self.close = close_raw


_WORDS = re.compile(" |[^ ]+")


def atoms_of_runs(runs: Sequence[str]) -> list[Atom]:
    """Runs of text taken apart into words and spaces; marks, tokens and breaks as they are."""
    if len(runs) == 1 and runs[0] >= SPACE:
        return _WORDS.findall(runs[0])
    out: list[Atom] = []
    for run in runs:
        if run >= SPACE:
            out += _WORDS.findall(run)
        else:
            out.append(run)
    return out


def runs_of_atoms(atoms: Sequence[Atom]) -> list[str]:
    """Atoms with neighbouring words and spaces joined."""
    out: list[str] = []
    text = False
    for atom in atoms:
        if atom[0] >= SPACE:
            if text:
                out[-1] += atom
            else:
                out.append(atom)
            text = True
        else:
            out.append(atom)
            text = False
    return out


def levels(items: Sequence[Item]) -> int:
    """How deep blocks nest."""
    depth = 0
    while items:
        items = [kid for item in items if item.children for kid in item.children]
        depth += 1
    return depth


def digest(text: str) -> str:
    """A short, stable name for a text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
