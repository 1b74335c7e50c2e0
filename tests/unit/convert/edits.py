"""Edits of Markdown as people make them, at any depth of a page; each a function of two numbers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from confsync.convert import blocks_of
from confsync.model.block import Block

Edit = Callable[[str, int, int], str]
_WORD = re.compile(r"(?<=[ >*|])[a-z]{3,}(?= |$|\n)")
_CELL = frozenset(("cell", "row"))


@dataclass(frozen=True, slots=True)
class Spot:
    """A block where it stands."""

    block: Block
    parent: str
    siblings: tuple[Block, ...]
    in_table: bool

    def text(self, markdown: str) -> str:
        """Its text without the prefix of its container."""
        return _unprefixed(markdown[slice(*self.block.span)], self.block.prefix)

    @property
    def is_flow(self) -> bool:
        """Whether blocks may stand beside it."""
        return not self.in_table and self.block.kind not in (
            "item",
            "task",
            "layout",
            "column",
            "row",
            "cell",
        )


def spots(markdown: str) -> list[Spot]:
    """All blocks of a text."""
    return list(_spots(blocks_of(markdown), "root", in_table=False))


def _spots(blocks: tuple[Block, ...], parent: str, *, in_table: bool) -> Iterator[Spot]:
    for block in blocks:
        yield Spot(block, parent, blocks, in_table)
        yield from _spots(block.children, block.kind, in_table=in_table or block.kind == "table")


def _unprefixed(text: str, prefix: str) -> str:
    lines = text.split("\n")
    rest = [line.removeprefix(prefix) if line.startswith(prefix) else line.lstrip("> ") for line in lines[1:]]
    return "\n".join([lines[0], *rest])


def _prefixed(text: str, prefix: str) -> str:
    return text.replace("\n", "\n" + prefix)


def _replaced(markdown: str, block: Block, text: str) -> str:
    return markdown[: block.span[0]] + text + markdown[block.span[1] :]


def _chosen(markdown: str, at: int, wanted: Callable[[Spot], bool]) -> Spot | None:
    found = [spot for spot in spots(markdown) if wanted(spot)]
    return found[at % len(found)] if found else None


def _is_prose(spot: Spot) -> bool:
    return spot.block.kind == "paragraph" and spot.is_flow


def _before(markdown: str, spot: Spot, text: str) -> str:
    """Put a block before another."""
    prefix = spot.block.prefix
    new = f"{_prefixed(text, prefix)}\n{prefix.rstrip()}\n{prefix}"
    return markdown[: spot.block.span[0]] + new + markdown[spot.block.span[0] :]


def insert(markdown: str, at: int, other: int) -> str:
    """A new paragraph somewhere."""
    spot = _chosen(markdown, at, lambda spot: spot.is_flow)
    return _before(markdown, spot, f"Fresh words {other % 7}.") if spot else markdown + "\nFresh.\n"


def delete(markdown: str, at: int, other: int) -> str:
    """A block goes, with its line if it has one of its own."""
    del other
    spot = _chosen(markdown, at, lambda spot: spot.block.kind not in ("cell", "column"))
    if spot is None:
        return markdown
    start, end = spot.block.span
    line = markdown.rfind("\n", 0, start) + 1
    if spot.block.kind in ("item", "task", "row"):
        return markdown[:line] + markdown[end + 1 :]
    return (
        markdown[:start].rstrip(" \n") + "\n" + markdown[end:]
        if line == start
        else _replaced(markdown, spot.block, "")
    )


def duplicate(markdown: str, at: int, other: int) -> str:
    """A block stands a second time, behind itself."""
    del other
    spot = _chosen(markdown, at, lambda spot: spot.is_flow or spot.block.kind in ("item", "task", "row"))
    if spot is None:
        return markdown
    if spot.is_flow:
        return _before(markdown, spot, spot.text(markdown))
    line = markdown.rfind("\n", 0, spot.block.span[0]) + 1
    whole = markdown[line : spot.block.span[1]]
    return markdown[:line] + whole + "\n" + markdown[line:]


def swap(markdown: str, at: int, other: int) -> str:
    """Two neighbours change places."""
    del other
    spot = _chosen(markdown, at, lambda spot: len(spot.siblings) > 1 and spot.block.kind not in _CELL)
    if spot is None:
        return markdown
    index = spot.siblings.index(spot.block)
    one, two = sorted((spot.block, spot.siblings[index - 1 if index else 1]), key=lambda block: block.span)
    (a, b), (c, d) = one.span, two.span
    return markdown[:a] + markdown[c:d] + markdown[b:c] + markdown[a:b] + markdown[d:]


def move(markdown: str, at: int, other: int) -> str:
    """A block goes elsewhere, into another container perhaps."""
    spot = _chosen(markdown, at, lambda spot: spot.is_flow)
    if spot is None:
        return markdown
    text = spot.text(markdown)
    target = _chosen(markdown, other, lambda one: one.is_flow)
    assert target is not None
    if target.block is spot.block or spot.block.span[0] <= target.block.span[0] < spot.block.span[1]:
        return markdown
    colons = max((len(found) for found in re.findall(r"^:{3,}", markdown, re.MULTILINE)), default=0)
    if text.startswith(":::") or (colons and ":::" in text):
        return markdown
    start, end = spot.block.span
    gone = f"{markdown[:start]}{markdown[end:]}"
    place = target.block.span[0] - (end - start if target.block.span[0] >= end else 0)
    prefix = target.block.prefix
    return f"{gone[:place]}{_prefixed(text, prefix)}\n{prefix.rstrip()}\n{prefix}{gone[place:]}"


def split(markdown: str, at: int, other: int) -> str:
    """A paragraph becomes two."""
    spot = _chosen(markdown, at, _is_prose)
    if spot is None:
        return markdown
    text = markdown[slice(*spot.block.span)]
    spaces = [found.start() for found in re.finditer(r"(?<=\w) (?=\w)", text)]
    if not spaces:
        return markdown
    place = spaces[other % len(spaces)]
    prefix = spot.block.prefix
    return _replaced(markdown, spot.block, f"{text[:place]}\n{prefix.rstrip()}\n{prefix}{text[place + 1 :]}")


def join(markdown: str, at: int, other: int) -> str:
    """Two paragraphs become one."""
    del other
    spot = _chosen(markdown, at, lambda spot: _is_prose(spot) and spot.siblings[-1] is not spot.block)
    if spot is None:
        return markdown
    after = spot.siblings[spot.siblings.index(spot.block) + 1]
    if after.kind != "paragraph":
        return markdown
    return f"{markdown[: spot.block.span[1]]} {markdown[after.span[0] :]}"


def word(markdown: str, at: int, other: int) -> str:
    """A word for a word."""
    spot = _chosen(markdown, at, lambda spot: spot.block.kind in ("paragraph", "heading", "cell", "code"))
    if spot is None:
        return markdown
    text = markdown[slice(*spot.block.span)]
    words = list(_WORD.finditer(text))
    if not words:
        return markdown
    found = words[other % len(words)]
    return _replaced(markdown, spot.block, f"{text[: found.start()]}zebra{text[found.end() :]}")


def retype(markdown: str, at: int, other: int) -> str:
    """A paragraph becomes something else."""
    spot = _chosen(
        markdown, at, lambda spot: _is_prose(spot) and "\n" not in markdown[slice(*spot.block.span)]
    )
    if spot is None:
        return markdown
    text = spot.text(markdown)
    fence = f"```\n{spot.block.prefix}{text}\n{spot.block.prefix}```"
    forms = (
        f"## {text}",
        f"- {text}",
        f"1. {text}",
        f"> {text}",
        fence,
        f"- [ ] {text}",
        f"> [!TIP]\n{spot.block.prefix}>\n{spot.block.prefix}> {text}",
    )
    return _replaced(markdown, spot.block, forms[other % len(forms)])


def plain(markdown: str, at: int, other: int) -> str:
    """A heading becomes a paragraph, or changes its level."""
    spot = _chosen(markdown, at, lambda spot: spot.block.kind == "heading")
    if spot is None:
        return markdown
    text = markdown[slice(*spot.block.span)].lstrip("#").strip()
    return _replaced(markdown, spot.block, text if other % 2 and text else f"#### {text}")


def shift(markdown: str, at: int, other: int) -> str:
    """A list item goes in or out one level."""
    spot = _chosen(markdown, at, lambda spot: spot.block.kind in ("item", "task"))
    if spot is None:
        return markdown
    start, end = spot.block.span
    line = markdown.rfind("\n", 0, start) + 1
    lines = markdown[line:end].split("\n")
    moved = ["  " + one if other % 2 else re.sub(r"^ {1,3}", "", one) for one in lines]
    return markdown[:line] + "\n".join(moved) + markdown[end:]


def tick(markdown: str, at: int, other: int) -> str:
    """A task is done, or no longer."""
    found = list(re.finditer(r"(?<=- \[)[ x](?=\] )", markdown))
    if not found:
        return markdown
    chosen = found[(at + other) % len(found)]
    return markdown[: chosen.start()] + (" " if chosen[0] == "x" else "x") + markdown[chosen.end() :]


def item(markdown: str, at: int, other: int) -> str:
    """A list or task list gets another entry."""
    spot = _chosen(markdown, at, lambda spot: spot.block.kind in ("item", "task"))
    if spot is None:
        return markdown
    start = spot.block.span[0]
    line = markdown.rfind("\n", 0, start) + 1
    head = re.match(r"(?:[-*+]|\d+[.)]) (?:\[[ x]\] )?", markdown[start:])
    if head is None:
        return markdown
    return f"{markdown[:line]}{markdown[line:start]}{head[0]}An entry {other % 5}\n{markdown[line:]}"


def _pipes(markdown: str, at: int) -> tuple[Spot, list[list[str]]] | None:
    spot = _chosen(
        markdown, at, lambda spot: spot.block.kind == "table" and markdown.startswith("|", spot.block.span[0])
    )
    if spot is None:
        return None
    lines = spot.text(markdown).split("\n")
    return spot, [re.split(r"(?<!\\)\|", line.strip())[1:-1] for line in lines]


def _table(markdown: str, spot: Spot, rows: list[list[str]]) -> str:
    text = "\n".join(f"|{'|'.join(row)}|" for row in rows)
    return _replaced(markdown, spot.block, _prefixed(text, spot.block.prefix))


def row(markdown: str, at: int, other: int) -> str:
    """A table gets another row."""
    found = _pipes(markdown, at)
    if found is None:
        return markdown
    spot, rows = found
    place = 2 + other % (len(rows) - 1)
    rows.insert(place, [f" new {other % 5} " for _ in rows[0]])
    return _table(markdown, spot, rows)


def column(markdown: str, at: int, other: int) -> str:
    """A table gets another column, or loses one."""
    found = _pipes(markdown, at)
    if found is None:
        return markdown
    spot, rows = found
    width = len(rows[0])
    if any(len(one) != width for one in rows):
        return markdown
    place = other % (width + 1)
    for index, one in enumerate(rows):
        if other % 3 == 0 and width > 1:
            del one[place % width]
        else:
            one.insert(place, " --- " if index == 1 else f" col {index} ")
    return _table(markdown, spot, rows)


def mark(markdown: str, at: int, other: int) -> str:
    """A word becomes bold."""
    spot = _chosen(markdown, at, _is_prose)
    if spot is None:
        return markdown
    text = markdown[slice(*spot.block.span)]
    words = list(_WORD.finditer(text))
    if not words:
        return markdown
    found = words[other % len(words)]
    return _replaced(markdown, spot.block, f"{text[: found.start()]}**{found[0]}**{text[found.end() :]}")


EDITS: tuple[Edit, ...] = (
    insert, delete, duplicate, swap, move, move, split, join, word, retype, plain, shift, tick, item, row, column, mark,
)  # fmt: skip
