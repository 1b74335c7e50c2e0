"""The title as a first heading.

`get` writes no H1: the title lives in the front matter. A file may open with one all the same; where it
equals the title it is the title: kept in the file, never sent, renamed with it. Comments may stand before it,
as other publishers' markers do.
"""

import re

_FIRST = re.compile(
    r"\A(?P<before>\s*(?:<!--(?:[^-]|-(?!->)){0,2000}-->\s*){0,20})"
    r"#[ \t]+(?P<text>[^\n]*?)(?:[ \t]+#+)?[ \t]*(?P<end>\r?\n|\Z)(?P<blank>\s*\n)?"
)


def first_heading(body: str) -> str | None:
    """The text of the H1 that opens a body, if one does."""
    found = _FIRST.match(body)
    return _plain(found["text"]) if found else None


def without_title(body: str, title: str) -> str:
    """A body without the opening H1 that only repeats the title."""
    found = _FIRST.match(body)
    if not found or _plain(found["text"]) != title:
        return body
    before = found["before"].strip()
    return (f"{before}\n\n" if before else "") + body[found.end() :]


def retitled(body: str, old: str, new: str) -> str:
    """A body whose opening H1, where it is the old title, is the new one."""
    found = _FIRST.match(body)
    if not found or _plain(found["text"]) != old:
        return body
    return body[: found.start("text")] + _escaped(new) + body[found.end("text") :]


def _plain(text: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text.strip())


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)
