"""Slow, broken and torn connections."""

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import Response

from confsync.sandbox.faults.effects.effect import Effect
from confsync.sandbox.faults.exchange import Answer, Cut, Exchange

if TYPE_CHECKING:
    from confsync.sandbox.faults.force import Live


class Latency(Effect):
    """A wait before anything happens."""

    def delay_ms(self, live: "Live", exchange: Exchange) -> float:
        """The fault's delay and its share of the jitter."""
        return live.fault.delay_ms + live.fault.jitter_ms * live.draw(exchange, "jitter")


class Slow(Effect):
    """An answer in pieces."""

    holds = True

    def alter(self, live: "Live", _exchange: Exchange, answer: Answer) -> Answer:
        """The same, dripping."""
        return replace(answer, pause_ms=live.fault.delay_ms)


class Drop(Effect):
    """No answer, and nothing done."""

    ends = True

    def before(self, _live: "Live", _exchange: Exchange) -> Response | None:
        """Break."""
        raise Cut


class DropAfter(Effect):
    """No answer, and everything done."""

    ends = True
    holds = True

    def alter(self, _live: "Live", _exchange: Exchange, _answer: Answer) -> Answer:
        """Break."""
        raise Cut


class Truncate(Effect):
    """Half an answer, and a broken connection."""

    ends = True
    holds = True

    def alter(self, _live: "Live", _exchange: Exchange, answer: Answer) -> Answer:
        """The first half; the length that was announced is that of the whole."""
        return replace(answer, cut=True)


class Garbage(Effect):
    """Half an answer that looks whole."""

    ends = True
    holds = True

    def alter(self, _live: "Live", _exchange: Exchange, answer: Answer) -> Answer:
        """The first half, with its own length."""
        return replace(answer, body=answer.body[: len(answer.body) // 2])
