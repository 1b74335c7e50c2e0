"""The index: which page says which word, how prominently, in files of one beginning of words each.

    pages.js       titles, addresses, labels, sections, and which files there are
    61-62.js       words that begin with "ab": {"about": "1cA3B"}: distances to the page before (base 36),
                   each with a letter for the weight, A to Z
    text/a/b.js    what the page a/b.html says, for excerpts

Each is a classic script that calls one function, for scripts are all that a page may load from a disk.
"""

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from confsync.site.search.text import Section
from confsync.site.search.words import words

_SPLIT_FROM = 120_000
"""In bytes: a file of words with the same two characters that gets larger is cut by the third."""
_USUAL_LENGTH = 300
"""In words. Fixed, not measured, so that one page never changes the weights of others."""
_SATURATION, _LENGTH_MATTERS = 1.2, 0.75
_TITLE, _LABEL, _HEADING, _BODY = 10, 6, 4, 5
"""The most each can add to a weight; together a letter of the alphabet."""
_BLOCK = 6
"""Scripts with hundreds of characters: files hold 64 neighbouring ones."""
_MANY = (("\u0e00", "\u109f"), ("\u1780", "\U0010ffff"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the list of pages."""

    title: str
    out: str
    section: str
    """The title of the page below home that it belongs to."""
    labels: tuple[str, ...] = ()


def weigh(title: str, labels: Iterable[str], text: Sequence[Section]) -> dict[str, int]:
    """Return the weight, 0 to 25, of each word of a page."""
    body = Counter(words(" ".join(section.text for section in text)))
    thinned = _SATURATION * (1 - _LENGTH_MATTERS + _LENGTH_MATTERS * body.total() / _USUAL_LENGTH)
    found = {word: round(_BODY * count / (count + thinned)) for word, count in body.items()}
    for value, texts in ((_HEADING, [one.heading for one in text]), (_LABEL, labels), (_TITLE, [title])):
        for word in set(words(" ".join(texts))):
            found[word] = found.get(word, 0) + value
    return found


class Index:
    """Words of pages, filled page by page in the order of their numbers."""

    def __init__(self) -> None:
        self._postings: dict[str, list[str]] = {}
        self._last: dict[str, int] = {}
        self._entries: list[Entry] = []

    def add(self, entry: Entry, weights: Mapping[str, int]) -> None:
        """Add the next page."""
        self._entries.append(entry)
        number = len(self._entries)
        for word, weight in weights.items():
            posting = _posting(number - self._last.get(word, 0), weight)
            self._last[word] = number
            self._postings.setdefault(word, []).append(posting)

    def files(self) -> Iterator[tuple[str, str]]:
        """The files by their names, the list of pages last."""
        checks: dict[str, str] = {}
        for key, content in self._shards():
            checks[key] = f"{zlib.crc32(content.encode()):x}"
            yield f"{key}.js", content
        yield "pages.js", self._list(checks)

    def _shards(self) -> Iterator[tuple[str, str]]:
        groups: dict[str, list[str]] = {}
        for word in sorted(self._postings):
            groups.setdefault(_beginning(word), []).append(word)
        for beginning, members in groups.items():
            content = self._shard(beginning, members)
            if len(content) <= _SPLIT_FROM or len(beginning) == 1:
                yield _name(beginning), content
                continue
            finer: dict[str, list[str]] = {}
            for word in members:
                finer.setdefault(word[: len(beginning) + 1], []).append(word)
            for longer, some in finer.items():
                yield _name(longer), self._shard(longer, some)

    def _shard(self, beginning: str, members: Iterable[str]) -> str:
        held = {word: "".join(self._postings[word]) for word in members}
        return f'confsyncSearch.words("{_name(beginning)}",{_json(held)});\n'

    def _list(self, checks: Mapping[str, str]) -> str:
        sections = {name: at for at, name in enumerate(sorted({entry.section for entry in self._entries}))}
        labels = {
            name: at for at, name in enumerate(sorted({name for one in self._entries for name in one.labels}))
        }
        pages = [
            [one.title, one.out, sections[one.section], [labels[name] for name in one.labels]]
            for one in self._entries
        ]
        held = {"sections": [*sections], "labels": [*labels], "words": checks, "pages": pages}
        return f"confsyncSearch.pages({_json(held)});\n"


def text_file(out: str, text: Sequence[Section]) -> str:
    """Return the script that says what a page says."""
    return f"confsyncSearch.text({_json(out)},{_json([[one.id, one.heading, one.text] for one in text])});\n"


def text_name(out: str) -> str:
    """Where that script lies."""
    return f"text/{out.removesuffix('.html')}.js"


def _beginning(word: str) -> str:
    """What names the file of a word: two characters, or the first of 64 dense ones."""
    first = word[0]
    if any(low <= first <= high for low, high in _MANY):
        return chr(ord(first) >> _BLOCK << _BLOCK)
    return word[:2]


def _name(beginning: str) -> str:
    return "-".join(f"{ord(char):x}" for char in beginning)


@lru_cache(maxsize=4096)
def _posting(distance: int, weight: int) -> str:
    digits = ""
    while distance:
        distance, digit = divmod(distance, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits + chr(ord("A") + weight)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
