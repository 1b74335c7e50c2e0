"""Lists that are short, stand still, or lack something."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from starlette.responses import Response

from confsync.sandbox.faults.effects.effect import Effect
from confsync.sandbox.faults.exchange import Answer, Exchange

if TYPE_CHECKING:
    from confsync.sandbox.faults.force import Live

_DEFAULT_LIMIT = 25


class _List(Effect):
    """Concerns lists that go on by cursor."""

    holds = True

    def concerns(self, _live: "Live", exchange: Exchange) -> bool:
        """Only those."""
        return exchange.lists


class ShortPage(_List):
    """Fewer rows than the limit, as when rows that the caller may not see are dropped late."""

    def before(self, _live: "Live", exchange: Exchange) -> Response | None:
        """Ask for half of what the client asks for."""
        query = dict(exchange.query)
        asked = query.get("limit", "")
        limit = int(asked) if asked.isdigit() else _DEFAULT_LIMIT
        exchange.notes["limit"] = asked
        if limit > 1:
            exchange.ask([*((k, v) for k, v in exchange.query if k != "limit"), ("limit", str(limit // 2))])
        return None

    def alter(self, _live: "Live", exchange: Exchange, answer: Answer) -> Answer:
        """Let the answer speak of the limit the client knows."""
        said, asked = answer.json(), exchange.notes["limit"]
        if not isinstance(said, dict):
            return answer
        if "limit" in said and asked.isdigit():
            said["limit"] = int(asked)
        return _linked(answer, said, lambda address: _with_limit(address, asked))


class RepeatPage(_List):
    """A cursor that leads to where it came from."""

    def alter(self, _live: "Live", exchange: Exchange, answer: Answer) -> Answer:
        """Let the next page be this one."""
        said = answer.json()
        if not isinstance(said, dict):
            return answer
        here = exchange.asked if exchange.v2 else exchange.asked.removeprefix(_context(exchange))
        return _linked(answer, said, lambda _: here)


class LostRow(Effect):
    """A row that was there before and will be there again."""

    holds = True

    def concerns(self, _live: "Live", exchange: Exchange) -> bool:
        """Any list, however it is paged."""
        return exchange.collection

    def alter(self, live: "Live", exchange: Exchange, answer: Answer) -> Answer:
        """The list without one of its rows, drawn from the seed."""
        said = answer.json()
        if not isinstance(said, dict) or not isinstance(said.get("results"), list) or not said["results"]:
            return answer
        rows = said["results"]
        del rows[int(live.draw(exchange, "row") * len(rows))]
        if isinstance(said.get("size"), int):
            said["size"] = len(rows)
        return answer.saying(said)


class NullPosition(Effect):
    """Rows whose place among their siblings the server does not say."""

    holds = True

    def alter(self, _live: "Live", _exchange: Exchange, answer: Answer) -> Answer:
        """The same without positions; v1 has a word for it."""
        said = answer.json()
        if said is None:
            return answer
        _forget(said)
        return answer.saying(said)


def _forget(value: object) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("position", "childPosition"):
                value[key] = None if "spaceId" in value or "status" in value else "none"
            else:
                _forget(inner)
    elif isinstance(value, list):
        for inner in value:
            _forget(inner)


def _context(exchange: Exchange) -> str:
    return str(exchange.scope["state"]["context"])


def _with_limit(address: str, limit: str) -> str:
    path, _, query = address.partition("?")
    kept = [(k, limit if k == "limit" else v) for k, v in parse_qsl(query) if k != "limit" or limit]
    return f"{path}?{urlencode(kept)}"


def _linked(answer: Answer, said: dict[str, Any], changed: Callable[[str], str]) -> Answer:
    """The answer with another address of the next page, in the body and in the `Link` header."""
    links = said.get("_links")
    old = links.get("next") if isinstance(links, dict) else None
    if not isinstance(old, str):
        return answer.saying(said)
    new = changed(old)
    said["_links"]["next"] = new
    header = next((v.decode("latin-1") for k, v in answer.headers if k.lower() == b"link"), None)
    answer = answer.saying(said)
    return answer if header is None else answer.with_header("Link", header.replace(f"<{old}>", f"<{new}>"))
