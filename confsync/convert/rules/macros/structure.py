"""Macros that hold other content: excerpt, page properties, section and column, table of contents zone."""

from confsync.convert.rules.macro import Form, MacroRule

RULES = (
    MacroRule("excerpt", Form.CONTAINER, flags=frozenset(("hidden",)), defaults={"hidden": "false"}),
    MacroRule("details", Form.CONTAINER, flags=frozenset(("hidden",)), defaults={"hidden": "false"}),
    MacroRule("section", Form.CONTAINER, flags=frozenset(("border",)), defaults={"border": "false"}),
    MacroRule("column", Form.CONTAINER),
    MacroRule("toc-zone", Form.CONTAINER),
)
