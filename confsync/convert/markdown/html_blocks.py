"""HTML that makes blocks: tables, details, the comments of layouts. All other comments stay local."""

import html
import re

from confsync.convert.markdown.cell import html_cell, html_inline, with_comments
from confsync.convert.markdown.frames import Frame, FrameReader
from confsync.convert.markdown.inline import attribute
from confsync.convert.tree import Item

_find = with_comments(
    r"<(?P<close>/?)(?P<tag>table|thead|tbody|tfoot|tr|td|th|details|summary|caption|colgroup|col)\b"
    r"""(?:[^<>"']|"[^"]*"|'[^']*')*+>"""
)
_LAYOUT = re.compile(r"layout:\s*([a-z][a-z0-9_-]*)")


class HtmlReader(FrameReader):
    """The part of reading that looks into HTML blocks."""

    def _html(
        self, content: str, lines: tuple[int, int], frames: list[Frame], prefix: str, column: int
    ) -> None:
        at, line = 0, lines[0]
        for found in _find(content):
            self._html_text(content[at : found.start()], lines, frames, prefix, column)
            line += content.count("\n", at, found.start())
            if found[0].startswith("<!--"):
                self._comment(found[0], (line, line + 1), frames, prefix)
            else:
                self._tag(found, (line, line + 1), frames, prefix)
            line += found[0].count("\n")
            at = found.end()
        self._html_text(content[at:], lines, frames, prefix, column)

    def _html_text(
        self, text: str, lines: tuple[int, int], frames: list[Frame], prefix: str, column: int
    ) -> None:
        frame = frames[-1]
        if frame.item is not None and frame.item.kind in ("cell", "summary"):
            frame.text.append(text)
            return
        if not text.strip() or frame.table is not None:
            return
        if re.fullmatch(r"\s*<br\s*/?>\s*", text, re.IGNORECASE):
            frame.items.append(self._place(Item("empty"), lines, prefix, column).seal())
            return
        for item in html_inline(text.strip(), self.references):
            frame.items.append(self._place(item, lines, prefix, column))

    def _comment(self, raw: str, lines: tuple[int, int], frames: list[Frame], prefix: str) -> None:
        said, frame = raw[len("<!--") : -len("-->")].strip(), frames[-1]
        if frame.item is not None and frame.item.kind == "cell":
            frame.text.append(raw)
        elif (found := _LAYOUT.fullmatch(said)) and not prefix:
            layout = self._place(Item("layout", {"type": found[1]}), lines, prefix)
            self._push(frames, Frame(layout, [], "/layout", lines[0]))
            self._push(frames, Frame(self._place(Item("column"), lines, prefix), [], "column", lines[0]))
        elif said == "column" and frame.end == "column":
            self._pop(frames, lines)
            self._push(frames, Frame(self._place(Item("column"), lines, prefix), [], "column", lines[0]))
        elif said == "/layout" and frame.end == "column":
            self._pop(frames, lines)
            self._pop(frames, lines)
        elif said.replace(" ", "") == "table:headerColumn":
            frame.items.append(Item("header-column"))

    def _tag(self, found: re.Match[str], lines: tuple[int, int], frames: list[Frame], prefix: str) -> None:  # noqa: C901  (one branch per kind)
        name, closes = found["tag"].lower(), bool(found["close"])
        frame = frames[-1]
        if frame.item is not None and frame.item.kind == "cell" and name not in ("td", "th", "tr", "table"):
            frame.text.append(found[0])
        elif name == "table" and not closes:
            table = self._place(Item("table"), lines, prefix)
            self._push(frames, Frame(table, [], "table", lines[0], table=table))
        elif name == "table":
            self._end_table(frames, lines)
        elif name == "tr" and not closes and frame.table is not None:
            self._push(
                frames,
                Frame(self._place(Item("row"), lines, prefix), [], "tr", lines[0], table=frame.table),
            )
        elif name == "tr" and closes and frame.end == "tr":
            self._pop(frames, lines)
        elif name in ("td", "th") and not closes and frame.end == "tr":
            props = {"head": "1"} if name == "th" else {}
            for key in ("rowspan", "colspan"):
                value = attribute(found[0], key) or "1"
                if value.isascii() and value.isdigit() and int(value) > 1:
                    props[key] = str(int(value))
            self._push(frames, Frame(self._place(Item("cell", props), lines, prefix), [], "td", lines[0]))
        elif name in ("td", "th") and frame.end == "td":
            self._end_cell(frames, lines)
        elif name == "details":
            self._details(frames, lines, prefix, closes=closes)
        elif name == "summary":
            self._summary(frames, lines, closes=closes)

    def _end_cell(self, frames: list[Frame], lines: tuple[int, int]) -> None:
        frame = frames[-1]
        made = html_cell("".join(frame.text))
        for item in made:
            item.span = frame.item.span if frame.item else (0, 0)
        frame.items[:0] = made
        self._pop(frames, lines)

    def _end_table(self, frames: list[Frame], lines: tuple[int, int]) -> None:
        while len(frames) > 1 and frames[-1].end in ("td", "tr"):
            if frames[-1].end == "td":
                self._end_cell(frames, lines)
            else:
                self._pop(frames, lines)
        if frames[-1].end == "table":
            self._pop(frames, lines)

    def _details(self, frames: list[Frame], lines: tuple[int, int], prefix: str, *, closes: bool) -> None:
        if closes:
            if frames[-1].end == "details":
                self._pop(frames, lines)
            return
        item = self._place(Item("macro", {"name": "expand"}), lines, prefix)
        self._push(frames, Frame(item, [], "details", lines[0]))

    def _summary(self, frames: list[Frame], lines: tuple[int, int], *, closes: bool) -> None:
        if not closes and frames[-1].end == "details":
            self._push(frames, Frame(Item("summary"), [], "summary", lines[0]))
        elif closes and frames[-1].end == "summary":
            text = " ".join(html.unescape("".join(frames.pop().text)).split())
            holder = frames[-1].item
            if text and holder is not None:
                holder.props["label"] = text
