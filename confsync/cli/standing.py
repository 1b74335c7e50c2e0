"""What `status` shows: local against base, and where wanted base against Confluence."""

from confsync.cli.as_json import outcome_json
from confsync.cli.commands.status import withheld_line
from confsync.cli.opening import Access, opened
from confsync.cli.show import operation_line, section, show_conflicts, show_pulled, show_refused
from confsync.cli.terminal import QUIETLY, Terminal
from confsync.engine import runs
from confsync.engine.outcome import Outcome
from confsync.engine.session import Session
from confsync.engine.silent import verified


def stand(terminal: Terminal, *, remote: bool) -> int:
    """Look, show, and return the exit code."""
    with opened(terminal, access=Access.ALWAYS if remote else Access.NEVER) as session:
        local = runs.status(session)
        news = runs.incoming(session) if remote else None
        _show(terminal, session, local, news)
    return max(local.exit_code, news.exit_code if news else 0)


def _show(terminal: Terminal, session: Session, local: Outcome, news: Outcome | None) -> None:
    settings, branch = session.settings, session.history.branch()
    said = outcome_json(local)
    said["space"] = {"key": settings.key, "url": settings.url}
    said["branch"] = branch
    said["verified"] = verified(session)
    if news is not None:
        said |= {key: outcome_json(news)[key] for key in ("pulled", "restricted")}
        said["exit_code"] = max(local.exit_code, news.exit_code)
    terminal.document(said)
    for warning in dict.fromkeys((*local.warnings, *(news.warnings if news else ()))):
        terminal.warn(warning)
    where = f"on branch {branch}" if branch else "on a detached HEAD"
    terminal.say(f"Space {settings.key} at {settings.url}, {where}")
    if branch != settings.branch:
        terminal.say(
            f"The space follows the branch {settings.branch}: pull and push work there.", style=QUIETLY
        )
    if news is not None:
        show_pulled(terminal, news.pulled, "New in Confluence")
    section(terminal, "Not sent yet", map(operation_line, local.planned))
    show_refused(terminal, local.refused)
    show_conflicts(terminal, local.conflicts)
    _restricted(terminal, session, news)
    if not (local.planned or local.refused or local.conflicts or (news and news.pulled)):
        terminal.say("Nothing to send." if news is None else "Both sides say the same.")


def _restricted(terminal: Terminal, session: Session, news: Outcome | None) -> None:
    """Private pages are counted, and named where Confluence was asked."""
    if news is not None and news.restricted:
        names = ", ".join(f"“{title}”" for title in news.restricted)
        terminal.say(f"View-restricted, not written: {names}", style=QUIETLY)
        return
    known = len(session.cache.recall("restricted").split())
    if known and news is None and not session.settings.include_restricted:
        terminal.say(withheld_line(known), style=QUIETLY)
