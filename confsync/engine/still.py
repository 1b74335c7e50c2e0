"""Knowing without looking that there is nothing to send.

A copy in which git sees no change, and which had nothing to send when it last looked just so, has nothing to
send now. This loads none of what plans are made with: `status` then takes as long as `git status`.
"""

from typing import Final

from confsync.ports import Cache, History

_RULES: Final = "1"
"""Stands before the word of a copy with nothing to send; a new number where plans may come out otherwise."""
_NAME: Final = "nothing-to-send"


def is_still(history: History, cache: Cache) -> bool:
    """Whether there is certainly nothing to send, and no conflict waits."""
    word = history.stillness()
    return bool(word) and cache.recall(_NAME) == f"{_RULES} {word}" and not history.pending()


def remember_still(history: History, cache: Cache) -> None:
    """There was nothing to send, nothing refused and nothing to warn of."""
    word = history.stillness()
    if word:
        cache.remember(_NAME, f"{_RULES} {word}")
