"""How editors save a file: each pattern as the system calls that the editor is known to make."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

Save = Callable[[Path, str], None]


def nano(file: Path, text: str) -> None:
    """Truncates and writes in place."""
    file.write_text(text)


def vim(file: Path, text: str) -> None:
    """Probes, keeps a swap file, renames the old file to a backup, writes a new one, removes the backup."""
    swap, probe = file.with_name(f".{file.name}.swp"), file.with_name("4913")
    swap.write_text("b0VIM")
    probe.write_text("")
    probe.unlink()
    backup = file.with_name(f"{file.name}~")
    file.rename(backup)
    file.write_text(text)
    backup.unlink()
    swap.unlink()


def vscode(file: Path, text: str) -> None:
    """Opens without truncating, writes, cuts off the rest, twice where it formats on save."""
    for content in (text + "\n\n", text):
        with file.open("r+") as opened:
            opened.write(content)
            opened.truncate()


def jetbrains(file: Path, text: str) -> None:
    """Safe write: a new file beside it, the old one renamed away, the new one renamed in, the old one removed."""
    new, old = (file.with_name(f"{file.name}___jb_{kind}___") for kind in ("tmp", "old"))
    new.write_text(text)
    file.rename(old)
    new.rename(file)
    old.unlink()


def obsidian(file: Path, text: str) -> None:
    """Writes in place and syncs, a few keystrokes at a time."""
    for end in (len(text) // 2, len(text)):
        with file.open("w") as opened:
            opened.write(text[:end])
            opened.flush()
            os.fsync(opened.fileno())


def gedit(file: Path, text: str) -> None:
    """GIO: writes a hidden stream and renames it over the file."""
    stream = file.with_name(".goutputstream-AB12C3")
    stream.write_text(text)
    stream.replace(file)


def emacs(file: Path, text: str) -> None:
    """Locks with a dangling symlink, auto-saves, copies a backup, writes in place."""
    lock, auto = file.with_name(f".#{file.name}"), file.with_name(f"#{file.name}#")
    lock.symlink_to("ann@desk.4711:1")
    auto.write_text(text)
    file.with_name(f"{file.name}~").write_bytes(file.read_bytes())
    file.write_text(text)
    auto.unlink()
    lock.unlink()
    file.with_name(f"{file.name}~").unlink()


def sed(file: Path, text: str) -> None:
    """`sed -i`: a temporary name without an ending, renamed over the file."""
    temporary = file.with_name("sedQx7Yz1")
    temporary.write_text(text)
    temporary.replace(file)


def kate(file: Path, text: str) -> None:
    """QSaveFile: the file's own name with random letters, renamed over it."""
    temporary = file.with_name(f"{file.name}.KxRtQz")
    temporary.write_text(text)
    temporary.replace(file)


def remove_and_write(file: Path, text: str) -> None:
    """Some sync tools and old editors: remove, then write."""
    file.unlink()
    file.write_text(text)


def hard_link(file: Path, text: str) -> None:
    """Writes aside, removes the file, links the new one in its place, removes the other name."""
    temporary = file.with_name(".saving")
    temporary.write_text(text)
    file.unlink()
    os.link(temporary, file)
    temporary.unlink()


EDITORS: Final[Mapping[str, Save]] = {
    save.__name__: save
    for save in (
        nano,
        vim,
        vscode,
        jetbrains,
        obsidian,
        gedit,
        emacs,
        sed,
        kate,
        remove_and_write,
        hard_link,
    )
}
