"""A toy block language: enough to have lists, quotes, panels, tables and wrapped paragraphs, and no more.

    paragraph over          - item               > quote          ::: panel Title       | a | b |
    several lines           * item                                                      | - | - |
                              more of it                           body                 | c | d |

                                                                   :::                  <!-- comment -->

White space in a paragraph, bullets, loose or tight lists, padding in tables and comments say nothing.
"""

import hashlib
import re

from confsync.merge import MarkerLabels, Merged, Side, merge_text
from confsync.model.block import Block

_BULLET = re.compile(r"[-*] +")
_PANEL = re.compile(r"(:{3,}) (\w+) ?(.*)")
_WORD = re.compile(r"\w+|[^\w\s]")
LABELS = MarkerLabels("local", "Confluence v3 (Ann, 2026-11-23)")


def read(text: str) -> tuple[Block, ...]:
    """Read a text into blocks."""
    return _Reader(text).blocks(0, len(text), "")


def side(text: str) -> Side:
    return Side(text, read(text))


def merge(base: str, local: str, remote: str, *, check: bool = True) -> Merged:
    return merge_text(side(base), side(local), side(remote), labels=LABELS, read=read if check else None)


def said(text: str) -> tuple[object, ...]:
    """Return what a text says, in a form that shows well."""

    def one(block: Block) -> object:
        return (block.kind, block.shell, " ".join(block.words), *map(one, block.children))

    return tuple(map(one, read(text)))


def make(
    kind: str,
    span: tuple[int, int],
    prefix: str,
    *,
    shell: str = "",
    words: tuple[str, ...] = (),
    children: tuple[Block, ...] = (),
) -> Block:
    said_inside = repr((kind, shell, words, [child.key for child in children]))
    return Block(
        kind, shell, hashlib.sha256(said_inside.encode()).hexdigest()[:12], span, prefix, words, children
    )


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text

    def lines(self, start: int, end: int, prefix: str) -> list[tuple[int, int, str]]:
        """Return begin, end (line end excluded) and text without prefix; the first line has none."""
        result = []
        at = start
        while at < end:
            stop = self.text.find("\n", at, end)
            stop = end if stop < 0 else stop
            line = self.text[at:stop].rstrip("\r")
            prefixed = prefix if at != start else ""
            skip = len(prefixed) if line.startswith(prefixed) else min(len(line), len(prefixed.rstrip()))
            result.append((at + skip, at + len(line), line[skip:]))
            at = stop + 1
        return result

    def blocks(self, start: int, end: int, prefix: str) -> tuple[Block, ...]:
        lines = self.lines(start, end, prefix)
        result: list[Block] = []
        i = 0
        while i < len(lines):
            line = lines[i][2]
            if not line.strip() or line.startswith("<!--"):
                i += 1
                continue
            j = self.extent(lines, i)
            result.append(self.block(lines[i:j], prefix))
            i = j
        return tuple(result)

    def extent(self, lines: list[tuple[int, int, str]], i: int) -> int:
        first = lines[i][2]
        j = i + 1
        if panel := _PANEL.fullmatch(first):
            while j < len(lines) and lines[j][2] != panel[1]:
                j += 1
            return min(j + 1, len(lines))
        if _BULLET.match(first):
            last = j
            while j < len(lines):
                line = lines[j][2]
                if (
                    line.strip()
                    and not (line.startswith(first[0]) and _BULLET.match(line))
                    and line[:2] != "  "
                ):
                    break
                j += 1
                last = j if line.strip() else last
            return last
        start = first[0] if first[0] in ">|" else ""
        while j < len(lines):
            line = lines[j][2]
            opens = (
                line[:1] in (">", "|") or _BULLET.match(line) or _PANEL.match(line) or line.startswith("<!--")
            )
            if not line.strip() or (not line.startswith(start) if start else opens):
                break
            j += 1
        return j

    def block(self, lines: list[tuple[int, int, str]], prefix: str) -> Block:
        span = (lines[0][0], lines[-1][1])
        first = lines[0][2]
        if panel := _PANEL.fullmatch(first):
            inner = (lines[1][0], lines[-1][0]) if len(lines) > 1 else (span[1], span[1])
            return make(
                "panel", span, prefix, shell=f"{panel[2]} {panel[3]}", children=self.inside(*inner, prefix)
            )
        if _BULLET.match(first):
            return make("list", span, prefix, children=self.items(lines, prefix))
        if first[0] == ">":
            skip = len(first) - len(first.lstrip("> ")) if first.startswith("> ") else 1
            inner_prefix = prefix + first[: min(skip, 2)]
            return make(
                "quote", span, prefix, children=self.blocks(span[0] + min(skip, 2), span[1], inner_prefix)
            )
        if first[0] == "|":
            return make("table", span, prefix, children=self.rows(lines, prefix))
        return make(
            "paragraph", span, prefix, words=tuple(_WORD.findall(" ".join(line for _, _, line in lines)))
        )

    def inside(self, start: int, end: int, prefix: str) -> tuple[Block, ...]:
        """Read a range whose first line has lost its prefix already."""
        return self.blocks(start, end, prefix)

    def items(self, lines: list[tuple[int, int, str]], prefix: str) -> tuple[Block, ...]:
        starts = [k for k, (_, _, line) in enumerate(lines) if _BULLET.match(line)]
        result = []
        for k, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
            part = [*lines[k:stop]]
            while not part[-1][2].strip() or part[-1][2].startswith("<!--"):
                part.pop()
            bullet = _BULLET.match(part[0][2])
            assert bullet
            span = (part[0][0], part[-1][1])
            children = self.blocks(span[0] + bullet.end(), span[1], prefix + " " * bullet.end())
            result.append(make("item", span, prefix, children=children))
        return tuple(result)

    def rows(self, lines: list[tuple[int, int, str]], prefix: str) -> tuple[Block, ...]:
        result = []
        for start, stop, line in lines:
            if set(line) <= set("|- "):
                continue
            cells = []
            at = start + 1
            for cell in line.strip().strip("|").split("|"):
                inner = (at + len(cell) - len(cell.lstrip()), at + len(cell.rstrip()))
                cells.append(make("cell", (min(inner), max(inner)), prefix, words=tuple(_WORD.findall(cell))))
                at += len(cell) + 1
            result.append(make("row", (start, stop), prefix, children=tuple(cells)))
        return tuple(result)


