"""Placeholders whose number no longer fits: `#a1b2c3-2` where the page has only one such thing left.

The number tells equal things apart and counts from the top of the page, so it changes when one of them goes;
a file that was written before still names the others by their old numbers.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy

from confsync.convert.tree import FIELD, OPEN, TOKEN, WORDED, Atom, Item, fields_of

_NAMED = (TOKEN + "macro", OPEN + WORDED)
"""Signs in a line whose first field is the `#id` of a placeholder, or empty."""


def placeholder_ids_of(items: Iterable[Item]) -> Iterator[str]:
    """The `#id`s that these items name themselves, their children not counted."""
    for item in items:
        identity = item.props.get("id")
        if identity:
            yield identity
        for atom in item.atoms or ():
            if atom.startswith(_NAMED) and (identity := fields_of(atom)[1]):
                yield identity


def placeholder_ids(items: Iterable[Item]) -> Counter[str]:
    """How often each `#id` stands in a forest."""
    return Counter(placeholder_ids_of(item for top in items for item in top.walk()))


def renumbered(items: Sequence[Item], known: Mapping[str, str]) -> list[Item]:
    """The same blocks, where equal placeholders name those of the base in its own order.

    Where there are more than the base has, the last ones are copies. Items are never changed: the base may
    share them.
    """
    order = {identity: index for index, identity in enumerate(known)}
    equal: dict[str, list[str]] = {}
    for identity in known:
        equal.setdefault(_stem(identity), []).append(identity)
    said: dict[str, list[str]] = {}
    for identity in placeholder_ids_of(item for top in items for item in top.walk()):
        if _stem(identity) in equal:
            said.setdefault(_stem(identity), []).append(identity)
    names: dict[str, Iterator[str]] = {}
    for stem, ids in said.items():
        named = {one for one in ids if one in order}
        free = [one for one in equal[stem] if one not in named]
        wanted = sorted([*named, *free[: len(ids) - len(named)]], key=order.__getitem__)
        wanted += [wanted[-1]] * (len(ids) - len(wanted))
        if wanted != ids:
            names[stem] = iter(wanted)
    return [_renamed(item, names) for item in items] if names else list(items)


def _stem(identity: str) -> str:
    return identity.partition("-")[0]


def _renamed(item: Item, names: Mapping[str, Iterator[str]]) -> Item:
    """A block with the next of these ids wherever it or anything in it names one of them."""
    if not any(_stem(one) in names for one in placeholder_ids_of(item.walk())):
        return item
    out = copy(item)
    if _stem(item.props.get("id", "")) in names:
        out.props = {**item.props, "id": next(names[_stem(item.props["id"])])}
    if item.atoms is not None:
        out.atoms = [_renamed_atom(atom, names) for atom in item.atoms]
    if item.children is not None:
        out.children = [_renamed(kid, names) for kid in item.children]
    return out.seal()


def _renamed_atom(atom: Atom, names: Mapping[str, Iterator[str]]) -> Atom:
    if not atom.startswith(_NAMED):
        return atom
    kind, identity, *rest = fields_of(atom)
    named = next(names[_stem(identity)]) if _stem(identity) in names else identity
    return atom[0] + FIELD.join((kind, named, *rest))
