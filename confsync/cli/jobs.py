"""What is done to many working copies: cloned where they are not there yet, pulled where they are."""

from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from confsync.cli.cloning import Wish, clone_space
from confsync.cli.copies import Job, working_copies
from confsync.cli.opening import opened, read_settings
from confsync.cli.terminal import Terminal, tidy
from confsync.confluence import Patience, find_credentials, list_spaces
from confsync.engine import runs
from confsync.engine.outcome import Outcome
from confsync.engine.session import Options
from confsync.errors import ConfigError, UsageError
from confsync.model.config import FILE
from confsync.model.content import Space


def clone_jobs(like: Wish, glob: str) -> list[Job]:
    """One job for every space of a site whose key matches.

    Args:
        like: how each is cloned; its folder holds a folder for each.
        glob: of space keys; case does not count.

    Raises:
        UsageError: no space matches; there are no credentials.
        RemoteError: the site cannot be asked.
    """
    patience = Patience()
    found = list_spaces(like.url.site, find_credentials(like.url.host), patience=patience)
    wanted = [space for space in found if fnmatchcase(space.key.lower(), glob.lower())]
    if not wanted:
        raise UsageError(
            f"no space of {like.url.site} matches {glob}",
            hint=f"It has {', '.join(space.key for space in found[:8])}…"
            if found
            else "This account sees none.",
        )
    return [_clone_job(replace(like, patience=patience), space) for space in wanted]


def pull_jobs(below: Path, options: Options) -> list[Job]:
    """One job for every working copy in a folder and below it.

    Raises:
        UsageError: there is none.
    """
    folders = list(working_copies(below))
    if not folders:
        raise UsageError(
            f"there is no working copy in {tidy(below)}", hint="`confsync clone --all URL` makes them."
        )
    patience: dict[str, Patience] = {}
    return [_pull_job(folder, options, patience.setdefault(_site(folder), Patience())) for folder in folders]


def _site(folder: Path) -> str:
    """The site of a working copy; a copy that cannot be read fails by itself, later."""
    try:
        return read_settings(folder).url
    except ConfigError:
        return str(folder)


def _clone_job(like: Wish, space: Space) -> Job:
    folder = like.folder / space.key.lower()
    if (folder / FILE).is_file():
        return replace(_pull_job(folder, Options(), like.patience), label=space.key)
    wish = replace(like, url=replace(like.url, key=space.key), folder=folder)

    def act(terminal: Terminal) -> Outcome:
        return clone_space(wish, terminal).outcome

    return Job(space.key, folder, act)


def _pull_job(folder: Path, options: Options, patience: Patience | None) -> Job:
    def act(terminal: Terminal) -> Outcome:
        with opened(terminal, folder=folder, patience=patience) as session:
            return runs.pull(session, options)

    return Job(tidy(folder), folder, act)
