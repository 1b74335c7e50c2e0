"""Panels: info, tip, note, warning, the custom panel, expand."""

from confsync.convert.rules.macro import Form, MacroRule

_ICON = frozenset(("icon",))
_CUSTOM = frozenset(("panelIconId", "panelIconText"))

RULES = (
    MacroRule("info", Form.CONTAINER, label="title", hidden=_ICON, alert="NOTE"),
    MacroRule("tip", Form.CONTAINER, label="title", hidden=_ICON, alert="TIP"),
    MacroRule("note", Form.CONTAINER, label="title", hidden=_ICON, alert="WARNING"),
    MacroRule("warning", Form.CONTAINER, label="title", hidden=_ICON, alert="CAUTION"),
    MacroRule("panel", Form.CONTAINER, label="title", hidden=_CUSTOM),
    MacroRule("expand", Form.CONTAINER, label="title"),
)
