"""What differs between the files, the base and Confluence, as pairs of texts."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from confsync.convert.markdown import front_matter
from confsync.convert.markdown.front_matter import Value
from confsync.engine.observe_local import observe_copy
from confsync.engine.observe_remote import observe_space
from confsync.engine.session import Session
from confsync.errors import ConvertError
from confsync.model.ids import PageId, RelPath
from confsync.plan.body import Versions, merge_body
from confsync.plan.copy import Copy
from confsync.plan.edits import body_edit, labels_of
from confsync.plan.links import LinkIndex
from confsync.plan.operation import Arrange, Create, Detach, MoveTo, Operation, Relabel, Trash, Update, Upload
from confsync.plan.pull import plan_pull
from confsync.plan.push import plan_push
from confsync.plan.render import render_page

_BLOCK_ENDS = re.compile(
    r"(</(?:p|h[1-6]|li|ul|ol|t[drh]|tbody|table|div|ac:[a-z-]+|blockquote|pre)>|<(?:p|hr|ac:[a-z-]+|ri:[a-z-]+)[^<>]*/>)(?=<)"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One file before and after."""

    path: RelPath
    page: PageId | None
    did: str
    """`update`, `create`, `delete`, `move`, `label`, `attach`, `detach`."""
    before: str = ""
    after: str = ""


def local_differences(session: Session, *, storage: bool) -> list[Difference]:
    """What a push would send: base against files."""
    copy = observe_copy(session)
    links = LinkIndex.of(copy)
    undone: dict[RelPath, str] = {}
    found: dict[RelPath, Difference] = {}
    for operation in plan_push(copy, links).operations:
        item = _storage(copy, operation) if storage else _markdown(copy, links, operation, undone)
        if item.path not in found or item.before != item.after:
            found[item.path] = item
    return list(found.values())


def remote_differences(session: Session, *, storage: bool) -> list[Difference]:
    """What a pull would bring: base against server, local edits left out of both."""
    copy = observe_copy(session)
    links = LinkIndex.of(copy)
    incoming = observe_space(session, copy).incoming
    if storage:
        return [
            Difference(
                copy.paths.get(page, RelPath(page)),
                page,
                "update" if page in copy.records else "create",
                copy.records[page].page.body if page in copy.records else "",
                record.page.body,
            )
            for page, record in incoming.records.items()
        ]
    before = dict(copy.files)
    for operation in plan_push(copy, links).operations:
        if isinstance(operation, Update | Relabel):
            before[operation.path] = _as_base(copy, links, operation.page, operation.path).encode()
    plan = plan_pull(replace(copy, files=before, frozen={}), incoming)
    texts: Mapping[RelPath, bytes | None] = plan.texts
    return [
        Difference(
            path,
            plan.owners.get(path),
            "delete" if data is None else "update" if path in before else "create",
            _decoded(before.get(path)),
            _decoded(data),
        )
        for path, data in sorted(texts.items())
        if _decoded(before.get(path)) != _decoded(data)
    ]


def unified(item: Difference) -> Iterator[str]:
    """The lines of a unified diff, without line ends; storage is broken into lines after every block."""
    before, after = _shown_lines(item.before), _shown_lines(item.after)
    old = f"a/{item.path}" if item.did != "create" else "/dev/null"
    new = f"b/{item.path}" if item.did != "delete" else "/dev/null"
    return difflib.unified_diff(before, after, old, new, lineterm="")


def _markdown(copy: Copy, links: LinkIndex, operation: Operation, undone: dict[RelPath, str]) -> Difference:
    path = operation.path
    after = _decoded(copy.files.get(path))
    match operation:
        case Create():
            return Difference(path, None, "create", "", after)
        case Trash(page):
            return Difference(path, page, "delete", _decoded(copy.base_texts.get(path)), "")
        case Update(page) | Relabel(page):
            if path not in undone:
                undone[path] = _as_base(copy, links, page, path)
            return Difference(path, page, "update", undone[path], after)
        case MoveTo(page) | Arrange(page) | Upload(page) | Detach(page):
            return Difference(path, page, _verb(operation))


def _storage(copy: Copy, operation: Operation) -> Difference:
    match operation:
        case Create(path, _, _, _, body):
            return Difference(path, None, "create", "", body)
        case Trash(page, path):
            return Difference(path, page, "delete", copy.records[page].page.body, "")
        case Update(page, path, _, body):
            before = copy.records[page].page.body
            return Difference(path, page, "update", before, before if body is None else body)
        case (
            Relabel(page, path)
            | MoveTo(page, path)
            | Arrange(page, path)
            | Upload(page, path)
            | Detach(page, path)
        ):
            return Difference(path, page, _verb(operation))


def _verb(operation: Relabel | MoveTo | Arrange | Upload | Detach) -> str:
    match operation:
        case Relabel():
            return "label"
        case MoveTo():
            return "move"
        case Arrange():
            return "order"
        case Upload():
            return "attach"
        case Detach():
            return "detach"


def _as_base(copy: Copy, links: LinkIndex, page: PageId, path: RelPath) -> str:
    """A file as it would be if its edits were taken back: what is left is how the person formats it."""
    record, local = copy.records[page], copy.pages[page]
    here = links.links(path, record.page.body, local.body)
    try:
        said = body_edit(local, record, links, allow_loss=True).storage
    except ConvertError:
        return render_page(record, here, copy.settings, home=copy.homepage, children=local.front.children)
    undone = merge_body(Versions(said, local.body, record.page.body), here, here, "").text
    text = local.text[: front_matter.split(local.text).body_offset] + undone
    keys: dict[str, Value | None] = {}
    if local.front.title is not None:
        keys["title"] = record.page.title
    if labels_of(local) != record.page.labels:
        keys["labels"] = tuple(sorted(record.page.labels)) or None
    return front_matter.edit(text, keys, copy.settings.front_matter)


def _decoded(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "replace")


def _shown_lines(text: str) -> list[str]:
    """Lines without their ends; storage, which has none, is broken after each block."""
    if text.lstrip().startswith("<"):
        text = _BLOCK_ENDS.sub(r"\1\n", text)
    return text.splitlines()
