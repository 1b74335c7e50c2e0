"""Macros whose body is plain text: fences with their own language word."""

from confsync.convert.rules.macro import Form, MacroRule

_PLANTUML = ("plantuml", "plantumlrender")
_MERMAID = ("mermaid", "mermaid-macro", "mermaid-cloud", "mermaiddiagram")
_MATH = ("mathblock", "easy-math-block", "eazy-math-block")
"""The same thing by several apps: the first of each is what new ones become."""

RULES = (
    MacroRule("code", Form.FENCE, hidden=frozenset(("theme", "language")), defaults={"firstline": "1"}),
    MacroRule("noformat", Form.FENCE, directive="noformat"),
    *(MacroRule(name, Form.FENCE, directive="plantuml") for name in _PLANTUML),
    *(MacroRule(name, Form.FENCE, directive="mermaid") for name in _MERMAID),
    *(MacroRule(name, Form.FENCE, directive="math", code="body") for name in _MATH),
)
