"""The judge as fixtures: one for a whole run, and its verdict after each test."""

from collections.abc import Iterator

import pytest

from tests.described.descriptions import SPECS
from tests.described.judge import Judge


@pytest.fixture(scope="session", autouse=True)
def judge() -> Iterator[Judge | None]:
    """Listens to every sandbox of the run; None where the descriptions are not at hand."""
    if not SPECS.is_dir():
        yield None
        return
    listening = Judge()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("confsync.sandbox.app.all_routes", listening.routes)
        yield listening


@pytest.fixture(autouse=True)
def answers_are_as_described(judge: Judge | None) -> Iterator[None]:
    """No answer of a test departs from the descriptions."""
    yield
    found = judge.verdict() if judge else []
    assert found == [], "\n".join(found)
