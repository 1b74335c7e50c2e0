"""Random documents of the toy language, and random edits of them."""

from itertools import count

from hypothesis import strategies as st

Tree = list["Part"]
Part = tuple[str, str, "Tree | list[str] | list[list[str]] | list[Tree]"]
"""Kind, shell, and what is inside: words, blocks, items, or rows of cells."""

WORDS = ["alpha", "beta", "gamma", "delta", "one", "two", "three", "the", "of", "."]


@st.composite
def parts(draw: st.DrawFn, depth: int = 2) -> Part:
    kind = draw(st.sampled_from(["p", "p", "p", "list", "quote", "panel", "table"] if depth else ["p"]))
    if kind == "p":
        return "p", "", draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6))
    if kind == "table":
        width = draw(st.integers(2, 3))
        row = st.lists(st.sampled_from(WORDS), min_size=width, max_size=width)
        return "table", "", draw(st.lists(row, min_size=2, max_size=4))
    if kind == "list":
        return "list", "", draw(st.lists(trees(depth - 1, 1, 2), min_size=1, max_size=4))
    shell = draw(st.sampled_from(["info A", "note B"])) if kind == "panel" else ""
    return kind, shell, draw(trees(depth - 1, 1, 3))


def trees(depth: int = 2, least: int = 0, most: int = 6) -> st.SearchStrategy[Tree]:
    return st.lists(parts(depth), min_size=least, max_size=most)


def distinct(tree: Tree) -> Tree:
    """Return the tree with every word made one of a kind."""
    numbers = count()

    def renamed(inside: object) -> object:
        if isinstance(inside, str):
            return f"{inside}{next(numbers)}" if inside.isalpha() else inside
        if isinstance(inside, tuple):
            return inside[0], inside[1], renamed(inside[2])
        assert isinstance(inside, list)
        return [renamed(one) for one in inside]

    return renamed(tree)  # type: ignore[return-value]


def written(tree: Tree) -> str:
    """Write a tree as canonical text."""
    text = _apart([_written(part) for part in tree])
    return text + "\n" if text else ""


def _apart(blocks: list[str]) -> str:
    result = ""
    for k, block in enumerate(blocks):
        lists = k and blocks[k - 1].startswith("- ") and block.startswith("- ")
        result += ("\n\n<!-- -->\n\n" if lists else "\n\n" if k else "") + block
    return result


def _written(part: Part) -> str:
    kind, shell, inside = part
    if kind == "p":
        return " ".join(map(str, inside))
    if kind == "table":
        rows = [list(map(str, row)) for row in inside]
        rows.insert(1, ["---"] * max(map(len, rows)))
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)
    if kind == "list":
        return "\n".join("- " + _indented(_tree(item), "  ") for item in inside)
    if kind == "quote":
        return "> " + _indented(_tree(inside), "> ")
    fence = ":" * (3 + _depth(part))
    return f"{fence} {shell}\n\n{_tree(inside)}\n\n{fence}"


def _tree(inside: object) -> str:
    assert isinstance(inside, list)
    return _apart([_written(part) for part in inside])


def _depth(part: Part) -> int:
    kind, _, inside = part
    if kind in ("p", "table"):
        return 0
    below = [child for item in inside for child in item] if kind == "list" else inside
    return max((_depth(child) + (child[0] == "panel") for child in below), default=0)  # type: ignore[arg-type]


def _indented(text: str, prefix: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join([first, *(prefix + line if line else prefix.rstrip() for line in rest)])


# -------------------------------------------------------------------------------------------- edits


@st.composite
def edited(draw: st.DrawFn, tree: Tree, mark: str, most: int = 3) -> Tree:
    """Return the tree after a few edits; every new word starts with `mark` and occurs once."""
    fresh = iter([f"{mark}{n}" for n in range(100)])
    result = tree
    for _ in range(draw(st.integers(1, most))):
        result = _edit(draw, result, fresh)
    return result


def _edit(draw: st.DrawFn, tree: Tree, fresh: "object") -> Tree:
    word = next(fresh)  # type: ignore[call-overload]
    what = draw(st.sampled_from(["in", "in", "in", "insert", "delete", "move", "append"]))
    if not tree or what in ("insert", "append"):
        at = len(tree) if what == "append" else draw(st.integers(0, len(tree)))
        new: Part = ("p", "", [word, "new"])
        return [*tree[:at], new, *tree[at:]]
    at = draw(st.integers(0, len(tree) - 1))
    rest = [*tree[:at], *tree[at + 1 :]]
    if what == "delete" and rest:
        return rest
    if what == "move":
        to = draw(st.integers(0, len(rest)))
        return [*rest[:to], tree[at], *rest[to:]]
    return [*tree[:at], _inside(draw, tree[at], fresh, word), *tree[at + 1 :]]


def _inside(draw: st.DrawFn, part: Part, fresh: "object", word: str) -> Part:
    kind, shell, inside = part
    if kind == "p":
        words = list(map(str, inside))
        at = draw(st.integers(0, len(words) - 1))
        insert = draw(st.booleans())
        return kind, shell, [*words[:at], word, *words[at + (not insert) :]]
    if kind == "table":
        rows = [list(map(str, row)) for row in inside]
        what = draw(st.sampled_from(["cell", "cell", "row", "drop", "column"]))
        at = draw(st.integers(0, len(rows) - 1))
        if what == "row":
            rows.insert(at + 1, [word] + ["x"] * (len(rows[0]) - 1))
        elif what == "drop" and len(rows) > 2 and at:
            del rows[at]
        elif what == "column":
            column = draw(st.integers(0, len(rows[0])))
            for k, row in enumerate(rows):
                row.insert(column, f"{word}c{k}")
        else:
            rows[at][draw(st.integers(0, len(rows[at]) - 1))] = word
        return kind, shell, rows
    if kind == "list":
        items = [list(item) for item in inside]
        what = draw(st.sampled_from(["in", "in", "item", "drop"]))
        at = draw(st.integers(0, len(items) - 1))
        if what == "item":
            items.insert(at, [("p", "", [word])])
        elif what == "drop" and len(items) > 1:
            del items[at]
        else:
            items[at] = _edit(draw, items[at], fresh)  # type: ignore[arg-type, assignment]
        return kind, shell, items  # type: ignore[return-value]
    if kind == "panel" and draw(st.integers(0, 4)) == 0:
        return kind, f"info {word}", inside
    return kind, shell, _edit(draw, inside, fresh)  # type: ignore[arg-type]
