"""Reading JSON answers: every access is checked, so that an odd server gives an error and not a crash."""

from collections.abc import Mapping

from confsync.errors import RemoteError

Json = Mapping[str, object]


def as_object(value: object, what: str = "answer") -> Json:
    """A JSON object.

    Raises:
        RemoteError: it is something else; so do all functions here.
    """
    if not isinstance(value, dict):
        raise odd(what)
    return value


def objects(value: object, what: str = "results") -> list[Json]:
    """A JSON array of objects."""
    if not isinstance(value, list):
        raise odd(what)
    return [as_object(item, what) for item in value]


def results(value: object) -> list[Json]:
    """The rows of a list answer."""
    return objects(as_object(value).get("results"))


def child(data: Json, *path: str) -> Json:
    """An object inside an object, step by step; empty where a step is missing or null."""
    for key in path:
        value = data.get(key)
        data = value if isinstance(value, dict) else {}
    return data


def text(data: Json, key: str) -> str:
    """A string that has to be there; numbers are taken as their digits."""
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise odd(key)
    return str(value)


def maybe_text(data: Json, key: str) -> str:
    """A string, or empty where it is missing or null."""
    value = data.get(key)
    return "" if value is None else text(data, key)


def number(data: Json, key: str) -> int:
    """An integer that has to be there; some servers send it as a string."""
    value = data.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    raise odd(key)


def maybe_number(data: Json, key: str) -> int | None:
    """An integer, or None where it is missing, null, or a word like `none`."""
    value = data.get(key)
    if value is None or (isinstance(value, str) and not value.lstrip("-").isdigit()):
        return None
    return number(data, key)


def odd(what: str) -> RemoteError:
    """The error for an answer that is not what the API promises."""
    return RemoteError(
        f"The server's answer has no usable {what!r}",
        hint="is this URL really a Confluence, without a proxy or login page in between?",
    )
