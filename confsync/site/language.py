"""Which way a text runs, and which language its letters betray: browsers choose fonts and quotes by it."""

import re
import unicodedata

_SCRIPTS = (
    (re.compile("[\uac00-\ud7af]"), "ko"),
    (re.compile("[\u3040-\u30ff]"), "ja"),
    (re.compile("[\u4e00-\u9fff]"), "zh"),
    (re.compile("[\u0e00-\u0e7f]"), "th"),
    (re.compile("[\u0590-\u05ff]"), "he"),
    (re.compile("[\u0600-\u06ff]"), "ar"),
    (re.compile("[\u0370-\u03ff]"), "el"),
)
_ENOUGH = 3
"""One letter in so many: a Latin name within a foreign text is no reason for doubt, nor the reverse."""


def direction(text: str) -> str:
    """Return `rtl` for text whose letters mostly run from right to left, else nothing."""
    if text.isascii():
        return ""
    letters = [unicodedata.bidirectional(char) for char in text if char.isalpha()]
    right = sum(one in ("R", "AL") for one in letters)
    return "rtl" if right * 2 > len(letters) else ""


def language(text: str) -> str:
    """Return the code of a language that is known by its script; empty for scripts of many languages."""
    if text.isascii():
        return ""
    letters = sum(char.isalpha() for char in text)
    for script, code in _SCRIPTS:
        if len(script.findall(text)) * _ENOUGH > letters:
            return code
    return ""
