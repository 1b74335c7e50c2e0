"""What the v2 routes of pages, posts and comments share: rows, single answers, bodies in and out."""

from confsync.sandbox.call import Call, Json
from confsync.sandbox.refusals import Denied, Missing
from confsync.sandbox.routes.v2_includes import included
from confsync.sandbox.rows import Content
from confsync.sandbox.wire import bodies, v2


class Shapes:
    """Turns content into rows; remembers spaces and the types of parents between rows."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._format = call.query("body-format")
        self._types: dict[int, str | None] = {}

    def row(self, content: Content, body: Json) -> v2.Wire:
        """One page or post."""
        space = self._call.store.spaces.get(content.space)
        if content.type == "blogpost":
            return v2.post(content, space, body)
        return v2.page(content, space, self.parent_type(content), body)

    def body(self, content: Content, number: int | None = None, value: str | None = None) -> Json:
        """The body in the format asked for; nothing where none was."""
        if not self._format:
            return {}
        text_ = self._call.store.contents.body(content.id, number) if value is None else value
        return in_format(self._call, content, text_, self._format)

    def parent_type(self, content: Content) -> str | None:
        """What kind of content the parent is."""
        if content.parent is None:
            return None
        if content.parent not in self._types:
            self._types[content.parent] = _type_of(self._call, content.parent)
        return self._types[content.parent]


def _type_of(call: Call, content: int) -> str | None:
    try:
        return call.store.contents.get(content).type
    except Missing:
        return None


def in_format(call: Call, content: Content, body: str, wanted: str) -> Json:
    """A body under the name of its representation.

    Raises:
        Invalid: a format this server does not have.
    """
    return {wanted: {"representation": wanted, "value": bodies.shown(call, content, body, wanted)}}


def single(
    call: Call, content: Content, *, status: str = "", title: str = "", value: str | None = None
) -> v2.Wire:
    """Schema PageSingle, with the blocks the caller asked to include."""
    shape = Shapes(call)
    said = shape.row(content, shape.body(content, value=value))
    if status:
        said |= {"status": status, "title": title}
    elif title:
        said["title"] = title
    if not call.flag("include-version", default=True):
        del said["version"]
    root = "blogposts" if content.type == "blogpost" else "pages"
    return v2.based(said, call.base) | included(call, content, root)


def allow_edit(call: Call, content: Content) -> None:
    """Raise unless the caller may change it."""
    if not call.store.restrictions.may_edit(content.id, call.viewer):
        raise Denied(f"User not permitted to update content with id {content.id}")
