"""Blocks as Markdown lines."""

import re
from collections.abc import Sequence

from confsync.convert.markdown.attributes import Attribute
from confsync.convert.markdown.directive import Shape, write_directive
from confsync.convert.markdown.fences import Fences, alert_of
from confsync.convert.markdown.target import name_of, write_target
from confsync.convert.markdown.write_lists import ListWriter, may_follow
from confsync.convert.markdown.write_tables import TableWriter
from confsync.convert.rules.macros import MACROS
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.storage.page import Page
from confsync.convert.tree import TOKEN, Item, fields_of

_FENCE_RUN = re.compile(r"^[^\S\n]*(`{3,})", re.MULTILINE)
_QUOTES = frozenset(("quote", "alert"))
_LISTS = frozenset(("list", "tasks"))
_LABEL_LIMIT = 60
_UNSAFE_IN_LABEL = re.compile(r"[\\`*\[\]<>~|$&{}]|(?<![^\W_])_|_(?![^\W_])|:(?=:)")


class BlockWriter:
    """Writes settled items."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.fences = Fences()
        self.lists = ListWriter(self)
        self.tables = TableWriter(self)
        self.quotes = 0
        """How many quotes and alerts stand around what is being written."""

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
                joined = tight and form in _LISTS and before == "paragraph" and may_follow(item)
                if not joined:
                    out.append("")
                if (form in _LISTS and before in _LISTS) or (form in _QUOTES and before in _QUOTES):
                    out += ["<!-- -->", ""]
            out += self._lines(item)
            before = form
        return out

    def _form(self, item: Item) -> str:
        return "alert" if item.kind == "macro" and alert_of(item) else item.kind

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
                return self._quoted(item)
            case "list":
                return self.lists.bullets(item)
            case "tasks":
                return self.lists.tasks(item)
            case "table":
                return self.tables.lines(item)
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

    def _quoted(self, item: Item) -> list[str]:
        self.quotes += 1
        lines = self.sequence(item.children or ())
        self.quotes -= 1
        return ["> " + line if line else ">" for line in lines]

    def _figure(self, item: Item) -> list[str]:
        image, caption = self._image(item.props["image"]), _caption(item.written)
        # Prettier takes the mark of a quote along where it joins the two lines.
        return [f"{image} {caption}"] if self.quotes else [image, caption]

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
        alert = alert_of(item)
        if alert:
            return [f"> [!{alert}]", ">", *self._quoted(item)]
        fence = self.fences.colons(item)
        props = item.props
        identity = props.get("id", "")
        label = _short(self.page.labels.get(identity, "")) if identity else props.get("label")
        head = write_directive(
            Shape.CONTAINER, props["name"], label, _attributes(item), id=identity, colons=len(fence)
        )
        body = self.sequence(item.children or ())
        return [head, "", *body, *([""] if body else []), fence]

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


def _caption(text: str) -> str:
    """A caption in emphasis, with the other sign where bold text at its edge would hide this one."""
    sign = "_" if (text.startswith("*") or text.endswith("*")) and "_" not in text else "*"
    return f"{sign}{text}{sign}"


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


def _image_end(text: str) -> tuple[str, str]:
    at = text.index("](")
    end = text.index(")", at) + 1
    return text[:end], text[end:]
