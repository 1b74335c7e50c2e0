"""What a hook is told: ids on Data Center, whole objects on Cloud."""

from collections.abc import Mapping
from datetime import datetime

from confsync.sandbox.refusals import Missing
from confsync.sandbox.rows import Content
from confsync.sandbox.store import Store
from confsync.sandbox.webhooks.happenings import Event
from confsync.sandbox.wire import links

Payload = dict[str, object]
_TRIGGERS = {"page_created": "create_page", "page_updated": "edit_page", "page_moved": "move_page"}


def milliseconds(when: datetime) -> int:
    """A moment as payloads write it."""
    return int(when.timestamp() * 1000)


def data_center(store: Store, event: Event) -> Payload:
    """The payload of Data Center: what happened, to which id, by whom."""
    now = milliseconds(store.database.clock())
    said: Payload = {"timestamp": now, "event": event.name}
    if event.who:
        said["userKey"] = store.people.ensure(event.who).user_key
    return said | _about(store, event)


def _about(store: Store, event: Event) -> Payload:
    subject, _, ending = event.name.partition("_")
    match subject:
        case "label":
            return {"label": _label(store, event.other or 0), "labeled": {"id": event.subject}}
        case "space":
            return {"space": _space(store, event.subject)}
        case _ if ending == "moved":
            parents = {"oldParent": event.other, "newParent": event.parent}
            named: Payload = {name: {"id": parent} for name, parent in parents.items() if parent is not None}
            return {subject: {"id": event.subject}, **named}
        case _:
            return {subject: {"id": event.subject}}


def _label(store: Store, label: int) -> Payload:
    try:
        return {"id": label, "name": store.labels.get(label).name}
    except Missing:
        return {"id": label}


def _space(store: Store, space: int) -> Payload:
    try:
        return {"id": space, "key": store.spaces.get(space).key}
    except Missing:
        return {"id": space}


def connect(store: Store, event: Event, base: str) -> Payload:
    """The payload of Cloud; what is gone for good is told by its id alone."""
    said: Payload = {
        "userAccountId": event.who,
        "accountType": "customer",
        "timestamp": milliseconds(store.database.clock()),
    }
    if trigger := _TRIGGERS.get(event.name):
        said["updateTrigger"] = trigger
    subject, _, ending = event.name.partition("_")
    match subject:
        case "label":
            return said | {
                "label": _label(store, event.other or 0),
                "labeled": _object(store, event.subject, base),
            }
        case "space":
            return said | {"space": _space(store, event.subject)}
        case "attachment":
            return said | {"attachments": [_object(store, event.subject, base)]}
        case _:
            said[subject] = _object(store, event.subject, base)
    if ending == "moved":
        for name, parent in (("oldParent", event.other), ("newParent", event.parent)):
            if parent is not None:
                said[name] = _object(store, parent, base)
    return said


def _object(store: Store, content: int, base: str) -> Mapping[str, object]:
    try:
        found = store.contents.get(content)
    except Missing:
        return {"id": content, "idAsString": str(content)}
    return _whole(store, found, base)


def _whole(store: Store, content: Content, base: str) -> Payload:
    space = store.spaces.get(content.space)
    said: Payload = {
        "idAsString": str(content.id),
        "id": content.id,
        "title": content.title,
        "spaceKey": space.key,
        "contentType": content.type,
        "version": content.version.number,
        "creatorAccountId": content.author,
        "lastModifierAccountId": content.version.author,
        "creationDate": milliseconds(datetime.fromisoformat(content.created)),
        "modificationDate": milliseconds(datetime.fromisoformat(content.version.created)),
        "self": f"{base}{links.webui(content, space)}",
    }
    if content.type == "attachment":
        file = store.files.file(content.id)
        said |= {"fileName": content.title, "fileSize": file.size}
    if content.container is not None:
        said["parent"] = {"id": content.container}
    return said
