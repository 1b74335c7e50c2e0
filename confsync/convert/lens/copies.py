"""Placeholders whose number no longer fits: `#a1b2c3-2` where the page has only one such thing left.

The number tells equal things apart and counts from the top of the page, so it changes when one of them goes;
a file that was written before still names the others by their old numbers.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

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


def renumber(items: Sequence[Item], known: Mapping[str, str], others: Mapping[str, str]) -> None:
    """Give placeholders that nobody knows the id of an equal one that is known; free ones first."""
    said = placeholder_ids(items)
    unknown = [identity for identity in said if identity not in known and identity not in others]
    names: dict[str, str] = {}
    for identity in unknown:
        stem = identity.partition("-")[0]
        equal = [one for one in known if one.partition("-")[0] == stem]
        free = [one for one in equal if one not in said and one not in names.values()]
        if equal:
            names[identity] = (free or equal)[0]
    if names:
        for item in items:
            _rename(item, names)


def _rename(item: Item, names: Mapping[str, str]) -> None:
    if item.props.get("id", "") in names:
        item.props = {**item.props, "id": names[item.props["id"]]}
    if item.atoms is not None and any(atom.startswith(_NAMED) for atom in item.atoms):
        item.atoms = [_renamed(atom, names) for atom in item.atoms]
    for kid in item.children or ():
        _rename(kid, names)
    item.seal()


def _renamed(atom: Atom, names: Mapping[str, str]) -> Atom:
    if not atom.startswith(_NAMED):
        return atom
    kind, identity, *rest = fields_of(atom)
    return atom[0] + FIELD.join((kind, names.get(identity, identity), *rest))
