"""What is remembered of one rendered page: a row of small facts, and three blobs in a pack.

The row is read on every build, so it is flat and short. The body is read when its page is written, the
answers when something besides texts changed, the weights when the search is numbered anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from confsync.model.ids import RelPath
from confsync.site.memory import Memory, Pack, digest
from confsync.site.model import Heading, Reference, Rendered
from confsync.site.report import BrokenLink, Problem

Weights = Mapping[str, int]
"""How much a page says of each word."""


@dataclass(slots=True)
class Known:
    """One page."""

    pack: str
    start: int
    body_size: int
    answers_size: int
    weights_size: int
    text: str
    """The digest of its text."""
    node: str
    """The digest of its title and labels."""
    body: str
    """The digest of its body."""
    reads: list[str]
    links: list[str]
    summary: str
    broken: list[list[str]]
    adrift: list[list[str]]
    """Links to places that their page does not have."""
    problems: list[list[str]]
    files: list[str]
    """Files of the folder that it refers to."""
    diagrams: bool
    """Whether it needs the script that draws diagrams."""
    shell: str = ""
    """The digest of what stands around the body."""

    @classmethod
    def of(cls, row: list[Any]) -> Self:
        """From a row of JSON."""
        return cls(*row)

    def row(self) -> list[Any]:
        """As a row of JSON."""
        return [getattr(self, name) for name in self.__slots__]

    def rendered(self, memory: Memory) -> Rendered:
        """The body, with all that a template needs."""
        html, headings, ids, references = json.loads(memory.take((self.pack, self.start, self.body_size)))
        return Rendered(
            html,
            tuple(Heading(*one) for one in headings),
            frozenset(ids),
            frozenset(map(RelPath, self.files)),
            tuple(Reference(*one) for one in references),
            summary=self.summary,
            links=frozenset(self.links),
            diagrams=self.diagrams,
        )

    def answers(self, memory: Memory) -> Mapping[str, str]:
        """What the folder answered to its questions."""
        found: dict[str, str] = json.loads(
            memory.take((self.pack, self.start + self.body_size, self.answers_size))
        )
        return found

    def weights(self, memory: Memory) -> Weights:
        """Its words."""
        start = self.start + self.body_size + self.answers_size
        found: dict[str, int] = json.loads(memory.take((self.pack, start, self.weights_size)))
        return found


def remember(
    rendered: Rendered, weights: Weights, answers: Mapping[str, str], pack: Pack, *, text: str, node: str
) -> Known:
    """Put a rendered page into a pack and return what is to be known of it."""
    body = _json([
        rendered.html,
        [[one.level, one.id, one.text] for one in rendered.headings],
        sorted(rendered.ids),
        [[one.page, one.target, one.out, one.anchor] for one in rendered.references],
    ])  # fmt: skip
    said, words = _json(answers), _json(weights)
    name, start, _ = pack.put(body + said + words)
    return Known(
        name, start, len(body), len(said), len(words), text, node, digest(body),
        sorted(rendered.reads), sorted(rendered.links), rendered.summary,
        [[one.page, one.target, one.reason] for one in rendered.broken], [],
        [[one.page, one.message] for one in rendered.problems], sorted(rendered.files),
        rendered.diagrams,
    )  # fmt: skip


def broken_links(known: Known) -> list[BrokenLink]:
    """The links of a page that lead nowhere."""
    return [BrokenLink(*row) for row in known.broken + known.adrift]


def problems_of(known: Known) -> list[Problem]:
    """What the author of a page should know."""
    return [Problem(*row) for row in known.problems]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
