"""The table of macros: a new one is a new file, or a line in its family's."""

from collections.abc import Mapping

from confsync.convert.markdown.directive import Directive
from confsync.site.macros import contents, files, lists, places, reports
from confsync.site.macros.desk import Desk, Macro, placeholder

MACROS: Mapping[str, Macro] = {
    **contents.MACROS,
    **lists.MACROS,
    **reports.MACROS,
    **files.MACROS,
    **places.MACROS,
}


def leaf(found: Directive, desk: Desk) -> str:
    """Return a directive without body as HTML."""
    make = MACROS.get(found.name)
    return make(found, desk) if make else placeholder(found, desk)
