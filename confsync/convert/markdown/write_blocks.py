"""Blocks as Markdown lines."""

import re
from collections.abc import Sequence

from confsync.convert.cells import is_simple
from confsync.convert.markdown.attributes import Attribute
from confsync.convert.markdown.directive import Shape, write_directive
from confsync.convert.markdown.target import name_of, write_target
from confsync.convert.rules.macros import MACROS
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.storage.page import Page
from confsync.convert.tree import TOKEN, Item, fields_of

_FENCE_RUN = re.compile(r"^[^\S\n]*(`{3,})", re.MULTILINE)
_QUOTES = frozenset(("quote", "alert"))
_LISTS = frozenset(("list", "tasks"))
_RULE = re.compile(r"\s*(?:-\s*){3,}")
_LABEL_LIMIT = 60
_UNSAFE_IN_LABEL = re.compile(r"[\\`*\[\]<>~|$&{}]|(?<![^\W_])_|_(?![^\W_])|:(?=:)")
_INNERMOST = 3


class BlockWriter:
    """Writes settled items."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.depths: dict[int, int] = {}
        """How deep directives nest inside an item, by its identity."""
        self.tight: dict[int, bool] = {}
        """Whether a list's item needs no blank lines, by its identity."""

    def document(self, items: Sequence[Item]) -> list[str]:
        """The Markdown of a page, block by block, each with the blank lines that lead to the next."""
        if items and items[0].kind == "rule":
            # Three dashes on the first line would begin front matter.
            items[0].prefix = " "
        out: list[str] = []
        before = ""
        for item in items:
            form = self._form(item)
            if out:
                apart = (form in _LISTS and before in _LISTS) or (form in _QUOTES and before in _QUOTES)
                out[-1] += "\n<!-- -->\n\n" if apart else "\n"
            out.append("\n".join(self._lines(item)) + "\n")
            before = form
        return out

    def sequence(self, items: Sequence[Item], *, tight: bool = False) -> list[str]:
        """Lines of blocks with blank lines between them."""
        out: list[str] = []
        before = ""
        for item in items:
            form = self._form(item)
            if out:
                joined = tight and form in _LISTS and before == "paragraph" and _may_follow(item)
                if not joined:
                    out.append("")
                if (form in _LISTS and before in _LISTS) or (form in _QUOTES and before in _QUOTES):
                    out += ["<!-- -->", ""]
            out += self._lines(item)
            before = form
        return out

    def _form(self, item: Item) -> str:
        return "alert" if item.kind == "macro" and self._alert(item) else item.kind

    def _alert(self, item: Item) -> str:
        """The alert a panel is written as, or nothing."""
        name = item.props.get("name", "")
        rule = MACROS.by_directive.get(name)
        alert = rule.alert if rule else "IMPORTANT" if name == "adf-note" else ""
        if not alert or len(item.props) > 1 or not item.children:
            return ""
        inside = {kid.kind for kid in item.walk()} if len(item.children) < _MANY else {"macro"}
        deep = any(kid.kind in _BRACKETED for child in item.children for kid in child.walk())
        return "" if deep or "table" in inside else alert

    def _lines(self, item: Item) -> list[str]:  # noqa: C901, PLR0911, PLR0912  (one branch per kind)
        match item.kind:
            case "paragraph":
                return self._paragraph(item)
            case "heading":
                return ["#" * int(item.props["level"]) + " " + item.written]
            case "rule":
                return ["***" if item.prefix else "---"]
            case "code":
                return self._code(item)
            case "quote":
                return ["> " + line if line else ">" for line in self.sequence(item.children or ())]
            case "list":
                return self._list(item)
            case "tasks":
                return self._tasks(item)
            case "table":
                return self._table(item)
            case "figure":
                return self._figure(item)
            case "leaf":
                return [self._leaf(item)]
            case "macro":
                return self._macro(item)
            case "layout":
                return self._layout(item)
            case _:
                return self._placeholder(item)

    def _paragraph(self, item: Item) -> list[str]:
        # An image with emphasis behind it would be read as its caption.
        ends = item.written.endswith(("*", "_"))
        if ends and item.atoms and item.atoms[0].startswith(TOKEN + "image"):
            image, rest = _image_end(item.written)
            return (image + " <!-- -->" + rest.lstrip()).split("\n")
        return item.written.split("\n")

    def _figure(self, item: Item) -> list[str]:
        return [self._image(item.props["image"]), f"*{item.written}*"]

    def _image(self, atom: str) -> str:
        return TOKENS.kinds["image"].markdown(fields_of(atom)[1:], self.page)

    def _code(self, item: Item) -> list[str]:
        text = item.text or ""
        longest = max((len(run) for run in _FENCE_RUN.findall(text)), default=2)
        fence = "`" * (max(longest, 2) + 1)
        return [fence + self._info(item), *(text.split("\n") if text else []), fence]

    def _info(self, item: Item) -> str:
        props = item.props
        if "id" in props:
            name = re.sub(r"[^A-Za-z0-9+#._-]", "-", self.page.labels.get(props["id"], "macro"))
            return f"macro-{name} {{#{props['id']}}}"
        words = [props["language"]] if "language" in props else []
        said = [(key[1:], value) for key, value in props.items() if key[0] == "@"]
        if (said or props.get("pre")) and not words:
            words.append("text")
        for key, value in said:
            words.append(key if value == "true" else f'{key}="{value}"')
        if props.get("pre"):
            words.append("pre")
        return " ".join(words)

    def _list(self, item: Item) -> list[str]:
        number = int(item.props["ordered"]) if "ordered" in item.props else None
        marks = (
            f"{number + index}. " if number is not None else "- " for index in range(len(item.children or ()))
        )
        return self._items(item, list(marks), ["" for _ in item.children or ()])

    def _tasks(self, item: Item) -> list[str]:
        boxes = ["[x] " if "done" in task.props else "[ ] " for task in item.children or ()]
        return self._items(item, ["- "] * len(boxes), boxes)

    def _items(self, item: Item, marks: Sequence[str], boxes: Sequence[str]) -> list[str]:
        children = item.children or []
        tight = all(self._is_tight(kid) for kid in children)
        out: list[str] = []
        for kid, mark, box in zip(children, marks, boxes, strict=True):
            for block in kid.children or ():
                block.prefix = " "
            lines = self.sequence(kid.children or (), tight=tight)
            if box and kid.children and kid.children[0].kind != "paragraph":
                lines = ["", "", *lines]
            if box:
                lines = [box + lines[0] if lines else box.rstrip(), *lines[1:]]
            if lines and _RULE.fullmatch(mark + lines[0]):
                # `- - -`, three empty items inside each other, would be a thematic break.
                lines = ["", *lines]
            indent = " " * len(mark)
            if out and not tight:
                out.append("")
            out.append((mark + lines[0]).rstrip() if lines else mark.rstrip())
            out += [indent + line if line else "" for line in lines[1:]]
        return out

    def _is_tight(self, item: Item) -> bool:
        """Whether an item is one paragraph, or one with a tight list right below it."""
        known = self.tight.get(id(item))
        if known is None:
            known = self.tight[id(item)] = self._needs_no_gaps(item.children or ())
        return known

    def _needs_no_gaps(self, inside: Sequence[Item]) -> bool:
        match inside:
            case [] | [Item(kind="paragraph")]:
                return True
            case [Item(kind="paragraph"), Item(kind="list" | "tasks") as nested]:
                return _may_follow(nested) and all(self._is_tight(entry) for entry in nested.children or ())
            case _:
                return False

    # ----------------------------------------------------------------------------------- directives

    def _leaf(self, item: Item) -> str:
        props = item.props
        target = props.get("target")
        label = props.get("label")
        if target is not None and label is None and props["name"] not in ("card", "embed"):
            label = self.page.labels.get(target, target)
            label = None if label == target else label
        return write_directive(
            Shape.LEAF, props["name"], label, _attributes(item),
            target=None if target is None else write_target(target),
        )  # fmt: skip

    def _macro(self, item: Item) -> list[str]:
        alert = self._alert(item)
        if alert:
            body = ["> " + line if line else ">" for line in self.sequence(item.children or ())]
            return [f"> [!{alert}]", ">", *body]
        colons = _INNERMOST + self._depth_inside(item)
        props = item.props
        identity = props.get("id", "")
        label = _short(self.page.labels.get(identity, "")) if identity else props.get("label")
        head = write_directive(
            Shape.CONTAINER, props["name"], label, _attributes(item), id=identity, colons=colons
        )
        body = self.sequence(item.children or ())
        return [head, "", *body, *([""] if body else []), ":" * colons]

    def _depth_inside(self, item: Item) -> int:
        """How many directives enclose each other inside an item; panels written as alerts are none."""
        known = self.depths.get(id(item))
        if known is None:
            known = max((self._depth(kid) for kid in item.children or ()), default=0)
            self.depths[id(item)] = known
        return known

    def _depth(self, item: Item) -> int:
        inner = self._depth_inside(item)
        return inner + 1 if item.kind == "macro" and (inner or not self._alert(item)) else inner

    def _placeholder(self, item: Item) -> list[str]:
        identity = item.props["id"]
        label = _short(self.page.labels.get(identity, "macro"))
        line = write_directive(Shape.LEAF, "macro", label, id=identity)
        preview = self.page.previews.get(identity)
        if preview is None:
            return [line]
        name = name_of(preview.rpartition("/")[2]).removesuffix(".png")
        return [line, "", TOKENS.kinds["image"].markdown((preview, name, ""), self.page)]

    def _layout(self, item: Item) -> list[str]:
        out = [f"<!-- layout: {item.props['type']} -->"]
        for index, column in enumerate(item.children or ()):
            if index:
                out += ["", "<!-- column -->"]
            body = self.sequence(column.children or ())
            out += ["", *body] if body else []
        return [*out, "", "<!-- /layout -->"]

    # --------------------------------------------------------------------------------------- tables

    def _table(self, item: Item) -> list[str]:
        rows = item.children or []
        if item.written != "pipe":
            return self._html_table(item)
        lines = [self._pipe_row(row) for row in rows]
        width = len(rows[0].children or ())
        rule = "| " + " | ".join(["---"] * width) + " |"
        if "header" not in item.props:
            return ["|" + "  |" * width, rule, *lines]
        return [lines[0], rule, *lines[1:]]

    def _pipe_row(self, row: Item) -> str:
        return "| " + " | ".join(self._inline_cell(cell) for cell in row.children or ()) + " |"

    def _inline_cell(self, cell: Item) -> str:
        return inline_blocks(cell.children or ())

    def _html_table(self, item: Item) -> list[str]:
        out = ["<table>"]
        for index, row in enumerate(item.children or ()):
            out.append("<tr>")
            for column, cell in enumerate(row.children or ()):
                head = (
                    (index == 0 and "header" in item.props)
                    or (column == 0 and item.bare)
                    or "head" in cell.props
                )
                out += self._html_cell(cell, "th" if head else "td")
            out.append("</tr>")
        return [*out, "</table>"]

    def _html_cell(self, cell: Item, tag: str) -> list[str]:
        spans = "".join(
            f' {name}="{cell.props[name]}"' for name in ("rowspan", "colspan") if name in cell.props
        )
        if is_simple(cell):
            return [f"<{tag}{spans}>{self._inline_cell(cell)}</{tag}>"]
        return [f"<{tag}{spans}>", "", *self.sequence(cell.children or ()), "", f"</{tag}>"]


