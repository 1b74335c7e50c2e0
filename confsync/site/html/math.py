"""Formulas: LaTeX to MathML at build time, which every browser shows without a script."""

import re
from functools import lru_cache
from html import escape, unescape
from xml.etree.ElementTree import Element

_LONGEST = 4000
"""In characters."""
_DEEPEST = 60
_TAGS = frozenset({
    "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle", "merror",
    "mpadded", "mphantom", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts",
    "mtable", "mtr", "mtd", "menclose", "mfenced",
})  # fmt: skip
_ATTRIBUTES = frozenset({
    "accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "displaystyle", "fence",
    "form", "height", "linethickness", "lspace", "mathvariant", "maxsize", "minsize", "movablelimits",
    "notation", "rowlines", "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "symmetric",
    "voffset", "width",
})  # fmt: skip
_ENTITY = re.compile(r"&#x[0-9A-Fa-f]{1,6};")


def formula(latex: str, *, block: bool) -> str:
    """Return a formula as MathML; as code where it is none that we can read.

    The converter escapes nothing, so its tree is written out here, by allow-lists.
    """
    shown = _mathml(latex.strip(), block=block)
    if shown:
        return f'<div class="math" tabindex="0">{shown}</div>\n' if block else shown
    if block:
        return f'<div class="math"><pre tabindex="0"><code>{escape(latex.strip())}</code></pre></div>\n'
    return f'<code class="math">{escape(latex)}</code>'


@lru_cache(maxsize=512)
def _mathml(latex: str, *, block: bool) -> str:
    if not latex or len(latex) > _LONGEST:
        return ""
    from latex2mathml.converter import convert_to_element  # noqa: PLC0415 (slow to import, and most sites have no formulas)

    try:
        tree = convert_to_element(latex, display="block" if block else "inline")
    except Exception:  # noqa: BLE001 (a formula that cannot be read; its errors have no name in common)
        return ""
    return _written(tree, 0)


def _written(node: Element, depth: int) -> str:
    if node.tag not in _TAGS or depth > _DEEPEST:
        return ""
    kept = {key: value for key, value in node.attrib.items() if key in _ATTRIBUTES}
    if node.tag == "math" and node.get("display") == "block":
        kept["display"] = "block"
    attributes = "".join(f' {key}="{escape(_text(value))}"' for key, value in kept.items())
    inside = "".join(_written(kid, depth + 1) for kid in node)
    return f"<{node.tag}{attributes}>{escape(_text(node.text or ''))}{inside}</{node.tag}>"


def _text(said: str) -> str:
    """The converter spells symbols as character references, within text that it does not escape."""
    return _ENTITY.sub(lambda found: unescape(found[0]), said)
