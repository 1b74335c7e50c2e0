"""What colleagues do in Confluence. Each action is a no-op where it makes no sense."""

from collections.abc import Callable

from confsync.errors import RemoteError
from confsync.model.content import ContentType, Row, Status
from confsync.ports import Place
from tests.contract.remote.site import Entry
from tests.sim.ledger import tokens
from tests.sim.script import Act
from tests.sim.world import SimWorld, paragraphs, storage


def act(world: SimWorld, action: Act) -> None:
    """Carry out one action; what Confluence refuses does not happen."""
    before = set(world.ledger.written)
    try:
        ACTIONS[action.kind](world, action.a, action.b)
    except RemoteError:
        world.ledger.written = before


def _pages(world: SimWorld) -> list[Entry]:
    return [entry for entry in world.site.current() if entry.row.type is ContentType.PAGE]


def _page(world: SimWorld, a: int) -> Entry:
    found = _pages(world)
    focus = next((one for one in found if one.row.id == world.focus(a)), None)
    return focus or found[a % len(found)]


def _save(world: SimWorld, entry: Entry, found: list[str]) -> None:
    before = tokens(entry.body)
    world.site.edit(entry.row.id, storage(found))
    world.ledger.dropped_there |= before - tokens(entry.body)


def edit(world: SimWorld, a: int, b: int) -> None:
    entry = _page(world, a)
    found = paragraphs(entry.body)
    if found and "<" not in found[b % len(found)]:
        found[b % len(found)] = f"There {world.ledger.token()} said"
        _save(world, entry, found)


def append(world: SimWorld, a: int, b: int) -> None:
    entry = _page(world, a)
    found = paragraphs(entry.body)
    if found:
        found[b % len(found)] += f" and {world.ledger.token()} there"
        _save(world, entry, found)


def insert(world: SimWorld, a: int, b: int) -> None:
    entry = _page(world, a)
    found = paragraphs(entry.body)
    found.insert(b % (len(found) + 1), f"Added {world.ledger.token()} there")
    _save(world, entry, found)


def drop(world: SimWorld, a: int, b: int) -> None:
    entry = _page(world, a)
    found = paragraphs(entry.body)
    if len(found) > 1 and "<" not in found[b % len(found)]:
        del found[b % len(found)]
        _save(world, entry, found)


def title(world: SimWorld, a: int, b: int) -> None:
    world.site.edit(_page(world, a).row.id, title=f"Title {world.ledger.number()}")


def take_title(world: SimWorld, a: int, b: int) -> None:
    """Rename to what a local file is about to be called."""
    names = ["Made 1", "Guide", "Install", "Notes", "Linux"]
    world.site.edit(_page(world, a).row.id, title=names[b % len(names)])


def move(world: SimWorld, a: int, b: int) -> None:
    page, goal = _page(world, a).row.id, _page(world, b).row.id
    if page != world.site.home:
        world.site.move(page, Place.APPEND, goal)


def reorder(world: SimWorld, a: int, b: int) -> None:
    row = _page(world, a).row
    siblings = [one for one in world.site.children(row.parent) if one.id != row.id]
    if siblings and row.id != world.site.home and row.parent:
        world.site.move(row.id, Place.BEFORE, siblings[b % len(siblings)].id)


def label(world: SimWorld, a: int, b: int) -> None:
    world.site.label(_page(world, a).row.id, f"l{b % 4}")


def unlabel(world: SimWorld, a: int, b: int) -> None:
    entry = _page(world, a)
    if entry.labels:
        world.site.unlabel(entry.row.id, sorted(entry.labels)[b % len(entry.labels)])


def attach(world: SimWorld, a: int, b: int) -> None:
    entry, name = _page(world, a), f"{'abc'[b % 3]}.txt"
    if name in entry.files:
        world.ledger.dropped_there |= tokens(entry.files[name].data[-1])
    world.site.attach(entry.row.id, name, world.ledger.token().encode())


def detach(world: SimWorld, a: int, b: int) -> None:
    entry = _page(world, a)
    if entry.files:
        name = sorted(entry.files)[b % len(entry.files)]
        world.ledger.dropped_there |= tokens(entry.files[name].data[-1])
        world.site.detach(entry.row.id, name)


def create(world: SimWorld, a: int, b: int) -> None:
    body = storage([f"New {world.ledger.token()} there", f"More {world.ledger.token()} there"])
    name = f"Made {1 + b % 3}" if b % 4 == 0 else f"Fresh {world.ledger.number()}"
    world.site.page(name, body, parent=_page(world, a).row.id)


def folder(world: SimWorld, a: int, b: int) -> None:
    world.site.folder(f"Folder {world.ledger.number()}", parent=_page(world, a).row.id)


def trash(world: SimWorld, a: int, b: int) -> None:
    row = _page(world, a).row
    if row.id != world.site.home:
        before = {entry.row.id for entry in world.site.current()}
        world.site.trash(row.id)
        gone = before - {entry.row.id for entry in world.site.current()}
        for page in gone:
            entry = world.site.entry(page)
            world.ledger.dropped_there |= tokens(entry.body)
            for file in entry.files.values():
                world.ledger.dropped_there |= tokens(file.data[-1])


def restore(world: SimWorld, a: int, b: int) -> None:
    found = [row for row in _rows(world) if row.status is Status.TRASHED and row.type is ContentType.PAGE]
    if found:
        world.site.restore(found[a % len(found)].id)


def hide(world: SimWorld, a: int, b: int) -> None:
    row = _page(world, a).row
    if row.id != world.site.home:
        world.site.hide(row.id)


def show(world: SimWorld, a: int, b: int) -> None:
    for entry in world.site.entries.values():
        entry.hidden = False


def comment(world: SimWorld, a: int, b: int) -> None:
    entry = _page(world, a)
    found = [one for one in sorted(tokens(entry.body)) if f">{one}<" not in entry.body]
    if found:
        world.site.comment(entry.row.id, found[b % len(found)] + " ")


def archive(world: SimWorld, a: int, b: int) -> None:
    row = _page(world, a).row
    if row.id != world.site.home and not world.site.children(row.id):
        world.site.archive(row.id)
        world.ledger.dropped_there |= tokens(world.site.body(row.id))


def move_out(world: SimWorld, a: int, b: int) -> None:
    row = _page(world, a).row
    if row.id != world.site.home and not world.site.children(row.id):
        world.site.move_out(row.id)


def post(world: SimWorld, a: int, b: int) -> None:
    body = storage([f"News {world.ledger.token()} there"])
    world.site.page(f"Post {world.ledger.number()}", body, type=ContentType.BLOGPOST)


def live(world: SimWorld, a: int, b: int) -> None:
    body = storage([f"Live {world.ledger.token()} there"])
    parent = _page(world, a).row.id
    world.site.page(f"Live {world.ledger.number()}", body, parent=parent, subtype="live")


def lose_body(world: SimWorld, a: int, b: int) -> None:
    """From now on the API answers an empty text, although there is one."""
    world.site.lose_body(_page(world, a).row.id)


def find_body(world: SimWorld, a: int, b: int) -> None:
    for entry in world.site.entries.values():
        entry.unavailable = ""


def _rows(world: SimWorld) -> list[Row]:
    return [entry.row for entry in world.site.entries.values()]


ACTIONS: dict[str, Callable[[SimWorld, int, int], None]] = {
    action.__name__: action
    for action in (
        edit, append, insert, drop, title, take_title, move, reorder, label, unlabel, attach, detach,
        create, folder, trash, restore, hide, show, comment, archive, move_out,
        post, live, lose_body, find_body,
    )
}  # fmt: skip