_BRACKETED = frozenset(("macro", "leaf", "opaque", "table", "layout"))
_MANY = 500


def inline_blocks(items: Sequence[Item]) -> str:
    """Paragraphs and lists on one line, for a cell."""
    out = ""
    before = ""
    for item in items:
        if item.kind == "list":
            tag = "ol" if "ordered" in item.props else "ul"
            entries = "".join(
                f"<li>{inline_blocks(entry.children or ())}</li>" for entry in item.children or ()
            )
            out += f"<{tag}>{entries}</{tag}>"
        else:
            gap = "<br><br>" if before == "paragraph" else ""
            out += gap + item.written.replace("<br><br>", "<br><!-- --><br>")
        before = item.kind
    return out


def _attributes(item: Item) -> list[Attribute]:
    name = item.props.get("name", "")
    rule = MACROS.by_directive.get(name)
    flags = rule.flags if rule else frozenset()
    return [
        (key[1:], None if key[1:] in flags and value == "true" else value)
        for key, value in item.props.items()
        if key[0] == "@"
    ]


def _short(label: str) -> str:
    clean = " ".join(_UNSAFE_IN_LABEL.sub(" ", label).split())
    return clean if len(clean) <= _LABEL_LIMIT else clean[: _LABEL_LIMIT - 1].rstrip() + "…"


def _may_follow(item: Item) -> bool:
    """Whether a list may stand right below a paragraph: a numbered one only if it begins with 1."""
    children = item.children or []
    return item.props.get("ordered", "1") == "1" and bool(children and children[0].children)


def _image_end(text: str) -> tuple[str, str]:
    at = text.index("](")
    end = text.index(")", at) + 1
    return text[:end], text[end:]


__all__ = ["BlockWriter", "inline_blocks"]
