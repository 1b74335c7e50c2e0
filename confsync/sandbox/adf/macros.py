"""Macros as extensions, and back."""

from collections.abc import Mapping, Sequence

from confsync.sandbox.adf.names import MACROS
from confsync.sandbox.adf.nodes import Json, Node, inner, text
from confsync.sandbox.saving.elements import Element, cdata, element, spelt


def extension(said: Element, inside: Sequence[Node] | None, *, inline: bool = False) -> Node:
    """A macro; `inside` is its rich text body, None where it has none."""
    name = said.get("ac:name")
    parameters = {key: {"value": value} for key, value in said.parameters.items()}
    plain = said.child("ac:plain-text-body")
    if plain is not None:
        parameters["__bodyContent"] = {"value": plain.text}
    macro_id = said.get("ac:macro-id")
    metadata: Node = {
        "macroId": {"value": macro_id},
        "schemaVersion": {"value": said.get("ac:schema-version", "1")},
        "title": name.replace("-", " ").title(),
    }
    attributes: Node = {
        "extensionType": MACROS,
        "extensionKey": name,
        "parameters": {"macroParams": parameters, "macroMetadata": metadata},
        "localId": said.get("ac:local-id") or macro_id,
    }
    if inline:
        return {"type": "inlineExtension", "attrs": attributes}
    attributes["layout"] = said.get("data-layout", "default")
    if inside is None:
        return {"type": "extension", "attrs": attributes}
    return {
        "type": "bodiedExtension",
        "attrs": attributes,
        "content": list(inside) or [{"type": "paragraph"}],
    }


def macro(
    name: str, parameters: Mapping[str, str], body: str = "", own: Mapping[str, str] | None = None
) -> str:
    """A macro in storage; `own` are attributes besides its name."""
    shown = "".join(
        element("ac:parameter", {"ac:name": key}, spelt(value)) for key, value in parameters.items()
    )
    return element("ac:structured-macro", {"ac:name": name, **(own or {})}, shown + body)


def macro_of(said: Json, rich: str | None) -> str:
    """A macro in storage, from the attributes of its extension and its rich text body (None: it has none)."""
    parameters = inner(said, "parameters")
    named = inner(parameters, "macroParams")
    given = {key: text(inner(named, key), "value") for key in named if isinstance(named[key], dict)}
    metadata = inner(parameters, "macroMetadata")
    plain = given.pop("__bodyContent", None)
    body = element("ac:plain-text-body", {}, cdata(plain)) if plain is not None else ""
    if rich is not None:
        body = element("ac:rich-text-body", {}, rich)
    own = {"ac:schema-version": text(inner(metadata, "schemaVersion"), "value") or "1"}
    if macro_id := text(inner(metadata, "macroId"), "value"):
        own["ac:macro-id"] = macro_id
    return macro(text(said, "extensionKey"), given, body, own)
