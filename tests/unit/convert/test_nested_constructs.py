"""The laws where constructs stand inside each other: every one of constructs/ in every container."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from confsync.convert import blocks_of, check, get, put

FOLDER = Path(__file__).parent / "constructs"
STORAGE = re.compile(r"=== storage\n(.*?)\n=== markdown\n", re.DOTALL)
WORD = re.compile(r"\b(?:otter|river|boat|bridge|harbour)\b")
ID = re.compile(r"#[0-9a-f]{6}(?:-\d+)?")
NEW = "zebra"


def _constructs() -> list[str]:
    paths = [path for path in sorted(FOLDER.glob("*/*.md")) if not path.stem.startswith("layout")]
    found = [STORAGE.search(path.read_bytes().decode("utf-8")) for path in paths]
    return [one[1] for one in found if one]


def _macro(name: str, inner: str, parameter: str = "") -> str:
    said = f'<ac:parameter ac:name="a">{parameter}</ac:parameter>' if parameter else ""
    body = f"<ac:rich-text-body>{inner}</ac:rich-text-body>"
    return f'<ac:structured-macro ac:name="{name}" ac:macro-id="w">{said}{body}</ac:structured-macro>'


def _adf(kind: str, said: str, inner: str) -> str:
    attribute, value = said.split("=")
    return (
        f'<ac:adf-extension><ac:adf-node type="{kind}"><ac:adf-attribute key="{attribute}">{value}</ac:adf-attribute>'
        f"<ac:adf-content>{inner}</ac:adf-content></ac:adf-node></ac:adf-extension>"
    )


CONTAINERS = (
    lambda inner: _macro("info", inner),
    lambda inner: _macro("expand", inner),
    lambda inner: _macro("details", inner),
    lambda inner: _macro("hide", inner, "b"),
    lambda inner: _macro("section", _macro("column", inner)),
    lambda inner: f"<p>before {_macro('tip', inner)} after</p>",
    lambda inner: f"<ul><li><p>lead</p>{inner}</li><li>last</li></ul>",
    lambda inner: f"<ol><li>{inner}</li></ol>",
    lambda inner: f"<blockquote>{inner}</blockquote>",
    lambda inner: (
        f"<table><tbody><tr><th>a</th><th>b</th></tr><tr><td>{inner}</td><td>c</td></tr></tbody></table>"
    ),
    lambda inner: _adf("panel", "panel-type=note", inner),
    lambda inner: _adf("bodied-extension", "text=App", inner),
)
nested = st.recursive(
    st.sampled_from(_constructs()),
    lambda inner: st.builds(lambda wrap, text: wrap(text), st.sampled_from(CONTAINERS), inner),
    max_leaves=3,
)
pages = st.lists(nested, min_size=1, max_size=4).map("".join)


@given(pages)
def test_an_edit_elsewhere_changes_no_byte(storage: str) -> None:
    assert check(storage).get_put


@given(pages)
def test_what_is_written_is_read_as_the_same_blocks(storage: str) -> None:
    got = get(storage)
    assert [block.key for block in got.blocks] == [block.key for block in blocks_of(got.markdown)]


@given(pages, st.data())
def test_a_word_changes_only_its_bytes(storage: str, data: st.DataObject) -> None:
    markdown = get(storage).markdown
    words = [one for one in WORD.finditer(markdown) if not _is_label(markdown, one.start())]
    if not words:
        return
    word = data.draw(st.sampled_from(words))
    edited = markdown[: word.start()] + NEW + markdown[word.end() :]
    changed = put(edited, storage).storage
    assert ID.sub("#", get(changed).markdown) == ID.sub("#", edited)
    if "<ac:adf-fallback" not in storage:
        places = (one.start() for one in re.finditer(word[0], storage))
        assert any(changed == storage[:at] + NEW + storage[at + len(word[0]) :] for at in places)


def _is_label(markdown: str, at: int) -> bool:
    """Whether a word stands in a placeholder's label, which is only decoration."""
    before = markdown[markdown.rfind("\n", 0, at) + 1 : at]
    return ":macro[" in before and "]" not in before.rpartition(":macro[")[2]
