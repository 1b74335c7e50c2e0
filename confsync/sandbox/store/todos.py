"""Inline tasks: what pages ask people to do. A page's text is the truth; ids and dates are kept beside it."""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.rows import Content
from confsync.sandbox.saving.elements import Element, tree
from confsync.sandbox.store.contents import Contents, Edit
from confsync.sandbox.store.database import Database

STATUSES = ("incomplete", "complete")
_NEW = re.compile(r"<ac:task-status>\s*\w*\s*</ac:task-status>")


@dataclass(frozen=True, slots=True)
class Todo:
    """One task on a page or post."""

    id: int
    local: str
    """Its id within the page."""
    content: Content
    complete: bool
    body: str
    """Storage."""
    assignee: str
    """The first user mentioned in it; empty: nobody."""
    due: str
    """The first date in it, ISO; empty: none."""
    creator: str
    completer: str
    created: str
    updated: str
    completed: str


class Todos:
    """The tasks of all pages. With `versions` a change of status makes a new version of the page."""

    def __init__(self, database: Database, contents: Contents, *, versions: bool = False) -> None:
        self._db = database
        self._contents = contents
        self._versions = versions

    def all(self, pages: Sequence[int] | None = None) -> list[Todo]:
        """Every task of current pages and posts, those given or all, in the order they were first seen."""
        rows = self._db.all(
            "SELECT c.*, v.body AS text FROM content c "
            "JOIN version v ON v.content = c.id AND v.number = c.number "
            "WHERE c.status = 'current' AND c.type IN ('page', 'blogpost') AND instr(v.body, '<ac:task>') "
            "AND (?1 IS NULL OR c.id IN (SELECT value FROM json_each(?1)))",
            None if pages is None else str(list(pages)),
        )
        found = [todo for row in rows for todo in self._on(Content.of(row), str(row["text"]))]
        return sorted(found, key=lambda todo: todo.id)

    def get(self, todo: int) -> Todo:
        """One task.

        Raises:
            Missing: there is none, or its page does not have it any more.
        """
        row = self._db.one("SELECT content FROM todo WHERE id = ?", todo)
        found = self.all([int(row["content"])]) if row is not None else []
        for one in found:
            if one.id == todo:
                return one
        raise Missing("task", str(todo))

    def on_page(self, page: int, local: str) -> Todo:
        """One task by its id within a page.

        Raises:
            Missing: the page has none of this id.
        """
        for one in self.all([page]):
            if one.local == local:
                return one
        raise Missing("task", local)

    def tick(self, todo: Todo, status: str, by: str) -> Todo:
        """Complete a task or open it again; its page's text changes with it.

        Raises:
            Invalid: no such status.
        """
        if status not in STATUSES:
            raise Invalid(f"Provided value {{{status}}} for 'status' is not one of {', '.join(STATUSES)}")
        if (status == "complete") != todo.complete:
            with self._db.write():
                self._write(todo, status, by)
        return self.get(todo.id)

    def _write(self, todo: Todo, status: str, by: str) -> None:
        body = self._contents.body(todo.content.id)
        span = next(one.span for one in _tasks(body) if _local(one) == todo.local)
        said = f"<ac:task-status>{status}</ac:task-status>"
        ticked = _NEW.sub(said, body[span], count=1)
        if "<ac:task-status>" not in ticked:
            ticked = ticked.replace("<ac:task-body>", f"{said}<ac:task-body>", 1)
        body = body[: span.start] + ticked + body[span.stop :]
        if self._versions:
            self._contents.update(todo.content.id, Edit(by=by, body=body))
        else:
            self._contents.overwrite_body(todo.content.id, body)
        now = self._db.now()
        done = (by, now) if status == "complete" else ("", "")
        self._db.run(
            "UPDATE todo SET updated = ?, completer = ?, completed = ? WHERE id = ?", now, *done, todo.id
        )

    def _on(self, content: Content, body: str) -> list[Todo]:
        return [self._todo(content, body, element) for element in _tasks(body)]

    def _todo(self, content: Content, body: str, element: Element) -> Todo:
        row = self._kept(content, _local(element))
        status, said = element.child("ac:task-status"), element.child("ac:task-body")
        complete = status is not None and status.text.strip() == "complete"
        user = next(element.find("ri:user"), None)
        day = next(element.find("time"), None)
        return Todo(
            id=row["id"],
            local=_local(element),
            content=content,
            complete=complete,
            body=body[said.inside] if said else "",
            assignee=user.get("ri:account-id") or user.get("ri:userkey") if user else "",
            due=day.get("datetime") if day else "",
            creator=row["creator"],
            completer=(row["completer"] or content.version.author) if complete else "",
            created=row["created"],
            updated=row["updated"],
            completed=(row["completed"] or content.version.created) if complete else "",
        )

    def _kept(self, content: Content, local: str) -> sqlite3.Row:
        """What is kept of a task; one seen for the first time is as old as its page's version."""
        asked = "SELECT * FROM todo WHERE content = ? AND local = ?"
        row = self._db.one(asked, content.id, local)
        if row is None:
            with self._db.write():
                when = content.version.created
                self._db.insert(
                    "todo",
                    id=self._db.next_id(),
                    content=content.id,
                    local=local,
                    creator=content.version.author,
                    completer="",
                    created=when,
                    updated=when,
                    completed="",
                )
            row = self._db.one(asked, content.id, local)
        if row is None:
            raise Missing("task", local)
        return row


def _tasks(body: str) -> list[Element]:
    return list(tree(body).find("ac:task"))


def _local(task: Element) -> str:
    found = task.child("ac:task-id")
    return found.text.strip() if found else ""
