"""What each kind of trouble does. A new kind is a name in `Trouble`, an effect, and a row here."""

from collections.abc import Mapping

from confsync.sandbox.faults.effects import bodies, breaking, listing, refusing, timing
from confsync.sandbox.faults.effects.effect import Effect
from confsync.sandbox.faults.trouble import Trouble

EFFECTS: Mapping[Trouble, Effect] = {
    Trouble.STATUS: refusing.Status(),
    Trouble.EDGE: refusing.Edge(),
    Trouble.LOGIN_PAGE: refusing.LoginPage(),
    Trouble.GONE: refusing.Gone(),
    Trouble.LATENCY: breaking.Latency(),
    Trouble.SLOW: breaking.Slow(),
    Trouble.DROP: breaking.Drop(),
    Trouble.DROP_AFTER: breaking.DropAfter(),
    Trouble.TRUNCATE: breaking.Truncate(),
    Trouble.GARBAGE: breaking.Garbage(),
    Trouble.EMPTY_BODY: bodies.Empty(),
    Trouble.MISSING_BODY: bodies.Lacking(),
    Trouble.SHORT_PAGE: listing.ShortPage(),
    Trouble.REPEAT_PAGE: listing.RepeatPage(),
    Trouble.LOST_ROW: listing.LostRow(),
    Trouble.TEXT_STATUS: bodies.TextStatus(),
    Trouble.NULL_POSITION: listing.NullPosition(),
    Trouble.STALE: timing.Stale(),
    Trouble.NOT_YET: timing.NotYet(),
    Trouble.MEANWHILE: timing.Meanwhile(),
}
