"""Any colour to the nearest of a few named ones, each of which reads well on light and on dark."""

import colorsys
import re

_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+[\d.%]+)?\s*\)")
_STYLE_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;]+)")
_NAMED = {
    "red": "#ff0000",
    "orange": "#ff8800",
    "yellow": "#ffee00",
    "green": "#008000",
    "lime": "#00ff00",
    "teal": "#008080",
    "cyan": "#00ffff",
    "blue": "#0000ff",
    "navy": "#000080",
    "purple": "#800080",
    "magenta": "#ff00ff",
    "pink": "#ff88bb",
    "gray": "#808080",
    "grey": "#808080",
    "silver": "#c0c0c0",
    "black": "#000000",
    "white": "#ffffff",
}
_HUES = (
    (15, "red"),
    (45, "orange"),
    (70, "yellow"),
    (165, "green"),
    (200, "teal"),
    (255, "blue"),
    (345, "purple"),
)
_GREY_BELOW = 0.12
_FULL = 360


def hue(colour: str) -> str:
    """Return the name of the nearest hue (`grey` for anything without one); empty for what is no colour."""
    red, green, blue = _rgb(colour.strip().lower()) or (-1, -1, -1)
    if red < 0:
        return ""
    angle, _, saturation = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
    chroma = (max(red, green, blue) - min(red, green, blue)) / 255
    if saturation < _GREY_BELOW or chroma < _GREY_BELOW / 4:
        return "grey"
    return next((name for limit, name in _HUES if angle * _FULL < limit), "red")


def styled_hue(style: str) -> str:
    """Return the hue of the text colour in an inline style; empty where it sets none, or plain grey."""
    found = _STYLE_COLOUR.search(style)
    name = hue(found[1]) if found else ""
    return "" if name == "grey" else name


def _rgb(colour: str) -> tuple[int, int, int] | None:
    colour = _NAMED.get(colour, colour)
    if found := _RGB.fullmatch(colour):
        return min(int(found[1]), 255), min(int(found[2]), 255), min(int(found[3]), 255)
    if (found := _HEX.fullmatch(colour)) is None:
        return None
    digits = found[1] if len(found[1]) > len("abc") else "".join(digit * 2 for digit in found[1])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


_LEGIBLE = 5.4
"""Contrast; the guidelines ask for 4.5, also on a tint of the colour."""
_LIGHT, _DARK = (255, 255, 255), (22, 25, 31)
"""The canvases of site.css."""
_STEPS = 50
_LINEAR = 0.04045


def contrasting(colour: str) -> tuple[str, str] | None:
    """Return a colour as it is legible on light and on dark; None for what is no colour."""
    rgb = _rgb(colour.strip().lower())
    if rgb is None:
        return None
    return _legible(rgb, _LIGHT, -1), _legible(rgb, _DARK, 1)


def _legible(rgb: tuple[int, int, int], canvas: tuple[int, int, int], step: int) -> str:
    angle, light, saturation = colorsys.rgb_to_hls(*(part / 255 for part in rgb))
    for number in range(_STEPS + 1):
        moved = min(max(light + step * number / _STEPS, 0), 1)
        red, green, blue = colorsys.hls_to_rgb(angle, moved, saturation)
        shown = round(red * 255), round(green * 255), round(blue * 255)
        if _contrast(shown, canvas) >= _LEGIBLE:
            return "#{:02x}{:02x}{:02x}".format(*shown)
    return "#000000" if step < 0 else "#ffffff"


def _contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(rgb: tuple[int, int, int]) -> float:
    # The formula of WCAG 2.
    parts = [part / 255 for part in rgb]
    red, green, blue = (
        part / 12.92 if part <= _LINEAR else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
