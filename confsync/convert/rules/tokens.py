"""The table of inline rules: a new kind of token is a new file and a line here."""

from confsync.convert.rules import anchor, date, emoji, formula, hint, image, jira, mention, status
from confsync.convert.rules.inline import TokenTable

TOKENS = TokenTable(
    [
        status.RULE, date.RULE, emoji.RULE, anchor.RULE, jira.RULE, mention.RULE, image.RULE, formula.RULE,
        hint.RULE,
    ]
)  # fmt: skip
