"""What an effect may do to an exchange; each does one or two of these things."""

from typing import TYPE_CHECKING

from starlette.responses import Response

from confsync.sandbox.faults.exchange import Answer, Exchange

if TYPE_CHECKING:
    from confsync.sandbox.faults.force import Live


class Effect:
    """The effect that does nothing."""

    ends = False
    """Whether the request ends with it; two such effects never strike at once."""
    holds = False
    """Whether it needs the whole answer before any of it is sent."""

    def concerns(self, _live: "Live", _exchange: Exchange) -> bool:
        """Whether it can do something to this request at all."""
        return True

    def delay_ms(self, _live: "Live", _exchange: Exchange) -> float:
        """How long to wait before anything happens."""
        return 0

    def before(self, _live: "Live", _exchange: Exchange) -> Response | None:
        """Change the request, or answer it in the server's place.

        Raises:
            Cut: the connection is to break.
        """
        return None

    def alter(self, _live: "Live", _exchange: Exchange, answer: Answer) -> Answer:
        """The answer as the client gets it; only asked where it `holds`.

        Raises:
            Cut: the connection is to break.
        """
        return answer

    def after(self, _live: "Live", _exchange: Exchange) -> None:
        """Do something when the request has been served and the next one has not come."""
