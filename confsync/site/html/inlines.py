"""Inline constructs: status lozenges, dates, emoji, mentions, macros within a line."""

import re
from datetime import date
from html import escape

from confsync.convert.markdown.directive import Directive, find_inline
from confsync.site.rules.inline import KNOWN

_COLOURS = ("grey", "blue", "green", "yellow", "red", "purple")
_TAG = re.compile(r"(<!--.*?-->|<[^<>]*>)", re.DOTALL)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def inline_directive(found: Directive) -> str:
    """Return an inline directive as HTML."""
    label = found.label or ""
    match found.name:
        case "status":
            return status(label, found)
        case "date":
            return time(label)
        case "emoji":
            return f'<span class="emoji" title=":{escape(label)}:">:{escape(label)}:</span>'
        case "excerpt":
            return escape(label)
        case "placeholder":
            return f"<em>{escape(label)}</em>"
        case _:
            return (
                f'<span class="macro-inline" title="Shown in Confluence">{escape(label or found.name)}</span>'
            )


def status(label: str, found: Directive) -> str:
    """Return a status lozenge; colours are bare words, grey where none is named."""
    words = {key for key, _ in found.attributes} | {value for _, value in found.attributes if value}
    colour = next((name for name in _COLOURS if name in {word.lower() for word in words}), "grey")
    subtle = " subtle" if "subtle" in words else ""
    return f'<span class="status status-{colour}{subtle}">{escape(label)}</span>'


def time(label: str) -> str:
    """Return a date for people and machines; anything that is no ISO date stays as it is."""
    shown = readable_date(label)
    return f'<time class="date" datetime="{escape(label)}">{shown}</time>' if shown else escape(label)


def readable_date(iso: str) -> str:
    """Return `2026-01-02` as `2 Jan 2026`; empty for what is no ISO date."""
    try:
        day = date.fromisoformat(iso[:10])
    except ValueError:
        return ""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def mention(name: str) -> str:
    """Return a person's name, already escaped, as a mention."""
    return f'<span class="mention">{name}</span>'


def directives_in_html(html: str) -> str:
    """Return raw HTML with the inline directives in its text as HTML: cells of HTML tables hold them."""
    if ":" not in html:
        return html
    return "".join(part if part.startswith("<") else _in_text(part) for part in _TAG.split(html))


def _in_text(text: str) -> str:
    out, at = [], 0
    for found in find_inline(text):
        if found.name in KNOWN or found.id:
            out += [text[at : found.span[0]], inline_directive(found)]
            at = found.span[1]
    return "".join(out) + text[at:]
