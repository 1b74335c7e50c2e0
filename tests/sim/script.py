"""What happens in one simulated world: a script of edits, runs, crashes, made from a seed.

Actions name their targets by numbers that are taken modulo what is there, so that any part of a script is a
script too: that is what lets a failing one be shrunk.
"""

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

REMOTE = {
    "edit": 10,
    "append": 8,
    "insert": 8,
    "drop": 3,
    "title": 4,
    "take_title": 1,
    "move": 5,
    "reorder": 2,
    "label": 3,
    "unlabel": 2,
    "attach": 4,
    "detach": 1,
    "create": 5,
    "folder": 1,
    "trash": 3,
    "restore": 2,
    "hide": 1,
    "show": 2,
    "comment": 4,
    "archive": 1,
    "move_out": 1,
    "post": 1,
    "live": 1,
    "lose_body": 1,
    "find_body": 2,
}
LOCAL = {
    "edit": 10,
    "append": 8,
    "insert": 8,
    "drop": 3,
    "title": 4,
    "take_title": 1,
    "move": 5,
    "label": 3,
    "unlabel": 2,
    "attach": 4,
    "detach": 1,
    "create": 4,
    "create_child": 3,
    "copy": 1,
    "delete": 3,
    "rename_file": 2,
    "rename_folder": 1,
    "commit": 3,
    "stage": 1,
    "restore_file": 1,
    "reset_hard": 1,
    "checkout_old": 1,
    "give_up": 1,
    "resolve": 2,
    "take_ours": 1,
    "take_theirs": 1,
    "order": 3,
    "picture": 2,
    "post": 1,
    "draft": 1,
    "stash": 1,
    "stash_pop": 2,
    "revert": 1,
    "squash": 1,
    "commit_all": 1,
    "leftovers": 1,
    "damage": 1,
}


@dataclass(frozen=True, slots=True)
class Act:
    """One thing somebody does. `side` is `remote` (a colleague) or `local` (the user)."""

    side: str
    kind: str
    a: int
    """What it is done to: any, counted round; from `FOCUS` on a certain page."""
    b: int


@dataclass(frozen=True, slots=True)
class Run:
    """One sync: it may die at a step, and people may be at work meanwhile."""

    crash: int = 0
    """The step at which it stops; 0: it does not."""
    dead: bool = True
    """Whether nothing more happens then (power is gone), or it tidies up (Ctrl-C)."""
    during: tuple[tuple[int, Act], ...] = ()
    """Before which of its requests somebody does what."""


Step = Act | Run


FOCUS = 1000
"""A target from here on is the page that this script is mostly about."""


class Dice(random.Random):
    """Chance, and in every other script a page around which most of it turns."""

    def __init__(self, seed: int, about: Collection[str] = ()) -> None:
        super().__init__(seed)
        self.about = about
        self.focus = self.randrange(6) if about or self.random() < 0.5 else None

    def kind(self, weights: Mapping[str, int]) -> str:
        """One of the things to do; what a script is about comes often."""
        few = [kind for kind in weights if kind in self.about]
        if few and self.random() < 0.6:
            return self.choice(few)
        return self.choices(list(weights), list(weights.values()))[0]

    def target(self) -> int:
        """What an action is about."""
        if self.focus is not None and self.random() < 0.7:
            return FOCUS + self.focus
        return self.randrange(FOCUS)


def script(seed: int, about: Collection[str] = ()) -> list[Step]:
    """The script of a seed; `about` are kinds of actions that shall come often."""
    dice = Dice(seed, about)
    steps: list[Step] = []
    for _ in range(dice.randrange(1, 4)):
        steps += [_act(dice, dice.choice(("remote", "local"))) for _ in range(dice.randrange(1, 7))]
        for _ in range(dice.choice((0, 0, 1, 1, 2))):
            steps.append(_run(dice, dice.randrange(1, 40)))
            steps += [_act(dice, dice.choice(("remote", "local"))) for _ in range(dice.randrange(0, 3))]
        steps.append(_run(dice, 0))
    return steps


def _run(dice: Dice, crash: int) -> Run:
    during = []
    for _ in range(dice.choice((1, 2, 3) if dice.about else (0, 0, 1, 2))):
        side = "local" if dice.random() < 0.25 else "remote"
        during.append((dice.randrange(1, 20), _act(dice, side)))
    return Run(crash, dice.random() < 0.7, tuple(during))


def _act(dice: Dice, side: str) -> Act:
    kinds = REMOTE if side == "remote" else LOCAL
    return Act(side, dice.kind(kinds), dice.target(), dice.randrange(1000))


def shrunk(steps: list[Step], fails: Callable[[list[Step]], bool], *, tries: int = 400) -> list[Step]:
    """A part of a failing script that still fails, as small as leaving things out makes it."""
    size = max(1, len(steps) // 2)
    while tries > 0:
        smaller = _without_some(steps, fails, size)
        tries -= len(steps) // size + 1
        if smaller is not None:
            steps = smaller
        elif size > 1:
            size //= 2
        else:
            simpler = _simpler(steps, fails)
            if simpler is None:
                break
            steps = simpler
    return steps


def _without_some(steps: list[Step], fails: Callable[[list[Step]], bool], size: int) -> list[Step] | None:
    for at in range(0, len(steps), size):
        smaller = steps[:at] + steps[at + size :]
        if fails(smaller):
            return smaller
    return None


def _simpler(steps: list[Step], fails: Callable[[list[Step]], bool]) -> list[Step] | None:
    for at, step in enumerate(steps):
        if isinstance(step, Run) and step.during:
            for gone in range(len(step.during)):
                during = step.during[:gone] + step.during[gone + 1 :]
                fewer = [*steps[:at], Run(step.crash, step.dead, during), *steps[at + 1 :]]
                if fails(fewer):
                    return fewer
    return None
