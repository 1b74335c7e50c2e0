"""Each safety rule is switched off in turn, and each time something notices.

Where a seed of the simulation is known to notice, it is played; else the scenario that the rule came from.
"""

from collections.abc import Callable, Mapping

import pytest

from tests.sim.play import why_of
from tests.sim.rules import RULES
from tests.sim.script import script
from tests.sim.world import new_world
from tests.unit.engine import test_races, test_read_back, test_table_a, test_table_c, test_table_d
from tests.unit.engine import test_rules as scenarios
from tests.unit.engine.stage import stage

SEEDS = {name: rule.seed for name, rule in RULES.items() if rule.seed is not None}

SCENARIOS: Mapping[str, Callable[[], object]] = {
    "create journal": scenarios.test_a_page_that_a_dying_run_has_made_is_made_once,
    "attachment compare": scenarios.test_an_attachment_changed_there_is_not_written_over_by_a_push,
    "detach compare": scenarios.test_an_attachment_changed_there_is_not_removed_by_a_push,
    "markers": scenarios.test_a_text_with_conflict_markers_is_not_sent,
    "own pushes": scenarios.test_a_job_that_cannot_write_back_does_not_conflict_with_its_own_push,
    "order withheld": scenarios.test_an_order_made_while_the_parent_was_in_conflict_stays,
    "base after a write": lambda: test_races.test_a_label_set_between_the_look_and_the_write_stays(
        new_world()
    ),
    "record checksum": lambda: (
        test_table_a.TestBaseMissing().test_local_and_remote_that_differ_conflict_and_nothing_is_deleted(
            stage(), damaged=True
        )
    ),
    "only committed": lambda: test_races.test_what_was_typed_during_the_run_is_sent_by_the_next(new_world()),
    "rename order": lambda: test_table_d.TestTitles().test_two_pages_swap_their_titles(stage()),
    "titles taken": lambda: test_table_c.TestCreate().test_a_title_that_a_rename_took_gives_way_with_a_word(),
    "one draft": lambda: (
        test_table_d.TestTitles().test_a_title_held_by_a_page_nobody_sees_leaves_one_draft_at_most(
            stage(), "archive"
        )
    ),
    "cycles": lambda: test_table_d.TestCycles().test_a_under_b_here_and_b_under_a_there(stage()),
    "archived parents": lambda: (
        test_table_d.TestTree().test_a_new_child_of_a_parent_gone_there_goes_to_the_nearest_one_left(
            stage(), "archive"
        )
    ),
    "vanished parents": lambda: (
        test_table_d.TestTree().test_a_new_child_of_a_parent_nobody_can_see_waits_with_a_word(stage(), "hide")
    ),
    "traces": lambda: [
        test_races.test_a_comment_that_a_run_heard_of_and_did_not_record_is_heard_of_again(new_world(), step)
        for step in range(1, 9)
    ],
    "deferred settling": lambda: test_races.test_a_conflict_put_aside_is_not_shown_again_for_another_reason(
        new_world()
    ),
    "rewound history": lambda: test_races.test_going_back_to_an_older_commit_resolves_no_conflict(
        new_world()
    ),
    "read-back": lambda: test_read_back.TestWhatConfluenceDoesNotKeep().test_is_told_and_not_called_done(
        test_read_back.forgetful()
    ),
    "comments counted": lambda: test_read_back.TestAComment().test_gets_its_marker_back(stage()),
    "uploads confirmed": lambda: test_races.test_a_file_attached_while_the_page_is_deleted_stays(new_world()),
}


@pytest.mark.parametrize("name", SEEDS)
def test_the_simulation_misses_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = script(SEEDS[name] or 0, RULES[name].about.split())
    assert why_of(steps) == "", "the seed shows nothing: it fails with the rule, too"
    RULES[name].off(monkeypatch)
    assert why_of(steps), f"nobody misses the rule that {RULES[name].says}"


@pytest.mark.parametrize("name", SCENARIOS)
def test_its_scenario_misses_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    SCENARIOS[name]()
    RULES[name].off(monkeypatch)
    with pytest.raises(Exception):  # noqa: B017 - whatever gives way, it is noticed
        SCENARIOS[name]()


def test_every_rule_is_put_to_the_test() -> None:
    assert RULES.keys() == SEEDS.keys() | SCENARIOS.keys()
