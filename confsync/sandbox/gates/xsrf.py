"""Which requests another web site could have made a browser send."""

from starlette.datastructures import Headers

from confsync.sandbox.identity.caller import Caller, Door

_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded", "text/plain")
_READS = ("GET", "HEAD", "OPTIONS")


def suspicious(method: str, headers: Headers, caller: Caller, *, data_center: bool) -> bool:
    """Whether a request must be refused.

    Forms need the header that a page of another site cannot set. A cookie is sent by browsers unasked, so a
    write with one needs it too, and comes from this site. Data Center takes a POST of a browser only from
    its own pages, header or no.
    """
    if method in _READS:
        return False
    allowed = headers.get("x-atlassian-token", "").lower() in ("no-check", "nocheck")
    if caller.door is Door.COOKIE and not (allowed and not _elsewhere(headers)):
        return True
    if data_center and method == "POST" and "mozilla/" in headers.get("user-agent", "").lower():
        return not _here(headers)
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    return media in _FORMS and not allowed


def _sources(headers: Headers) -> list[str]:
    said = [headers.get(name) for name in ("origin", "referer")]
    return [one.partition("//")[2].partition("/")[0] for one in said if one]


def _here(headers: Headers) -> bool:
    """Whether the request says that it comes from a page of this site."""
    return bool(_sources(headers)) and not _elsewhere(headers)


def _elsewhere(headers: Headers) -> bool:
    own = headers.get("host", "").lower()
    return any(source.lower() != own for source in _sources(headers))
