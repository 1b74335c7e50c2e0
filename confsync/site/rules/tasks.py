"""Task lists: `- [ ] text`, `- [x] text`; inside `:::decisions` the marks mean undecided, decided."""

import re

from markdown_it.token import Token

from confsync.site.rules.containers import CLOSE, OPEN

_BOX = re.compile(r"\[([ xX])\](?:\s+|\Z)")
_TO_TEXT = 2
"""From a list item's opening to the inline token of its first paragraph."""


def tasks(tokens: list[Token]) -> list[Token]:
    """Mark task items and their lists with classes, and put a box token before their text."""
    decisions = 0
    lists: list[Token] = []
    for at, token in enumerate(tokens):
        if token.type in (OPEN, CLOSE) and token.meta["directive"].name == "decisions":
            decisions += token.nesting
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open" and at + _TO_TEXT < len(tokens):
            _item(token, tokens[at + _TO_TEXT], lists[-1], decision=decisions > 0)
    return tokens


def _item(item: Token, inline: Token, around: Token, *, decision: bool) -> None:
    found = _BOX.match(inline.content) if inline.type == "inline" else None
    if found is None:
        return
    done = found[1] != " "
    inline.content = inline.content[found.end() :]
    inline.meta["box"] = _LABELS[decision, done]
    kind = "decision" if decision else "task"
    item.attrSet("class", f"{kind} done" if done else kind)
    around.attrSet("class", f"{kind}s")


_LABELS = {
    (False, False): "To do",
    (False, True): "Done",
    (True, False): "Undecided",
    (True, True): "Decided",
}
