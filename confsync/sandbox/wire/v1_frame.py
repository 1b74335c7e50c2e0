"""The frame of every v1 answer: envelopes, links and paging, people, labels and properties."""

import json
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote, urlencode

from starlette.responses import JSONResponse, Response

from confsync.sandbox.call import Call
from confsync.sandbox.refusals import Invalid, Missing
from confsync.sandbox.rows import Content, LabelRow, Person, PropertyRow
from confsync.sandbox.store.groups import Group
from confsync.sandbox.wire.expand import Expand

Wire = dict[str, object]


class Frame:
    """What answers of every kind are made with, for one call."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.store = call.store

    def outer(self, said: Wire, collection: str = "/rest/api/content") -> Wire:
        """Give an answer's outermost object the links only it has."""
        given = said.get("_links")
        return said | {
            "_links": {**(given if isinstance(given, dict) else {}), **self._site(), "collection": collection}
        }

    def rows(
        self, results: Sequence[object], *, start: int, limit: int, more: bool, **extra: object
    ) -> Response:
        """A list with its paging links, relative to the base."""
        return JSONResponse(self.listed(results, start=start, limit=limit, more=more) | extra)

    def listed(self, results: Sequence[object], *, start: int, limit: int, more: bool) -> Wire:
        """The envelope of `rows`."""
        call = self.call
        path = call.request.url.path.removeprefix(call.context)
        query = [
            (k, v) for k, v in call.request.query_params.multi_items() if k not in ("start", "limit", "next")
        ]
        named: dict[str, str] = {
            **self._site(),
            "self": f"{call.base}{path}?{urlencode(query)}" if query else call.base + path,
        }
        if more:
            named["next"] = (
                f"{path}?{urlencode([('next', 'true'), *query, ('limit', limit), ('start', start + limit)])}"
            )
        if start:
            named["prev"] = (
                f"{path}?{urlencode([*query, ('limit', limit), ('start', max(0, start - limit))])}"
            )
        return {
            "results": list(results),
            "start": start,
            "limit": limit,
            "size": len(results),
            "_links": named,
        }

    def _site(self) -> dict[str, str]:
        return {"base": self.call.base, "context": self.call.context}

    def self_link(self, path: str) -> dict[str, str]:
        """`_links` with the object's own address."""
        return {"self": f"{self.call.base}/rest/api/{path}"}

    def prop(self, row: PropertyRow) -> Wire:
        """A content or space property."""
        owner = (
            f"content/{row.owner}"
            if row.owner_kind == "content"
            else f"space/{self.store.spaces.get(row.owner).key}"
        )
        return {
            "id": str(row.id),
            "key": row.key,
            "value": json.loads(row.value),
            "version": {
                "when": row.created,
                "message": row.message,
                "number": row.number,
                "minorEdit": True,
                "_expandable": {},
            },
            "_links": self.self_link(f"{owner}/property/{row.key}"),
            "_expandable": {"content": f"/rest/api/{owner}", "additionalProperties": ""},
        }

    @staticmethod
    def value(row: PropertyRow) -> object:
        """The JSON value of a property."""
        found: object = json.loads(row.value)
        return found

    def inner_list(self, rows: list[Wire], limit: int, path: str) -> Wire:
        """A list inside other content."""
        return {
            "results": rows,
            "start": 0,
            "limit": limit,
            "size": len(rows),
            "_links": self.self_link(path),
        }

    def user_of(self, account_id: str) -> Wire:
        """A user by account id; one nobody knows is a former user."""
        try:
            return self.user(self.store.people.get(account_id))
        except Missing:
            if self.call.data_center:
                return self._named(
                    Person(account_id, account_id, account_id, f"Unknown User ({account_id})", "")
                )
            return self.user(Person(account_id, "", "", "Former user", "")) | {
                "type": "unknown",
                "accountType": "unknown",
            }

    def group(self, group: Group) -> Wire:
        """A group."""
        named = {"type": "group", "name": group.name}
        if self.call.data_center:
            return named | {"_links": self.self_link(f"group/{quote(group.name)}")}
        known: Wire = {"usageType": "USERBASE_GROUP", "managedBy": "EXTERNAL", "resourceAri": ""}
        return {**named, "id": group.id, **known, "_links": self.self_link(f"group/by-id?id={group.id}")}

    def version_link(self, content: str, number: int) -> dict[str, str]:
        """Where one version is."""
        api = "experimental" if self.call.data_center else "api"
        return {"self": f"{self.call.base}/rest/{api}/content/{content}/version/{number}"}

    def user(self, person: Person) -> Wire:
        """A known user."""
        if self.call.data_center:
            return self._named(person)
        return {
            "type": "known",
            "accountId": person.account_id,
            "accountType": "atlassian",
            "email": person.email,
            "publicName": person.name,
            "displayName": person.name,
            "timeZone": None,
            "isExternalCollaborator": False,
            "externalCollaborator": False,
            "profilePicture": {
                "path": "/wiki/aa-avatar/default",
                "width": 48,
                "height": 48,
                "isDefault": True,
            },
            "_expandable": {"operations": "", "personalSpace": ""},
            "_links": self.self_link(f"user?accountId={quote(person.account_id)}"),
        }

    def _named(self, person: Person) -> Wire:
        """A user of Data Center: a name and a key, no account id."""
        return {
            "type": "known",
            "username": person.username,
            "userKey": person.user_key,
            "displayName": person.name,
            "profilePicture": {
                "path": "/images/icons/profilepics/default.svg",
                "width": 48,
                "height": 48,
                "isDefault": True,
            },
            "_expandable": {"status": ""},
            "_links": self.self_link(f"user?key={person.user_key}"),
        }


def label(row: LabelRow) -> Wire:
    """A label."""
    shown = row.name if row.prefix == "global" else f"{row.prefix}:{row.name}"
    return {"prefix": row.prefix, "name": row.name, "id": str(row.id), "label": shown}


def wire_id(content: Content) -> str:
    """An id as v1 spells it."""
    return f"att{content.id}" if content.type == "attachment" else str(content.id)


def friendly(when: str) -> str:
    """`Jul 20, 2026`."""
    moment = datetime.fromisoformat(when)
    return f"{moment:%b} {moment.day}, {moment.year}"


def paging(call: Call, default: int = 25, most: int = 1000) -> tuple[int, int]:
    """Start and limit of an offset-paged list, the limit cut to what the server gives.

    Raises:
        Invalid: a negative number.
    """
    start, limit = call.integer("start", 0), call.integer("limit", default)
    if start < 0 or limit < 0:
        raise Invalid("start and limit must not be negative")
    return start, min(limit, most, _cap(expanded(call)))


def expanded(call: Call, default: str = "") -> Expand:
    """What the call wants expanded; `default` where it does not say."""
    given = call.request.query_params.getlist("expand")
    return Expand.parse(given or [default])


def _cap(expand: Expand) -> int:
    """Rows at most, by what is expanded: rendering is dear."""
    bodies = expand["body"]
    if "export_view" in bodies or "styled_view" in bodies:
        return 25
    if "body" in expand:
        return 50
    return 200 if expand else 1000


def person_asked(call: Call) -> Person:
    """The user a call names by account id, user name or key.

    Raises:
        Missing: nobody is called so.
    """
    if account := call.query("accountId"):
        return call.store.people.get(account)
    if key := call.query("key") or call.query("userkey"):
        return call.store.people.by_key(key)
    return call.store.people.by_username(call.query("username"))
