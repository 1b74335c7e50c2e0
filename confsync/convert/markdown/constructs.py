"""What a paragraph, a directive and the words behind a fence make."""

import re
from collections.abc import Sequence

from markdown_it.token import Token

from confsync.convert.markdown.directive import Directive, Shape, parse_inline
from confsync.convert.markdown.inline import fill
from confsync.convert.markdown.parser import References
from confsync.convert.markdown.target import canonical
from confsync.convert.rules.macros import MACROS
from confsync.convert.rules.resource import normal_value
from confsync.convert.tree import BREAK, CLOSE, OPEN, SPACE, TOKEN, Atom, Item
from confsync.errors import MalformedMarkdown

_STRUCTURE = frozenset(("decisions", "align", "macro"))


def paragraph(text: str, references: References) -> Item | None:
    """A paragraph, or an image with its caption; None where nothing is said."""
    item = Item("paragraph")
    tokens = fill(item, text, references)
    if not item.shows:
        return None
    begins = (item.runs or item.atoms or [""])[0]
    figure = _figure(item.atoms or [], tokens) if begins.startswith(TOKEN + "image") else None
    return figure or item


def _figure(atoms: list[Atom], tokens: Sequence[Token]) -> Item | None:
    if len(atoms) < 5 or not atoms[0].startswith(TOKEN + "image") or atoms[1] != SPACE:  # noqa: PLR2004
        return None
    if atoms[2] != OPEN + "em" or atoms[-1] != CLOSE + "em" or BREAK in atoms[:2]:
        return None
    if any(tok.type == "html_inline" for tok in tokens[1:3]):
        return None
    depth = 0
    for index, atom in enumerate(atoms[2:], 2):
        depth += (atom[0] == OPEN) - (atom[0] == CLOSE)
        if depth == 0 and index < len(atoms) - 1:
            return None
    item = Item("figure", {"image": atoms[0]})
    item.atoms = atoms[3:-1]
    return item


def directive_item(found: Directive, line: int) -> Item:
    """The block that a leaf directive or the opening of a container makes."""
    container = found.shape is Shape.CONTAINER
    if found.id:
        if found.attributes:
            raise MalformedMarkdown(
                f"what #{found.id} stands for cannot be changed by attributes",
                line=line,
                hint="take them away, or write the macro anew without its #id",
            )
        known = {"name": "macro", "id": found.id}
        return Item("macro", known) if container else Item("opaque", {"id": found.id})
    rule = MACROS.by_directive.get(found.name)
    known_name = rule is not None or found.name in _STRUCTURE or found.name.startswith("adf-")
    if not known_name and not (found.name in ("card", "embed") and found.target is not None):
        raise MalformedMarkdown(
            f"there is no directive called `{found.name}`",
            line=line,
            hint=f"for a macro of that name write `{':' * found.colons}macro[{found.name}]`",
        )
    props = {"name": found.name}
    if found.label:
        props["label"] = found.label
    if found.target is not None:
        props["target"] = canonical(found.target) if found.name not in ("card", "embed") else found.target
        if found.name not in ("card", "embed"):
            props.pop("label", None)
    for key, value in found.attributes:
        props[f"@{key}"] = "true" if value is None else normal_value(value)
    return Item("macro" if container else "leaf", props)


def info_props(info: str) -> dict[str, str]:
    """What the words behind a fence say."""
    word, _, rest = info.strip().partition(" ")
    rest = rest.strip()
    props: dict[str, str] = {}
    named = re.search(r"\{[^}]*?#([A-Za-z0-9_-]+)[^}]*\}", rest) if word.startswith("macro-") else None
    if named:
        return {"id": named[1]}
    if word.startswith("macro-") and (found_all := parse_inline(f":x[]{rest}", 0)) is not None:
        said = {f"@{key}": "true" if value is None else value for key, value in found_all.attributes}
        return {"language": word, **said}
    if word == "{":
        word = ""
    if word and not word.startswith("{"):
        props["language"] = word
    for found in re.finditer(
        r'([A-Za-z][\w.-]*)(?:=(?:"([^"]*)"|([^\s"{}]+)))?', re.sub(r"\{[^}]*\}", "", rest)
    ):
        if found[1] == "pre" and found[2] is None and found[3] is None:
            props["pre"] = "1"
        elif found[1] in ("title", "linenumbers", "firstline", "collapse"):
            value = found[2] if found[2] is not None else found[3]
            props[f"@{found[1]}"] = "true" if value is None else value
    if props.get("language") == "text" and len(props) > 1:
        del props["language"]
    return props


def unbox(entry: Item, box: str) -> None:
    """A list with checkboxes on some items only is an ordinary list: the box is text again."""
    words = ["[x]"] if box == "x" else ["[", SPACE, "]"]
    first = entry.children[0] if entry.children else None
    if first is not None and first.kind == "paragraph" and first.atoms:
        first.atoms = [*words, SPACE, *first.atoms]
        first.seal()
    else:
        item = Item("paragraph")
        item.atoms = words
        entry.children = [item.seal(), *(entry.children or ())]
