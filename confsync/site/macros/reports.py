"""Reports over many pages: page properties and tasks."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from markdown_it.token import Token

from confsync.convert.markdown.directive import Directive
from confsync.names.slug import fold
from confsync.site.html.inlines import readable_date
from confsync.site.macros.chosen import Unanswerable, chosen, listed
from confsync.site.macros.desk import Desk, Macro, number, unanswered, yes
from confsync.site.model import Node
from confsync.site.parser import containers

if TYPE_CHECKING:
    from bs4.element import Tag

_PAGES = 30
_TASKS = 20
_TO_TEXT = 2
"""From a list item's opening to the inline token of its first paragraph."""


def properties_report(found: Directive, desk: Desk) -> str:
    """`detailssummary`: one row for each page that has properties, one column for each of them."""
    try:
        nodes = chosen(found, desk, default=_PAGES)
    except Unanswerable as unknown:
        return unanswered(found, desk, str(unknown.args[0]))
    wanted = found.get("id") or ""
    rows = [(node, pairs) for node in nodes if (pairs := _properties(node, wanted, desk))]
    columns = listed(found.get("headings")) or list(
        dict.fromkeys(name for _, pairs in rows for name in pairs)
    )
    if not rows:
        return '<p class="nothing">No page with these properties.</p>\n'
    _sort(rows, found)
    head = "".join(f"<th>{escape(name)}</th>" for name in (found.get("firstcolumn") or "Title", *columns))
    body = "".join(_row(node, pairs, columns, desk) for node, pairs in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="scroll" tabindex="0">{desk.safe(table)}</div>\n'


def _row(node: Node, pairs: Mapping[str, str], columns: Sequence[str], desk: Desk) -> str:
    folded = {fold(name): value for name, value in pairs.items()}
    cells = "".join(f"<td>{folded.get(fold(name), '')}</td>" for name in columns)
    return f'<tr><td><a href="{escape(desk.address(node))}">{escape(node.title)}</a></td>{cells}</tr>'


def _sort(rows: list[tuple[Node, Mapping[str, str]]], found: Directive) -> None:
    by = found.get("sortBy") or ""
    if by:
        title = fold(by) in (fold("title"), fold(found.get("firstcolumn") or "title"))

        def key(row: tuple[Node, Mapping[str, str]]) -> str:
            node, pairs = row
            return fold(node.title if title else _plain(pairs.get(by, "")))

        rows.sort(key=key, reverse=yes(found, "reverseSort"))


def _plain(html: str) -> str:
    return re.sub(r"<[^<>]*>", "", html)


def _properties(node: Node, wanted: str, desk: Desk) -> Mapping[str, str]:
    """The properties of a page: sanitised HTML by name."""
    if not desk.mentions_text(node, ":::details"):
        return {}
    parsed = desk.parsed(node)
    found: dict[str, str] = {}
    for directive, inside in containers(parsed.tokens if parsed else (), "details"):
        if not wanted or directive.get("id") == wanted:
            for name, value in _pairs(desk.html_of(node, inside)):
                found.setdefault(name, value)
    return found


def _pairs(html: str) -> Iterator[tuple[str, str]]:
    """The rows of the tables in some HTML; a table of one heading row and one of values reads down."""
    from bs4 import BeautifulSoup  # noqa: PLC0415 (slow to import, and most sites have no reports)

    for table in BeautifulSoup(html, "html.parser").find_all("table"):
        rows = [_cells(row) for row in table.find_all("tr")]
        rows = [row for row in rows if row]
        if len(rows) > 1 and len(rows[0]) != _TO_TEXT and all(cell.name == "th" for cell in rows[0]):
            yield from _named(zip(rows[0], rows[1], strict=False))
        else:
            yield from _named((row[0], row[1]) for row in rows if len(row) > 1)


def _named(pairs: "Iterable[tuple[Tag, Tag]]") -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        words = " ".join(name.get_text().split())
        if words:
            yield words, value.decode_contents().strip()


def _cells(row: "Tag") -> "list[Tag]":
    return list(row.find_all(["th", "td"], recursive=False))


@dataclass(frozen=True, slots=True)
class _Task:
    node: Node
    done: bool
    words: Token
    assignee: str
    due: str


def tasks_report(found: Directive, desk: Desk) -> str:
    """`tasks-report-macro`: the tasks of all pages, open ones first asked for."""
    status = (found.get("status") or "incomplete").lower()
    people = {fold(name) for name in listed(found.get("assignees") or found.get("assignee"))}
    tasks = [
        task
        for node in _task_pages(found, desk)
        for task in _tasks(node, desk)
        if _asked_for(task, status, people)
    ]
    by_due = (found.get("sortBy") or "due date").lower().startswith("due")
    tasks.sort(
        key=lambda task: (
            (task.due or "9999", fold(task.node.title)) if by_due else (fold(task.node.title), "")
        )
    )
    shown = tasks[: number(found.get("pageSize"), _TASKS, 500)]
    if not shown:
        return '<p class="nothing">No tasks.</p>\n'
    rows = "".join(_task_row(task, desk) for task in shown)
    head = "<thead><tr><th>Task</th><th>Due</th><th>Who</th><th>Page</th></tr></thead>"
    more = f'<p class="nothing">{len(tasks) - len(shown)} more.</p>' if len(tasks) > len(shown) else ""
    table = desk.safe(f"<table>{head}<tbody>{rows}</tbody></table>{more}")
    return f'<div class="scroll" tabindex="0">{table}</div>\n'


def _asked_for(task: _Task, status: str, people: Collection[str]) -> bool:
    state = "complete" if task.done else "incomplete"
    return status in ("all", state) and (not people or fold(task.assignee) in people)


def _task_row(task: _Task, desk: Desk) -> str:
    words = desk.fragment(task.node, [task.words])
    box = f'<span class="box-cell{" done" if task.done else ""}">{words}</span>'
    page = f'<a href="{escape(desk.address(task.node))}">{escape(task.node.title)}</a>'
    return f"<tr><td>{box}</td><td>{_date(task.due)}</td><td>{escape(task.assignee)}</td><td>{page}</td></tr>"


def _date(iso: str) -> str:
    shown = readable_date(iso)
    return f'<time class="date" datetime="{escape(iso)}">{shown}</time>' if shown else ""


def _task_pages(found: Directive, desk: Desk) -> Sequence[Node]:
    pages = [one for one in listed(found.get("pages")) if one != "@all"]
    if pages:
        return [node for name in pages if (node := desk.find(name)) is not None]
    narrowed = Directive(found.shape, found.name, attributes=tuple(
        (key, value) for key, value in found.attributes if key in ("labels", "label", "spaces", "space")
    ))  # fmt: skip
    return chosen(narrowed, desk, default=0)


def _tasks(node: Node, desk: Desk) -> Iterator[_Task]:
    if not (desk.mentions_text(node, "[ ]") or desk.mentions_text(node, "[x]")):
        return
    parsed = desk.parsed(node)
    tokens = parsed.shown if parsed else []
    for at, token in enumerate(tokens):
        kind = str(token.attrGet("class") or "") if token.type == "list_item_open" else ""
        if kind.startswith("task"):
            yield _task(node, tokens[at + _TO_TEXT], done=kind.endswith("done"))


def _task(node: Node, words: Token, *, done: bool) -> _Task:
    assignee = due = ""
    inside = False
    for child in words.children or ():
        inside = child.type == "mention_open" or (inside and child.type != "mention_close")
        if inside and child.type == "text" and not assignee:
            assignee = child.content.removeprefix("@")
        directive = child.meta.get("directive")
        if isinstance(directive, Directive) and directive.name == "date" and not due:
            due = directive.label or ""
    return _Task(node, done, words, assignee, due)


MACROS: Mapping[str, Macro] = {
    "detailssummary": properties_report,
    "tasks-report-macro": tasks_report,
    "tasks-report": tasks_report,
}
