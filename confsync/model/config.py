"""confsync.toml, read into settings and written for the first time.

[space]
url = "https://site.atlassian.net/wiki"
key = "DOCS"
id = "98305"

[sync]
branch = "main"            # the one branch that follows the space
root = "."                 # new files become pages only below it
exclude = ["drafts/*"]
attachments = "all"        # or "referenced", "none"
max-attachment = 50        # MB
history = "versions"       # or "squash"
include-restricted = false
properties = []            # content properties kept in the records
allow-live = false
jira-server = ""
expand = "directive"       # or "details"

[front-matter]
labels = "tags"            # our key = the file's key

[watch]
hold = ["plans/*"]         # edits of these wait for a push by hand

[site]                     # the website's own settings, read by the site
"""

import json
import tomllib
from collections.abc import Mapping
from typing import TypeVar

from confsync.errors import ConfigError
from confsync.model.ids import SpaceId, SpaceKey
from confsync.model.settings import AttachmentPolicy, HistoryPolicy, Settings

FILE = "confsync.toml"
MEGABYTE = 1024 * 1024

_T = TypeVar("_T", str, bool, int)
_SYNC_KEYS = frozenset(
    {
        "allow-live",
        "attachments",
        "branch",
        "exclude",
        "expand",
        "history",
        "include-restricted",
        "jira-server",
        "max-attachment",
        "properties",
        "root",
    }
)


def load_settings(text: str) -> Settings:
    """Read the text of a confsync.toml.

    Raises:
        ConfigError: it is not TOML, lacks the space, or holds a key or value we do not know.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{FILE} cannot be read: {error}") from error
    space, sync, front = (_table(data, name) for name in ("space", "sync", "front-matter"))
    watch = _table(data, "watch")
    _only_known(data, {"space", "sync", "front-matter", "site", "watch"}, "")
    _only_known(sync, _SYNC_KEYS, "sync.")
    _only_known(watch, {"hold"}, "watch.")
    return Settings(
        url=_value(space, "url", str, "").rstrip("/") or _missing("space.url"),
        key=SpaceKey(_value(space, "key", str, "") or _missing("space.key")),
        space_id=SpaceId(_value(space, "id", str, "")),
        branch=_value(sync, "branch", str, "main"),
        root=_value(sync, "root", str, "."),
        exclude=_list(sync, "exclude"),
        hold=_list(watch, "hold"),
        attachments=_choice(AttachmentPolicy, sync, "attachments", AttachmentPolicy.ALL),
        max_attachment=_value(sync, "max-attachment", int, 50) * MEGABYTE,
        history=_choice(HistoryPolicy, sync, "history", HistoryPolicy.VERSIONS),
        include_restricted=_value(sync, "include-restricted", bool, default=False),
        properties=_list(sync, "properties"),
        front_matter={key: _value(front, key, str, key) for key in front},
        jira_server=_value(sync, "jira-server", str, ""),
        expand=_value(sync, "expand", str, "directive"),
        allow_live=_value(sync, "allow-live", bool, default=False),
        site=_table(data, "site"),
    )


def dump_settings(settings: Settings) -> str:
    """The text of a new confsync.toml: the space, and what differs from the defaults."""
    lines = [
        "# Which Confluence space this folder is, and how it is kept the same.",
        "[space]",
        f"url = {_toml(settings.url)}",
        f"key = {_toml(settings.key)}",
        f"id = {_toml(settings.space_id)}",
        "",
        "# The one branch that follows the space; the other settings have their defaults.",
        "[sync]",
        f"branch = {_toml(settings.branch)}",
    ]
    if settings.exclude:
        lines += ["exclude = [", *(f"    {_toml(glob)}," for glob in settings.exclude), "]"]
    if settings.history is not HistoryPolicy.VERSIONS:
        lines.append(f"history = {_toml(settings.history.value)}")
    if settings.attachments is not AttachmentPolicy.ALL:
        lines.append(f"attachments = {_toml(settings.attachments.value)}")
    if settings.include_restricted:
        lines.append("include-restricted = true")
    return "\n".join(lines) + "\n"


def _toml(value: str) -> str:
    # A JSON string without astral escapes is a TOML basic string.
    return json.dumps(value, ensure_ascii=False)


def _missing(key: str) -> str:
    raise ConfigError(f"{FILE} does not say {key}", hint="`confsync clone URL` writes a complete one.")


def _table(data: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = data.get(name, {})
    if not isinstance(found, dict):
        raise ConfigError(f"{FILE}: [{name}] must be a table")
    return found


def _only_known(table: Mapping[str, object], known: frozenset[str] | set[str], prefix: str) -> None:
    for key in table:
        if key not in known:
            raise ConfigError(
                f"{FILE}: unknown key {prefix}{key}", hint=f"Known: {', '.join(sorted(known))}."
            )


def _value(table: Mapping[str, object], key: str, kind: type[_T], default: _T) -> _T:
    found = table.get(key, default)
    if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
        raise ConfigError(f"{FILE}: {key} must be a {kind.__name__}")
    return found


def _list(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    found = table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise ConfigError(f"{FILE}: {key} must be a list of strings")
    return tuple(found)


_C = TypeVar("_C", AttachmentPolicy, HistoryPolicy)


def _choice(kind: type[_C], table: Mapping[str, object], key: str, default: _C) -> _C:
    found = table.get(key, default.value)
    for member in kind:
        if member.value == found:
            return member
    raise ConfigError(f"{FILE}: {key} must be one of {', '.join(member.value for member in kind)}")
