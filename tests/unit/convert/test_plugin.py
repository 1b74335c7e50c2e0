"""A package of somebody else's teaches the lens its own macro; the example is the one in docs/markdown.md."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[3] / "docs" / "markdown.md"
STORAGE = (
    '<ac:structured-macro ac:name="river-legend" ac:macro-id="q"><ac:parameter ac:name="heading">Levels</ac:parameter>'
    '<ac:parameter ac:name="unit">mm</ac:parameter><ac:parameter ac:name="border">true</ac:parameter>'
    "<ac:rich-text-body><p>Blue is low.</p></ac:rich-text-body></ac:structured-macro>"
)
MARKDOWN = ":::river-legend[Levels]{border}\n\nBlue is low.\n\n:::\n"


def example(first_line: str) -> str:
    """A code block of the documentation, by its first line."""
    found = re.search(rf"```\w*\n({re.escape(first_line)}.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert found, first_line
    return found[1]


def install(site: Path, module: str, *, points: str = 'river = "river_macros:RULES"') -> None:
    """What an installer leaves of a package: its module and its metadata."""
    (site / "river_macros.py").write_text(module, "utf-8")
    metadata = site / "river_macros-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: river-macros\nVersion: 1.0\n", "utf-8")
    (metadata / "entry_points.txt").write_text(f"[confsync.macros]\n{points.replace(chr(34), '')}\n", "utf-8")


def run(site: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run Python that has the package installed."""
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Path:
    install(
        tmp_path,
        example('"""River macros'),
        points=example("[project.entry-points").partition("\n")[2].strip(),
    )
    return tmp_path


def test_its_macro_is_read_edited_and_made(site: Path) -> None:
    ran = run(
        site,
        f"""
        from confsync.convert import get, put
        storage, markdown = {STORAGE!r}, {MARKDOWN!r}
        assert get(storage).markdown == markdown, get(storage).markdown
        edited = put(markdown.replace("low", "high").replace("Levels", "Depths"), storage).storage
        assert edited == storage.replace("low", "high").replace("Levels", "Depths"), edited
        made = put(markdown, None).storage
        assert 'ac:name="heading">Levels<' in made, made
        assert get(made).markdown == markdown
        """,
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_without_it_the_macro_is_still_editable() -> None:
    from confsync.convert import get

    assert get(STORAGE).markdown.startswith(":::macro[river-legend]{#")


@pytest.mark.parametrize(
    ("module", "problem"),
    [
        ("RULES = 'river'", "gives str, not MacroRule"),
        ("RULES = ['river']", "gives str, not MacroRule"),
        ("raise RuntimeError('broken')", "cannot be loaded: broken"),
        (
            "from confsync.convert.rules.macro import Form, MacroRule\nRULES = MacroRule('River Map', Form.LEAF)",
            "calls its directive 'River Map'",
        ),
    ],
)
def test_a_package_that_is_wrong_is_named(tmp_path: Path, module: str, problem: str) -> None:
    install(tmp_path, module)
    code = "from confsync.convert import get; from confsync.errors import ConfigError\ntry: get('<p>x</p><hr />'); get({0!r})\nexcept ConfigError as error: print(error)"
    ran = run(tmp_path, code.format(STORAGE))
    assert f"the macro rules `river` of river-macros are wrong: it {problem}" in ran.stdout


def test_rules_with_a_target_and_with_code_in_a_parameter(tmp_path: Path) -> None:
    install(
        tmp_path,
        "from confsync.convert import Form, MacroRule\n"
        'RULES = [MacroRule("river-map", Form.LEAF, target="file", hidden=frozenset({"zoom"})),'
        ' MacroRule("river-plot", Form.FENCE, code="source")]\n',
    )
    storage = (
        '<ac:structured-macro ac:name="river-map" ac:macro-id="m"><ac:parameter ac:name="zoom">3</ac:parameter>'
        '<ac:parameter ac:name="file"><ri:attachment ri:filename="a.kml" /></ac:parameter></ac:structured-macro>'
        '<ac:structured-macro ac:name="river-plot"><ac:parameter ac:name="source">level &gt; 3</ac:parameter></ac:structured-macro>'
    )
    ran = run(
        tmp_path,
        f"""
        from confsync.convert import get, put
        storage = {storage!r}
        markdown = get(storage).markdown
        assert markdown == "::river-map(a.kml)\\n\\n```river-plot\\nlevel > 3\\n```\\n", markdown
        edited = put(markdown.replace("a.kml", "b.kml").replace("> 3", "> 4"), storage).storage
        assert edited == storage.replace("a.kml", "b.kml").replace("&gt; 3", "&gt; 4"), edited
        made = put(markdown, None).storage
        assert 'ac:name="river-plot"' in made, made
        assert get(made).markdown == markdown
        """,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
