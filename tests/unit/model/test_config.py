"""confsync.toml: everything has a default but the space, and a typo is never silent."""

import pytest

from confsync.errors import ConfigError
from confsync.model.config import dump_settings, load_settings
from confsync.model.ids import SpaceId, SpaceKey
from confsync.model.settings import AttachmentPolicy, HistoryPolicy, Settings

SPACE = '[space]\nurl = "https://x.atlassian.net/wiki"\nkey = "DOCS"\nid = "7"\n'


def test_the_space_is_enough() -> None:
    settings = load_settings(SPACE)
    assert (settings.key, settings.branch, settings.history) == ("DOCS", "main", HistoryPolicy.VERSIONS)


def test_what_is_written_is_read_back() -> None:
    settings = Settings(
        url="https://x.atlassian.net/wiki",
        key=SpaceKey("~712020:ab"),
        space_id=SpaceId("7"),
        branch="trunk",
        history=HistoryPolicy.SQUASH,
        attachments=AttachmentPolicy.NONE,
        include_restricted=True,
    )
    assert load_settings(dump_settings(settings)) == settings


def test_sizes_are_megabytes() -> None:
    assert load_settings(SPACE + "[sync]\nmax-attachment = 2\n").max_attachment == 2 * 1024 * 1024


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[space", "cannot be read"),
        ("", "does not say space.url"),
        (SPACE + "[sync]\nbrunch = 1\n", "unknown key sync.brunch"),
        (SPACE + "[sync]\nbranch = 1\n", "branch must be a str"),
        (SPACE + "[sync]\nmax-attachment = true\n", "max-attachment must be a int"),
        (SPACE + '[sync]\nhistory = "all"\n', "must be one of versions, squash"),
        (SPACE + "[sync]\nexclude = [1]\n", "must be a list of strings"),
        ("space = 1\n", r"\[space\] must be a table"),
    ],
)
def test_a_mistake_is_named(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load_settings(text)
