"""What is called differently on the two sides. Pairs are (storage, document)."""

from collections.abc import Mapping

MACROS = "com.atlassian.confluence.macro.core"
"""The extension type of every macro."""

_PANELS = (("info", "info"), ("tip", "success"), ("note", "warning"), ("warning", "error"))
PANEL_OF_MACRO: Mapping[str, str] = dict(_PANELS)
"""The macro `note` is the editor's warning, the macro `warning` its error."""
MACRO_OF_PANEL: Mapping[str, str] = {panel: macro for macro, panel in _PANELS}

_COLORS = (
    ("Grey", "neutral"),
    ("Red", "red"),
    ("Yellow", "yellow"),
    ("Green", "green"),
    ("Blue", "blue"),
    ("Purple", "purple"),
)
STATUS_COLOR: Mapping[str, str] = {storage.lower(): adf for storage, adf in _COLORS}
STATUS_COLOUR: Mapping[str, str] = {adf: storage for storage, adf in _COLORS}

_MARKS = (("strong", "strong"), ("em", "em"), ("u", "underline"), ("del", "strike"), ("code", "code"))
TAG_OF_MARK: Mapping[str, str] = {mark: tag for tag, mark in _MARKS}
MARK_OF_TAG: Mapping[str, str] = dict(_MARKS) | {
    "b": "strong",
    "i": "em",
    "s": "strike",
}

MARK_ORDER = (
    "link",
    "em",
    "strong",
    "textColor",
    "backgroundColor",
    "strike",
    "subsup",
    "underline",
    "code",
    "annotation",
)
"""The editor's own order of marks on a text."""

LAYOUTS: Mapping[str, tuple[float, ...]] = {
    "fixed-width": (100,),
    "single": (100,),
    "two_equal": (50, 50),
    "two_left_sidebar": (33.33, 66.66),
    "two_right_sidebar": (66.66, 33.33),
    "three_equal": (33.33, 33.33, 33.33),
    "three_with_sidebars": (25, 50, 25),
    "four_equal": (25, 25, 25, 25),
    "five_equal": (20, 20, 20, 20, 20),
}
"""The widths of a section's columns in percent, by the name storage has for them."""
