"""Play a script, let everything come to rest, and look whether all invariants hold."""

from dataclasses import replace
from functools import partial

from confsync.convert.markdown import front_matter
from confsync.engine.observe_local import observe_copy
from confsync.engine.outcome import Outcome
from confsync.errors import FileChanged, HeadMoved, RepositoryBusy
from confsync.model.content import ContentType, Status
from confsync.model.ids import PageId, RelPath
from confsync.plan.children import child_name
from confsync.plan.copy import Copy
from confsync.ports import Fate
from tests.contract.remote.fake import _WRITES
from tests.contract.remote.site import ME
from tests.sim import colleagues, git_user, user
from tests.sim.ledger import tokens
from tests.sim.script import Act, Run, Step, script, shrunk
from tests.sim.world import Broken, Crash, Fuse, SimWorld, new_world

QUIET = 8
"""Runs after which nothing may be left to do."""
_WHILE_RUNNING = {"edit", "append", "insert", "drop", "title", "create", "create_child", "delete", "attach"}


def play(steps: list[Step]) -> SimWorld:
    """Play a script to its end.

    Raises:
        Broken: an invariant does not hold.
    """
    world = new_world()
    for step in steps:
        if isinstance(step, Act):
            _act(world, step)
        else:
            _run(world, step)
        check_nothing_lost(world)
        check_tree(world)
    _rest(world)
    return world


def failure(seed: int) -> str:
    """Why a seed fails, with its shrunk script; empty where it does not."""
    steps = script(seed)
    why = why_of(steps)
    if not why:
        return ""
    steps = shrunk(steps, lambda some: kind_of(why_of(some)) == kind_of(why))
    lines = "\n".join(f"    {step}," for step in steps)
    return f"seed {seed}: {why_of(steps)}\n[\n{lines}\n]"


def kind_of(why: str) -> str:
    return " ".join(word for word in why.split()[:5] if not any(char.isdigit() for char in word))


def why_of(steps: list[Step]) -> str:
    try:
        play(steps)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the script shows
        return f"{type(error).__name__}: {error}"
    return ""


def _act(world: SimWorld, step: Act) -> None:
    (colleagues if step.side == "remote" else user).act(world, step)


def _run(world: SimWorld, step: Run) -> Outcome | None:
    world.process(Fuse(step.crash, step.dead))
    for at, action in step.during:
        if action.side == "remote" or action.kind in _WHILE_RUNNING:
            world.remote.during[at].append(partial(_act, world, action))
    before = unseen(world)
    outcome: Outcome | None = None
    try:
        outcome = world.sync()
    except Crash:
        return None
    except (FileChanged, HeadMoved, RepositoryBusy):
        if not step.during and not step.crash:
            raise
        return None
    finally:
        world.end_run()
        world.process(Fuse())
    check_unseen(world, before)
    check_conflicts(world, outcome)
    return outcome


def _rest(world: SimWorld) -> None:
    """Everybody stops, conflicts are resolved, and sync runs until nothing happens."""
    colleagues.show(world, 0, 0)
    colleagues.find_body(world, 0, 0)
    git_user.stash_pop(world, 0, 0)
    for _ in range(QUIET):
        before, asked = state(world), len(world.requests)
        outcome = _run(world, Run())
        assert outcome is not None
        check_nothing_lost(world)
        renamed = _give_other_titles(world, outcome)
        if not renamed and state(world) == before:
            break
        for _conflict in outcome.conflicts:
            user.resolve(world, 0, 0)
    else:
        raise Broken("never comes to rest")
    written = [request for request in world.requests[asked:] if request.split(" ")[0] in _WRITES]
    if written and not outcome.refused:
        raise Broken(f"a sync with nothing to do wrote {written}")
    check_converged(world, outcome)


def _give_other_titles(world: SimWorld, outcome: Outcome) -> bool:
    """The user chooses another title where Confluence said that one is taken."""
    gave = False
    for item in outcome.refused:
        if "already exists" in item.reason and item.path in world.tree.files:
            name = f"Other {world.ledger.number()}"
            text = front_matter.edit(world.text(item.path), {"title": name})
            world.tree.write(item.path, text.encode())
            gave = True
    return gave


def state(world: SimWorld) -> object:
    """Everything that a run without anything to do leaves alone."""
    rows = {page: (e.row, e.body, sorted(e.labels)) for page, e in world.site.entries.items()}
    return dict(world.tree.files), world.repository.head, rows, dict(world.repository.pending)


def alive(world: SimWorld) -> set[str]:
    """Every token that somebody can still read: files, current pages, conflicts that wait."""
    found = set()
    for path, data in world.tree.files.items():
        if not path.startswith("."):
            found |= tokens(data)
    for entry in world.site.entries.values():
        if entry.row.status in (Status.CURRENT, Status.ARCHIVED):
            found |= tokens(entry.body)
            for file in entry.files.values():
                found |= tokens(file.data[-1])
    for mine, _ in world.stash.values():
        found |= tokens(mine)
    for conflict in world.repository.pending.values():
        found |= tokens(conflict.ours) | tokens(conflict.theirs) | tokens(conflict.head_text)
    return found


def check_nothing_lost(world: SimWorld) -> None:
    """I2, strictly: what nobody took away can be read somewhere without digging in history."""
    if lost := world.ledger.missing(alive(world)):
        raise Broken(f"lost: {sorted(lost)}")


