"""A repository in memory: the `History` and `Journal` ports for simulations, and what a user does with git.

Faithful in what the engine can see: commits, index with stages, tracking branch, conflicts, crashes between
moving HEAD and moving the index. Not modelled: file modes, attributes, ignore rules, other branches' files.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from confsync.errors import HeadMoved, HistoryError, HookRefused, IdentityMissing, RepositoryBusy
from confsync.model.ids import CommitId, PageId, RelPath
from confsync.ports import (
    TEMP_PREFIX,
    Author,
    ConflictState,
    Content,
    EditsCommitted,
    ObservedVersion,
    PendingConflict,
    RepoState,
)
from tests.contract.worktree.fake import MemoryWorkTree

Tree = Mapping[RelPath, str]
"""Blob ids by path."""
Stages = tuple[str, str, str]


@dataclass(frozen=True)
class MemoryCommit:
    """A commit: two of the same content are the same commit."""

    parents: tuple[CommitId, ...]
    tree: Tree
    author: str
    date: str
    committer: str
    message: str

    @property
    def id(self) -> CommitId:
        """Its name."""
        said = (self.parents, sorted(self.tree.items()), self.author, self.date, self.committer, self.message)
        return CommitId(hashlib.sha1(repr(said).encode(), usedforsecurity=False).hexdigest())


@dataclass
class MemoryRepository:
    """What is on disk in a `.git`: it outlives the process that works on it."""

    branch: str | None = "main"
    head: CommitId | None = None
    tracking: CommitId | None = None
    commits: dict[CommitId, MemoryCommit] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    index: dict[RelPath, str] = field(default_factory=dict)
    stages: dict[RelPath, Stages] = field(default_factory=dict)
    absent: set[RelPath] = field(default_factory=set)
    operation: str = ""
    pending: dict[PageId, PendingConflict] = field(default_factory=dict)
    out: CommitId | None = None
    """`refs/confsync/out`."""
    moving: tuple[CommitId | None, CommitId] | None = None
    index_lock: str = ""
    """Who holds index.lock: `confsync`, somebody else, or nobody."""


class MemoryTransaction:
    """A commit that waits for its files."""

    def __init__(self, history: "MemoryHistory", commit: CommitId) -> None:
        self._history = history
        self._old = history.repository.head
        self._branch = history.repository.branch
        self._over = False
        self.commit = commit

    def publish(self) -> None:
        self._over = True
        repository = self._history.repository
        if (repository.head, repository.branch) != (self._old, self._branch):
            repository.index_lock = ""
            raise HeadMoved("somebody committed while we worked", hint="Run again.")
        repository.moving = (self._old, self.commit)
        self._history.on_step("move HEAD")
        repository.head = self.commit
        self._history.on_step("move the index")
        self._history.follow(self._old, self.commit)
        repository.index_lock = ""
        repository.moving = None
        self._history.on_step("moved")

    def abandon(self) -> None:
        if not self._over:
            self._over = True
            self._history.repository.index_lock = ""


class MemoryHistory:
    """The port on a `MemoryRepository` and the files of a `MemoryWorkTree`.

    `on_step` is called before and after what a crash may separate; what it raises ends the run there. A new
    `MemoryHistory` on the same repository and files is the next run.
    """

    def __init__(self, tree: MemoryWorkTree, repository: MemoryRepository | None = None) -> None:
        self.tree = tree
        self.repository = repository or MemoryRepository()
        self.identity = True
        self.hook: Callable[[Mapping[str, bytes]], str] = lambda _: ""
        """Gets the files of a user's commit, and answers why it refuses, or nothing."""
        self.on_step: Callable[[str], None] = lambda _: None
        self._clock = 0

    # what the user does

    def git_add(self, path: str) -> None:
        """Stage a file, or its removal; a conflict counts as resolved."""
        rel = RelPath(path)
        self.repository.stages.pop(rel, None)
        if rel in self.tree.files:
            self.repository.index[rel] = self._blob(self.tree.files[rel])
        else:
            self.repository.index.pop(rel, None)

    def git_commit(self, message: str) -> CommitId:
        """Commit what is staged."""
        if self.repository.stages:
            raise HistoryError("committing is not possible because you have unmerged files")
        return self._advance(self.repository.index, message)

    def git_restore(self, path: str, *, staged: bool = True) -> None:
        """Make a file (and its index entry) what HEAD says."""
        rel, oid = RelPath(path), self._tree(self.repository.head).get(RelPath(path))
        if staged:
            self.repository.stages.pop(rel, None)
            _put(self.repository.index, rel, oid)
        self._checkout(rel, oid)

    def git_reset_hard(self, commit: CommitId) -> None:
        """Move the branch, the index and the tracked files."""
        tracked = {*self.repository.index, *self.repository.stages, *self._tree(commit)}
        self.repository.head = commit
        self.repository.index = dict(self._tree(commit))
        self.repository.stages.clear()
        for path in tracked:
            self._checkout(path, self.repository.index.get(path))

    # the port

    def state(self) -> RepoState:
        repository = self.repository
        return RepoState(
            head=repository.head,
            branch=repository.branch,
            operation=repository.operation,
            unmerged=frozenset(repository.stages),
            half_staged=self._half_staged(),
            absent=frozenset(repository.absent),
        )

    def branch(self) -> str | None:
        return self.repository.branch

    def stillness(self) -> str:
        still = not self.edited() and not self.repository.stages and not self.repository.operation
        return f"{self.repository.branch} {self.repository.head}" if still else ""

    def check_identity(self) -> None:
        if not self.identity:
            raise IdentityMissing("git does not know who you are", hint="git config user.name …")

    def files(self, at: CommitId | None = None) -> Mapping[RelPath, str]:
        return dict(self._tree(at or self.repository.head))

    def blobs(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        try:
            return {oid: self.repository.blobs[oid] for oid in ids}
        except KeyError as error:
            raise HistoryError(f"git has no blob {error.args[0]}") from error

    def find_commit(self, name: str) -> CommitId | None:
        if name in ("HEAD", self.repository.branch):
            return self.repository.head
        found = [commit for commit in self.repository.commits if len(name) > 3 and commit.startswith(name)]
        return found[0] if len(found) == 1 else None

    def export(self, at: CommitId, path: RelPath, to: Path) -> None:
        blob = self._tree(at).get(path)
        if blob is None:
            raise HistoryError(f"{at} has no file {path}")
        to.write_bytes(self.repository.blobs[blob])

    def edited(self) -> frozenset[RelPath]:
        head, repository = self._tree(self.repository.head), self.repository
        every = {*head, *repository.index, *repository.stages, *self.tree.files} - repository.absent
        return frozenset(
            path
            for path in every
            if TEMP_PREFIX not in path
            and (
                path in repository.stages
                or not head.get(path) == repository.index.get(path) == self._file(path)
            )
        )

    def commit_edits(self, paths: Sequence[RelPath], message: str) -> EditsCommitted:
        self.check_identity()
        if self.repository.operation:
            raise RepositoryBusy(f"a {self.repository.operation} is under way")
        alone = self._half_staged() | self.repository.stages.keys() | self.repository.absent
        wanted = [path for path in paths if path not in alone]
        if not wanted:
            return EditsCommitted(None)
        with self._index_until_published():
            commit = self._commit_files(wanted, message)
        self.repository.index_lock = ""
        return EditsCommitted(commit)

    def prepare(
        self,
        files: Mapping[RelPath, Content | None],
        message: str,
        *,
        author: Author | None = None,
        merge: CommitId | None = None,
    ) -> MemoryTransaction:
        tree = dict(self._tree(self.repository.head))
        for path, content in files.items():
            _put(tree, path, None if content is None else self._blob(_bytes(content)))
        with self._index_until_published():
            commit = self._write(tree, message, author=author, merge=merge)
            self._refuse_foreign_stages(commit)
        return MemoryTransaction(self, commit)

    def tracking(self) -> CommitId | None:
        return self.repository.tracking

    def set_tracking(self, commit: CommitId) -> None:
        self.on_step("move the tracking branch")
        self.repository.tracking = commit

    def leave(self, commit: CommitId) -> None:
        self.repository.out = commit

    def observe(self, steps: Sequence[ObservedVersion], onto: CommitId | None) -> CommitId:
        if onto is None and not steps:
            raise HistoryError("nothing was observed, and there is nothing to put it on")
        for step in steps:
            tree = dict(self._tree(onto))
            for path, content in step.files.items():
                _put(tree, path, None if content is None else self._blob(_bytes(content)))
            author = f"{step.author.name} <{step.author.email}>"
            parents = (onto,) if onto else ()
            commit = MemoryCommit(parents, tree, author, step.author.date, "Confluence", step.message)
            onto = self._keep(commit)
        assert onto is not None
        return onto

    def fast_forward(self, commit: CommitId, files: Collection[RelPath]) -> MemoryTransaction:
        head = self.repository.head
        with self._index_until_published():
            if head is not None and not self.is_ancestor(head, commit):
                raise HeadMoved("somebody committed while we worked", hint="Run again.")
            for path in _differing(self._tree(head), self._tree(commit)) - set(files):
                raise HistoryError(f"the commit to go to also changes {path}")
            self._refuse_foreign_stages(commit)
        return MemoryTransaction(self, commit)

    def subject(self, path: RelPath) -> str:
        commit = self.repository.head
        while commit is not None:
            here = self.repository.commits[commit]
            oid = here.tree.get(path)
            same = [parent for parent in here.parents if self._tree(parent).get(path) == oid]
            if not same and (here.parents or oid is not None):
                return here.message.partition("\n")[0]
            commit = same[0] if same else None
        return ""

    def had_before(self, commit: CommitId, path: RelPath, content: bytes) -> bool:
        todo, seen = [commit], set[CommitId]()
        while todo:
            here = todo.pop()
            if here in self.repository.commits and here not in seen:
                seen.add(here)
                oid = self._tree(here).get(path)
                if oid is not None and self.repository.blobs[oid] == content:
                    return True
                todo += self.repository.commits[here].parents
        return False

    def is_ancestor(self, ancestor: CommitId | str, descendant: CommitId) -> bool:
        todo, seen = [descendant], set[CommitId]()
        while todo:
            commit = todo.pop()
            if commit in self.repository.commits and commit not in seen:
                if len(ancestor) >= 7 and commit.startswith(ancestor):
                    return True
                seen.add(commit)
                todo.extend(self.repository.commits[commit].parents)
        return False

    def pending(self) -> Mapping[PageId, PendingConflict]:
        return dict(self.repository.pending)

    def hold(self, conflict: PendingConflict) -> None:
        self.on_step(f"hold {conflict.path}")
        self.repository.pending[conflict.page] = conflict
        self.on_step(f"stage {conflict.path}")
        if conflict.state is ConflictState.MARKED:
            self.repository.index.pop(conflict.path, None)
            base, ours, theirs = map(self._blob, (conflict.base_text, conflict.ours, conflict.theirs))
            self.repository.stages[conflict.path] = (base, ours, theirs)
        else:
            self._clear(conflict.path)

    def settle(self, page: PageId) -> None:
        conflict = self.repository.pending.get(page)
        if conflict is not None:
            self._clear(conflict.path)
            self.on_step(f"settle {conflict.path}")
            del self.repository.pending[page]

    def install(self) -> None:
        """There is no git here that would merge records."""

    def recover(self) -> None:
        repository = self.repository
        if repository.index_lock == "confsync":
            repository.index_lock = ""
        if repository.moving is not None:
            old, new = repository.moving
            if repository.head == new:
                self.follow(old, new, recovering=True)
            repository.moving = None

    # inside

    def follow(self, old: CommitId | None, new: CommitId, *, recovering: bool = False) -> None:
        """Give the index the entries of a new commit, where nobody has staged anything else.

        After a crash nothing is known of what the user did since: conflicts and records stay, too.
        """
        before, after = self._tree(old), self._tree(new)
        for path in _differing(before, after):
            free = path in self.repository.stages or path.startswith(".confsync/")
            stale = path not in self.repository.stages
            stale = stale and self.repository.index.get(path) == before.get(path)
            if stale or (free and not recovering):
                self.repository.stages.pop(path, None)
                _put(self.repository.index, path, after.get(path))

    def _half_staged(self) -> frozenset[RelPath]:
        head, index = self._tree(self.repository.head), self.repository.index
        return frozenset(
            path
            for path in {*head, *index} - self.repository.stages.keys() - self.repository.absent
            if head.get(path) != index.get(path) and index.get(path) != self._file(path)
        )

    def _commit_files(self, paths: Sequence[RelPath], message: str) -> CommitId | None:
        tree = dict(self._tree(self.repository.head))
        for path in paths:
            _put(tree, path, self._file(path))
        differing = _differing(self._tree(self.repository.head), tree)
        if not differing:
            return None
        refusal = self.hook({path: self.repository.blobs[tree[path]] for path in differing if path in tree})
        if refusal:
            raise HookRefused("not committed: your pre-commit hook refused", hint=refusal)
        self.on_step("git commit")
        old, commit = self.repository.head, self._advance(tree, message)
        self.repository.moving = (old, commit)
        self.on_step("move the index")
        for path in differing:
            _put(self.repository.index, path, tree.get(path))
        self.repository.moving = None
        self.on_step("committed")
        return commit

    def _advance(self, tree: Tree, message: str) -> CommitId:
        self.repository.head = self._write(tree, message)
        return self.repository.head

    def _write(
        self, tree: Tree, message: str, *, author: Author | None = None, merge: CommitId | None = None
    ) -> CommitId:
        self._clock = len(self.repository.commits)
        parents = tuple(parent for parent in (self.repository.head, merge) if parent)
        name = f"{author.name} <{author.email}>" if author else "the user"
        date = author.date if author else f"{self._clock} +0000"
        return self._keep(MemoryCommit(parents, dict(tree), name, date, f"at {self._clock}", message))

    def _keep(self, commit: MemoryCommit) -> CommitId:
        self.repository.commits[commit.id] = commit
        return commit.id

    @contextmanager
    def _index_until_published(self) -> Iterator[None]:
        if self.repository.index_lock:
            raise RepositoryBusy("another git command holds index.lock")
        self.repository.index_lock = "confsync"
        try:
            yield
        except Exception:  # not what stands for a crash
            self.repository.index_lock = ""
            raise

    def _refuse_foreign_stages(self, commit: CommitId) -> None:
        before, after, index = self._tree(self.repository.head), self._tree(commit), self.repository.index
        for path in _differing(before, after) - self.repository.stages.keys():
            free = index.get(path) in {before.get(path), after.get(path)}
            if not free and not path.startswith(".confsync/"):
                raise RepositoryBusy("the file has staged changes of its own", page=path)

    def _clear(self, path: RelPath) -> None:
        if self.repository.stages.pop(path, None):
            _put(self.repository.index, path, self._tree(self.repository.head).get(path))

    def _checkout(self, path: RelPath, oid: str | None) -> None:
        if oid is not None:
            self.tree.write(path, self.repository.blobs[oid])
        elif path in self.tree.files:
            self.tree.delete(path)

    def _tree(self, commit: CommitId | None) -> Tree:
        if commit is None:
            return {}
        if commit not in self.repository.commits:
            raise HistoryError(f"git has no commit {commit}")
        return self.repository.commits[commit].tree

    def _file(self, path: RelPath) -> str | None:
        return self._blob(self.tree.files[path]) if path in self.tree.files else None

    def _blob(self, content: bytes) -> str:
        oid = hashlib.sha1(b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()
        self.repository.blobs[oid] = content
        return oid


class MemoryJournal:
    """The port on a list of lines, which outlive the process. `on_step` as in `MemoryHistory`."""

    def __init__(self, lines: list[str] | None = None) -> None:
        self.lines = [] if lines is None else lines
        self.on_step: Callable[[str], None] = lambda _: None

    def open(self) -> Sequence[Mapping[str, object]]:
        intentions: dict[str, Mapping[str, object]] = {}
        for line in self.lines:
            step = json.loads(line)
            if "done" in step:
                intentions.pop(step["done"], None)
            else:
                intentions[str(step["intend"]["key"])] = step["intend"]
        return list(intentions.values())

    def intend(self, entry: Mapping[str, object]) -> None:
        self.on_step(f"intend {entry['key']}")
        self.lines.append(json.dumps({"intend": entry}))
        self.on_step(f"intended {entry['key']}")

    def done(self, key: str) -> None:
        self.on_step(f"close {key}")
        self.lines.append(json.dumps({"done": key}))
        if not self.open():
            self.lines.clear()


class MemoryCache:
    """The port on a dict."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def recall(self, name: str) -> str:
        return self.values.get(name, "")

    def remember(self, name: str, value: str) -> None:
        self.values[name] = value


def clone_repository(repository: MemoryRepository) -> MemoryRepository:
    """A `git clone`: the same history and files, but no tracking branch, conflicts or half-done moves."""
    fresh = replace(repository, tracking=None, pending={}, moving=None, index_lock="", operation="")
    fresh.commits, fresh.blobs = dict(repository.commits), dict(repository.blobs)
    fresh.index = dict(repository.commits[repository.head].tree) if repository.head else {}
    fresh.stages, fresh.absent = {}, set()
    return fresh


def _put(tree: dict[RelPath, str], path: RelPath, oid: str | None) -> None:
    if oid is None:
        tree.pop(path, None)
    else:
        tree[path] = oid


def _differing(one: Tree, two: Tree) -> set[RelPath]:
    return {path for path in {*one, *two} if one.get(path) != two.get(path)}


def _bytes(content: Content) -> bytes:
    return content if isinstance(content, bytes) else Path(content).read_bytes()
