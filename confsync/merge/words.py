"""Three-way merge of running text, word by word.

A word is a run of letters and digits, or one other character, with the white space behind it. Changes to
neighbouring words do not conflict; changes to the same word, or two insertions in one place, do.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from confsync.merge.sequence import matches

_TOKENS = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_MANY = 4000


@dataclass(frozen=True, slots=True)
class _Hunk:
    """`base[start:end]` became `other[start_to:end_to]`."""

    start: int
    end: int
    start_to: int
    end_to: int


def merge_words(base: str, local: str, remote: str, *, verbatim: bool = False) -> str | None:
    """Merge three spellings of one leaf, or return None where the sides changed the same words.

    Unchanged words keep their local spelling. Unless `verbatim`, white space of any kind is one space, so a
    paragraph may be wrapped differently on each side.
    """
    cut = _LINES if verbatim and max(map(len, (base, local, remote))) > _MANY else _TOKENS
    b, ours, theirs = (cut.findall(text) for text in (base, local, remote))
    keys = [[token if verbatim else _key(token) for token in side] for side in (b, ours, theirs)]
    pairs = dict(matches(keys[0], keys[1]))
    absorbed = [_absorbs(keys[0], keys[one], keys[other]) for one, other in ((1, 2), (2, 1))]
    if absorbed[0] != absorbed[1]:
        return local if absorbed[0] else remote
    chosen = _combine(_hunks(keys[0], keys[1]), _hunks(keys[0], keys[2]), keys[1], keys[2])
    if chosen is None:
        return None
    result: list[str] = []
    at = 0
    for hunk, is_local in chosen:
        result += (ours[pairs[i]] if i in pairs else b[i] for i in range(at, hunk.start))
        new = (ours if is_local else theirs)[hunk.start_to : hunk.end_to]
        if not is_local and not verbatim:
            new = _wrapped(new, [ours[pairs[i]] if i in pairs else "" for i in range(hunk.start, hunk.end)])
        result += new
        at = hunk.end
    result += (ours[pairs[i]] if i in pairs else b[i] for i in range(at, len(b)))
    return "".join(result)


def merge_lists(base: Sequence[str], local: Sequence[str], remote: Sequence[str]) -> tuple[str, ...] | None:
    """Merge three lists of atoms by the same rules, or return None where they conflict."""
    absorbed = _absorbs(base, local, remote), _absorbs(base, remote, local)
    if absorbed[0] != absorbed[1]:
        return tuple(local if absorbed[0] else remote)
    chosen = _combine(_hunks(base, local), _hunks(base, remote), local, remote)
    if chosen is None:
        return None
    result: list[str] = []
    at = 0
    for hunk, is_local in chosen:
        result += base[at : hunk.start]
        result += (local if is_local else remote)[hunk.start_to : hunk.end_to]
        at = hunk.end
    return tuple(result) + tuple(base[at:])


def _key(token: str) -> str:
    """Return a token with its white space made one space; two spaces at a line's end are a line break."""
    bare = token.rstrip()
    space = token[len(bare) :]
    if not space:
        return bare
    return bare + ("\n" if space.startswith("  ") and "\n" in space else " ")


def _wrapped(new: list[str], old: Sequence[str]) -> list[str]:
    """Give new words the line ends of the local words in whose place they stand."""
    first = 0 if len(new) == len(old) else len(new) - 1
    if not new or not old:
        return new
    pairs = zip(new[first:], old[first - len(new) :], strict=True)
    return new[:first] + [_ended_as(word, before) for word, before in pairs]


def _ended_as(word: str, before: str) -> str:
    bare = word.rstrip()
    ending = before[len(before.rstrip()) :]
    return bare + ending if _key(bare + ending) == _key(word) else word


def _hunks(base: Sequence[str], other: Sequence[str], *, joined: bool = True) -> list[_Hunk]:
    """Return what changed; `joined` makes one of changes with nothing but punctuation between them."""
    result: list[_Hunk] = []
    i = j = 0
    for i_next, j_next in [*matches(base, other), (len(base), len(other))]:
        if i < i_next or j < j_next:
            last = result[-1] if result else None
            if joined and last and not any(re.search(r"\w", word) for word in base[last.end : i]):
                result[-1] = _Hunk(last.start, i_next, last.start_to, j_next)
            else:
                result.append(_Hunk(i, i_next, j, j_next))
        i, j = i_next + 1, j_next + 1
    return result


def _combine(
    local: list[_Hunk], remote: list[_Hunk], ours: Sequence[str], theirs: Sequence[str]
) -> list[tuple[_Hunk, bool]] | None:
    """Put the hunks of both sides in order, or return None where two overlap and differ."""
    result: list[tuple[_Hunk, bool]] = []
    i = j = 0
    while i < len(local) or j < len(remote):
        mine = local[i] if i < len(local) else None
        their = remote[j] if j < len(remote) else None
        if mine and their and _overlap(mine, their):
            if not _same(mine, their, ours, theirs):
                return None
            result.append((mine, True))
            i, j = i + 1, j + 1
        elif mine and (their is None or (mine.start, mine.end) <= (their.start, their.end)):
            result.append((mine, True))
            i += 1
        elif their:
            result.append((their, False))
            j += 1
    return result


def _same(a: _Hunk, b: _Hunk, ours: Sequence[str], theirs: Sequence[str]) -> bool:
    same_place = (a.start, a.end) == (b.start, b.end)
    return same_place and ours[a.start_to : a.end_to] == theirs[b.start_to : b.end_to]


def _absorbs(base: Sequence[str], big: Sequence[str], small: Sequence[str]) -> bool:
    """Whether one side says already all that the other changed: its new words, and none of its lost ones.

    Without this, merging a merged text once more would double its changes or make them a conflict, because
    among repeated words nobody can tell which is which.
    """
    if not Counter(base) - Counter(small) <= Counter(base) - Counter(big):
        return False
    there = {i for i, _ in matches(small, big)}
    new = [i for hunk in _hunks(base, small, joined=False) for i in range(hunk.start_to, hunk.end_to)]
    return Counter(base) != Counter(small) and there.issuperset(new)


def _overlap(a: _Hunk, b: _Hunk) -> bool:
    if a.start == a.end and b.start == b.end:
        return a.start == b.start
    if a.start == a.end or b.start == b.end:
        return a.start < b.start < a.end or b.start < a.start < b.end
    return max(a.start, b.start) < min(a.end, b.end)
