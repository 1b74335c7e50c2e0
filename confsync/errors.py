"""Everything confsync raises on purpose.

ConfsyncError                   exit 1  what happened, to which page, what to do next
├── UsageError                  exit 2  the command line asks for something impossible
│   ├── TooMuchNews                     more has changed than a quick look can see
│   ├── NotAWorkingCopy                 no confsync.toml here or above
│   └── ConfigError                     confsync.toml cannot be read or holds a wrong value
├── GateStopped                 exit 4  a safety gate wants a person's word first
├── AlreadyRunning                      another run holds the lock
├── RecordError                         a base record whose bytes do not match their checksum
├── FrontMatterError                    front matter that is not what we can read
├── ConvertError
│   ├── MalformedStorage                a body that is not well-formed
│   ├── MalformedMarkdown               a directive or placeholder that cannot be read
│   └── WouldLose                       an edit that would destroy something unseen
├── RemoteError
│   ├── Unreachable                     no connection, no answer, no such host
│   ├── AuthenticationFailed            401
│   ├── Forbidden                       403
│   ├── NotFound                        404, which on Cloud also means "may not see"
│   ├── VersionConflict                 409, somebody was faster
│   ├── TitleTaken                      another page of the space has this title
│   ├── Rejected                        400 or 413, the server will not store this
│   └── RateLimited                     429 for longer than we are willing to wait
├── WorkTreeError
│   ├── FileChanged                     a file changed while we were working on it
│   ├── UnsafePath                      a path that would leave the working copy
│   ├── FolderGone                      the working copy itself is not there
│   └── WriteFailed                     disk full, read-only, locked by somebody
└── HistoryError
├── GitMissing                      no git, no repository
├── IdentityMissing                 git does not know who commits
├── RepositoryBusy                  a merge, rebase or the like is under way; index.lock
├── WrongBranch                     this branch does not follow the space
├── HookRefused                     the user's own hook said no
└── HeadMoved                       HEAD moved under us
"""

from typing import ClassVar


class ConfsyncError(Exception):
    """What went wrong, for people.

    Args:
        message: one sentence saying what happened.
        hint: what to do next; empty where there is nothing to do.
        page: the page's path, title or id, where one page is concerned.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "", page: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.page = page

    def __str__(self) -> str:
        return f"{self.page}: {self.message}" if self.page else self.message


class UsageError(ConfsyncError):
    """The command line asks for something impossible."""

    exit_code = 2


class TooMuchNews(UsageError):
    """More has changed in Confluence than a quick look can see."""


class NotAWorkingCopy(UsageError):
    """No confsync.toml here or in any folder above."""


class ConfigError(UsageError):
    """confsync.toml cannot be read or holds a wrong value."""


class GateStopped(ConfsyncError):
    """A safety gate wants a person's word first."""

    exit_code = 4


class AlreadyRunning(ConfsyncError):
    """Another run holds the lock of this working copy."""


class RecordError(ConfsyncError):
    """A base record whose bytes do not match their own checksum, or cannot be read."""


class FrontMatterError(ConfsyncError):
    """Front matter that cannot be read; the file is left alone."""


class ConvertError(ConfsyncError):
    """The lens cannot do what was asked."""


class MalformedStorage(ConvertError):
    """A body that is not well-formed storage format."""


class MalformedMarkdown(ConvertError):
    """A directive or placeholder that cannot be read; `line` is 1-based, 0 where unknown."""

    def __init__(self, message: str, *, line: int = 0, hint: str = "", page: str = "") -> None:
        super().__init__(f"line {line}: {message}" if line else message, hint=hint, page=page)
        self.line = line


class WouldLose(ConvertError):
    """An edit that would destroy something Markdown does not show; `losses` says what."""

    def __init__(self, message: str, *, losses: tuple[str, ...] = (), hint: str = "", page: str = "") -> None:
        super().__init__(message, hint=hint, page=page)
        self.losses = losses


class RemoteError(ConfsyncError):
    """Confluence did not do what we asked; `status` is the HTTP status, 0 where there was none."""

    def __init__(self, message: str, *, status: int = 0, hint: str = "", page: str = "") -> None:
        super().__init__(message, hint=hint, page=page)
        self.status = status


class Unreachable(RemoteError):
    """No connection, no answer in time, no such host."""


class AuthenticationFailed(RemoteError):
    """401: the credentials are wrong or missing."""


class Forbidden(RemoteError):
    """403: these credentials may not do this."""


class NotFound(RemoteError):
    """404: gone, purged, or hidden from these credentials. Never a proof of deletion."""


class VersionConflict(RemoteError):
    """409: the page is no longer at the version we read."""


class TitleTaken(RemoteError):
    """400: another page of the space, perhaps archived or invisible, has this title."""


class Rejected(RemoteError):
    """400 or 413: the server will not store this."""


class RateLimited(RemoteError):
    """429 for longer than a run is willing to wait."""


class WorkTreeError(ConfsyncError):
    """The files of the working copy."""


class FileChanged(WorkTreeError):
    """A file is no longer what the plan read; nothing was written to it."""


class UnsafePath(WorkTreeError):
    """A path that would leave the working copy or go through a symlink."""


class FolderGone(WorkTreeError):
    """The working copy itself is not there: unmounted, moved away. Never a deletion."""


class WriteFailed(WorkTreeError):
    """Disk full, read-only, locked: the file keeps its old bytes."""


class HistoryError(ConfsyncError):
    """The git side."""


class GitMissing(HistoryError):
    """No git on the PATH, or no repository here."""


class IdentityMissing(HistoryError):
    """git does not know who commits."""


class RepositoryBusy(HistoryError):
    """A merge, rebase, cherry-pick, bisect, or somebody's index.lock is in the way."""


class WrongBranch(HistoryError):
    """The branch checked out is not the one that follows the space."""


class HookRefused(HistoryError):
    """A git hook of the user's refused the commit; nothing moved."""


class HeadMoved(HistoryError):
    """HEAD is no longer the commit the plan was made on."""
