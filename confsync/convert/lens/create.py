"""New blocks in good Cloud storage, dressed like their neighbours."""

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby

from confsync.convert.lens.columns import width
from confsync.convert.lens.layouts import Place
from confsync.convert.lens.writer import PlaceholderSource, Writer
from confsync.convert.rules.adf import write_panel_attribute
from confsync.convert.rules.image import image_resource
from confsync.convert.rules.macro import Form
from confsync.convert.rules.macros import MACROS
from confsync.convert.rules.parameters import new_macro
from confsync.convert.rules.resource import target_storage
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.storage.heads import is_bold
from confsync.convert.storage.page import Page
from confsync.convert.storage.parse import Node
from confsync.convert.storage.text import cdata, without_identity
from confsync.convert.tree import OPEN, TOKEN, WORDED, Item, fields_of

_SPAN = re.compile(r"""\s(?:row|col)span\s*=\s*(?:"[^"]*"|'[^']*')""")
_PLACEHOLDER = re.compile(r'<span class="placeholder-inline-tasks">\Z')
"""What older pages write around the words of a task."""
_MACROS = (TOKEN + "macro", OPEN + WORDED, OPEN + "excerpt")


class Creator:
    """Makes storage of items that the base does not have."""

    def __init__(self, page: Page, source: "BlockSource") -> None:
        self.page = page
        self.source = source
        self.inline = Writer(page, source)
        self._heads: set[int] = set()

    @cached_property
    def bare_items(self) -> bool:
        """Whether this page writes list items without paragraphs."""
        return _prefers_bare(self.page.source, "li")

    @cached_property
    def bare_cells(self) -> bool:
        """Whether this page writes cells without paragraphs."""
        return _prefers_bare(self.page.source, "t[dh]")

    def block(self, item: Item, like: Item | None = None) -> str:
        """The bytes of one block: moved or copied from the base where it is known there, else made."""
        known = self.source.known(item)
        return known if known is not None else self.made(item, like)

    def blocks(self, items: Sequence[Item], *, bare: bool = False, place: Place = Place.OUTSIDE) -> str:
        """The bytes of blocks; `bare` leaves out the element of a paragraph that stands first."""
        out: list[str] = []
        for is_section, group in groupby(items, key=lambda item: item.kind == "layout"):
            head, tail = place.around_section if is_section else place.around_text
            out.append(head)
            for item in group:
                alone = bare and item is items[0] and item.kind == "paragraph" and not holds_macro(item)
                known = self.source.known(item, bare=alone)
                if known is None:
                    known = self.source.words(item) if alone else self.made(item)
                out.append(known)
            out.append(tail)
        return "".join(out)

    def made(self, item: Item, like: Item | None = None) -> str:  # noqa: C901, PLR0911, PLR0912  (one branch per kind)
        """The bytes of a block that is new itself; what is in it may be known."""
        match item.kind:
            case "paragraph":
                return self._paragraph(item, like)
            case "heading":
                level = item.props["level"]
                return f"<h{level}>{self.source.words(item)}</h{level}>"
            case "rule":
                return "<hr />"
            case "empty":
                return "<p />"
            case "code":
                return self.code(item)
            case "quote":
                return f"<blockquote>{self.blocks(item.children or ())}</blockquote>"
            case "list":
                return self._list(item)
            case "item":
                bare = self._bare(like, bare=self.bare_items)
                empty = "" if bare else "<p />"
                return f"<li>{self.blocks(item.children or (), bare=bare) or empty}</li>"
            case "tasks":
                tasks = "".join(self.block(kid) for kid in item.children or ())
                return f"<ac:task-list>{tasks}</ac:task-list>"
            case "task":
                return self._task(item, like)
            case "table":
                return self._table(item)
            case "row":
                return self._row(item, like)
            case "cell":
                return self.cell(item, like)
            case "figure":
                return self._figure(item)
            case "leaf":
                return self.leaf(item)
            case "macro":
                return self._macro(item)
            case "layout":
                return self._layout(item)
            case "column":
                return f"<ac:layout-cell>{self.blocks(item.children or ())}</ac:layout-cell>"
            case "opaque":
                return self.source.take(item.props["id"])
            case _:
                return ""

    def _paragraph(self, item: Item, like: Item | None) -> str:
        atoms = item.atoms or []
        if len(atoms) == 1 and atoms[0].startswith(TOKEN + "image"):
            return self.source.words(item)
        if like is not None and like.bare and like.kind == "paragraph" and like.atoms and not atoms:
            return self.source.words(item)
        style = f' style="text-align: {item.hint};"' if item.hint else ""
        return f"<p{style}>{self.source.words(item)}</p>"

    def _bare(self, like: Item | None, *, bare: bool) -> bool:
        """Whether the neighbour's text stands in it without a paragraph."""
        if like is None or not like.children:
            return bare
        return like.children[0].bare if like.children[0].kind == "paragraph" else bare

    def code(self, item: Item) -> str:
        """A new block of code."""
        props, text = item.props, item.text or ""
        text += "\n" if text.endswith("\n") else ""  # The last line end is not shown.
        if "pre" in props:
            return f"<pre>{self.page.spelling.encode(text)}</pre>"
        if "id" in props:
            return self._refilled(props["id"], "ac:plain-text-body", cdata(text))
        language = props.get("language", "")
        body = f"<ac:plain-text-body>{cdata(text)}</ac:plain-text-body>"
        if language.startswith("macro-"):
            return new_macro(self.page, language.removeprefix("macro-"), _values(item), body)
        values = {key[1:]: value for key, value in props.items() if key[0] == "@"}
        rule = MACROS.by_directive.get(language)
        if rule is not None and rule.form is Form.FENCE and rule.name != "code":
            return new_macro(self.page, rule.name, values, body)
        return new_macro(self.page, "code", {**({"language": language} if language else {}), **values}, body)

    def _refilled(self, identity: str, tag: str, inside: str) -> str:
        """A placeholder's bytes with another body."""
        raw = self.source.take(identity)
        found = re.search(rf"<{tag}\b[^>]*?(/?)>", raw)
        if found is None:
            return raw
        end = found.end() if found[1] else raw.rindex(f"</{tag}>") + len(f"</{tag}>")
        return f"{raw[: found.start()]}<{tag}>{inside}</{tag}>{raw[end:]}"

    def _list(self, item: Item) -> str:
        inside = "".join(self.block(kid) for kid in item.children or ())
        start = item.props.get("ordered")
        if start is None:
            return f"<ul>{inside}</ul>"
        return f'<ol start="{start}">{inside}</ol>'

    def _task(self, item: Item, like: Item | None) -> str:
        if like is not None and isinstance(like.source_node, Node) and like.source_node.tag == "ac:adf-node":
            return self._decision(item)
        status = "complete" if "done" in item.props else "incomplete"
        children = item.children or []
        nested = [kid for kid in children if kid.kind == "tasks"]
        body = self.blocks([kid for kid in children if kid.kind != "tasks"], bare=True)
        if like is not None and (around := _PLACEHOLDER.search(self.page.source, like.start, like.inner[0])):
            body = f"{around[0]}{body}</span>"
        lists = "".join(self.block(kid) for kid in nested)
        return (
            f"<ac:task><ac:task-status>{status}</ac:task-status>"
            f"<ac:task-body>{body}</ac:task-body>{lists}</ac:task>"
        )

    # --------------------------------------------------------------------------------------- tables

    def _table(self, item: Item) -> str:
        self.note_heads(item, column=item.bare)
        inside = "".join(self.block(row) for row in item.children or ())
        return f"<table><tbody>{inside}</tbody></table>"

    def note_heads(self, table: Item, *, column: bool) -> None:
        """Remember which cells of a table's rows are headers; with `column` the first of each row is."""
        # Headers in a table's only column would be read as a header row.
        column = column and ("header" in table.props or width(table.children or ()) > 1)
        for index, row in enumerate(table.children or ()):
            header = index == 0 and "header" in table.props
            for at, cell in enumerate(row.children or ()):
                if header or (column and at == 0) or "head" in cell.props:
                    self._heads.add(id(cell))

    def tag(self, cell: Item) -> str:
        """The element that a cell is."""
        return "th" if id(cell) in self._heads or "head" in cell.props else "td"

    def _row(self, item: Item, like: Item | None) -> str:
        neighbours = (like.children or []) if like is not None else []
        cells = item.children or []
        fits = len(neighbours) == len(cells)
        inside = "".join(self.cell(cell, neighbours[at] if fits else None) for at, cell in enumerate(cells))
        opened = "<tr>"
        if like is not None and like.inner[0] > like.start >= 0:
            opened = without_identity(self.page.source[like.start : like.inner[0]])
        return f"{opened}{inside}</tr>"

    def cell(self, item: Item, like: Item | None) -> str:
        """A new cell with the attributes of the one it stands beside."""
        tag = self.tag(item)
        opened = f"<{tag}>"
        if like is not None and like.inner[0] > like.start >= 0:
            source = without_identity(self.page.source[like.start : like.inner[0]])
            opened = f"<{tag}" + _SPAN.sub("", source)[3:].rstrip("/> ") + ">"
        spans = "".join(
            f' {name}="{item.props[name]}"' for name in ("rowspan", "colspan") if name in item.props
        )
        opened = opened[:-1] + spans + ">"
        children = item.children or []
        if item.hint and (like is None or item.hint in self.page.source[like.start : like.end]):
            for kid in children:
                kid.hint = item.hint
        inside = self._cell_inside(children, like, tag) if children else "<p />"
        return f"{opened}{inside}</{tag}>"

    def _cell_inside(self, children: Sequence[Item], like: Item | None, tag: str) -> str:
        bare = self._bare(like, bare=self.bare_cells)
        bold = (
            tag == "th"
            and like is not None
            and is_bold(like)
            and [kid.kind for kid in children] == ["paragraph"]
        )
        if not bold:
            return self.blocks(children, bare=bare)
        text = f"<strong>{self.source.words(children[0])}</strong>"
        return text if bare else f"<p>{text}</p>"

    # --------------------------------------------------------------------------------------- macros

    def _figure(self, item: Item) -> str:
        source = fields_of(item.props["image"])[1:]
        made = TOKENS.kinds["image"].storage(source, self.page)
        caption = f"<ac:caption><p>{self.source.words(item)}</p></ac:caption>"
        return made.replace(
            image_resource(self.page, source[0]), image_resource(self.page, source[0]) + caption, 1
        )

    def leaf(self, item: Item) -> str:
        """A new macro without a body, or a card."""
        props = item.props
        name = props["name"]
        if name in ("card", "embed"):
            href = self.page.spelling.attribute(props["target"])
            text = self.page.spelling.encode(props.get("label", props["target"]))
            look = "block" if name == "card" else "embed"
            width = self.page.spelling.attribute(props.get("@width", ""))
            wide = f' data-width="{width}"' if width else ""
            return f'<a href="{href}" data-card-appearance="{look}"{wide}>{text}</a>'
        rule = MACROS.by_directive.get(name)
        if name == "macro":
            return new_macro(self.page, props.get("label", "macro").partition(":")[0], _values(item))
        values = _values(item)
        target = ""
        if rule is not None and rule.target is not None and "target" in props:
            target = self._target(rule.target, props["target"])
        if rule is not None and rule.label and "label" in props:
            values.insert(0, (rule.label, props["label"]))
        return new_macro(self.page, rule.name if rule else name, values, target)

    def _target(self, parameter: str, target: str) -> str:
        return f'<ac:parameter ac:name="{parameter}">{target_storage(self.page, target)}</ac:parameter>'

    def _macro(self, item: Item) -> str:
        props = item.props
        name = props["name"]
        children = item.children or []
        if "id" in props:
            return self._refilled(props["id"], "ac:rich-text-body", self.blocks(children))
        if name == "decisions":
            return self._decisions(item)
        for kid in children if name == "details" else ():
            # Page properties are known by their header column.
            kid.bare = kid.bare or (kid.kind == "table" and "header" not in kid.props)
        if name.startswith("adf-"):
            said = "".join(write_panel_attribute(self.page, key, value) for key, value in _values(item))
            return (
                f'<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">'
                f"{name.removeprefix('adf-')}</ac:adf-attribute>{said}<ac:adf-content>{self.blocks(children)}"
                f"</ac:adf-content></ac:adf-node></ac:adf-extension>"
            )
        body = f"<ac:rich-text-body>{self.blocks(children) or '<p />'}</ac:rich-text-body>"
        if name == "macro":
            return new_macro(self.page, props.get("label", "macro"), _values(item), body)
        rule = MACROS.by_directive[name]
        values = _values(item)
        if rule.label and "label" in props:
            values.insert(0, (rule.label, props["label"]))
        if rule.form is not Form.CONTAINER:
            return new_macro(self.page, rule.name, values)
        return new_macro(self.page, rule.name, values, body)

    def _decisions(self, item: Item) -> str:
        inside = "".join(
            self._decision(task) for tasks in item.children or () for task in tasks.children or ()
        )
        return (
            f'<ac:adf-extension><ac:adf-node type="decision-list">{inside}</ac:adf-node></ac:adf-extension>'
        )

    def _decision(self, item: Item) -> str:
        state = "DECIDED" if "done" in item.props else "UNDECIDED"
        inside = self.blocks(item.children or (), bare=True)
        return (
            '<ac:adf-node type="decision-item">'
            f'<ac:adf-attribute key="state">{state}</ac:adf-attribute>'
            f"<ac:adf-content>{inside}</ac:adf-content></ac:adf-node>"
        )

    def _layout(self, item: Item) -> str:
        columns = "".join(self.made(kid) for kid in item.children or ())
        return f'<ac:layout-section ac:type="{item.props["type"]}">{columns}</ac:layout-section>'


class BlockSource(PlaceholderSource):
    """Where the bytes of known blocks come from."""

    def words(self, item: Item) -> str:
        """The bytes of a new leaf's content, made of what other leaves lost where that came here."""
        raise NotImplementedError

    def known(self, item: Item, *, bare: bool = False) -> str | None:
        """The bytes of a block that the base has or had; None where it has none.

        `bare`: a paragraph needs no element here.
        """
        raise NotImplementedError


def holds_macro(item: Item) -> bool:
    """Whether a paragraph needs its element, because a macro in it would be a block without."""
    return any(atom.startswith(_MACROS) for atom in item.atoms or ())


def _values(item: Item) -> list[tuple[str, str]]:
    return [
        ("" if key == "@default" else key[1:], value)
        for key, value in item.props.items()
        if key[0] == "@" and value
    ]


def _prefers_bare(source: str, tag: str) -> bool:
    """Whether a page writes text into these elements without a paragraph."""
    opened = len(re.findall(rf"<{tag}\b[^>]*[^/]>|<{tag}>", source))
    dressed = len(re.findall(rf"<{tag}\b[^>]*>\s*<p\b", source))
    return opened > 0 and dressed * 2 < opened
