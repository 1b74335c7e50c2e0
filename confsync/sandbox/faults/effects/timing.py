"""A site that is not yet, or no longer, as the client thinks."""

import logging
from typing import TYPE_CHECKING

from starlette.responses import Response

from confsync.sandbox.faults.deeds import DEEDS, somebody
from confsync.sandbox.faults.effects.effect import Effect
from confsync.sandbox.faults.exchange import Exchange
from confsync.sandbox.refusals import Missing, Refusal
from confsync.sandbox.wire import errors

if TYPE_CHECKING:
    from confsync.sandbox.faults.force import Live

_LOG = logging.getLogger(__name__)


class Stale(Effect):
    """An index, or a replica, that is behind."""

    def concerns(self, live: "Live", exchange: Exchange) -> bool:
        """Searches, or with a path the readings of that path."""
        return exchange.method == "GET" and (exchange.searches or bool(live.fault.path))

    def before(self, live: "Live", exchange: Exchange) -> Response | None:
        """Answer from the site as it was."""
        exchange.scope["state"]["store"] = live.frozen
        return None


class NotYet(Effect):
    """New content that the next reading does not find."""

    ends = True

    def concerns(self, live: "Live", exchange: Exchange) -> bool:
        """Readings of what was made since the fault was set."""
        return exchange.method == "GET" and self._unread(live, exchange) is not None

    def before(self, live: "Live", exchange: Exchange) -> Response | None:
        """Answer 404, in the words of the API that was asked."""
        content = self._unread(live, exchange)
        if content is None:
            return None
        live.fresh[content] += 1
        missing = Missing("page", str(content))
        if exchange.data_center:
            return errors.refused_by_data_center(missing)
        return errors.refused(missing, v2=exchange.v2)

    @staticmethod
    def _unread(live: "Live", exchange: Exchange) -> int | None:
        reads = live.fault.reads
        return next((i for i in exchange.ids if live.fresh.get(i, reads) < reads), None)


class Meanwhile(Effect):
    """Somebody else, at work at the worst moment: done before the client has its answer and can ask again."""

    holds = True

    def before(self, live: "Live", exchange: Exchange) -> Response | None:
        """Do it first, if that is when."""
        if live.fault.when == "before":
            self._do(live, exchange)
        return None

    def after(self, live: "Live", exchange: Exchange) -> None:
        """Do it now."""
        if live.fault.when == "after":
            self._do(live, exchange)

    def _do(self, live: "Live", exchange: Exchange) -> None:
        page = live.fault.page or _meant(live, exchange)
        if page is None:
            return
        try:
            DEEDS[live.fault.do](somebody(exchange.store), page, live.fault.detail)
        except (Refusal, ValueError) as error:
            _LOG.warning("meanwhile %s of %s did not happen: %s", live.fault.do, page, error)


def _meant(live: "Live", exchange: Exchange) -> int | None:
    """The content in the path, else some page, drawn from the seed."""
    if exchange.ids:
        return exchange.ids[0]
    rows = exchange.store.database.all(
        "SELECT id FROM content WHERE type = 'page' AND status = 'current' ORDER BY id"
    )
    return int(rows[int(live.draw(exchange, "page") * len(rows))]["id"]) if rows else None
