"""How other generators spell what plain Markdown cannot say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Lines = list[str]
_KINDS = {"info": "info", "tip": "tip", "note": "warning", "warning": "danger", "important": "note"}
"""Our panels, as MkDocs and Docusaurus name theirs."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One generator."""

    name: str
    panel: Callable[[str, str, Lines], Lines]
    """From a kind, a title (or nothing) and the inside."""
    fold: Callable[[str, Lines], Lines]
    """From a title and the inside."""
    suffix: str
    """What links to pages end with."""
    indent: int
    """By how much the inside of a list item stands in at least."""
    task: Mapping[bool, str]
    """What stands before a task that is open, or done."""


def indented(lines: Sequence[str], by: int) -> Lines:
    """Lines, moved to the right."""
    return [f"{' ' * by}{line}" if line else "" for line in lines]


def _mkdocs_panel(kind: str, title: str, inside: Lines) -> Lines:
    said = title.replace('"', "”")
    head = f'!!! {_KINDS.get(kind, "note")} "{said}"' if said else f"!!! {_KINDS.get(kind, 'note')}"
    return [head, "", *indented(inside, 4)]


def _fold_in_html(title: str, inside: Lines, mark: str = "") -> Lines:
    safe = title.replace("&", "&amp;").replace("<", "&lt;")
    return [f"<details{mark}>", f"<summary>{safe}</summary>", "", *inside, "", "</details>"]


def _docusaurus_panel(kind: str, title: str, inside: Lines) -> Lines:
    colons = ":" * (3 + max((line.count(":") for line in inside if line.startswith(":::")), default=0))
    label = f"[{title}]" if title else ""
    return [f"{colons}{_KINDS.get(kind, 'note')}{label}", "", *inside, "", colons]


_ALERTS = {"info": "NOTE", "tip": "TIP", "note": "WARNING", "warning": "CAUTION", "important": "IMPORTANT"}


def _hugo_panel(kind: str, title: str, inside: Lines) -> Lines:
    head = [f"[!{_ALERTS.get(kind, 'NOTE')}]", *([f"**{title}**", ""] if title else [])]
    return [f"> {line}".rstrip() for line in (*head, *inside)]


_BOXES = {False: "[ ] ", True: "[x] "}
DIALECTS: Mapping[str, Dialect] = {
    "mkdocs": Dialect(
        "mkdocs",
        _mkdocs_panel,
        lambda title, inside: _fold_in_html(title, inside, ' markdown="1"'),
        ".md",
        4,
        {False: "☐ ", True: "☑ "},
    ),
    "docusaurus": Dialect("docusaurus", _docusaurus_panel, _fold_in_html, ".md", 2, _BOXES),
    "hugo": Dialect("hugo", _hugo_panel, _fold_in_html, ".html", 2, _BOXES),
}
