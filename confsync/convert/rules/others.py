"""Rules for macros from other packages: entry points of the group `confsync.macros`.

Each names a `MacroRule`, or several in a sequence. docs/markdown.md shows one.
"""

import re
from collections.abc import Iterator, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from confsync.convert.rules.macro import MacroRule
from confsync.errors import ConfigError

GROUP: Final = "confsync.macros"
_NAME = re.compile(r"[a-z][a-z0-9-]*")


def rules_of_others() -> Sequence[MacroRule]:
    """The rules of all installed packages, in order of their names.

    Raises:
        ConfigError: an entry point cannot be loaded, or is no rule.
    """
    found = sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value))
    return [rule for point in found for rule in _rules(point)]


def _rules(point: EntryPoint) -> Iterator[MacroRule]:
    try:
        loaded = point.load()
    except Exception as error:  # whatever a foreign package raises when it is imported
        raise _wrong(point, f"cannot be loaded: {error}") from error
    for rule in (loaded,) if isinstance(loaded, MacroRule) else _several(point, loaded):
        if not isinstance(rule, MacroRule):
            raise _wrong(point, f"gives {type(rule).__name__}, not MacroRule")
        if not _NAME.fullmatch(rule.markdown_name):
            raise _wrong(point, f"calls its directive {rule.markdown_name!r}; lower case, digits and hyphens")
        yield rule


def _several(point: EntryPoint, loaded: object) -> Sequence[object]:
    if not isinstance(loaded, list | tuple):
        raise _wrong(point, f"gives {type(loaded).__name__}, not MacroRule")
    return loaded


def _wrong(point: EntryPoint, what: str) -> ConfigError:
    package = point.dist.name if point.dist else point.value
    return ConfigError(
        f"the macro rules `{point.name}` of {package} are wrong: it {what}",
        hint=f"mend or uninstall {package}",
    )
