"""What reading one page's storage gathers: placeholders, headings, the page's spelling."""

from collections.abc import Mapping
from functools import cached_property

from confsync.convert.neighbours import Neighbourhood
from confsync.convert.storage.parse import Node, attributes
from confsync.convert.storage.text import Spelling, normalised
from confsync.convert.tree import digest
from confsync.model.links import Links

ID_LENGTH = 6


class Page:
    """One body while it is read; also knows how to spell what is added to it."""

    def __init__(self, source: str, links: Links) -> None:
        self.source = source
        self.links = links
        self.placeholders: dict[str, str] = {}
        """Bytes by `#id`."""
        self._alike: dict[str, int] = {}
        """How many ids begin with the same hash."""
        self.labels: dict[str, str] = {}
        """What a placeholder says of itself, by `#id`."""
        self.opaque: list[str] = []
        """Kinds of the constructs that cannot be edited, in order."""
        self.constructs: dict[str, int] = {}
        """How often each construct was met."""
        self.previews: dict[str, str] = {}
        """The picture shown below a diagram, as a target, by the diagram's `#id`."""
        self.headings: Mapping[str, str] = {}
        """The text of this page's own headings by the anchor that GitHub gives them, for an edit."""

    @cached_property
    def spelling(self) -> Spelling:
        """Which entities this page uses."""
        return Spelling(self.source)

    @cached_property
    def near(self) -> Neighbourhood:
        """The pages of the working copy that this one may link to."""
        return Neighbourhood(self.links)

    def attributes(self, node: Node) -> dict[str, str]:
        """The attributes of an element, decoded."""
        return attributes(self.source, node)

    def raw(self, node: Node) -> str:
        """The bytes of an element."""
        return self.source[node.start : node.end]

    def inside(self, node: Node) -> str:
        """The bytes between an element's tags."""
        return self.source[node.open_end : node.close_start]

    def start_tag(self, node: Node) -> str:
        """An element's start tag."""
        return self.source[node.start : node.open_end]

    def end_tag(self, node: Node) -> str:
        """An element's end tag; empty where it has none."""
        return self.source[node.close_start : node.end]

    def identify(self, raw: str, label: str, *, said: str | None = None) -> str:
        """Give bytes an id: a hash of what they say, with a suffix for the second of a kind.

        `said` is what counts where it is not all of `raw`: a macro without its editable body.
        """
        name = digest(normalised(raw if said is None else said))[:ID_LENGTH]
        count = self._alike[name] = self._alike.get(name, 0) + 1
        unique = name if count == 1 else f"{name}-{count}"
        self.placeholders[unique] = raw
        self.labels[unique] = label
        return unique

    def count(self, construct: str) -> None:
        """Note that a construct was met."""
        self.constructs[construct] = self.constructs.get(construct, 0) + 1
