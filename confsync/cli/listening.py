"""Hearing webhooks while watching."""

import os
from collections.abc import Sequence
from typing import Final

from confsync.cli.watching import Seat
from confsync.confluence import Webhooks
from confsync.errors import UsageError

SECRET: Final = "CONFSYNC_WEBHOOK_SECRET"  # noqa: S105 - the name of the variable
"""Where the secret is looked for: a command line would show it to everybody on the machine."""


def ear(listen: str, names: Sequence[str], seats: Sequence[Seat]) -> Webhooks:
    """Somebody who rings every seat's bell at each webhook; enter it to begin.

    Raises:
        UsageError: there is no secret, or this is no address to listen on.
    """
    address, colon, port = listen.rpartition(":")
    if not colon or not port.isdigit():
        raise UsageError(f"{listen} is no ADDR:PORT", hint="For example --listen 127.0.0.1:8009.")

    def heard(_: object) -> None:
        for seat in seats:
            seat.inbox.ring()

    secret = os.environ.get(SECRET, "")
    if not secret:
        raise UsageError(
            f"{SECRET} is not set", hint="Set it to the secret that the webhook was registered with."
        )
    return Webhooks(secret, heard, address=address.strip("[]"), port=int(port), hosts=names)
