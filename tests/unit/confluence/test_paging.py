"""Lists end where the server says so, never look complete when they are not, and never leave the site."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from confsync.confluence.paging import every, walk
from confsync.errors import RemoteError
from tests.unit.confluence.wire import SITE, Server, listed, ok

PATH = "/api/v2/spaces/1/pages"


def serve(rows: list[int], size: int, *, short: set[int] = frozenset()) -> Server:  # type: ignore[assignment]
    """A list in parts of `size`; parts in `short` come empty, as where rows are filtered by permission."""

    def reply(request: httpx.Request) -> httpx.Response:
        at = int(request.url.params.get("cursor", "0"))
        part = [] if at // size in short else rows[at : at + size]
        after = f"/wiki{PATH}?limit={size}&cursor={at + size}" if at + size < len(rows) else ""
        return listed(*({"id": str(row)} for row in part), after=after)

    return Server(reply)


@given(st.integers(0, 30), st.integers(1, 7))
def test_all_rows_come_once_whatever_the_size_of_the_parts(count: int, size: int) -> None:
    server = serve(list(range(count)), size)
    with server.transport() as transport:
        rows = every(transport, PATH, [("limit", "7")])
    assert [row["id"] for row in rows] == [str(n) for n in range(count)]


def test_a_short_or_empty_part_is_not_the_end() -> None:
    server = serve(list(range(12)), 3, short={1, 2})
    with server.transport() as transport:
        rows = every(transport, PATH, [])
    assert [row["id"] for row in rows] == ["0", "1", "2", "9", "10", "11"]


def test_rows_that_shift_while_we_read_are_not_doubled() -> None:
    server = serve([1, 2, 3, 3, 4], 3)
    with server.transport() as transport:
        assert [row["id"] for row in every(transport, PATH, [])] == ["1", "2", "3", "4"]


def test_parameters_the_server_forgets_are_sent_again() -> None:
    answers = [listed({"id": "1"}, after=f"/wiki{PATH}?cursor=a"), listed({"id": "2"})]
    server = Server(lambda _: answers.pop(0))
    with server.transport() as transport:
        every(transport, PATH, [("limit", "7"), ("id", "1"), ("id", "2")])
    assert server.requests[1].url.params.multi_items() == [
        ("cursor", "a"),
        ("limit", "7"),
        ("id", "1"),
        ("id", "2"),
    ]


@pytest.mark.parametrize(
    "after",
    [
        f"https://evil.example.com{PATH}?cursor=a",
        "//evil.example.com/?cursor=a",
        f"/ex/confluence/cloud-id/wiki{PATH}?cursor=a",
        "/rest/api/content/search?next=true&cursor=a",
    ],
)
def test_only_the_query_of_next_is_taken(after: str) -> None:
    answers = [listed({"id": "1"}, after=after), listed({"id": "2"})]
    server = Server(lambda _: answers.pop(0))
    with server.transport() as transport:
        assert len(every(transport, PATH, [])) == 2
    assert str(server.requests[1].url).startswith(f"{SITE}{PATH}?")
    assert server.requests[1].url.params["cursor"] == "a"


def turning(request: httpx.Request) -> httpx.Response:
    return listed({"id": "1"}, after=f"/wiki{PATH}?cursor={request.url.params.get('cursor', '')}x")


def test_a_list_that_turns_in_circles_is_an_error_and_not_a_short_list() -> None:
    with Server(turning).transport() as transport, pytest.raises(RemoteError, match="circles"):
        every(transport, PATH, [])


def test_the_search_index_may_repeat_itself() -> None:
    with Server(turning).transport() as transport:
        assert [row["id"] for rows in walk(transport, PATH, [], index=True) for row in rows] == ["1"]


def test_emptiness_without_end_is_an_error() -> None:
    def reply(request: httpx.Request) -> httpx.Response:
        return listed(after=f"/wiki{PATH}?cursor={request.url.params.get('cursor', '')}x")

    with Server(reply).transport() as transport, pytest.raises(RemoteError, match="circles"):
        every(transport, PATH, [])


@pytest.mark.parametrize("data", [[], {"results": None}, {"results": [1]}, {"value": []}, "text"])
def test_an_answer_that_is_no_list_is_an_error(data: object) -> None:
    with Server(lambda _: ok(data)).transport() as transport, pytest.raises(RemoteError, match="no usable"):
        every(transport, PATH, [])


def test_a_failure_in_the_middle_is_the_failure_of_the_whole() -> None:
    answers = [listed({"id": "1"}, after=f"/wiki{PATH}?cursor=a"), httpx.Response(500)]
    with Server(lambda _: answers.pop(0)).transport() as transport, pytest.raises(RemoteError):
        every(transport, PATH, [])
