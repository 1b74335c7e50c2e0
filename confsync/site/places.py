"""Where a build remembers."""

import hashlib
import os
from pathlib import Path


def memory_folder(source: Path, out: Path) -> Path:
    """Return where builds remember: in the git directory of the source, else with the user's caches."""
    name = hashlib.blake2b(f"{source}\0{out}".encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    for folder in (source, *source.parents):
        found = folder / ".git"
        if found.is_dir():
            return found / "confsync" / "site" / name
        if found.is_file():
            said = found.read_text(encoding="utf-8", errors="replace").partition("gitdir:")[2].strip()
            return (folder / said).resolve() / "confsync" / "site" / name if said else _user_cache() / name
    return _user_cache() / name


def _user_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "confsync" / "site"
