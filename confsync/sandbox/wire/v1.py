"""Content in the shape of REST v1: what is not expanded is named in `_expandable` instead."""

from collections.abc import Callable
from urllib.parse import quote

from confsync.sandbox.rows import Content, SpaceRow, VersionRow
from confsync.sandbox.store.groups import Group
from confsync.sandbox.wire import bodies, links
from confsync.sandbox.wire.expand import NOTHING, Expand
from confsync.sandbox.wire.v1_frame import (
    Frame,
    Wire,
    expanded,
    friendly,
    label,
    paging,
    person_asked,
    wire_id,
)

__all__ = ["Shape", "Wire", "expanded", "friendly", "label", "paging", "person_asked", "wire_id"]

_CLOUD_BODIES = bodies.SHOWN
_DATA_CENTER_BODIES = (
    "storage",
    "view",
    "export_view",
    "styled_view",
    "anonymous_export_view",
    "editor",
)
_CHILD_LISTS = ("page", "attachment", "comment", "folder", "whiteboard", "database", "embed")
_CHILD_LIMIT = 25
_LABEL_LIMIT = 200


class Shape(Frame):
    """Turns rows into v1 objects for one call."""

    # -------------------------------------------------------------------------------------- content

    def content(self, content: Content, expand: Expand = NOTHING, *, number: int | None = None) -> Wire:
        """Any content; `number` shows an old version of it."""
        shown = wire_id(content)
        old = None if number is None else self.store.contents.version(content.id, number)
        said: Wire = {
            "id": shown,
            "type": content.type,
            "status": "historical" if old else content.status,
            "title": old.title if old else content.title,
            "extensions": self._extensions(content),
        }
        if not self.call.data_center:
            said["macroRenderedOutput"] = {}
        makers = self._makers(content, expand, old)
        addresses = self._addresses(content)
        said |= {name: make() for name, make in makers.items() if name in expand}
        if content.type == "attachment" and "metadata" not in said:
            said["metadata"] = self._metadata(content, NOTHING)
        said["_expandable"] = {name: address for name, address in addresses.items() if name not in said}
        said["_links"] = self._links(content)
        return said

    def _makers(
        self, content: Content, expand: Expand, old: VersionRow | None
    ) -> dict[str, Callable[[], object]]:
        store = self.store
        return {
            "space": lambda: self.space(store.spaces.get(content.space), expand["space"]),
            "container": lambda: self._container(content, expand["container"]),
            "version": lambda: self.version(old or content.version, content),
            "history": lambda: self.history(content, expand["history"]),
            "ancestors": lambda: [
                self.content(a, expand["ancestors"]) for a in store.tree.ancestors(content)
            ],
            "body": lambda: self._body(content, expand["body"], old),
            "metadata": lambda: self._metadata(content, expand["metadata"]),
            "children": lambda: self.children(content, expand["children"]),
            "descendants": lambda: self._descendants(content, expand["descendants"]),
            "restrictions": lambda: self.restrictions(content, expand["restrictions"]),
            "operations": lambda: [
                {"operation": o, "targetType": content.type} for o in ("read", "update", "delete")
            ],
            "childTypes": lambda: {
                kind: {"value": kind in self._kinds(content), "_links": {}}
                for kind in ("page", "attachment", "comment")
            },
        }

    def _addresses(self, content: Content) -> dict[str, str]:
        shown = wire_id(content)
        space = f"/rest/api/space/{quote(self.store.spaces.get(content.space).key, safe='~')}"
        container = space if content.container is None else f"/rest/api/content/{content.container}"
        here = f"/rest/api/content/{shown}"
        return {
            "container": container,
            "metadata": "",
            "restrictions": f"{here}/restriction/byOperation",
            "history": f"{here}/history",
            "body": "",
            "version": "",
            "descendants": f"{here}/descendant",
            "space": space,
            "childTypes": "",
            "operations": "",
            "schedulePublishDate": "",
            "children": f"{here}/child",
            "ancestors": "",
        }

    def _links(self, content: Content) -> dict[str, str]:
        named = self.self_link(f"content/{wire_id(content)}")
        if content.type == "attachment":
            file = self.store.files.file(content.id)
            return named | {"webui": links.preview(content), "download": links.download(content, file)}
        if content.type == "comment":
            page = self.store.contents.get(content.container or 0)
            webui = links.webui(page, self.store.spaces.get(page.space))
            return named | {"webui": f"{webui}?focusedCommentId={content.id}"}
        return named | links.page_links(content, self.store.spaces.get(content.space))

    def _extensions(self, content: Content) -> Wire:
        if content.type == "attachment":
            file = self.store.files.file(content.id)
            return {
                "mediaType": file.media_type,
                "fileSize": file.size,
                "comment": file.comment,
                "mediaTypeDescription": file.media_type,
                "fileId": file.file_id,
                "collectionName": f"contentId-{content.container}",
            }
        if content.type == "comment":
            return self._comment(content)
        return {"position": "none" if content.position is None else content.position}

    def _comment(self, content: Content) -> Wire:
        details = self.store.comments.details(content.id)
        said: Wire = {"location": details.location}
        if details.location == "inline":
            said["inlineProperties"] = {"originalSelection": details.selection, "markerRef": details.ref}
            said["resolution"] = {
                "status": details.resolution,
                "lastModifier": None,
                "lastModifiedDate": details.resolved or None,
            }
        return said

    def _container(self, content: Content, expand: Expand) -> Wire:
        if content.container is None:
            return self.space(self.store.spaces.get(content.space), expand)
        return self.content(self.store.contents.get(content.container), expand)

    # ---------------------------------------------------------------------------------- its parts

    def version(self, row: VersionRow, content: Content) -> Wire:
        """A version."""
        shown = wire_id(content)
        if self.call.data_center:
            return {
                "by": self.user_of(row.author),
                "when": row.created,
                "message": row.message,
                "number": row.number,
                "minorEdit": row.minor,
                "hidden": False,
                "_expandable": {"content": f"/rest/api/content/{shown}"},
                "_links": self.version_link(shown, row.number),
            }
        return {
            "by": self.user_of(row.author),
            "when": row.created,
            "friendlyWhen": friendly(row.created),
            "message": row.message,
            "number": row.number,
            "minorEdit": row.minor,
            "contentTypeModified": False,
            "_expandable": {"collaborators": "", "content": f"/rest/api/content/{shown}"},
            "_links": self.version_link(shown, row.number),
        }

    def history(self, content: Content, expand: Expand) -> Wire:
        """Who made it and when."""
        said: Wire = {
            "latest": True,
            "createdBy": self.user_of(content.author),
            "createdDate": content.created,
            "_links": self.self_link(f"content/{wire_id(content)}/history"),
        }
        numbers = (
            [v.number for v in self.store.contents.versions(content.id)]
            if "previousVersion" in expand
            else []
        )
        if "lastUpdated" in expand:
            said["lastUpdated"] = self.version(content.version, content)
        if len(numbers) > 1:
            said["previousVersion"] = self.version(
                self.store.contents.version(content.id, numbers[1]), content
            )
        if "contributors" in expand:
            authors = dict.fromkeys(v.author for v in self.store.contents.versions(content.id))
            said["contributors"] = {
                "publishers": {"users": [self.user_of(a) for a in authors], "userKeys": list(authors)}
            }
        names = ("lastUpdated", "previousVersion", "contributors", "nextVersion", "ownedBy", "lastOwnedBy")
        return said | {"_expandable": {name: "" for name in names if name not in said}}

    def _body(self, content: Content, expand: Expand, old: VersionRow | None) -> Wire:
        value = self.store.contents.body(content.id, old.number if old else None)
        known = _DATA_CENTER_BODIES if self.call.data_center else _CLOUD_BODIES
        said: Wire = {}
        for name in known:
            if name in expand:
                said[name] = {
                    "value": bodies.shown(self.call, content, value, name),
                    "representation": name,
                    "embeddedContent": [],
                    "_expandable": {"content": f"/rest/api/content/{wire_id(content)}"},
                }
        return said | {"_expandable": {name: "" for name in known if name not in said}}

    def _metadata(self, content: Content, expand: Expand) -> Wire:
        said: Wire = {}
        if content.type == "attachment":
            file = self.store.files.file(content.id)
            said |= {"comment": file.comment, "mediaType": file.media_type}
        if "labels" in expand:
            said["labels"] = self.labels(content)
        if "properties" in expand:
            said["properties"] = self._properties(content, expand["properties"])
        names = ("labels", "properties", "currentuser", "comments", "simple", "frontend", "likes")
        return said | {"_expandable": {name: "" for name in names if name not in said}}

    def labels(self, content: Content) -> Wire:
        """The labels, as a list inside other content."""
        rows = [label(row) for row in self.store.labels.of(content.id)]
        return self.inner_list(rows, _LABEL_LIMIT, f"content/{wire_id(content)}/label")

    def _properties(self, content: Content, expand: Expand) -> Wire:
        rows = self.store.properties.of("content", content.id)
        shown = [row for row in rows if not expand or row.key in expand]
        here = self.self_link(f"content/{wire_id(content)}/property")
        return {**{row.key: self.prop(row) for row in shown}, "_links": here, "_expandable": {}}

    # ----------------------------------------------------------------------------------- relatives

    def related(self, content: Content, kind: str) -> list[Content]:
        """Children of one type that the caller may see."""
        hidden = self.store.restrictions.hidden_from(self.call.viewer)
        if kind == "attachment":
            rows = self.store.files.of(content.id)
        elif kind == "comment":
            rows = (
                self.store.comments.replies(content.id)
                if content.type == "comment"
                else self.store.comments.of(content.id)
            )
        else:
            rows = [c for c in self.store.tree.children(content.id) if c.type == kind]
        return [c for c in rows if c.id not in hidden]

    def _kinds(self, content: Content) -> set[str]:
        return {kind for kind in _CHILD_LISTS if self.related(content, kind)}

    def children(self, content: Content, expand: Expand) -> Wire:
        """The lists of children asked for, and where to get the others."""
        here = f"content/{wire_id(content)}/child"
        said: Wire = {}
        for kind in _CHILD_LISTS:
            if kind in expand:
                rows = [self.content(c, expand[kind]) for c in self.related(content, kind)[:_CHILD_LIMIT]]
                said[kind] = self.inner_list(rows, _CHILD_LIMIT, f"{here}/{kind}")
        others = {kind: f"/rest/api/{here}/{kind}" for kind in _CHILD_LISTS if kind not in said}
        return said | {"_expandable": others, "_links": self.self_link(here)}

    def _descendants(self, content: Content, expand: Expand) -> Wire:
        here = f"content/{wire_id(content)}/descendant"
        said: Wire = {}
        if "page" in expand:
            below = [
                d.content for d in self.store.tree.descendants(content.id, 100) if d.content.type == "page"
            ]
            rows = [self.content(c, expand["page"]) for c in below[:_CHILD_LIMIT]]
            said["page"] = self.inner_list(rows, _CHILD_LIMIT, f"{here}/page")
        others = {
            kind: f"/rest/api/{here}/{kind}" for kind in ("page", "comment", "attachment") if kind not in said
        }
        return said | {"_expandable": others, "_links": self.self_link(here)}

    # -------------------------------------------------------------------------------- restrictions

    def restrictions(self, content: Content, expand: Expand) -> Wire:
        """Read and update restrictions by operation, those asked for or both."""
        shown = [name for name in ("read", "update") if name in expand] or ["read", "update"]
        return {name: self.restriction(content, name) for name in shown} | {
            "_links": self.self_link(f"content/{wire_id(content)}/restriction/byOperation")
        }

    def restriction(self, content: Content, operation: str) -> Wire:
        """Who one operation is restricted to."""
        subjects = self.store.restrictions.of(content.id, operation)
        users: list[Wire] = [self.user_of(subject) for kind, subject in subjects if kind == "user"]
        groups: list[Wire] = [self.group(Group(subject)) for kind, subject in subjects if kind == "group"]
        here = f"content/{wire_id(content)}/restriction/byOperation/{operation}"
        lists = {
            name: {"results": rows, "start": 0, "limit": 100, "size": len(rows)}
            for name, rows in (("user", users), ("group", groups))
        }
        return {
            "operation": operation,
            "restrictions": {**lists, "_expandable": {}},
            "_expandable": {"content": f"/rest/api/content/{wire_id(content)}"},
            "_links": self.self_link(here),
        }

    # -------------------------------------------------------------------------- spaces and people

    def space(self, space: SpaceRow, expand: Expand = NOTHING) -> Wire:
        """A space; here its id is a number."""
        key = quote(space.key, safe="~")
        here = f"/rest/api/space/{key}"
        said: Wire = {
            "id": space.id,
            "key": space.key,
            "name": space.name,
            "type": space.type,
            "status": space.status,
        }
        if not self.call.data_center:
            said["alias"] = space.key
        if "homepage" in expand and space.homepage is not None:
            said["homepage"] = self.content(self.store.contents.get(space.homepage), expand["homepage"])
        if "description" in expand:
            plain = {"value": space.description, "representation": "plain", "embeddedContent": []}
            said["description"] = {"plain": plain, "_expandable": {"view": ""}}
        if "metadata" in expand:
            said["metadata"] = {
                "labels": self.inner_list([], _LABEL_LIMIT, f"space/{key}/label"),
                "_expandable": {},
            }
        addresses = {
            "settings": f"{here}/settings",
            "metadata": "",
            "operations": "",
            "lookAndFeel": f"/rest/api/settings/lookandfeel?spaceKey={key}",
            "identifiers": "",
            "permissions": "",
            "icon": "",
            "description": "",
            "theme": f"{here}/theme",
            "history": "",
        }
        if space.homepage is not None:
            addresses["homepage"] = f"/rest/api/content/{space.homepage}"
        said["_expandable"] = {name: address for name, address in addresses.items() if name not in said}
        said["_links"] = {"webui": f"/spaces/{key}", **self.self_link(f"space/{key}")}
        return said
