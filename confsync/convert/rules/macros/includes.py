"""Macros that show other pages: their target is a link."""

from confsync.convert.rules.macro import Form, MacroRule

RULES = (
    MacroRule("include", Form.LEAF, target=""),
    MacroRule(
        "excerpt-include", Form.LEAF, target="", flags=frozenset(("nopanel",)), defaults={"nopanel": "false"}
    ),
    MacroRule("multiexcerpt-include-macro", Form.LEAF, target="page"),
)
