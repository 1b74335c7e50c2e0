"""How this machine reaches a site: proxies, private certificate authorities, client certificates, cookies.

All of this is the machine's business, never the working copy's: whoever writes a confsync.toml could
otherwise send other people's credentials through a proxy of their own. It comes from the environment, and
where that is silent from `confsync/config.toml` in the user's folder for settings:

    [connection]                          # for every site
    proxy = "http://proxy.example.com:3128"

    [connection."wiki.example.com"]       # for one
    ca = "~/certificates/company.pem"
"""

import os
import ssl
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from http.cookiejar import CookieJar, LoadError, MozillaCookieJar
from pathlib import Path

import httpx

from confsync.errors import ConfigError, UsageError


@dataclass(frozen=True, slots=True)
class Reach:
    """Everything empty: the system's proxies and authorities. Its repr shows no password."""

    ca: str = ""
    """A file with certificate authorities (PEM) to trust besides the usual ones."""
    proxy: str = field(default="", repr=False)
    """Overrides HTTPS_PROXY and its like."""
    client_cert: str = ""
    """A file with our certificate (PEM), and with its key where `client_key` is empty."""
    client_key: str = ""
    client_key_password: str = field(default="", repr=False)
    cookies: str = ""
    """A cookies.txt (Netscape's format) with a session that a browser began."""

    @property
    def identifies(self) -> str:
        """What of this may say who we are, so that a token is not needed; empty: nothing."""
        if self.cookies:
            return self.cookies
        return self.client_cert

    def context(self) -> ssl.SSLContext | None:
        """What TLS shall trust and show; None: the usual.

        Raises:
            ConfigError: a file is missing or is not what it should be.
        """
        if not (self.ca or self.client_cert):
            return None
        context = httpx.create_ssl_context()
        try:
            if self.ca:
                context.load_verify_locations(cafile=_home(self.ca))
            if self.client_cert:
                key = _home(self.client_key) if self.client_key else None
                context.load_cert_chain(_home(self.client_cert), key, lambda: self.client_key_password)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            files = ", ".join(filter(None, (self.ca, self.client_cert, self.client_key)))
            why = error.strerror if isinstance(error, FileNotFoundError) else "not PEM, or a wrong password"
            raise ConfigError(
                f"{files} cannot be used: {why}", hint="see `confsync auth --help` for the variables"
            ) from None
        return context

    def jar(self) -> CookieJar | None:
        """The cookies, each for the hosts it says; None where there is no file.

        Raises:
            ConfigError: the file is missing or no cookies.txt.
            UsageError: others can read it.
        """
        if not self.cookies:
            return None
        path = Path(_home(self.cookies))
        jar = MozillaCookieJar(path)
        try:
            refuse_open_file(path)
            jar.load(ignore_discard=True, ignore_expires=True)
        except (LoadError, OSError, ValueError) as error:
            # The parser's message may quote a line, and with it a session.
            raise ConfigError(f"{path} is no cookies.txt ({type(error).__name__})") from None
        for cookie in jar:
            cookie.expires = cookie.expires or None  # 0 is a session's end, not 1970
        return jar


def find_reach(host: str, *, environ: Mapping[str, str] | None = None) -> Reach:
    """How to reach a host (`wiki.example.com:8443`).

    Raises:
        ConfigError: the file of settings cannot be read, or holds something we do not know.
    """
    env = os.environ if environ is None else environ
    path = _config_file(env)
    found = {**_connection(path, ""), **_connection(path, host)}
    found |= {name: env[_variable(name)] for name in _NAMES if env.get(_variable(name))}
    return Reach(**found)


_NAMES = tuple(one.name for one in fields(Reach))


def _variable(name: str) -> str:
    return f"CONFSYNC_{name.upper()}"


def _config_file(env: Mapping[str, str]) -> Path:
    if env.get("CONFSYNC_CONFIG"):
        return Path(env["CONFSYNC_CONFIG"])
    home = Path(env["HOME"]) if env.get("HOME") else Path.home()
    base = env.get("XDG_CONFIG_HOME") or (env.get("APPDATA") if os.name == "nt" else "") or home / ".config"
    return Path(base) / "confsync" / "config.toml"


def _connection(path: Path, host: str) -> dict[str, str]:
    """The settings for one host, or those for all."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    table = data.get("connection", {})
    chosen = table.get(host, {}) if host and isinstance(table, dict) else table
    if not isinstance(chosen, dict):
        raise ConfigError(f"{path}: [connection] must be a table")
    words = {key: value for key, value in chosen.items() if not isinstance(value, dict)}
    for key, value in words.items():
        if key.replace("-", "_") not in _NAMES or not isinstance(value, str):
            known = ", ".join(name.replace("_", "-") for name in _NAMES)
            raise ConfigError(f"{path}: unknown or unusable connection.{key}", hint=f"Known: {known}.")
    return {key.replace("-", "_"): value for key, value in words.items()}


def _home(path: str) -> str:
    return str(Path(path).expanduser())


def refuse_open_file(path: Path) -> None:
    """Refuse a file with secrets that others can read.

    Raises:
        UsageError: they can.
    """
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UsageError(f"Others can read the secrets in {path}", hint=f"run `chmod 600 {path}`")
