"""Storage of inline atoms: new content, and content spliced into the bytes that a leaf had."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from confsync.convert.lens.pieces import Piece, drawn, pair_signs
from confsync.convert.lens.splice import Splicer, changed_part
from confsync.convert.markdown.attributes import Attribute
from confsync.convert.markdown.directive import parse_inline
from confsync.convert.rules.excerpt import excerpt_tags, worded_tags
from confsync.convert.rules.link import link_tags
from confsync.convert.rules.marks import storage_tags
from confsync.convert.rules.parameters import new_macro
from confsync.convert.rules.tokens import TOKENS
from confsync.convert.storage.page import Page
from confsync.convert.storage.text import cdata
from confsync.convert.tree import BREAK, CLOSE, OPEN, TOKEN, WORDED, Atom, Entry, Hidden, fields_of

_TAG_NAME = re.compile(r"<([A-Za-z][\w:.-]*)")


@dataclass(slots=True)
class Writer:
    """Makes storage of inline atoms."""

    page: Page
    placeholder: "PlaceholderSource"

    def atoms(self, atoms: Sequence[Atom]) -> str:
        """New inline content."""
        return self._text([Piece(atom, None) for atom in atoms], [])

    def splice(self, entries: Sequence[Entry], marks: Sequence[Hidden], atoms: Sequence[Atom]) -> str:
        """The bytes of a leaf whose atoms are now these."""
        head, end, last = (0, len(entries), len(atoms)) if marks else changed_part(entries, atoms)
        lead = "".join([entry.raw for entry in entries[:head]])
        trail = "".join([entry.raw for entry in entries[end:]])
        pieces = Splicer(self.page, entries[head:end], atoms[head:last]).pieces()
        return lead + self._text(pieces, marks) + trail

    def _text(self, pieces: list[Piece], marks: Sequence[Hidden]) -> str:
        pair_signs(pieces)
        before, behind = drawn(pieces, marks)
        out: list[str] = []
        self._emit(pieces, 0, len(pieces), before, behind, out)
        return "".join(out)

    def _emit(  # noqa: PLR0917  (offsets travel together)
        self, pieces: list[Piece], start: int, end: int,
        before: dict[int, str], behind: dict[int, str], out: list[str],
    ) -> None:  # fmt: skip
        index = start
        while index < end:
            piece = pieces[index]
            out.append(before.get(index, ""))
            if piece.atom[:1] == OPEN and piece.partner > index:
                last = piece.partner
                if piece.form in ("cdata", "implicit") and not _intact(pieces, index, last, piece.form):
                    out.append(self._relinked(pieces, index, last))
                else:
                    opened, closed = self._tags(pieces, index, last)
                    out.append(opened)
                    out.append(behind.get(index, ""))
                    self._emit(pieces, index + 1, last, before, behind, out)
                    out.append(before.get(last, ""))
                    out.append(closed)
                index = last
            elif piece.atom[:1] in (OPEN, CLOSE):
                pass
            else:
                out.append(piece.raw if piece.raw is not None else self.atom(piece.atom))
            out.append(behind.get(index, ""))
            index += 1

    def _tags(self, pieces: list[Piece], start: int, end: int) -> tuple[str, str]:
        opened, closed = pieces[start], pieces[end]
        if opened.raw is not None and (closed.raw is not None and closed.at >= 0 and opened.at >= 0):
            return opened.raw, closed.raw
        if opened.raw:
            return opened.raw, _end_of(opened.raw)
        name, *said = fields_of(opened.atom)
        if name == "a":
            return link_tags(self.page, said[0])
        if name == "excerpt":
            return excerpt_tags(self.page, said)
        if name == WORDED:
            return worded_tags(self.placeholder.take(said[0]))
        return storage_tags(name, said)

    def _relinked(self, pieces: list[Piece], start: int, end: int) -> str:
        """A link whose text was CDATA, or only the target's title, with another text."""
        opened = pieces[start]
        inner = [Piece(piece.atom, None) for piece in pieces[start + 1 : end] if piece.atom]
        raw = opened.raw or ""
        if opened.form == "cdata" and all(
            piece.atom[0] not in (OPEN, CLOSE, TOKEN, BREAK) for piece in inner
        ):
            return raw + cdata("".join(piece.atom for piece in inner)) + _end_of(raw)
        head = raw
        if opened.form == "implicit":
            head = re.sub(r"\s*</ac:link>$", "", raw)
            head = re.sub(r"\s*/>$", ">", head) if head == raw else head
        head = head.replace("<ac:plain-text-link-body>", "") + "<ac:link-body>"
        return head + self._text(inner, []) + "</ac:link-body></ac:link>"

    def atom(self, atom: Atom) -> str:  # noqa: PLR0911  (one return per case)
        """The bytes of a new atom."""
        if atom == BREAK:
            return "<br />"
        if atom[0] != TOKEN:
            return self.page.spelling.encode(atom)
        kind, *fields = fields_of(atom)
        if kind == "macro" and fields[0]:
            return self.placeholder.take(fields[0])
        known = self.placeholder.token(atom)
        if known is not None:
            return known
        spelling = self.page.spelling
        match kind:
            case "code":
                return f"<code>{spelling.encode(fields[0])}</code>"
            case "url":
                href = spelling.attribute(fields[0])
                return f'<a href="{href}" data-card-appearance="inline">{spelling.encode(fields[0])}</a>'
            case "macro":
                return new_macro(self.page, fields[1], _pairs(fields[2]))
            case _:
                return TOKENS.kinds[kind].storage(fields, self.page)


class PlaceholderSource:
    """Where the bytes of placeholders come from."""

    def take(self, identity: str) -> str:
        """The bytes behind an `#id`; each use after the first is a copy without ids of its own."""
        raise NotImplementedError

    def token(self, atom: Atom) -> str | None:
        """The bytes of a token that the base has somewhere; None where it has none."""
        raise NotImplementedError


def _pairs(written: str) -> list[tuple[str, str]]:
    found = parse_inline(f":x[]{written}", 0) if written else None
    pairs: Sequence[Attribute] = found.attributes if found else ()
    return [("" if key == "default" else key, "true" if value is None else value) for key, value in pairs]


def _end_of(raw: str) -> str:
    """The end tags for the bytes that open a mark."""
    if raw.startswith("<ac:link"):
        if raw.rstrip().endswith("<ac:plain-text-link-body>"):
            return "</ac:plain-text-link-body></ac:link>"
        return "</ac:link-body></ac:link>"
    if raw.startswith("<ac:structured-macro"):
        return "</ac:rich-text-body></ac:structured-macro>"
    return "".join(f"</{name}>" for name in reversed(_TAG_NAME.findall(raw)))


def _intact(pieces: Sequence[Piece], start: int, end: int, form: str) -> bool:
    """Whether the bytes of a link's text can stay in the form they have."""
    first = pieces[start].at
    if form == "cdata" and first >= 0 and pieces[end].at >= 0:
        inner = pieces[start + 1 : end]
        sections = [piece.raw for piece in inner if not piece.atom and piece.raw and piece.raw.strip()]
        return sections in ([], ["<![CDATA[", "]]>"]) and all(
            piece.raw is not None and piece.atom[:1] not in (OPEN, CLOSE, TOKEN, BREAK) for piece in inner
        )
    return first >= 0 and all(
        piece.at == first + offset for offset, piece in enumerate(pieces[start : end + 1])
    )
