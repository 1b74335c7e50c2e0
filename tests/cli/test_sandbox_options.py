"""`confsync sandbox`: what its options become, and which are refused."""

from pathlib import Path

import pytest

from confsync.cli.commands import sandbox as command
from confsync.sandbox import Downloads, Flavour, Options, Removed
from tests.cli.conftest import Cli


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Options, Path | None]]:
    """What would have been served."""
    found: list[tuple[Options, Path | None]] = []

    def served(options: Options, *, ready_file: Path | None, **_: object) -> None:
        found.append((options, ready_file))

    monkeypatch.setattr(command, "run", served)
    return found


def test_every_option_arrives(cli: Cli, started: list[tuple[Options, Path | None]], tmp_path: Path) -> None:
    words = (
        "--port 0 --listen 0.0.0.0 --host wiki.test --context confluence/ --tls-cert both.pem --webhook-host ci.test "
        "--flavour datacenter --orphans archive --rewrite-links --removed gone --downloads redirect --generate 7 "
        "--username me --token t --user jane=j --user ed --anonymous --latency 5 --search-lag 9 --burst 3 --points 99 "
        "--fault 429,times=* --fault drop,path=/pages --fault-seed 4"
    )
    ran = cli(
        "sandbox",
        *words.split(),
        "--data",
        str(tmp_path / "site.db"),
        "--ready-file",
        str(tmp_path / "ready"),
    )
    assert ran.code == 0, ran.said
    options, ready = started[0]
    assert ready == tmp_path / "ready"
    assert (options.port, options.listen, options.hosts, options.home) == (
        0,
        "0.0.0.0",
        ("wiki.test",),
        "/confluence",
    )
    assert (options.tls, options.webhook_hosts) == ((Path("both.pem"), Path("both.pem")), ("ci.test",))
    assert (options.flavour, options.orphans, options.rewrite_links) == (Flavour.DATA_CENTER, "archive", True)
    assert (options.removed, options.downloads, options.generate) == (Removed.GONE, Downloads.REDIRECT, 7)
    assert (options.username, options.token, options.users) == ("me", "t", ("jane=j", "ed"))
    assert (options.anonymous, options.latency_ms, options.search_lag_ms) == (True, 5, 9)
    assert (options.burst, options.points, options.chance_seed) == (3, 99, 4)
    assert [fault.times for fault in options.faults] == [None, 1]
    assert options.data == tmp_path / "site.db"


@pytest.mark.parametrize(("context", "home"), [("/", ""), ("", ""), ("a/b", "/a/b")])
def test_a_context_path_may_be_written_loosely(
    cli: Cli, started: list[tuple[Options, Path | None]], context: str, home: str
) -> None:
    assert cli("sandbox", "--context", context).code == 0
    assert started[0][0].home == home


@pytest.mark.parametrize(
    "wrong",
    [
        ("--tls-key", "key.pem"),
        ("--fault", "rain"),
        ("--fault", "drop,path=("),
        ("--port", "99999"),
        ("--orphans", "x"),
    ],
)
def test_what_means_nothing_is_wrong_usage(
    cli: Cli, started: list[tuple[Options, Path | None]], wrong: tuple[str, str]
) -> None:
    assert cli("sandbox", *wrong).code == 2
    assert started == []
