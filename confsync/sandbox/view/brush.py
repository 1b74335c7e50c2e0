"""What every element is painted with: the scene, the page as a whole, and the way down to children."""

import html
import re
from collections.abc import Callable, Mapping

from confsync.sandbox.saving.elements import Element
from confsync.sandbox.view.scene import Linked, Scene

_MOST_DEEP = 200


class Brush:
    """Paints one body."""

    def __init__(
        self,
        scene: Scene,
        base: str,
        root: Element,
        paint: Callable[["Brush", Element | str], str],
        *,
        included: int = 0,
    ) -> None:
        self.scene = scene
        self.base = base
        self.root = root
        self.included = included
        """How many pages deep this body is included in others."""
        self._paint = paint
        self._deep = 0

    def children(self, element: Element) -> str:
        """Everything inside an element; nothing below 200 levels."""
        if self._deep >= _MOST_DEEP:
            return ""
        self._deep += 1
        said = "".join(self._paint(self, child) for child in element.children)
        self._deep -= 1
        return said

    def within(self, root: Element) -> str:
        """Another page's body, shown in this one."""
        inner = Brush(self.scene, self.base, root, self._paint, included=self.included + 1)
        return inner.children(root)

    @staticmethod
    def anchor(heading: Element) -> str:
        """The id of a heading."""
        return re.sub(r"\s+", "-", heading.text.strip())

    @staticmethod
    def resource(found: Linked) -> dict[str, str]:
        """What an attachment's element says of it."""
        return {
            "data-linked-resource-id": found.id,
            "data-linked-resource-type": "attachment",
            "data-linked-resource-default-alias": found.title,
        }


def tag(name: str, attributes: Mapping[str, str], inside: str | None) -> str:
    """An element of HTML; `inside` None makes an empty one."""
    given = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes.items())
    return f"<{name}{given} />" if inside is None else f"<{name}{given}>{inside}</{name}>"
