"""The table of `init --adopt`: which file is which page, for people and programs."""

from rich.table import Table

from confsync.cli.show import count
from confsync.cli.terminal import QUIETLY, Terminal
from confsync.plan.adopt import Adoption

_PAGES_SHOWN = 10


def adoption_json(adoption: Adoption) -> dict[str, object]:
    """An adoption as JSON values."""
    return {
        "adopted": [
            {"path": one.path, "page": one.page, "title": one.title, "by": one.by} for one in adoption.matches
        ],
        "local": [{"path": one.path, "reason": one.reason} for one in adoption.local],
        "missing": [{"page": row.id, "title": row.title} for row in adoption.missing],
    }


def tell_adoption(terminal: Terminal, adoption: Adoption) -> None:
    """Show the table, and what has no match on either side."""
    if terminal.as_json or terminal.quiet:
        return
    table = Table("File", "Page", "Id", "Matched by", box=None, pad_edge=False, header_style="bold")
    for one in adoption.matches:
        table.add_row(one.path, one.title, one.page, one.by)
    for left in adoption.local:
        table.add_row(left.path, "", "", f"stays local: {left.reason}", style=QUIETLY)
    terminal.out.print(table)
    terminal.say(
        f"{count(len(adoption.matches), 'file')} matched, {len(adoption.local)} local, "
        f"{count(len(adoption.missing), 'page')} without a file."
    )
    for row in adoption.missing[:_PAGES_SHOWN]:
        terminal.say(f"  {row.title} ({row.id})", style=QUIETLY)
    if len(adoption.missing) > _PAGES_SHOWN:
        terminal.say(f"  and {len(adoption.missing) - _PAGES_SHOWN} more", style=QUIETLY)
