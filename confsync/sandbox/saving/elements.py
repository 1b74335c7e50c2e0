"""Storage as a tree: for everything that has to understand a page rather than keep its bytes."""

import html
from collections.abc import Iterator
from dataclasses import dataclass, field

from confsync.sandbox.saving.tokens import Kind, tokens


@dataclass(slots=True)
class Element:
    """An element; texts between its children are strings, entities decoded, CDATA opened."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    """Values decoded."""
    children: list["Element | str"] = field(default_factory=list)
    span: slice = field(default_factory=lambda: slice(0))
    """Where it stands in the body, its tags included."""
    inside: slice = field(default_factory=lambda: slice(0))
    """Where its content stands in the body."""

    def get(self, name: str, default: str = "") -> str:
        """One attribute."""
        return self.attributes.get(name, default)

    @property
    def text(self) -> str:
        """All text inside."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def elements(self) -> list["Element"]:
        """The child elements, texts left out."""
        return [child for child in self.children if isinstance(child, Element)]

    def child(self, *names: str) -> "Element | None":
        """The first child element with one of these names."""
        return next((child for child in self.elements if child.name in names), None)

    def find(self, *names: str) -> Iterator["Element"]:
        """Every element with one of these names, at any depth, in document order."""
        for child in self.elements:
            if child.name in names:
                yield child
            yield from child.find(*names)

    def parameter(self, name: str, default: str = "") -> str:
        """A parameter of a macro."""
        return self.parameters.get(name, default)

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of a macro by name; one that names a page or user says its title or id."""
        found = (child for child in self.elements if child.name == "ac:parameter")
        return {one.get("ac:name"): one.text or _named(one) for one in found}


def _named(parameter: Element) -> str:
    """What a resource inside a parameter is called."""
    found = next(parameter.find("ri:page", "ri:user", "ri:attachment", "ri:url", "ri:space"), None)
    return next(iter(found.attributes.values()), "") if found else ""


_MOST_DEEP = 150
"""Elements below this level are left out, so that no body can exhaust the stack."""


def tree(body: str) -> Element:
    """Read well-formed storage; the root has no name."""
    root = Element("")
    open_ = [root]
    for token in tokens(body):
        match token.kind:
            case Kind.OPEN | Kind.EMPTY:
                decoded = {key: html.unescape(value) for key, value in token.attributes.items()}
                end = token.start + len(token.source)
                made = Element(token.name, decoded, span=slice(token.start, end), inside=slice(end, end))
                if len(open_) < _MOST_DEEP:
                    open_[-1].children.append(made)
                if token.kind is Kind.OPEN:
                    open_.append(made)
            case Kind.CLOSE:
                closed = open_.pop()
                closed.span = slice(closed.span.start, token.start + len(token.source))
                closed.inside = slice(closed.inside.start, token.start)
            case Kind.TEXT:
                open_[-1].children.append(html.unescape(token.source))
            case Kind.CDATA:
                open_[-1].children.append(token.source[9:-3])
            case Kind.COMMENT | Kind.INSTRUCTION:
                continue
    return root


def spelt(text: str) -> str:
    """Text as storage spells it."""
    return html.escape(text, quote=False)


def cdata(text: str) -> str:
    """Text as a CDATA section, split where it would end itself."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def element(name: str, attributes: dict[str, str] | None = None, inside: str | None = "") -> str:
    """An element in storage; `inside` None makes an empty tag."""
    given = "".join(
        ' {}="{}"'.format(key, html.escape(value, quote=False).replace('"', "&quot;"))
        for key, value in (attributes or {}).items()
    )
    return f"<{name}{given} />" if inside is None else f"<{name}{given}>{inside}</{name}>"
