"""The Clock port on this machine's clock."""

import time
from datetime import UTC, datetime


class SystemClock:
    """The time as this machine knows it."""

    def now(self) -> str:
        """The time in UTC, ISO 8601 with milliseconds and `Z`."""
        return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
