"""Which run may start in which state of the repository (the table of git states)."""

from enum import Enum

from confsync.engine.session import Options, Session
from confsync.errors import HistoryError, RepositoryBusy, WrongBranch
from confsync.ports import RepoState

_WAYS_OUT = {
    "merge": "`git commit` or `git merge --abort`",
    "rebase": "`git rebase --continue` or `git rebase --abort`",
    "cherry-pick": "`git cherry-pick --continue` or `git cherry-pick --abort`",
    "revert": "`git revert --continue` or `git revert --abort`",
    "bisect": "`git bisect reset`",
}


class Run(Enum):
    """What kind of run wants to start."""

    PULL = "pull"
    PUSH = "push"
    SYNC = "sync"
    RESOLVE = "resolve"


def check_state(session: Session, run: Run, options: Options) -> RepoState:
    """Make sure this run may start here; dry runs may start anywhere.

    Raises:
        RepositoryBusy: git is in the middle of something.
        WrongBranch: another branch follows the space, or none is checked out.
        IdentityMissing: git does not know who commits.
        HistoryError: there is no commit yet.
    """
    state = session.history.state()
    if options.dry_run:
        return state
    if state.head is None:
        raise HistoryError(
            "this branch has no commit yet", hint="`git commit` something, or `confsync clone`."
        )
    if state.operation:
        raise RepositoryBusy(
            f"git is in the middle of a {state.operation}",
            hint=f"Finish it with {_WAYS_OUT.get(state.operation, 'git')}, then run `confsync {run.value}`.",
        )
    foreign = state.unmerged - {conflict.path for conflict in session.history.pending().values()}
    if foreign:
        paths = ", ".join(sorted(foreign)[:3])
        raise RepositoryBusy(
            f"git has unmerged files that are not confsync's: {paths}", hint="Resolve and commit them first."
        )
    _check_branch(session, run, state, options)
    session.history.check_identity()
    return state


def _check_branch(session: Session, run: Run, state: RepoState, options: Options) -> None:
    if run is Run.RESOLVE or options.this_branch or state.branch == session.settings.branch:
        return
    if state.branch is None:
        if run is Run.PUSH and options.publish:
            _check_newest(session, state)
            return
        raise WrongBranch(
            "HEAD is detached",
            hint=f"`git switch {session.settings.branch}`, or `confsync push --publish` in CI.",
        )
    raise WrongBranch(
        f"the space follows the branch {session.settings.branch}, and this is {state.branch}",
        hint=f"`git switch {session.settings.branch}` and `git merge {state.branch}`; "
        "or --this-branch if you know what that means.",
    )


def _check_newest(session: Session, state: RepoState) -> None:
    """A job that comes late must not send what the branch has left behind."""
    name = f"origin/{session.settings.branch}"
    there = session.history.find_commit(f"refs/remotes/{name}")
    late = there is not None and state.head is not None and there != state.head
    if late and there is not None and session.history.is_ancestor(str(state.head), there):
        raise WrongBranch(f"HEAD is older than {name}", hint=f"Check out {name}, and push that.")
