"""Text to the words it is found by. `templates/search.js` does the same to what people type: change both."""

import re
import unicodedata
from functools import lru_cache

LONGEST = 32
"""In characters; longer words (hashes, addresses) are found by their beginning."""

_ACCENTS = re.compile("[\u0300-\u036f]")
_PLAIN = re.compile(r"[a-z0-9]+")
# Written without blanks between words, or with endings that stick to them: Thai to Khmer, kana, Han, Hangul.
_DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_BASIC_PLANE = 0x10000


def fold_text(text: str) -> str:
    """Return text without case, accents and width: what is searched with is compared with this."""
    if text.isascii():
        return text.lower()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", plain).lower()


def words(text: str) -> list[str]:
    """Return the words of a text in order: folded, dense scripts as pairs of characters.

    Of a run of dense script the last character stands alone too, so that every character is the beginning
    of some word.
    """
    folded = fold_text(text)
    if folded.isascii():
        return [word[:LONGEST] for word in _PLAIN.findall(folded)]
    found: list[str] = []
    for dense, word in _any_script().findall(folded):
        if dense:
            found.extend(dense[at : at + 2] for at in range(len(dense)))
        else:
            found.append(word[:LONGEST])
    return found


@lru_cache(maxsize=1)
def _any_script() -> re.Pattern[str]:
    """Runs of dense script, or letters, digits and the marks that belong to them."""
    points = map(chr, range(_BASIC_PLANE))
    dense = re.compile(f"[{_DENSE}]")
    marks = "".join(
        char for char in points if unicodedata.category(char)[0] == "M" and not dense.fullmatch(char)
    )
    return re.compile(f"([{_DENSE}]+)|((?:[^\\W_{_DENSE}]|[{re.escape(marks)}])+)")
