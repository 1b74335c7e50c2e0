"""One request as the routes see it."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from confsync.sandbox.flavour import Flavour, Limits
from confsync.sandbox.refusals import Denied, Invalid, Missing, Refusal
from confsync.sandbox.rows import Content, SpaceRow
from confsync.sandbox.store import Store
from confsync.sandbox.store.access import Access, seen_by

Json = Mapping[str, object]


class NotJson(Refusal):
    """A request body of another media type than JSON."""


class TooLarge(Refusal):
    """A request body over the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"at most {limit} bytes")
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Call:
    """What a route is given: the request, who asks, and the store."""

    request: Request
    store: Store
    viewer: str
    """The account id of the caller."""
    context: str
    """The site's context path where the client came in under it, else empty."""
    limits: Limits
    flavour: Flavour = Flavour.CLOUD

    @property
    def data_center(self) -> bool:
        """Whether the site is Data Center."""
        return self.flavour is Flavour.DATA_CENTER

    @property
    def base(self) -> str:
        """Scheme, host and context, as `_links.base` says it."""
        url = self.request.url
        return f"{url.scheme}://{url.netloc}{self.context}"

    def path(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def number(self, name: str = "id", kind: str = "long") -> int:
        """A part of the path that must be an id.

        Raises:
            Invalid: it is no number.
        """
        return id_number(self.path(name), name, kind)

    def query(self, name: str, default: str = "") -> str:
        """One query parameter."""
        return self.request.query_params.get(name, default)

    def queries(self, name: str) -> list[str]:
        """A list parameter, whether repeated or separated by commas, with or without `[]`."""
        given = [*self.request.query_params.getlist(name), *self.request.query_params.getlist(f"{name}[]")]
        return [part.strip() for value in given for part in value.split(",") if part.strip()]

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A `true`/`false` parameter."""
        return self.query(name, "true" if default else "false").lower() == "true"

    def integer(self, name: str, default: int) -> int:
        """A numeric parameter.

        Raises:
            Invalid: it is no number.
        """
        raw = self.query(name)
        if not raw:
            return default
        try:
            return int(raw)
        except ValueError as error:
            raise Invalid(
                f"Provided value {{{raw}}} for '{name}' is not the correct type. Expected type is int."
            ) from error

    async def bytes(self) -> bytes:
        """The whole body.

        Raises:
            TooLarge: it is over the limit.
        """
        body = bytearray()
        async for part in self.request.stream():
            body += part
            if len(body) > self.limits.json_body:
                raise TooLarge(self.limits.json_body)
        return bytes(body)

    async def json(self) -> object:
        """The body as JSON.

        Raises:
            Invalid: it is none.
            NotJson: it does not say so.
            TooLarge: it is over the limit.
        """
        media = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not media.endswith("json"):
            raise NotJson
        try:
            value: object = json.loads(await self.bytes() or b"null")
        except ValueError as error:
            raise Invalid(f"Could not parse request body: {error}") from error
        return value

    async def object(self) -> Json:
        """The body as a JSON object.

        Raises:
            Invalid: it is none.
        """
        value = await self.json()
        if not isinstance(value, dict):
            raise Invalid("Request body must be a JSON object")
        return value

    def content(self, content: int, *types: str, kind: str = "content") -> Content:
        """Content this viewer may see.

        Raises:
            Missing: it is not there, or hidden.
        """
        found = self.store.contents.get(content, *types, kind=kind)
        self._check_space(found, kind)
        if content in self.store.restrictions.hidden_from(self.viewer):
            raise Missing(kind, str(content))
        if found.status == "draft" and found.author != self.viewer:
            raise Missing(kind, str(content))
        return found

    def administer(self, space: SpaceRow) -> None:
        """Raise unless this viewer administers a space.

        Raises:
            Denied: they do not.
        """
        if space.id in Access(self.store.database).closed("admin", self.viewer):
            raise Denied(f"User not permitted to administer the space {space.key}")

    def as_seen_by(self, account_id: str) -> Store:
        """The store as another account sees it."""
        whole: Store = self.request.app.state.store
        return seen_by(whole, account_id, writing=False)

    def _check_space(self, content: Content, kind: str) -> None:
        """Let the space refuse what this viewer may not see, or in a request that writes not change."""
        try:
            self.store.spaces.get(content.space)
        except Missing as error:
            raise Missing(kind, str(content.id)) from error


Handler = Callable[[Call], Awaitable[Response]]


def id_number(raw: object, name: str = "id", kind: str = "long") -> int:
    """An id as a number; the `att` prefix of attachments is dropped.

    Raises:
        Invalid: it is no number.
    """
    text = str(raw).removeprefix("att")
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - 64 bits
        raise Invalid(
            f"Provided value {{{raw}}} for '{name}' is not the correct type. Expected type is {kind}."
        )
    return int(text)


def text(value: object) -> str:
    """A JSON value that should be a string; null and absent are empty."""
    return "" if value is None else str(value)


def inner(value: object) -> Json:
    """A JSON value that should be an object; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """A JSON value that should be an array; anything else is an empty one."""
    return value if isinstance(value, list) else []


def whole(value: object) -> int | None:
    """A JSON value that should be a whole number."""
    try:
        return None if value is None or isinstance(value, bool) else int(str(value))
    except ValueError:
        return None


_READING_POSTS = re.compile(
    r"/api/v2/(users-bulk|content/convert-ids-to-types)|/rest/api/(contentbody/.*|content/\d+/permission/check)"
)


def _writes(request: Request) -> bool:
    """Whether a request is made to change content."""
    return request.method not in ("GET", "HEAD") and not _READING_POSTS.fullmatch(request.url.path)


def route(path: str, handler: Handler, *methods: str) -> Route:
    """Bind a handler to a path and methods (GET by default)."""

    async def endpoint(request: Request) -> Response:
        state, site = request.scope["state"], request.app.state
        stored = state.get("store", site.store)  # a stale replica, where a fault wants one
        store = seen_by(stored, state["viewer"], writing=_writes(request))
        call = Call(request, store, state["viewer"], state["context"], site.limits, site.flavour)
        return await handler(call)

    return Route(path, endpoint, methods=list(methods) or ["GET"], include_in_schema=False)
