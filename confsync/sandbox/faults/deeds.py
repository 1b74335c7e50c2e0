"""What somebody else may do to a page between two requests. A deed is a function and a row of the table."""

from collections.abc import Callable, Mapping

from confsync.sandbox.colleague import Colleague
from confsync.sandbox.saving.text import plain_text
from confsync.sandbox.store import Store

_SOMEBODY = ("557058:robin-reyes", "Robin Reyes")

Deed = Callable[[Colleague, int, str], None]
"""What is done by whom to which content, and with what: words, a title, a label, an id; may be empty."""


def somebody(store: Store) -> Colleague:
    """Who does it."""
    return Colleague(store, store.people.ensure(*_SOMEBODY))


def _edit(who: Colleague, page: int, words: str) -> None:
    said = (
        words or f"Changed by {who.person.name}, version {who.store.contents.get(page).version.number + 1}."
    )
    who.edit(page, f"{who.body(page)}<p>{said}</p>")


def _rename(who: Colleague, page: int, title: str) -> None:
    who.edit(page, title=title or f"{who.store.contents.get(page).title} (renamed)")


def _comment(who: Colleague, page: int, words: str) -> None:
    found = plain_text(who.body(page)).split()
    who.comment(page, words or next(iter(found), ""))


def _move(who: Colleague, page: int, parent: str) -> None:
    content = who.store.contents.get(page)
    home = who.store.spaces.get(content.space).homepage
    who.move(page, below=parent or home or page)


def _create(who: Colleague, page: int, title: str) -> None:
    content = who.store.contents.get(page)
    space = who.store.spaces.get(content.space)
    who.create(space.key, title or f"Meanwhile below {content.title}", "<p>New.</p>", parent=page)


def _label(who: Colleague, page: int, name: str) -> None:
    who.label(page, name or "meanwhile")


def _unlabel(who: Colleague, page: int, name: str) -> None:
    who.unlabel(page, name or "meanwhile")


def _attach(who: Colleague, page: int, name: str) -> None:
    who.attach(page, name or "meanwhile.txt", b"meanwhile\n")


def _property(who: Colleague, page: int, key: str) -> None:
    who.store.properties.create("content", page, key or "editor", "v2", who.person.account_id)


def _trash(who: Colleague, page: int, _: str) -> None:
    who.trash(page)


def _purge(who: Colleague, page: int, _: str) -> None:
    who.purge(page)


def _archive(who: Colleague, page: int, _: str) -> None:
    who.archive(page)


def _restore(who: Colleague, page: int, _: str) -> None:
    who.store.life.restore(who.store.contents.get(page), None, who.person.account_id)


def _hide(who: Colleague, page: int, _: str) -> None:
    who.restrict(page)


def _lock(who: Colleague, page: int, _: str) -> None:
    who.store.restrictions.put(page, "update", [("user", who.person.account_id)])


def _reveal(who: Colleague, page: int, _: str) -> None:
    who.store.restrictions.clear(page)


DEEDS: Mapping[str, Deed] = {
    "edit": _edit,
    "rename": _rename,
    "comment": _comment,
    "create": _create,
    "move": _move,
    "label": _label,
    "unlabel": _unlabel,
    "attach": _attach,
    "property": _property,
    "trash": _trash,
    "purge": _purge,
    "archive": _archive,
    "restore": _restore,
    "hide": _hide,
    "lock": _lock,
    "reveal": _reveal,
}
