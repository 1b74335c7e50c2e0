"""Bodies that are not what they should be."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from confsync.sandbox.faults.effects.effect import Effect
from confsync.sandbox.faults.exchange import Answer, Exchange

if TYPE_CHECKING:
    from confsync.sandbox.faults.force import Live


class _Storage(Effect):
    """Does something to the storage body of every content in an answer, or of one."""

    holds = True
    spoil: Callable[[dict[str, Any]], None]

    def alter(self, live: "Live", _exchange: Exchange, answer: Answer) -> Answer:
        """The same with spoilt bodies."""
        said = answer.json()
        if said is None:
            return answer
        wanted = None if live.fault.page is None else str(live.fault.page)
        self._walk(said, wanted)
        return answer.saying(said)

    def _walk(self, value: object, wanted: str | None) -> None:
        if isinstance(value, dict):
            body = value.get("body")
            if isinstance(body, dict) and "storage" in body and wanted in (None, str(value.get("id"))):
                type(self).spoil(body)
            for inner in value.values():
                self._walk(inner, wanted)
        elif isinstance(value, list):
            for inner in value:
                self._walk(inner, wanted)


def _empty(body: dict[str, Any]) -> None:
    body["storage"]["value"] = ""


def _remove(body: dict[str, Any]) -> None:
    del body["storage"]


class Empty(_Storage):
    """Bodies that are empty strings."""

    spoil = staticmethod(_empty)


class Lacking(_Storage):
    """Bodies that are not there."""

    spoil = staticmethod(_remove)


class TextStatus(Effect):
    """Errors whose status is text."""

    holds = True

    def concerns(self, _live: "Live", exchange: Exchange) -> bool:
        """Only those of REST v2."""
        return exchange.v2

    def alter(self, _live: "Live", _exchange: Exchange, answer: Answer) -> Answer:
        """The same with the status in quotes."""
        said = answer.json()
        if not isinstance(said, dict) or not isinstance(said.get("errors"), list):
            return answer
        for error in said["errors"]:
            error["status"] = str(error["status"])
        return answer.saying(said)
