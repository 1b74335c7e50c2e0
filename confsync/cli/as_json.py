"""What a run did, for programs. The keys are documented in docs/commands.md and only ever grow."""

from collections.abc import Mapping
from dataclasses import fields

from confsync.engine.conflicts import opponent
from confsync.engine.outcome import Outcome, Pushed
from confsync.model.content import Attachment
from confsync.model.record import load_record
from confsync.plan.operation import (
    Arrange,
    ById,
    ByPath,
    Create,
    Detach,
    MoveTo,
    Operation,
    ParentRef,
    Pulled,
    Refused,
    Relabel,
    Top,
    Trash,
    Update,
    Upload,
)
from confsync.ports import PendingConflict


def outcome_json(outcome: Outcome) -> dict[str, object]:
    """An outcome as JSON values."""
    return {
        "dry_run": outcome.dry_run,
        "pulled": [_pulled(item) for item in outcome.pulled],
        "pushed": [_pushed(item) for item in outcome.pushed],
        "planned": [operation_json(item) for item in outcome.planned],
        "refused": [_refused(item) for item in outcome.refused],
        "conflicts": [conflict_json(item) for item in outcome.conflicts],
        "restricted": list(outcome.restricted),
        "late": list(outcome.late),
        "warnings": list(outcome.warnings),
        "committed": outcome.committed or None,
        "exit_code": outcome.exit_code,
    }


def operation_json(operation: Operation) -> dict[str, object]:  # noqa: PLR0911 - one for each kind
    """One planned operation; `do` says which."""
    match operation:
        case Create(path, kind, title, parent, _, labels, attachments, draft):
            return {
                "do": "create",
                "path": path,
                "type": kind.value,
                "title": title,
                "parent": _parent(parent),
                "labels": sorted(labels),
                "attachments": [name for name, _, _ in attachments],
                "draft": draft,
            }
        case Update(page, path, title, body, losses):
            return _of_page("update", page, path, title=title, text=body is not None, losses=list(losses))
        case MoveTo(page, path, parent):
            return _of_page("move", page, path, parent=_parent(parent))
        case Arrange(page, path, sequence):
            return _of_page("order", page, path, children=[_parent(child) for child in sequence])
        case Relabel(page, path, add, remove):
            return _of_page("label", page, path, add=sorted(add), remove=sorted(remove))
        case Upload(page, path, name, sha256):
            return _of_page("attach", page, path, name=name, sha256=sha256)
        case Detach(page, path, attachment):
            return _of_page("detach", page, path, name=attachment.name)
        case Trash(page, path, title):
            return _of_page("delete", page, path, title=title)


def conflict_json(conflict: PendingConflict) -> dict[str, object]:
    """One conflict that waits for a person."""
    version = load_record(conflict.record).row.version
    return {
        "page": conflict.page,
        "path": conflict.path,
        "state": conflict.state.value,
        "with": opponent(conflict),
        "version": version.number,
        "author": version.author,
        "when": version.when,
    }


def attachment_json(attachment: Attachment) -> dict[str, object]:
    """An attachment's facts."""
    return {field.name: getattr(attachment, field.name) for field in fields(attachment)}


def _of_page(do: str, page: str, path: str, **more: object) -> dict[str, object]:
    return {"do": do, "page": page, "path": path, **more}


def _parent(ref: ParentRef) -> Mapping[str, str] | None:
    match ref:
        case ById(page):
            return {"page": page}
        case ByPath(path):
            return {"path": path}
        case Top():
            return None


def _pulled(item: Pulled) -> dict[str, object]:
    return {
        "page": item.page,
        "title": item.title,
        "path": item.path,
        "did": item.did,
        "version": item.version,
        "was": item.was,
        "author": item.author,
    }


def _pushed(item: Pushed) -> dict[str, object]:
    return {
        "page": item.page,
        "title": item.title,
        "path": item.path,
        "did": item.did,
        "version": item.version,
    }


def _refused(item: Refused) -> dict[str, object]:
    return {"page": item.page, "path": item.path, "reason": item.reason, "hint": item.hint}
