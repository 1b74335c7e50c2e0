"""Bodies in every representation: how they go out, and how what comes in becomes storage."""

import json

from confsync.sandbox.adf import from_adf, to_adf
from confsync.sandbox.call import Call, Json, inner, text
from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.rows import Content
from confsync.sandbox.saving.elements import Element, tree
from confsync.sandbox.saving.wiki import from_wiki
from confsync.sandbox.view import rendered, styled
from confsync.sandbox.wire.places import SiteSeen

AS_STORED = ("storage", "editor", "editor2")
_VIEWS = ("view", "export_view", "anonymous_export_view", "dynamic")
SHOWN = (*AS_STORED, *_VIEWS, "styled_view", "atlas_doc_format")
"""Every representation a body can be asked in."""
_SENT = (*AS_STORED, "atlas_doc_format", "wiki")


def shown(call: Call, content: Content | None, body: str, wanted: str) -> str:
    """A stored body in a representation; `view` has links relative to the host, exports absolute ones.

    Raises:
        Invalid: a representation nobody knows.
    """
    if wanted in AS_STORED:
        return body
    if wanted not in SHOWN:
        raise Invalid(f"Provided value {{{wanted}}} for 'body-format' is not supported")
    seen = SiteSeen(call, content)
    if wanted == "atlas_doc_format":
        return json.dumps(to_adf(body, seen), ensure_ascii=False)
    said = rendered(body, call.context if wanted == "view" else call.base, seen)
    return styled(said, content.title if content else "") if wanted == "styled_view" else said


def converted(call: Call, value: str, given: str, content: Content | None = None) -> str:
    """A body that was sent, as storage; not yet saved.

    Raises:
        Invalid: a representation that cannot be written, or a document that is none.
    """
    match given:
        case "atlas_doc_format":
            return from_adf(value, SiteSeen(call, content))
        case "wiki":
            return from_wiki(value)
        case name if name in AS_STORED:
            return value
        case _:
            raise Invalid(f"Content body cannot be converted to new editor format from {given}")


def sent_body(call: Call, sent: Json) -> str | None:
    """The storage of a request's body, flat or nested; None where it has none.

    Raises:
        Invalid: as in `converted`, or the value is no string.
    """
    if sent.get("body") is None:
        return None
    said = inner(sent["body"])
    nested = next((name for name in _SENT if isinstance(said.get(name), dict)), None)
    if nested:
        said = inner(said[nested])
    given = text(said.get("representation")) or nested or "storage"
    value = said.get("value", "")
    if not isinstance(value, str):
        raise Invalid("body.value must be a string")
    return converted(call, value, given) if value else ""


def macro(body: str, macro_id: str) -> Element:
    """The macro of a body with this id.

    Raises:
        Missing: there is none.
    """
    for found in tree(body).find("ac:structured-macro"):
        if found.get("ac:macro-id") == macro_id:
            return found
    raise Missing("macro", macro_id)
