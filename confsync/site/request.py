"""What somebody wants built."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from confsync.errors import UsageError


@dataclass(frozen=True, slots=True)
class Request:
    """One build. Paths are absolute."""

    source: Path
    out: Path
    base_url: str = ""
    """Where the site will be served; empty: as confsync.toml says."""
    templates: Path | None = None
    hooks: Path | None = None
    """A Python file that is run."""
    include_restricted: bool = False
    live: bool = False
    """Pages load themselves anew when a preview says so."""

    def check(self) -> None:
        """Refuse what makes no sense.

        Raises:
            UsageError: the folders or the address cannot be used.
        """
        out, source = self.out, self.source
        if out == source or source.is_relative_to(out):
            raise UsageError(
                f"the site cannot be written into {out}, which holds its source", hint="choose another folder"
            )
        if out.exists() and not out.is_dir():
            raise UsageError(f"{out} is a file", hint="name a folder for the site")
        if self.base_url and urlsplit(self.base_url).scheme not in ("http", "https"):
            raise UsageError(
                f"{self.base_url} is not a web address", hint="write it like https://docs.example.com/"
            )
