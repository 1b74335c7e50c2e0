"""Every construct in readable cases: storage, its Markdown, an edit, and the storage it becomes."""

import re
from pathlib import Path

import pytest

from confsync.convert import blocks_of, get, put

CASE = re.compile(
    r"(?P<title>[^\n]+)\n=== storage\n(?P<storage>.*?)\n=== markdown\n(?P<markdown>.*?)\n"
    r"=== edit\n(?P<edit>.*?)\n=== becomes\n(?P<becomes>.*?)\n*\Z",
    re.DOTALL,
)


def _cases() -> list[object]:
    out: list[object] = []
    for path in sorted((Path(__file__).parent / "fixtures").glob("*.md")):
        if path.name == "sample.md":
            continue
        for part in re.split(r"^-{60,}\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            found = CASE.match(part)
            assert found, f"{path.name}: {part[:80]}"
            out.append(pytest.param(found, id=f"{path.stem}: {found['title']}"))
    return out


@pytest.mark.parametrize("case", _cases())
def test_case(case: re.Match[str]) -> None:
    storage, edit = case["storage"], case["edit"] + "\n"
    got = get(storage)
    assert got.markdown == case["markdown"] + "\n"
    assert put(got.markdown, storage).storage == storage
    assert put(edit, storage).storage == case["becomes"]
    assert get(case["becomes"]).markdown == edit
    assert [block.key for block in got.blocks] == [block.key for block in blocks_of(got.markdown)]
