"""Templates of pages, of the site or of one space."""

import sqlite3
from dataclasses import dataclass

from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.store.database import Database


@dataclass(frozen=True, slots=True)
class Template:
    """A template; space None: of the whole site."""

    id: int
    space: int | None
    name: str
    description: str
    body: str
    """Storage."""
    labels: tuple[str, ...] = ()


class Templates:
    """All templates."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self, space: int | None) -> list[Template]:
        """The templates of a space, or of the site."""
        rows = self._db.all("SELECT * FROM template WHERE space IS ? ORDER BY id", space)
        return [_template(row) for row in rows]

    def get(self, template: int) -> Template:
        """One template.

        Raises:
            Missing: there is none.
        """
        row = self._db.one("SELECT * FROM template WHERE id = ?", template)
        if row is None:
            raise Missing("template", str(template))
        return _template(row)

    def save(self, wanted: Template) -> Template:
        """Make a template (id 0), or write an old one anew.

        Raises:
            Invalid: it has no name.
        """
        if not wanted.name.strip():
            raise Invalid("Template name is required")
        with self._db.write():
            number = wanted.id or self._db.next_id()
            self._db.run("DELETE FROM template WHERE id = ?", number)
            self._db.insert(
                "template",
                id=number,
                space=wanted.space,
                name=wanted.name.strip(),
                description=wanted.description,
                body=wanted.body,
                labels="\n".join(wanted.labels),
            )
        return self.get(number)

    def delete(self, template: Template) -> None:
        """Remove a template."""
        self._db.run("DELETE FROM template WHERE id = ?", template.id)


def _template(row: sqlite3.Row) -> Template:
    labels = tuple(filter(None, str(row["labels"]).split("\n")))
    return Template(row["id"], row["space"], row["name"], row["description"], row["body"], labels)
