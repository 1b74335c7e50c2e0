"""What both sides agree on about tables: which cells fit on a line, what makes a header."""

from confsync.convert.tree import Item


def normalise_heads(table: Item) -> None:
    """Header row and header column are facts of the table; single header cells stay facts of the cell."""
    rows = [row.children or [] for row in table.children or ()]
    if rows and rows[0] and all("head" in cell.props for cell in rows[0]):
        table.props["header"] = "1"
        for cell in rows[0]:
            del cell.props["head"]
    rest = rows[1:] if "header" in table.props else rows
    if rest and all(row and "head" in row[0].props for row in rest):
        table.bare = True
        for row in rest:
            del row[0].props["head"]


def cell_mode(cell: Item, form: str) -> str:
    """How the leaves of a cell are written."""
    if form == "pipe":
        return "pipe"
    return "html" if is_simple(cell) else "text"


def is_simple(cell: Item) -> bool:
    """Whether a cell's content can stand on one line: paragraphs and lists of them."""
    return all(_is_simple_block(kid) for kid in cell.children or ())


def _is_simple_block(item: Item) -> bool:
    if item.kind == "paragraph":
        return True
    if item.kind == "list" and item.props.get("ordered", "1") == "1":
        return all(_is_simple_block(kid) for entry in item.children or () for kid in entry.children or ())
    return False
