"""Code of the user's own that runs before a page is rendered and after.

A file given with `--hooks` may have `before_page(path, title, text) -> str`, which gets the Markdown without
front matter, and `after_page(path, title, html) -> str`, which gets the whole page; either may be missing.
Installed packages may offer the same through the entry point `confsync.site`. confsync.toml cannot name
hooks: whoever exports a folder from somewhere does not run its code.
"""

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from confsync.errors import UsageError
from confsync.site.model import Node

GROUP = "confsync.site"
Change = Callable[[str, str, str], str]


@dataclass(frozen=True, slots=True)
class Hooks:
    """What runs before and after, in order."""

    befores: Sequence[Change] = ()
    afters: Sequence[Change] = ()

    def before(self, node: Node, text: str) -> str:
        """The Markdown that is to be rendered."""
        return self._through(self.befores, node, text)

    def after(self, node: Node, html: str) -> str:
        """The page that is to be written."""
        return self._through(self.afters, node, html)

    @staticmethod
    def _through(changes: Sequence[Change], node: Node, text: str) -> str:
        for change in changes:
            text = change(str(node.source or node.out), node.title, text)
            if not isinstance(text, str):
                raise UsageError(f"a hook returned no text for {node.title}", hint="return a string")
        return text


@lru_cache(maxsize=4)
def load_hooks(path: Path | None) -> Hooks:
    """Load the hooks of a file and of installed packages.

    Raises:
        UsageError: the file cannot be run.
    """
    modules: list[object] = [
        point.load() for point in sorted(entry_points(group=GROUP), key=lambda p: p.name)
    ]
    if path is not None:
        modules.append(_module(path))
    return Hooks(
        tuple(found for module in modules if (found := getattr(module, "before_page", None))),
        tuple(found for module in modules if (found := getattr(module, "after_page", None))),
    )


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("confsync_site_hooks", path)
    if spec is None or spec.loader is None:
        raise UsageError(
            f"{path} is no Python file", hint="--hooks names a file with before_page or after_page"
        )
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UsageError(
            f"the hooks in {path} cannot be loaded: {error}", hint="run it with python"
        ) from error
    return module
