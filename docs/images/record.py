# ruff: noqa: INP001 - a script of its own
"""Record docs/images/demo.svg: the output of `confsync demo`, as a terminal shows it.

Run it in an environment where confsync is installed: `python docs/images/record.py`.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

WIDTH: Final = 112
FROM: Final = "3. "
UPTO: Final = "7. "


def main() -> None:
    """Run the demo in a folder that goes away, and draw its middle."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH)}
        command = [sys.executable, "-m", "confsync", "demo", "demo"]
        said = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=True).stdout
    lines = said.splitlines()
    plain = [Text.from_ansi(line).plain for line in lines]
    first = next(i for i, line in enumerate(plain) if line.startswith(FROM))
    last = next(i for i, line in enumerate(plain) if line.startswith(UPTO))
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True)
        console.print(Text.from_ansi("$ confsync demo"))
        for line in lines[first - 1 : last - 1]:
            console.print(Text.from_ansi(line), soft_wrap=False)
        Path(__file__).with_name("demo.svg").write_text(
            console.export_svg(title="confsync demo"), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
