"""`CloudRemote` on the sandbox: a colleague works beside it through the same HTTP API."""

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import httpx

from confsync.confluence import Credentials, SpaceRemote, Transport, connect
from confsync.confluence.v1 import CLOUD, V1Remote
from confsync.model.content import Attachment, ContentType, User
from confsync.model.ids import AccountId, AttachmentId, PageId, SpaceKey
from confsync.ports import Place, Remote
from confsync.sandbox import SandboxServer

_NAME = "Second Writer"
_numbers = itertools.count(1)


class SandboxStage:
    """A new space on a running sandbox; without `v2` our remote speaks v1 alone; `token` is another one of ours."""

    def __init__(self, server: SandboxServer, *, v2: bool = True, token: str = "") -> None:
        self.v2 = v2
        login = server.add_user(_NAME)
        self._http = httpx.Client(
            base_url=server.url,
            auth=(login.username, login.token),
            headers={"X-Atlassian-Token": "no-check"},
            trust_env=False,
        )
        self.key = f"T{next(_numbers)}"
        space = self._send("POST", "/api/v2/spaces", {"key": self.key, "name": "Engineering"})
        self._space = str(space["id"])
        self.home = PageId(space["homepageId"])
        me = self._send("GET", "/rest/api/user/current")
        self.colleague: User = User(AccountId(me["accountId"]), me["displayName"])
        us = Credentials(server.username, token or server.token)
        key = SpaceKey(self.key)
        self.cloud: SpaceRemote | V1Remote = (
            connect(server.url, key, us) if v2 else V1Remote(Transport(server.url, us), key, CLOUD)
        )
        self.remote: Remote = self.cloud

    def close(self) -> None:
        self._http.close()
        self.cloud.close()

    def page(
        self,
        title: str,
        body: str = "<p>Hello</p>",
        *,
        parent: PageId | None = None,
        top: bool = False,
        type: ContentType = ContentType.PAGE,  # noqa: A002 - the noun of the API
        labels: Iterable[str] = (),
    ) -> PageId:
        data: dict[str, object] = {"spaceId": self._space, "title": title}
        if type.has_text:
            data |= {"status": "current", "body": {"representation": "storage", "value": body}}
        if type is not ContentType.BLOGPOST and not top:
            data["parentId"] = parent or self.home
        route = f"/api/v2/{type.value}s" + ("?root-level=true" if top else "")
        made = PageId(self._send("POST", route, data)["id"])
        self.label(made, *labels)
        return made

    def edit(
        self, page: PageId, body: str | None = None, *, title: str | None = None, message: str = ""
    ) -> None:
        now = self._send("GET", f"/api/v2/pages/{page}?body-format=storage")
        data = {
            "id": page,
            "status": "current",
            "title": title or now["title"],
            "body": {"representation": "storage", "value": body or now["body"]["storage"]["value"]},
            "version": {"number": now["version"]["number"] + 1, "message": message},
        }
        self._send("PUT", f"/api/v2/pages/{page}", data)

    def move(self, page: PageId, place: Place, target: PageId) -> None:
        self._send("PUT", f"/rest/api/content/{page}/move/{place.value}/{target}")

    def trash(self, page: PageId) -> None:
        self._send("DELETE", f"/api/v2/pages/{page}")

    def purge(self, page: PageId) -> None:
        self.trash(page)
        self._send("DELETE", f"/api/v2/pages/{page}?purge=true")

    def label(self, page: PageId, *names: str) -> None:
        if names:
            labels = [{"prefix": "global", "name": name} for name in names]
            self._send("POST", f"/rest/api/content/{page}/label", labels)

    def comment(self, page: PageId, selection: str) -> str:
        data = {
            "pageId": page,
            "body": {"representation": "storage", "value": "<p>Really?</p>"},
            "inlineCommentProperties": {
                "textSelection": selection,
                "textSelectionMatchCount": 1,
                "textSelectionMatchIndex": 0,
            },
        }
        return str(self._send("POST", "/api/v2/inline-comments", data)["properties"]["inlineMarkerRef"])

    def attach(self, page: PageId, name: str, data: bytes) -> Attachment:
        answer = self._http.post(f"/rest/api/content/{page}/child/attachment", files={"file": (name, data)})
        answer.raise_for_status()
        made = answer.json()["results"][0]
        number = made["version"]["number"]
        return Attachment(AttachmentId(made["id"].removeprefix("att")), name, number, len(data), "")

    def restrict(self, page: PageId) -> None:
        me = self.cloud.me().id
        people = [{"type": "known", "accountId": one} for one in (me, self.colleague.id)]
        data = [{"operation": "read", "restrictions": {"user": people, "group": []}}]
        self._send("PUT", f"/rest/api/content/{page}/restriction", data)

    def now(self) -> str:
        return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _send(self, method: str, path: str, data: object = None) -> Any:
        answer = self._http.request(method, path, json=data)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None
