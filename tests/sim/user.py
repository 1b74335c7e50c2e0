"""What the user does to the files. Each action is a no-op where it makes no sense."""

import re
from collections.abc import Callable

from confsync.convert.markdown import front_matter
from confsync.engine.conflicts import Resolution
from confsync.engine.conflicts import resolve as settle
from confsync.errors import ConfsyncError
from confsync.model.ids import RelPath
from confsync.ports import PendingConflict
from tests.sim import git_user
from tests.sim.desk import files, key, pick, save, take_apart
from tests.sim.git_user import Dropping
from tests.sim.ledger import tokens
from tests.sim.script import Act
from tests.sim.world import SimWorld

_MARKERS = re.compile(r"^(<{7}|\|{7}|={7}|>{7})( .*)?$\n?", re.MULTILINE)


def act(world: SimWorld, action: Act) -> None:
    """Carry out one action."""
    ACTIONS[action.kind](world, action.a, action.b)


def edit(world: SimWorld, a: int, b: int) -> None:
    path = pick(world, a)
    head, parts = take_apart(world, path) if path else ("", [])
    if parts and _plain(parts[b % len(parts)]):
        parts[b % len(parts)] = f"Here {world.ledger.token()} said"
        save(world, path, head, parts)


def append(world: SimWorld, a: int, b: int) -> None:
    path = pick(world, a)
    head, parts = take_apart(world, path) if path else ("", [])
    if parts:
        parts[b % len(parts)] += f" and {world.ledger.token()} here"
        save(world, path, head, parts)


def insert(world: SimWorld, a: int, b: int) -> None:
    path = pick(world, a)
    if path:
        head, parts = take_apart(world, path)
        parts.insert(b % (len(parts) + 1), f"Added {world.ledger.token()} here")
        save(world, path, head, parts)


def drop(world: SimWorld, a: int, b: int) -> None:
    path = pick(world, a)
    head, parts = take_apart(world, path) if path else ("", [])
    if len(parts) > 1 and _plain(parts[b % len(parts)]):
        del parts[b % len(parts)]
        save(world, path, head, parts)


def _plain(part: str) -> bool:
    """Whether a paragraph holds nothing that may not be thrown away without a word."""
    return re.fullmatch(r"[\w ]+", part) is not None


def title(world: SimWorld, a: int, b: int) -> None:
    if path := pick(world, a):
        key(world, path, title=f"Title {world.ledger.number()}")


def take_title(world: SimWorld, a: int, b: int) -> None:
    names = ["Made 1", "Guide", "Install", "Notes", "Linux"]
    if path := pick(world, a):
        key(world, path, title=names[b % len(names)])


def label(world: SimWorld, a: int, b: int) -> None:
    if path := pick(world, a):
        now = front_matter.read(world.text(path)).labels or ()
        key(world, path, labels=tuple(sorted({*now, f"l{b % 4}"})))


def unlabel(world: SimWorld, a: int, b: int) -> None:
    if path := pick(world, a):
        now = front_matter.read(world.text(path)).labels or ()
        key(world, path, labels=tuple(sorted(now)[1:]) or None)


def move(world: SimWorld, a: int, b: int) -> None:
    """Put a file, with its folder and attachments, into another file's folder."""
    source, goal = pick(world, a), pick(world, b)
    if not source or source in ("index.md", goal) or goal.startswith(f"{source[:-3]}/"):
        return
    folder = "" if goal == "index.md" else f"{goal[:-3]}/"
    _rename(world, source[:-3], f"{folder}{source.rpartition('/')[2][:-3]}")


def rename_file(world: SimWorld, a: int, b: int) -> None:
    source = pick(world, a)
    if source and source != "index.md":
        _rename(world, source[:-3], f"{source[:-3].rpartition('/')[0]}/f{world.ledger.number()}".lstrip("/"))


def rename_folder(world: SimWorld, a: int, b: int) -> None:
    """Rename a folder alone: its pages no longer lie in a folder of a page."""
    folders = sorted({path.rpartition("/")[0] for path in files(world) if "/" in path})
    if folders:
        old, new = folders[a % len(folders)], f"d{world.ledger.number()}"
        _move_all(world, f"{old}/", f"{new}/")


def _rename(world: SimWorld, old: str, new: str) -> None:
    if f"{new}.md" in world.tree.files:
        return
    for path in world.pages():  # a crash left a page half moved, and the user moves one half
        if path != f"{old}.md":
            world.ledger.copied |= tokens(world.text(path)) & tokens(world.text(f"{old}.md"))
    world.tree.write(f"{new}.md", world.tree.files[RelPath(f"{old}.md")])
    world.tree.delete(RelPath(f"{old}.md"))
    _move_all(world, f"{old}/", f"{new}/")
    _move_all(world, f"{old}.assets/", f"{new}.assets/")


def _move_all(world: SimWorld, old: str, new: str) -> None:
    for path in sorted(world.tree.files):
        if path.startswith(old) and new + path[len(old) :] not in world.tree.files:
            world.tree.write(new + path[len(old) :], world.tree.files[path])
            world.tree.delete(path)


def attach(world: SimWorld, a: int, b: int) -> None:
    if path := pick(world, a):
        name = f"{path[:-3]}.assets/{'abc'[b % 3]}.txt"
        if name in world.tree.files:
            world.ledger.dropped_here |= tokens(world.tree.files[RelPath(name)])
        world.tree.write(name, world.ledger.token().encode())


