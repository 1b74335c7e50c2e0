"""The few keys of confsync.toml that concern a site; a folder without one is fine."""

import tomllib
from pathlib import Path

from confsync.errors import ConfigError
from confsync.site.source import Config

FILE = "confsync.toml"


def read_config(folder: Path) -> Config:
    """Return what a folder's confsync.toml says.

    Raises:
        ConfigError: it is not TOML.
    """
    path = folder / FILE
    if not path.is_file():
        return Config()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", hint="correct that line") from error
    names = values.get("front-matter", {})
    exclude = values.get("exclude", [])
    return Config(
        url=_text(values.get("url")).rstrip("/"),
        key=_text(values.get("space", values.get("key"))),
        root=_text(values.get("root")) or ".",
        exclude=tuple(map(str, exclude)) if isinstance(exclude, list) else (),
        names={str(ours): str(theirs) for ours, theirs in names.items()} if isinstance(names, dict) else {},
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
