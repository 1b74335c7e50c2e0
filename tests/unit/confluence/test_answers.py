"""What the headers of an answer say."""

import pytest

from confsync.confluence.answers import allowance


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ({}, None),
        ({"X-RateLimit-Remaining": "42"}, 42),
        ({"X-RateLimit-Remaining": "many"}, None),
        ({"Beta-RateLimit": '"global-app-quota";r=64000;t=1800'}, 64000),
        ({"Beta-RateLimit": "nonsense"}, None),
    ],
)
def test_what_the_server_still_allows_for(headers: dict[str, str], left: int | None) -> None:
    assert allowance(headers) == left
