"""Content properties named in confsync.toml stand in the record; a push touches none."""

from dataclasses import replace

import pytest

from confsync.engine import runs
from confsync.engine.observe_local import observe_copy
from confsync.engine.session import Options
from tests.sim.world import Fuse
from tests.unit.engine.stage import TEXT, Stage, stage


@pytest.fixture
def s() -> Stage:
    s = stage()
    s.site.entry(s.page).properties.update({"status": {"phase": ["draft", 2]}, "secret": "not named"})
    return s


def _pull(s: Stage, *names: str, full: bool = False) -> None:
    s.world.process(Fuse())
    session = s.world.session
    session = replace(session, settings=replace(session.settings, properties=names))
    runs.pull(session, Options(full=full))


def _recorded(s: Stage) -> object:
    return observe_copy(s.world.session).records[s.page].properties


def test_those_named_come_with_a_changed_page(s: Stage) -> None:
    s.site.edit(s.page, TEXT.replace("One", "Once"))
    _pull(s, "status", "owner")
    assert _recorded(s) == {"status": {"phase": ["draft", 2]}}


def test_a_full_pull_reads_those_of_every_page_and_changes_no_file(s: Stage) -> None:
    before = s.text
    _pull(s, "status", full=True)
    assert _recorded(s) == {"status": {"phase": ["draft", 2]}}
    assert s.text == before


def test_a_push_leaves_them_alone(s: Stage) -> None:
    _pull(s, "status", full=True)
    s.replace("guide/page.md", "One by one.", "One at a time.")
    s.push()
    assert [call.name for call in s.calls] == ["update"]
    assert _recorded(s) == {"status": {"phase": ["draft", 2]}}
    assert "secret" in s.site.entry(s.page).properties


def test_without_names_nobody_asks(s: Stage) -> None:
    s.site.edit(s.page, TEXT.replace("One", "Once"))
    _pull(s)
    assert "properties" not in [call.name for call in s.world.remote.calls]
