"""How much of a space can be edited as Markdown, in one line."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from confsync.cli.show import count

_OPAQUE = re.compile(r"(?<!:)::?macro\[([\w.-]+)[^\]]*\]\{#")
"""A placeholder in a line or of its own; three colons are a macro whose text can be edited."""
_READ_ONLY = re.compile(r"^::macro\[page: cannot be read\]", re.MULTILINE)
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How pages came over."""

    pages: int
    whole: int
    opaque: int
    """Pages with parts that are shown as a placeholder and kept byte for byte."""
    kinds: Mapping[str, int]
    """What those parts are, most frequent first."""
    read_only: tuple[str, ...]
    """Paths of pages carried whole because their storage cannot be read."""

    def line(self) -> str:
        """One line for the end of a clone."""
        told = f"{count(self.pages, 'page')}: {self.whole} editable whole"
        if self.opaque:
            names = [f"{name} ×{number}" for name, number in list(self.kinds.items())[:_NAMED]]
            more = ", …" if len(self.kinds) > _NAMED else ""
            told += f", {self.opaque} with parts kept as they are ({', '.join(names)}{more})"
        if self.read_only:
            told += f", {len(self.read_only)} read-only"
        return told


def fidelity_of(texts: Mapping[str, str]) -> Fidelity:
    """Count from the files themselves what Markdown could not say."""
    kinds: Counter[str] = Counter()
    opaque, read_only = 0, []
    for path, text in sorted(texts.items()):
        if _READ_ONLY.search(text):
            read_only.append(path)
            continue
        found = list(_opaque_kinds(text))
        kinds.update(found)
        opaque += bool(found)
    whole = len(texts) - opaque - len(read_only)
    return Fidelity(len(texts), whole, opaque, dict(kinds.most_common()), tuple(read_only))


def _opaque_kinds(text: str) -> Iterable[str]:
    for match in _OPAQUE.finditer(text):
        yield match[1].strip()
