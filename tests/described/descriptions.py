"""OpenAPI documents, able to say what is wrong with an answer.

The documents declare almost nothing as required and the live service departs from them in known places;
`live.tsv` says what must be there, what may be null, and what comes beyond.
"""

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SPECS = Path(os.environ.get("CONFSYNC_SPECS", Path(__file__).parents[3] / "shared" / "specs"))
LIVE = Path(__file__).with_name("live.tsv")
CLOUD = (
    ("v2", "confluence-cloud-v2-2026-07.json"),
    ("v1", "confluence-cloud-v1-2024-01.json"),
    ("v1", "confluence-cloud-v1-2026-07.json"),
)
DATA_CENTER = (("dc", "confluence-dc-10.0.3.json"),)
_KINDS: Mapping[str, Any] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "number": (int, float),
    "array": list,
    "object": dict,
}
_OPEN = frozenset({"_links", "_expandable"})
"""What hangs here differs by deployment; it is checked elsewhere."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of one document."""

    document: "Description"
    method: str
    path: str
    said: Mapping[str, Any]

    def faults(self, status: int, answer: object) -> Iterator[str]:
        """What is wrong with a successful answer."""
        responses = self.said["responses"]
        own = f"{self.method}:{plain(self.path.removeprefix('/wiki'))}"
        declared = next((responses[key] for key in (str(status), "2XX", "default") if key in responses), None)
        if self.document.live(own, "answer"):
            return
        if declared is None:
            if str(status) not in self.document.live(own, "status"):
                yield f"status {status} is not in the description"
            return
        content = declared.get("content", {})
        schema = next((c["schema"] for name, c in content.items() if "json" in name and "schema" in c), None)
        if schema is not None and answer is not None:
            yield from self.document.faults(schema, answer)


class Description:
    """One document."""

    def __init__(self, api: str, name: str) -> None:
        self.api = api
        self.document: dict[str, Any] = json.loads((SPECS / name).read_text(encoding="utf-8"))
        self._live = live(api)
        root = "/api/v2" if api == "v2" else ""
        self.operations = {
            (method.upper(), plain(root + path.removeprefix("/wiki"))): Operation(
                self, method.upper(), path, said
            )
            for path, methods in self.document["paths"].items()
            for method, said in methods.items()
            if method in ("get", "put", "post", "delete")
        }

    def live(self, name: str, aspect: str) -> frozenset[str]:
        """How the live service departs from one schema or operation."""
        return self._live[name, aspect]

    def faults(
        self, schema: Mapping[str, Any], value: object, where: str = "$", owner: str = ""
    ) -> Iterator[str]:
        """Where a value is not what a schema says; `owner` is the schema the value is a member of."""
        parts = (schema, *schema.get("allOf", ()))
        name = next((part["$ref"].rpartition("/")[2] for part in parts if "$ref" in part), "")
        name = name or f"{owner}.{where.rpartition('.')[2]}"
        schema = self._whole(schema)
        key = where.rpartition(".")[2]
        if (
            key in self._live[owner, "anything"]
            or f"{key}:{type(value).__name__}" in self._live[owner, "type"]
        ):
            return
        if value is None:
            if not (schema.get("nullable") or key in self._live[owner, "nullable"]):
                yield f"{where} is null"
            return
        options = schema.get("oneOf") or schema.get("anyOf")
        if options:
            if all(any(self.faults(option, value, where)) for option in options):
                yield f"{where} is none of the shapes allowed"
            return
        yield from self._typed(schema, value, where, name)

    def _whole(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """A schema with its reference followed and its parts put together."""
        if "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        for part in map(self._whole, schema.get("allOf", ())):
            members = {**schema.get("properties", {}), **part.get("properties", {})}
            schema = {**part, **schema, "properties": members}
        return schema

    def _typed(self, schema: Mapping[str, Any], value: object, where: str, name: str) -> Iterator[str]:
        kind = schema.get("type", "object" if "properties" in schema else "")
        if kind and (not isinstance(value, _KINDS[kind]) or (kind != "boolean" and isinstance(value, bool))):
            yield f"{where} is {type(value).__name__}, not {kind}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield f"{where} is {value!r}"
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from self.faults(schema.get("items", {}), item, f"{where}[{index}]", name)
        if isinstance(value, dict):
            yield from self._members(schema, value, where, name)

    def _members(
        self, schema: Mapping[str, Any], value: dict[str, Any], where: str, name: str
    ) -> Iterator[str]:
        for key in {*schema.get("required", ()), *self._live[name, "required"]} - {
            *self._live[name, "optional"]
        }:
            if key not in value:
                yield f"{where}.{key} is missing ({name})"
        members = schema.get("properties")
        if members is None:
            return
        for key, member in value.items():
            if key in _OPEN:
                continue
            if key in members:
                yield from self.faults(members[key], member, f"{where}.{key}", name)
            elif "additionalProperties" not in schema and not {key, "*"} & self._live[name, "beyond"]:
                yield f"{where}.{key} is not in the description ({name})"


def plain(path: str) -> str:
    """A path with its parameters unnamed."""
    return re.sub(r"\{[^}]*\}", "{}", path)


@cache
def live(api: str) -> Mapping[tuple[str, str], frozenset[str]]:
    """How the live service departs from one API's description: (schema, aspect) to keys."""
    found: defaultdict[tuple[str, str], frozenset[str]] = defaultdict(frozenset)
    for line in LIVE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            of, schemas, aspect, keys = line.split("\t")
            for schema in schemas.split() if of == api else ():
                found[schema, aspect] |= frozenset(keys.split())
    return found


@cache
def operations(*, data_center: bool) -> Mapping[tuple[str, str], Operation]:
    """Every operation a flavour has, by method and plain path; the first document that has one counts."""
    found: dict[tuple[str, str], Operation] = {}
    for api, name in DATA_CENTER if data_center else CLOUD:
        for key, operation in Description(api, name).operations.items():
            found.setdefault(key, operation)
    return found
