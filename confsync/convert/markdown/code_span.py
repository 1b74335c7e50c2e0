"""Code spans: the one thing that no formatter changes."""

import re

REACH = 8000
"""How far a bracket or a code span is looked for: hostile text must not cost quadratic time."""

_BACKTICKS = re.compile(r"`+")


def code_span(text: str) -> str:
    """Write text as a code span that reads back as exactly this text (one line, not empty)."""
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    edge = text[0] == "`" or text[-1] == "`" or (text[0] == " " == text[-1] and text.strip(" "))
    return f"{fence} {text} {fence}" if edge else f"{fence}{text}{fence}"


def backticks(text: str, start: int) -> int:
    """How many backticks stand at an offset."""
    found = _BACKTICKS.match(text, start)
    return len(found[0]) if found else 0


def after_code(text: str, start: int) -> int:
    """The offset behind the code span that opens at `start`; behind its backticks where it never closes."""
    run = backticks(text, start)
    for closing in _BACKTICKS.finditer(text, start + run, start + run + REACH):
        if len(closing[0]) == run:
            return closing.end()
    return start + run


def code_text(raw: str) -> str:
    """What a code span says, from what stands between its backticks."""
    text = raw.replace("\n", " ")
    if len(text) > 1 and text[0] == " " == text[-1] and text.strip(" "):
        return text[1:-1]
    return text