def reformatted(text: str, bullet: str = "*", width: int = 20, newline: str = "\n") -> str:
    """Say the same with other bullets, wrapping, padding, with comments and other line ends."""
    blocks = "\n\n<!-- mine -->\n\n".join(_formatted(text, block, bullet, width) for block in read(text))
    return (blocks + "\n").replace("\n", newline) if blocks else blocks


def canonical(text: str) -> str:
    """Say the same in the one way in which a base or a remote text is written."""
    return _apart([_formatted(text, block, "-", 0) for block in read(text)])


def _apart(blocks: list[str]) -> str:
    """Join blocks; two lists would become one without something between them."""
    result = ""
    for one, two in zip(["", *blocks], [*blocks, ""], strict=True):
        separate = one[:1] in ("-", "*") and two[:1] in ("-", "*")
        result += one + ("\n\n<!-- -->\n\n" if separate else "\n\n" if one and two else "\n" if one else "")
    return result


def _formatted(text: str, block: Block, bullet: str, width: int) -> str:
    def inner(of: Block) -> str:
        return _apart([_formatted(text, child, bullet, width) for child in of.children]).rstrip("\n")

    if block.kind == "panel":
        kind, _, title = block.shell.partition(" ")
        depth = 3 + _depth(block)
        return f"{':' * depth} {kind} {title}".rstrip() + f"\n\n{inner(block)}\n\n" + ":" * depth
    if block.kind == "list":
        gap = "\n\n" if width else "\n"
        return gap.join(f"{bullet} " + _indented(inner(item), "  ") for item in block.children)
    if block.kind == "quote":
        return "> " + _indented(inner(block), "> ")
    if block.kind == "table":
        rows = [[" ".join(c.words).ljust(width // 3) for c in row.children] for row in block.children]
        rows.insert(1, ["-" * max(3, width // 3)] * max(map(len, rows)))
        return "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return _wrapped(block.words, width)


def _depth(block: Block) -> int:
    return max((_depth(child) + (child.kind == "panel") for child in block.children), default=0)


def _indented(text: str, prefix: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join([first, *(f"{prefix}{line}" if line else prefix.rstrip() for line in rest)])


def _wrapped(words: tuple[str, ...], width: int) -> str:
    lines: list[str] = []
    for word in words:
        if lines and (not width or len(lines[-1]) + len(word) < width):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)
