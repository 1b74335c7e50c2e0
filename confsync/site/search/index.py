"""The index: which page says which word, how prominently, in files of one beginning of words each.

    pages.js       titles, addresses, labels, sections, and which files there are
    61-62.js       words that begin with "ab": {"about": "1cA3B"}: distances to the page before (base 36),
                   each with a letter for the weight, A to Z
    text/a/b.js    what the page a/b.html says, for excerpts

Each is a classic script that calls one function, for scripts are all that a page may load from a disk.
"""

import json
import re
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
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
    """Words of pages. Pages are numbered in the order in which they are added."""

    def __init__(self) -> None:
        self._postings: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._count = 0

    def add(self, weights: Mapping[str, int]) -> None:
        """Add the next page."""
        self._count += 1
        number = self._count << _BITS
        postings = self._postings
        for word, weight in weights.items():
            postings[word].append(number | weight)

    def files(self) -> Iterator[tuple[str, str]]:
        """The files of words by their names."""
        return _files({word: _written(posting) for word, posting in self._postings.items()})


Weights = Mapping[str, int]


def patched(
    changes: Mapping[int, tuple[Weights, Weights]], shards: Collection[str], read: Callable[[str], str]
) -> tuple[Mapping[str, str], frozenset[str]]:
    """Return the files of words that differ because some pages say something else, and those that go.

    Args:
        changes: by a page's number (from 1): its weights before and now.
        shards: the files that there are.
        read: returns the content of one.
    """
    edits: defaultdict[str, list[tuple[int, int | None]]] = defaultdict(list)
    for number, (before, now) in changes.items():
        for word in before.keys() | now.keys():
            if before.get(word) != now.get(word):
                edits[word].append((number, now.get(word)))
    touched = {_beginning(word) for word in edits}
    old = {name for name in shards if _beginning_of(name) in touched}
    held: dict[str, str] = {}
    for name in old:
        held |= _held(read(name))
    for word, some in edits.items():
        posting = _edited(held.get(word, ""), dict(some))
        held.pop(word, None)
        if posting:
            held[word] = posting
    new = dict(_files(held))
    return new, frozenset(old - new.keys())


def page_list(entries: Sequence[Entry], checks: Mapping[str, str]) -> str:
    """Return the list of pages, which also says which files of words there are."""
    sections = {name: at for at, name in enumerate(sorted({entry.section for entry in entries}))}
    labels = {name: at for at, name in enumerate(sorted({name for one in entries for name in one.labels}))}
    pages = [
        [one.title, one.out, sections[one.section], [labels[name] for name in one.labels]] for one in entries
    ]
    words_of = {name.removesuffix(".js"): check for name, check in sorted(checks.items())}
    held = {"sections": [*sections], "labels": [*labels], "words": words_of, "pages": pages}
    return f"confsyncSearch.pages({_json(held)});\n"


def check(content: str) -> str:
    """What stands behind the name of a file, so that browsers do not keep an old one."""
    return f"{zlib.crc32(content.encode()):x}"


_BITS = 5
"""For a weight, below 26."""
_MASK = (1 << _BITS) - 1
_PIECE = re.compile(r"([0-9a-z]+)([A-Z])")


def _files(postings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    groups: dict[str, list[str]] = {}
    for word in sorted(postings):
        groups.setdefault(_beginning(word), []).append(word)
    for beginning, members in groups.items():
        content = _shard(beginning, members, postings)
        if len(content) <= _SPLIT_FROM or len(beginning) == 1:
            yield f"{_name(beginning)}.js", content
            continue
        finer: dict[str, list[str]] = {}
        for word in members:
            finer.setdefault(word[: len(beginning) + 1], []).append(word)
        for longer, some in finer.items():
            yield f"{_name(longer)}.js", _shard(longer, some, postings)


def _shard(beginning: str, members: Iterable[str], postings: Mapping[str, str]) -> str:
    held = {word: postings[word] for word in members}
    return f'confsyncSearch.words("{_name(beginning)}",{_json(held)});\n'


def _held(content: str) -> Mapping[str, str]:
    found: dict[str, str] = json.loads(content[content.index("{") : content.rindex("}") + 1])
    return found


def _written(posting: Sequence[int]) -> str:
    pieces, last = [], 0
    for code in posting:
        number = code >> _BITS
        pieces.append(_posting(number - last, code & _MASK))
        last = number
    return "".join(pieces)


def _edited(posting: str, changes: Mapping[int, int | None]) -> str:
    numbers: dict[int, int] = {}
    at = 0
    for distance, letter in _PIECE.findall(posting):
        at += int(distance, 36)
        numbers[at] = ord(letter) - ord("A")
    for number, weight in changes.items():
        numbers.pop(number, None)
        if weight is not None:
            numbers[number] = weight
    return _written([number << _BITS | numbers[number] for number in sorted(numbers)])


def _beginning_of(name: str) -> str:
    """The beginning that a file's name stands for, as words are grouped before long groups are cut."""
    return "".join(chr(int(code, 16)) for code in name.removesuffix(".js").split("-"))[:2]


def text_file(out: str, title: str, summary: str, text: Sequence[Section]) -> str:
    """Return the script that says what a page says, for excerpts and for previews of links."""
    said = [[one.id, one.heading, one.text] for one in text]
    return f"confsyncSearch.text({_json(out)},{_json([title, summary])},{_json(said)});\n"


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
