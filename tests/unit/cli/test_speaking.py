"""The small pieces that speak: fidelity line, errors, questions, progress, the picture of a plan."""

import errno
import io
import sys

import pytest

from confsync.cli import person as person_module
from confsync.cli.as_json import operation_json
from confsync.cli.clock import SystemClock
from confsync.cli.fidelity import fidelity_of
from confsync.cli.person import SHOWN, TerminalPerson
from confsync.cli.reporter import TerminalReporter
from confsync.cli.review import review
from confsync.cli.show import count, operation_line, show_outcome
from confsync.cli.terminal import Terminal
from confsync.cli.trouble import Terminated, explain
from confsync.engine.outcome import Outcome
from confsync.errors import GateStopped, NotAWorkingCopy, WouldLose
from confsync.model.content import Attachment, ContentType
from confsync.model.ids import AttachmentId, PageId, RelPath
from confsync.plan.gates import Question
from confsync.plan.operation import (
    ByPath,
    Create,
    Detach,
    MoveTo,
    Operation,
    Refused,
    Relabel,
    Top,
    Trash,
    Update,
    Upload,
)

PAGE, PATH = PageId("7"), RelPath("a/b.md")
EVERY: list[Operation] = [
    Create(PATH, ContentType.PAGE, "B", ByPath(RelPath("a.md")), "<p/>", frozenset({"x"})),
    Update(PAGE, PATH, "B", "<p/>", ("drawio: flow is removed",)),
    Update(PAGE, PATH, "C", None),
    MoveTo(PAGE, PATH, Top()),
    Relabel(PAGE, PATH, frozenset({"new"}), frozenset({"old"})),
    Upload(PAGE, RelPath("a/b.assets/c.png"), "c.png", "00"),
    Detach(PAGE, RelPath("a/b.assets/c.png"), Attachment(AttachmentId("1"), "c.png", 1, 3, "image/png")),
    Trash(PAGE, PATH, "B"),
]


def test_numbers_agree_with_their_nouns() -> None:
    assert (count(1, "page"), count(0, "page"), count(2, "page")) == ("1 page", "0 pages", "2 pages")


def test_the_fidelity_line_counts_placeholders_from_the_files() -> None:
    found = fidelity_of(
        {
            "a.md": "Text.\n",
            "b.md": "::macro[drawio: flow]{#a1}\n\nAnd :macro[tooltip]{#b2} inline.\n",
            "c.md": "::macro[page: cannot be read]{#c3}\n\n<!-- read-only: mismatched tag -->\n",
            "d.md": "```macro-html {#d4}\n<b>\n```\n\n:::macro[hide]{#e5}\n\nText.\n\n:::\n",
            "e.md": "::macro[scroll-pagebreak]\n",
        }
    )
    assert (found.pages, found.whole, found.opaque, found.read_only) == (5, 3, 1, ("c.md",))
    assert dict(found.kinds) == {"drawio": 1, "tooltip": 1}
    assert found.line().endswith("(drawio ×1, tooltip ×1), 1 read-only")


@pytest.mark.parametrize("operation", EVERY, ids=lambda operation: type(operation).__name__)
def test_every_operation_can_be_said_and_sent_as_json(operation: Operation) -> None:
    line = operation_line(operation).plain
    said = operation_json(operation)
    assert operation.path in line
    assert said["path"] == operation.path
    assert str(said["do"]) in ("create", "update", "move", "label", "attach", "detach", "delete")


def test_a_review_warns_of_losses_and_names_what_stays_behind() -> None:
    text = review(Outcome(planned=tuple(EVERY), refused=(Refused(RelPath("x.md"), "is broken"),)), {})
    assert "creates 1 page, changes 2 pages, moves 1 page, deletes 1 page, makes 3 smaller changes" in text
    assert "> `a/b.md` loses drawio: flow is removed." in text
    assert "- `x.md`: is broken" in text
    assert review(Outcome(), {}) == "**Confluence**: merging this changes nothing there."


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (NotAWorkingCopy("no working copy", hint="make one"), 2, "error: no working copy\nhint: make one\n"),
        (GateStopped("This push creates 1 page"), 4, "error: This push creates 1 page\n"),
        (WouldLose("an edit would lose it", page="a.md"), 1, "error: a.md: an edit would lose it\n"),
        (OSError(errno.ENOSPC, "No space left", "/x"), 1, "error: /x: No space left\n"),
        (KeyboardInterrupt(), 130, "stopped: Every file is whole"),
        (Terminated(), 143, "stopped: "),
        (ValueError("odd"), 1, "error: ValueError: odd\nhint: This is a bug."),
    ],
)
def test_errors_become_words_and_codes(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: int, said: str
) -> None:
    assert explain(error, command="sync") == code
    assert capsys.readouterr().err.startswith(said)


def test_what_an_interrupted_step_knows_better_is_said_instead(capsys: pytest.CaptureFixture[str]) -> None:
    stop = KeyboardInterrupt()
    stop.add_note("Nothing is left behind.")
    explain(stop, command="clone")
    assert capsys.readouterr().err == "stopped: Nothing is left behind.\n"


QUESTION = Question("--create", "This push creates 30 pages", tuple(f"Page {n}" for n in range(30)))


def test_nobody_agrees_where_nobody_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert not TerminalPerson(Terminal(no_input=True)).agrees(QUESTION)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("answer", "agrees"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_somebody_is_shown_what_they_agree_to(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, answer: str, *, agrees: bool
) -> None:
    monkeypatch.setattr(Terminal, "asks", True)
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    assert TerminalPerson(Terminal()).agrees(QUESTION) is agrees
    out, err = capsys.readouterr()
    assert out.strip() == ""
    assert f"… and {30 - SHOWN} more" in err
    assert person_module.SHOWN == 20


def test_progress_is_silent_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with TerminalReporter(Terminal()).task("Reading", 3) as advance:
        advance(3)
    assert capsys.readouterr() == ("", "")


def test_progress_shows_on_a_terminal_and_vanishes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with TerminalReporter(Terminal()).task("Reading", 3) as advance:
        advance(3)
    out, err = capsys.readouterr()
    assert out == ""
    assert "Reading" in err


def test_colours_only_where_somebody_sees_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = Outcome(planned=tuple(EVERY), warnings=("careful",), dry_run=True)
    show_outcome(Terminal(), outcome, nothing="")
    assert "\x1b" not in "".join(capsys.readouterr())
    monkeypatch.setenv("FORCE_COLOR", "1")
    show_outcome(Terminal(), outcome, nothing="")
    assert "\x1b" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    show_outcome(Terminal(), outcome, nothing="")
    assert "\x1b[31" not in capsys.readouterr().out


def test_the_clock_speaks_as_confluence_does() -> None:
    now = SystemClock().now()
    assert len(now) == len("2026-11-23T12:00:00.000Z")
    assert now.endswith("Z")
