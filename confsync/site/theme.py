"""The templates: shipped ones, and a folder of the user's own that may override any of them.

A template is looked for in the user's folder first; `{% extends "shipped/page.html" %}` names the shipped
one, so that a user's `page.html` can change one block and keep the rest.
"""

from functools import lru_cache
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
)
from jinja2.sandbox import SandboxedEnvironment

from confsync.errors import UsageError
from confsync.shipped import templates
from confsync.site.html.inlines import readable_date

STATIC = "_confsync"
"""Where styles and scripts lie on the site. Pages never do: their names begin with no underscore."""


ACCENT = "accent.css"
"""The style sheet of the site's own colour."""


def accent_style(light: str, dark: str) -> str:
    """Return the style sheet that sets the accent colour."""
    return f":root {{ --accent: light-dark({light}, {dark}); }}\n"


@lru_cache(maxsize=8)
def _environment(own: Path | None, compiled: Path | None) -> Environment:
    loaders = [FileSystemLoader(str(folder)) for folder in (own, templates()) if folder is not None]
    # Templates of one's own come with a folder that may be anybody's; the shipped ones need no walls.
    kind = SandboxedEnvironment if own else Environment
    environment = kind(
        loader=ChoiceLoader([*loaders, PrefixLoader({"shipped": loaders[-1]})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=FileSystemBytecodeCache(str(compiled), "%s.template") if compiled else None,
    )
    environment.filters["date"] = readable_date
    return environment


class Theme:
    """Renders templates and knows the static files that belong to them.

    Args:
        own: the user's folder of templates, or None.
        compiled: a folder that keeps compiled templates, or None.

    Raises:
        UsageError: `own` is not a folder.
    """

    def __init__(self, own: Path | None = None, compiled: Path | None = None) -> None:
        if own is not None and not own.is_dir():
            raise UsageError(f"{own} is not a folder", hint="--templates names a folder of templates")
        self._folders = [folder for folder in (own, templates()) if folder is not None]
        self._environment = _environment(own, compiled)

    def render(self, name: str, **context: object) -> str:
        """Return a page.

        Raises:
            UsageError: a template is missing or wrong; the message names it and the line.
        """
        try:
            return self._environment.get_template(name).render(**context)
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            where = f"{getattr(error, 'name', None) or name}{f', line {line}' if line else ''}"
            raise UsageError(
                f"the template {where} cannot be used: {error.message or error}",
                hint="compare it with the shipped one",
            ) from error

    def static(self) -> dict[str, Path]:
        """The static files by their path on the site; the user's own win."""
        found: dict[str, Path] = {}
        for folder in reversed(self._folders):
            for path in sorted(folder.rglob("*")):
                relative = path.relative_to(folder)
                hidden = any(part.startswith(".") for part in relative.parts)
                if (
                    path.is_file()
                    and not path.is_symlink()
                    and path.suffix not in (".html", ".md")
                    and not hidden
                ):
                    found[f"{STATIC}/{relative.as_posix()}"] = path
        return found
