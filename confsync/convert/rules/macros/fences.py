"""Macros whose body is plain text: fences with their own language word."""

from confsync.convert.rules.macro import Form, MacroRule

RULES = (
    MacroRule("code", Form.FENCE, hidden=frozenset(("theme", "language"))),
    MacroRule("noformat", Form.FENCE, directive="noformat"),
    MacroRule("plantuml", Form.FENCE, directive="plantuml"),
    MacroRule("mermaid", Form.FENCE, directive="mermaid"),
    MacroRule("mathblock", Form.FENCE, directive="math"),
)
