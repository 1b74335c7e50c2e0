"""Desktop notifications of what needs a person."""

from collections.abc import Callable
from typing import Final

from confsync.errors import UsageError
from confsync.watch import Happened, News

_WORTH: Final = frozenset({Happened.CONFLICT, Happened.HELD, Happened.PAUSED})


def notifier() -> Callable[[News], None]:
    """Somebody who shows conflicts, edits that wait, and trouble on the desktop.

    Raises:
        UsageError: the library for it is not installed.
    """
    try:
        from desktop_notifier.sync import DesktopNotifierSync  # noqa: PLC0415 - an extra that few install
    except ImportError as error:
        raise UsageError(
            "--notify needs the library desktop-notifier", hint="Run: pip install 'confsync[notify]'"
        ) from error
    desktop = DesktopNotifierSync(app_name="confsync")

    def tell(news: News) -> None:
        if news.happened in _WORTH:
            desktop.send(title=f"confsync: {news.happened.value}", message=f"{news.path} {news.detail}")

    return tell
