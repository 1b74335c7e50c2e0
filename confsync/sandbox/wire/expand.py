"""The `expand` parameter of REST v1: `body.storage,history.lastUpdated`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Expand:
    """A tree of names to show in full; unknown names are ignored."""

    names: Mapping[str, "Expand"] = field(default_factory=dict)

    @classmethod
    def parse(cls, parameters: Iterable[str], *, below: str = "") -> "Expand":
        """Read comma lists of dotted names; with `below`, only those under that name, without it."""
        paths = [
            [part.strip() for part in item.split(".") if part.strip()]
            for parameter in parameters
            for item in parameter.split(",")
        ]
        if below:
            paths = [path[1:] for path in paths if path[:1] == [below]]
        return cls._tree([path for path in paths if path])

    @classmethod
    def _tree(cls, paths: list[list[str]]) -> "Expand":
        firsts = dict.fromkeys(path[0] for path in paths)
        return cls({name: cls._tree([p[1:] for p in paths if p[0] == name and p[1:]]) for name in firsts})

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def __getitem__(self, name: str) -> "Expand":
        return self.names.get(name, NOTHING)

    def __bool__(self) -> bool:
        return bool(self.names)


NOTHING = Expand()
