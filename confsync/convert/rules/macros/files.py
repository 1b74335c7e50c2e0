"""Macros that show one thing by its name: a file, a video, a site, a person. It is their target."""

from confsync.convert.rules.macro import Form, MacroRule

_VIEWERS = ("view-file", "viewpdf", "viewdoc", "viewxls", "viewppt", "multimedia")

RULES = (
    *(MacroRule(name, Form.LEAF, target="name") for name in _VIEWERS),
    MacroRule("widget", Form.LEAF, target="url"),
    MacroRule("iframe", Form.LEAF, target="src"),
    MacroRule("profile", Form.LEAF, target="user"),
)