def detach(world: SimWorld, a: int, b: int) -> None:
    found = sorted(path for path in world.tree.files if ".assets/" in path)
    if found:
        world.ledger.dropped_here |= tokens(world.tree.files[found[a % len(found)]])
        world.tree.delete(found[a % len(found)])


def create(world: SimWorld, a: int, b: int) -> None:
    name = f"made-{1 + b % 3}.md" if b % 4 == 0 else f"n{world.ledger.number()}.md"
    if name not in world.tree.files:
        world.tree.write(name, f"Hello {world.ledger.token()} here\n".encode())


def create_child(world: SimWorld, a: int, b: int) -> None:
    if path := pick(world, a):
        folder = "" if path == "index.md" else f"{path[:-3]}/"
        name = f"{folder}n{world.ledger.number()}.md"
        world.tree.write(name, f"Child {world.ledger.token()} here\n".encode())


def copy(world: SimWorld, a: int, b: int) -> None:
    """Copy a file with its id, as a template for another page."""
    if path := pick(world, a):
        world.ledger.copied |= tokens(world.text(path))
        name = f"copy{world.ledger.number()}"
        world.tree.write(f"{name}.md", world.text(path).encode())
        if b % 2:
            key(world, f"{name}.md", title=name)


def delete(world: SimWorld, a: int, b: int) -> None:
    path = pick(world, a)
    if path and path != "index.md":
        world.ledger.dropped_here |= tokens(world.text(path))
        world.tree.delete(path)
        for asset in sorted(world.tree.files):
            if asset.startswith(f"{path[:-3]}.assets/"):
                world.ledger.dropped_here |= tokens(world.tree.files[asset])
                world.tree.delete(asset)


def order(world: SimWorld, a: int, b: int) -> None:
    """Write down another order of a page's children."""
    parents = [path for path in files(world) if _children(world, path)]
    if parents:
        path = parents[a % len(parents)]
        names = _children(world, path)
        turned = names[b % len(names) :] + names[: b % len(names)]
        key(world, path, children=tuple(reversed(turned)) if b % 3 else None)


def _children(world: SimWorld, path: str) -> list[str]:
    folder = "" if path == "index.md" else f"{path[:-3]}/"
    inside = [p[len(folder) : -3] for p in world.pages() if p.startswith(folder) and p != "index.md"]
    return [name for name in inside if "/" not in name]


def picture(world: SimWorld, a: int, b: int) -> None:
    """Refer to a file that lies somewhere else in the repository."""
    if path := pick(world, a):
        name = f"images/p{world.ledger.number()}.txt"
        world.tree.write(name, world.ledger.token().encode())
        head, parts = take_apart(world, path)
        up = "../" * path.count("/")
        parts.append(f"See [{world.ledger.token()}]({up}{name})")
        save(world, path, head, parts)


def post(world: SimWorld, a: int, b: int) -> None:
    name = f"blog/p{world.ledger.number()}.md"
    world.tree.write(name, f"---\ntype: blogpost\n---\n\nNews {world.ledger.token()} here\n".encode())


def draft(world: SimWorld, a: int, b: int) -> None:
    """Begin a draft, or publish one."""
    drafts = [path for path in files(world) if "\nstatus: draft" in world.text(path)]
    if drafts and b % 2:
        key(world, drafts[a % len(drafts)], status=None)
    else:
        name = f"n{world.ledger.number()}.md"
        world.tree.write(name, f"---\nstatus: draft\n---\n\nDraft {world.ledger.token()} here\n".encode())


def _conflict(world: SimWorld, a: int) -> PendingConflict | None:
    found = [one for one in world.repository.pending.values() if one.path in world.tree.files]
    return found[a % len(found)] if found else None


def resolve(world: SimWorld, a: int, b: int) -> None:
    """Take the markers out and keep both sides."""
    conflict = _conflict(world, a)
    if conflict is not None:
        text = world.text(conflict.path)
        if "<<<<<<<" in text:
            world.tree.write(conflict.path, _MARKERS.sub("", text).encode())
            world.history.git_add(conflict.path)


def give_up(world: SimWorld, a: int, b: int) -> None:
    """`git restore --staged p; git restore p`, as git itself advises."""
    conflict = _conflict(world, a)
    if conflict is not None:
        with Dropping(world):
            world.history.git_restore(conflict.path)


def take_ours(world: SimWorld, a: int, b: int) -> None:
    _take(world, a, Resolution.OURS)


def take_theirs(world: SimWorld, a: int, b: int) -> None:
    _take(world, a, Resolution.THEIRS)


def _take(world: SimWorld, a: int, how: Resolution) -> None:
    """`confsync resolve --ours` or `--theirs`."""
    conflict = _conflict(world, a)
    if conflict is None or world.repository.index_lock:
        return
    before = tokens(world.text(conflict.path)) | tokens(conflict.ours) | tokens(conflict.theirs)
    world.process(type(world.remote.fuse)())
    try:
        settle(world.session, conflict, how)
    except ConfsyncError:
        return
    after = tokens(world.text(conflict.path))
    world.ledger.dropped_here |= before - after


ACTIONS: dict[str, Callable[[SimWorld, int, int], None]] = {
    action.__name__: action
    for action in (
        edit, append, insert, drop, title, take_title, label, unlabel, move, rename_file, rename_folder, attach, detach, create, create_child, copy, delete, resolve, give_up, take_ours, take_theirs, order, picture, post, draft,
        git_user.commit, git_user.stage, git_user.restore_file, git_user.reset_hard, git_user.checkout_old, git_user.stash, git_user.stash_pop, git_user.revert, git_user.squash, git_user.commit_all, git_user.leftovers, git_user.damage,
    )
}  # fmt: skip