def unseen(world: SimWorld) -> dict[PageId, set[str]]:
    """What the files say of pages that Confluence does not show: hidden, in another space, without a text."""
    copy = observe_copy(world.session)
    return {
        page: tokens(local.body)
        for page, local in copy.pages.items()
        if (entry := world.site.entries.get(page))
        and (entry.hidden or entry.unavailable or entry.space != world.site.space.id)
    }


def check_unseen(world: SimWorld, before: dict[PageId, set[str]]) -> None:
    """I14: what cannot be seen is neither deleted nor empty."""
    for page, said in before.items():
        if _still_unseen(world, page):
            local = observe_copy(world.session).pages.get(page)
            lost = said - (tokens(local.body) if local else set()) - world.ledger.dropped_here
            if lost:
                raise Broken(f"took an absence for an edit: {sorted(lost)} of {page}")


def _still_unseen(world: SimWorld, page: PageId) -> bool:
    entry = world.site.entries[page]
    return entry.hidden or bool(entry.unavailable) or entry.space != world.site.space.id


def check_conflicts(world: SimWorld, outcome: Outcome) -> None:
    """I9: nobody is in conflict with what only this user wrote."""
    for conflict in outcome.conflicts:
        base = observe_copy(world.session).records.get(conflict.page)
        entry = world.site.entries.get(conflict.page)
        if base is None or entry is None or world.rewound:
            continue
        since = [one for one in entry.versions if one.version.number > base.row.version.number]
        if since and all(one.version.author == ME.id for one in since) and not entry.comments:
            raise Broken(f"false conflict: nobody else wrote {entry.row.title}")


def check_tree(world: SimWorld) -> None:
    """I5: no content of one author twice, except where the user copied it; and no draft twice."""
    drafts = [e.row.title for e in world.site.entries.values() if e.row.status is Status.DRAFT]
    if doubled := {title for title in drafts if drafts.count(title) > 1 and title.startswith("Made")}:
        raise Broken(f"twice: drafts of {sorted(doubled)}")
    seen: dict[str, str] = {}
    for entry in world.site.entries.values():
        if entry.row.status is Status.CURRENT:
            for token in tokens(entry.body) - world.ledger.copied:
                if token in seen:
                    raise Broken(f"twice: {token} in {seen[token]} and {entry.row.title}")
                seen[token] = entry.row.title


def check_converged(world: SimWorld, outcome: Outcome) -> None:
    """I3: files, base and Confluence say the same, but for what was refused with a reason."""
    copy = observe_copy(replace(world.session))
    told = {item.page for item in outcome.refused} | set(copy.frozen)
    told |= {page for page, fate in _fates(world).items() if fate is not Fate.CURRENT}
    texts = {e.row.id: e for e in world.site.current() if e.row.type.has_text}
    for page, entry in texts.items():
        record = copy.records.get(page)
        local = copy.pages.get(page)
        if page in told or (entry.row.type is not ContentType.PAGE):
            continue
        if record is None or local is None:
            raise Broken(f"not converged: {entry.row.title} has no {'base' if record is None else 'file'}")
        if (record.page.body, record.page.title, record.page.labels) != (
            entry.body,
            entry.row.title,
            frozenset(entry.labels),
        ) or record.row.parent != entry.row.parent:
            raise Broken(f"not converged: the base of {entry.row.title} is behind")
        if local.front.children:
            _check_order(world, copy, page, local.front.children)
        if tokens(local.body) != tokens(entry.body) or "<<<<<<<" in local.body:
            raise Broken(f"not converged: {local.path} is {local.body!r}, {entry.row.title} {entry.body!r}")
        if local.front.title != entry.row.title or set(local.front.labels or ()) != entry.labels:
            raise Broken(f"not converged: front matter of {local.path}")
        _check_files(world, copy, page, local.path, entry.row.title)
    left = {item.path for item in outcome.refused} | set(outcome.conflicts and [outcome.conflicts[0].path])
    left |= {RelPath(warning.partition(":")[0]) for warning in outcome.warnings}
    for local in copy.unbound:
        if local.path not in left:
            raise Broken(f"not converged: {local.path} has no page, and nobody says why")


def _fates(world: SimWorld) -> dict[PageId, Fate]:
    return {
        page: Fate.CURRENT if e.row.status is Status.CURRENT and not e.hidden else Fate.TRASHED
        for page, e in world.site.entries.items()
    }


def _check_order(world: SimWorld, copy: Copy, parent: PageId, said: tuple[str, ...]) -> None:
    """What `children:` names stands in that order in Confluence."""
    there = [copy.paths[row.id] for row in world.site.children(parent) if row.id in copy.paths]
    names = [name for path in there if (name := child_name(path)) in said]
    wanted = [name for name in dict.fromkeys(said) if name in names]
    if names != wanted:
        raise Broken(f"not converged: order of {copy.paths[parent]} is {names}, its file says {wanted}")


def _check_files(world: SimWorld, copy: Copy, page: PageId, path: RelPath, title: str) -> None:
    folder = f"{path[:-3]}.assets/"
    outside = copy.outside(copy.pages[page])
    here = {name: world.tree.files[place] for name, place in outside.items()}
    here |= {p[len(folder) :]: data for p, data in world.tree.files.items() if p.startswith(folder)}
    there = {name: file.data[-1] for name, file in world.site.entry(page).files.items()}
    if here != there:
        raise Broken(f"not converged: attachments of {title}: {here} and {there}")
