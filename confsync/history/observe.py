"""Commits that say what Confluence said: the same versions on the same parent give the same commit ids."""

from collections.abc import Iterator, Sequence

from confsync.history.objects import FILE_MODE, Objects
from confsync.history.place import Place, encode_key
from confsync.history.process import Git, encode_path
from confsync.model.ids import CommitId
from confsync.ports import Author, ObservedVersion


class Observer:
    """Makes the commits of the tracking branch.

    Author and date are the server's, the committer is `Confluence <noreply@host>` at the same date, and
    nothing else goes in: no clock, no user, no machine.

    Args:
        place: where the working copy lies in its repository.
        git: runs at the top of it.
        objects: writes the blobs, through the user's filters.
        host: the Confluence site's host name.
    """

    def __init__(self, place: Place, git: Git, objects: Objects, host: str) -> None:
        self._place = place
        self._git = git
        self._objects = objects
        self._committer = f"Confluence <noreply@{plain(host)}>"
        self._ref = f"refs/confsync/observing/{encode_key(place.space_key)}"

    def observe(self, steps: Sequence[ObservedVersion], onto: CommitId | None) -> CommitId:
        """Stack commits and return the last. See `History.observe`.

        fast-import wants a ref to hang commits on; a scratch one serves, and is gone afterwards.
        """
        contents = [
            (self._place.to_repository(path), content)
            for step in steps
            for path, content in step.files.items()
            if content is not None
        ]
        oids = iter(self._objects.write(contents))
        chunks = self._stream(steps, onto, oids)
        self._git.feed("fast-import", "--quiet", "--force", "--done", chunks=chunks)
        commit = CommitId(self._git.line("rev-parse", "--verify", self._ref))
        self._git.run("update-ref", "-d", self._ref, commit)
        return commit

    def _stream(
        self, steps: Sequence[ObservedVersion], onto: CommitId | None, oids: Iterator[str]
    ) -> Iterator[bytes]:
        for number, step in enumerate(steps):
            message = f"{step.message.rstrip()}\n".encode()
            yield f"commit {self._ref}\nauthor {_signature(step.author)}\n".encode()
            yield f"committer {self._committer} {step.author.date}\n".encode()
            yield b"data %d\n%b\n" % (len(message), message)
            if number == 0 and onto is not None:
                yield f"from {onto}\n".encode()
            yield from self._files(step, oids)
            yield b"\n"
        yield b"done\n"

    def _files(self, step: ObservedVersion, oids: Iterator[str]) -> Iterator[bytes]:
        # Removals first: a file may give way to a folder of its name.
        for path, content in step.files.items():
            if content is None:
                yield b"D %b\n" % _quoted(self._place.to_repository(path))
        for path, content in step.files.items():
            if content is not None:
                name = _quoted(self._place.to_repository(path))
                yield f"M {FILE_MODE} {next(oids)} ".encode() + name + b"\n"


def _quoted(path: str) -> bytes:
    raw = encode_path(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"%b"' % raw


def _signature(author: Author) -> str:
    return f"{plain(author.name) or 'unknown'} <{plain(author.email)}> {author.date}"


def plain(text: str) -> str:
    """Return a text without what would end a name or an address in a commit."""
    return "".join(char for char in text if char not in "<>\n\r\0").strip()
