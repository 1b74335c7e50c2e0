"""Who is who. Names may be hidden by privacy settings; ids are what counts."""

from collections.abc import Collection, Mapping

from confsync.confluence.cloud.wiki import Wiki
from confsync.confluence.payload import Json, child, maybe_text, results
from confsync.confluence.routes import V1, V2
from confsync.confluence.shapes import user
from confsync.confluence.v1.search import quoted
from confsync.model.content import User
from confsync.model.ids import AccountId

_CHUNK = 100


def by_ids(wiki: Wiki, ids: Collection[AccountId]) -> Mapping[AccountId, User]:
    """People by account id; the unknown are named by their id."""
    wanted = sorted({one for one in ids if one})
    found = {one: User(one, one) for one in ids}
    for at in range(0, len(wanted), _CHUNK):
        answer = wiki.transport.ask(f"{V2}/users-bulk", {"accountIds": wanted[at : at + _CHUNK]})
        people = [user(row) for row in results(answer.data)]
        found.update({person.id: person for person in people if person.id in found})
    return found


def by_name(wiki: Wiki, name: str) -> list[User]:
    """People whose full name or e-mail is exactly this; search only narrows it down."""
    query = [("cql", f"user.fullname ~ {quoted(name)}"), ("limit", "50")]
    rows = results(wiki.transport.get(f"{V1}/search/user", query).data)
    people = [child(row, "user") for row in rows]
    return [user(one) for one in people if one.get("accountId") and _is(one, name)]


def _is(person: Json, name: str) -> bool:
    return name in {maybe_text(person, key) for key in ("displayName", "publicName", "email")}
