"""What the user does with git. Each action is a no-op where it makes no sense."""

import re

from confsync.model.content import Status
from confsync.model.ids import CommitId, RelPath
from tests.sim.desk import pick
from tests.sim.ledger import tokens
from tests.sim.world import SimWorld


def commit(world: SimWorld, a: int, b: int) -> None:
    """`git add -A; git commit`."""
    if not world.repository.stages:
        for path in sorted({*world.tree.files, *world.repository.index}):
            if not path.startswith(".confsync/"):
                world.history.git_add(path)
        world.history.git_commit("My notes")


def stage(world: SimWorld, a: int, b: int) -> None:
    if path := pick(world, a):
        world.history.git_add(path)


def restore_file(world: SimWorld, a: int, b: int) -> None:
    path = RelPath(pick(world, a))
    if path in world.history.files():
        with Dropping(world):
            world.history.git_restore(path)


def reset_hard(world: SimWorld, a: int, b: int) -> None:
    world.rewound = True
    with Dropping(world):
        if a % 3 and world.heads:
            commit = CommitId(world.heads[b % len(world.heads)])
        else:
            commit = world.repository.head or CommitId("")
        world.history.git_reset_hard(commit)


def checkout_old(world: SimWorld, a: int, b: int) -> None:
    """`git checkout <old> -- '*.md'` or `-- .confsync`."""
    world.rewound = True
    if world.repository.stages or not world.heads:
        return
    tree = world.history.files(CommitId(world.heads[b % len(world.heads)]))
    before = seen(world)
    for path, oid in tree.items():
        wanted = path.endswith(".md") if a % 2 else path.startswith(".confsync/pages")
        if wanted:
            world.tree.write(path, world.repository.blobs[oid])
            world.history.git_add(path)
    if a % 2:  # an explicit edit: what vanishes from the files is meant to
        world.ledger.dropped_here |= before - seen(world)
        world.ledger.copied |= seen(world)


def stash(world: SimWorld, a: int, b: int) -> None:
    """`git stash`: what is edited goes away for a while."""
    if world.repository.stages or world.stash:
        return
    for path, oid in world.history.files().items():
        if not path.startswith(".confsync/") and world.tree.files.get(path) not in (
            None,
            world.repository.blobs[oid],
        ):
            world.stash[path] = world.tree.files[path], world.repository.blobs[oid]
            world.history.git_restore(path)


def stash_pop(world: SimWorld, a: int, b: int) -> None:
    """`git stash pop`, as far as it applies cleanly."""
    for path, (mine, base) in list(world.stash.items()):
        if world.tree.files.get(path) == base:
            world.tree.write(path, mine)
            del world.stash[path]


def revert(world: SimWorld, a: int, b: int) -> None:
    """`git revert HEAD`, where it applies."""
    world.rewound = True
    head = world.repository.head
    if head is None or world.repository.stages or not world.repository.commits[head].parents:
        return
    old = world.history.files(world.repository.commits[head].parents[0])
    now = world.history.files(head)
    changed = {path for path in old.keys() | now.keys() if old.get(path) != now.get(path)}
    blobs = world.repository.blobs
    clean = all(world.tree.files.get(p) == (blobs[now[p]] if p in now else None) for p in changed)
    if not clean or world.history.edited():
        return
    with Dropping(world):
        before = seen(world)
        for path in changed:
            if path in old:
                world.tree.write(path, blobs[old[path]])
            else:
                world.tree.delete(path)
            world.history.git_add(path)
        world.history.git_commit("Revert it")
        if not any(path.startswith(".confsync/pages") for path in changed):
            world.ledger.dropped_here |= before - seen(world)  # an edit of the user's own, taken back


def squash(world: SimWorld, a: int, b: int) -> None:
    """`git reset --soft <old>; git commit`: a few commits become one."""
    world.rewound = True
    old = [head for head in world.heads if head and world.history.is_ancestor(head, _head(world))]
    if old and not world.repository.stages:
        world.repository.head = CommitId(old[b % len(old)])
        world.history.git_commit("Squashed")


def _head(world: SimWorld) -> CommitId:
    return world.repository.head or CommitId("")


def commit_all(world: SimWorld, a: int, b: int) -> None:
    """`git commit -am …` in the middle of a conflict, markers and all."""
    for path in [*world.repository.stages, *world.history.files()]:
        if not path.startswith(".confsync/"):
            world.history.git_add(path)
    world.history.git_commit("All of it")


def leftovers(world: SimWorld, a: int, b: int) -> None:
    """What `git mergetool` leaves beside a page, with the page's id in it."""
    if path := pick(world, a):
        world.tree.write(f"{path[:-3]}_LOCAL_{100 + b}.md", world.text(path).encode())
        world.tree.write(f"{path}.orig", world.text(path).encode())


def damage(world: SimWorld, a: int, b: int) -> None:
    """A record resolved by hand: the header of one version, the text of another."""
    world.rewound = True
    records = sorted(path for path in world.tree.files if path.endswith(".page"))
    if records and not world.repository.stages:
        path = records[a % len(records)]
        text = world.tree.files[path].decode()
        world.tree.write(path, re.sub(r"Text tok\d+ of it", "Nothing", text, count=1).encode())
        world.history.git_add(path)
        world.history.git_commit("Merge by hand")


class Dropping:
    """What only the work tree had may vanish; what Confluence has may not."""

    def __init__(self, world: SimWorld) -> None:
        self.world = world
        self.before: set[str] = set()

    def __enter__(self) -> None:
        self.before = seen(self.world)

    def __exit__(self, *_: object) -> None:
        world = self.world
        shown = [e for e in world.site.entries.values() if e.row.status in (Status.CURRENT, Status.ARCHIVED)]
        there = {token for entry in shown for token in tokens(entry.body)}
        there |= {t for entry in shown for file in entry.files.values() for t in tokens(file.data[-1])}
        world.ledger.dropped_here |= self.before - seen(world) - there
        world.ledger.copied |= seen(world)


def seen(world: SimWorld) -> set[str]:
    return {
        token for path, data in world.tree.files.items() if not path.startswith(".") for token in tokens(data)
    }
