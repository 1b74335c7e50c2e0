"""What `[site]` in confsync.toml says about the website.

[site]
title = "Harbour handbook"
logo = "logo.svg"                        # a file of the folder
accent = "#0b7285"
base-url = "https://docs.example.com/"
links = [{ title = "Status", url = "https://status.example.com/" }]
footer = "© Harbour Ltd."
language = "en"
edit-url = "https://github.com/o/r/edit/main/{path}"
jira-url = "https://jira.example.com"
templates = "theme"
exclude = ["label:internal", "path:drafts/*", "status:archived"]
history = 20                             # versions on a page's history; 0 for none
robots = "noindex"
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from confsync.errors import ConfigError
from confsync.model.config import FILE
from confsync.site.html.colours import contrasting

_VERSIONS = 20
_KEYS = frozenset({
    "accent", "base-url", "edit-url", "exclude", "footer", "history", "jira-url", "language", "links", "logo",
    "robots", "templates", "title",
})  # fmt: skip
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_KINDS = ("label", "path", "status")


@dataclass(frozen=True, slots=True)
class Outside:
    """A link in the header."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Options:
    """The website's own settings; the defaults suit any folder."""

    title: str = ""
    """Empty: the title of the home page."""
    logo: str = ""
    """A path relative to the source folder."""
    accent: tuple[str, str] = ("", "")
    """For light and for dark, each legible; empty for the shipped ones."""
    base_url: str = ""
    links: tuple[Outside, ...] = ()
    footer: str = ""
    language: str = "en"
    edit_url: str = ""
    """With `{path}`."""
    jira_url: str = ""
    templates: str = ""
    """A folder, relative to confsync.toml."""
    exclude: tuple[tuple[str, str], ...] = ()
    """Kind (label, path, status) and what it matches."""
    history: int = _VERSIONS
    """How many versions a page's history shows."""
    robots: str = ""


def read_options(table: Mapping[str, object]) -> Options:
    """Read the table.

    Raises:
        ConfigError: a key or a value that we do not know.
    """
    for key in table:
        if key not in _KEYS:
            raise ConfigError(f"{FILE}: unknown key site.{key}", hint=f"Known: {', '.join(sorted(_KEYS))}.")
    return Options(
        title=_text(table, "title"),
        logo=_inside(table, "logo"),
        accent=_accent(_text(table, "accent")),
        base_url=_address(table, "base-url"),
        links=_links(table.get("links", [])),
        footer=_text(table, "footer"),
        language=_language(_text(table, "language") or "en"),
        edit_url=_address(table, "edit-url"),
        jira_url=_address(table, "jira-url").rstrip("/"),
        templates=_inside(table, "templates"),
        exclude=tuple(map(_exclusion, _list(table, "exclude"))),
        history=_number(table, "history", _VERSIONS),
        robots=_text(table, "robots"),
    )


def _text(table: Mapping[str, object], key: str) -> str:
    found = table.get(key, "")
    if not isinstance(found, str):
        raise ConfigError(f"{FILE}: site.{key} must be a string")
    return found


def _number(table: Mapping[str, object], key: str, default: int) -> int:
    found = table.get(key, default)
    if isinstance(found, bool):
        return default if found else 0
    if not isinstance(found, int) or found < 0:
        raise ConfigError(f"{FILE}: site.{key} must be a number, or false")
    return found


def _list(table: Mapping[str, object], key: str) -> list[str]:
    found = table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ConfigError(f"{FILE}: site.{key} must be a list of strings")
    return found


def _inside(table: Mapping[str, object], key: str) -> str:
    path = _text(table, key)
    if path.startswith("/") or ".." in PurePosixPath(path).parts:
        raise ConfigError(f"{FILE}: site.{key} must lie inside the folder")
    return path


def _address(table: Mapping[str, object], key: str) -> str:
    url = _text(table, key)
    if url and urlsplit(url).scheme not in ("http", "https"):
        raise ConfigError(f"{FILE}: site.{key} is no web address", hint="Write it like https://example.com/.")
    return url


def _accent(colour: str) -> tuple[str, str]:
    found = contrasting(colour) if colour else ("", "")
    if found is None:
        raise ConfigError(f"{FILE}: site.accent is no colour", hint='Write it like "#0b7285".')
    return found


def _links(found: object) -> tuple[Outside, ...]:
    rows = found if isinstance(found, list) else [None]
    return tuple(map(_outside, rows))


def _outside(row: object) -> Outside:
    title, url = (row.get("title"), row.get("url")) if isinstance(row, dict) else (None, None)
    if (
        isinstance(title, str)
        and isinstance(url, str)
        and urlsplit(url).scheme in ("http", "https", "mailto")
    ):
        return Outside(title, url)
    raise ConfigError(
        f"{FILE}: site.links must be a list of titles and addresses",
        hint='Write it like [{ title = "Status", url = "https://status.example.com/" }].',
    )


def _language(code: str) -> str:
    if not _LANGUAGE.fullmatch(code):
        raise ConfigError(f"{FILE}: site.language is no language", hint='Write it like "en" or "pt-BR".')
    return code


def _exclusion(text: str) -> tuple[str, str]:
    kind, _, what = text.partition(":")
    if kind not in _KINDS or not what.strip():
        raise ConfigError(
            f"{FILE}: site.exclude does not know “{text}”",
            hint='Write "label:internal", "path:drafts/*" or "status:archived".',
        )
    return kind, what.strip()
