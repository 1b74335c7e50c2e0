"""Folders of Markdown like real spaces, the same on every run: what the site builders are measured on."""

import argparse
import asyncio
import collections
import decimal
import email
import inspect
import json
import logging
import random
import re
import subprocess
import tarfile
import textwrap
import unittest
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from struct import pack

_LANGUAGES = {
    "python": textwrap.dedent(inspect.getsource(textwrap.TextWrapper)),
    "json": json.dumps(json.loads('{"name": "gauge", "levels": [1, 2.5, null], "on": true}'), indent=2)
    + "\n",
    "bash": 'set -eu\nfor f in *.log; do\n  grep -c "error" "$f" | sort -n >> "$OUT/sums"  # count\ndone\n',
    "yaml": "service:\n  name: gauge\n  ports: [80, 443]\n  env:\n    - LEVEL: info\n",
    "sql": "SELECT name, count(*) FROM gauges WHERE level > 2.5 GROUP BY name ORDER BY 2 DESC;\n",
    "java": "public final class Gauge {\n  private int level = 0; // m\n  int read() { return level; }\n}\n",
    "javascript": "export async function read(id) {\n  const r = await get(`/${id}`);\n  return r.ok;\n}\n",
    "go": 'func (g *Gauge) Read() (int, error) {\n\treturn g.level, errors.New("no gauge")\n}\n',
    "toml": '[gauge]\nname = "north"\nlevels = [1, 2]\n',
    "html": '<ul class="levels">\n  <li data-level="2">Two &amp; a half</li>\n</ul>\n',
}
_LABELS = ("ops", "howto", "design", "meeting", "decision", "runbook", "release", "howdoi", "team", "archive")
_ALERTS = ("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION")
_WORD = re.compile(r"[A-Za-z]{2,}")


class Prose:
    """Sentences by a chain of word pairs over the documentation of the standard library."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        words = _WORD.findall(_documentation())
        self._next: dict[str, list[str]] = {}
        for before, after in pairwise(words):
            self._next.setdefault(before.lower(), []).append(after.lower())
        self._all = sorted(self._next)
        self._at = self._all[0]

    def words(self, least: int, most: int) -> list[str]:
        found = []
        for _ in range(self.chance.randint(least, most)):
            after = self._next.get(self._at)
            # A tail of rare words, as spaces have: names, codes, typing mistakes.
            rare = self.chance.random() < 0.015
            self._at = self.chance.choice(after if after and not rare else self._all)
            found.append(self._at + (self._all[self.chance.randrange(len(self._all))][:3] if rare else ""))
        return found

    def sentence(self) -> str:
        return " ".join(self.words(6, 18)).capitalize() + "."

    def title(self) -> str:
        return " ".join(self.words(2, 5)).capitalize()


_MODULES = (argparse, asyncio, collections, decimal, email, logging, subprocess, tarfile, unittest, zipfile)


def _documentation() -> str:
    names = ((module, name) for module in _MODULES for name in sorted(dir(module)))
    return "\n".join(inspect.getdoc(getattr(module, name)) or "" for module, name in names)


@dataclass(frozen=True, slots=True)
class Doc:
    """One page."""

    path: str
    title: str
    labels: tuple[str, ...]
    body: str


def folder(count: int, seed: int = 6) -> Iterator[Doc]:
    """Pages of about 6.8 KB, four levels deep, about ten to a folder, with links between them."""
    chance = random.Random(seed)
    prose = Prose(chance)
    paths = ["index.md", *(_path(number) for number in range(1, count))]
    titles = [f"{prose.title()} {number}" for number in range(count)]
    for path, title in zip(paths, titles, strict=True):
        size = chance.randint(3_500, 10_100)
        labels = tuple(sorted(chance.sample(_LABELS, chance.randint(0, 3))))
        body = "".join(_blocks(prose, size, path, paths))
        yield Doc(path, title, labels, body)


def _path(number: int) -> str:
    digits = [int(digit) for digit in str(number)]
    return "/".join("".join(map(str, digits[: at + 1])) for at in range(len(digits))) + ".md"


def _blocks(prose: Prose, size: int, path: str, paths: Sequence[str]) -> Iterator[str]:
    made = 0
    makers = (_paragraph, _heading, _list, _table, _fence, _alert, _tasks, _picture)
    while made < size:
        block = prose.chance.choices(makers, (45, 14, 12, 6, 7, 5, 4, 2))[0](prose, path, paths)
        made += len(block) + 2
        yield block + "\n\n"


def _paragraph(prose: Prose, path: str, paths: Sequence[str]) -> str:
    said = [prose.sentence() for _ in range(prose.chance.randint(2, 6))]
    if prose.chance.random() < 0.5:
        target = "../" * path.count("/") + paths[prose.chance.randrange(len(paths))]
        said.insert(1, f"See [{' '.join(prose.words(1, 3))}]({target}).")
    return (
        " ".join(said)
        .replace(" the ", " **the** ", 1)
        .replace(" is ", " `is` ", 1)
        .replace(" a ", " *a* ", 1)
    )


def _heading(prose: Prose, *_: object) -> str:
    return f"{'#' * prose.chance.randint(2, 4)} {prose.title()}"


def _list(prose: Prose, *_: object) -> str:
    return "\n".join(f"- {' '.join(prose.words(4, 14))}" for _ in range(prose.chance.randint(3, 7)))


def _table(prose: Prose, *_: object) -> str:
    width = prose.chance.randint(2, 5)
    rows = [["".join(prose.words(1, 1)) for _ in range(width)], ["---"] * width]
    rows += [[" ".join(prose.words(1, 5)) for _ in range(width)] for _ in range(prose.chance.randint(2, 8))]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _fence(prose: Prose, *_: object) -> str:
    language = prose.chance.choice(sorted(_LANGUAGES))
    lines = _LANGUAGES[language].splitlines()
    start = prose.chance.randrange(max(1, len(lines) - 25))
    return f"```{language}\n" + "\n".join(lines[start : start + 25]) + "\n```"


def _alert(prose: Prose, *_: object) -> str:
    return f"> [!{prose.chance.choice(_ALERTS)}]\n>\n> {prose.sentence()} {prose.sentence()}"


def _tasks(prose: Prose, *_: object) -> str:
    return "\n".join(f"- [{prose.chance.choice(' x')}] {' '.join(prose.words(4, 9))}" for _ in range(3))


def _picture(prose: Prose, path: str, _: object) -> str:
    up = "../" * path.count("/")
    return f"![{' '.join(prose.words(2, 4))}]({up}index.assets/shot-{prose.chance.randrange(40)}.png)"


def write(top: Path, count: int) -> None:
    """Write the folder in confsync's form."""
    for doc in folder(count):
        path = top / doc.path
        path.parent.mkdir(parents=True, exist_ok=True)
        labels = f"labels: [{', '.join(doc.labels)}]\n" if doc.labels else ""
        path.write_text(f"---\ntitle: {doc.title}\n{labels}---\n\n{doc.body}", encoding="utf-8")
    assets = top / "index.assets"
    assets.mkdir(exist_ok=True)
    for number in range(40):
        (assets / f"shot-{number}.png").write_bytes(picture(number))


def picture(number: int) -> bytes:
    """A grey PNG of 8 by 8."""
    rows = b"".join(b"\0" + bytes([number * 6]) * 8 for _ in range(8))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
