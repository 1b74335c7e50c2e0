"""The site as several accounts see it: spaces and pages that are not there, or cannot be changed."""

from collections.abc import Iterator

import httpx
import pytest

from confsync.sandbox import Flavour, SandboxServer
from confsync.sandbox.accounts import Login

_KINDS = {"user": "jane@example.com"}


@pytest.fixture(scope="module")
def site() -> Iterator[SandboxServer]:
    with SandboxServer(generate=12) as running:
        running.add_space("SECRET", "Secret")
        running.add_user("Jane Doe", "jane@example.com", "jane")
        running.add_user("Ed Itor", "ed@example.com", "ed")
        for number in range(3):
            running.colleague().create("SECRET", f"Secret {number}", "<p>hush</p>")
        permissions = [
            {"operation": "read", "user": "jane@example.com"},
            {"operation": "edit", "user": "ed@example.com"},
            {"operation": "admin", "user": running.username},
        ]
        sent = {"space": "SECRET", "permissions": permissions}
        httpx.post(f"{running.origin}/_sandbox/permissions", json=sent).raise_for_status()
        yield running


@pytest.fixture(scope="module")
def outsider(site: SandboxServer) -> Login:
    return site.add_user("Out Sider")


def get(site: SandboxServer, path: str, who: Login | None) -> httpx.Response:
    auth = None if who is None else (who.username, who.token)
    return httpx.get(site.url + path, auth=auth)


def secret(site: SandboxServer) -> tuple[int, int]:
    """The numbers of the secret space and its home page."""
    space = site.store.spaces.by_key("SECRET")
    assert space.homepage is not None
    return space.id, space.homepage


class TestReading:
    def test_a_hidden_space_is_nowhere(self, site: SandboxServer, outsider: Login) -> None:
        space, home = secret(site)
        for path in (
            f"/api/v2/spaces/{space}",
            f"/api/v2/spaces/{space}/pages",
            f"/api/v2/pages/{home}",
            f"/api/v2/pages/{home}/versions",
            "/rest/api/space/SECRET",
            f"/rest/api/content/{home}",
            f"/rest/api/content/{home}/child/page",
        ):
            assert get(site, path, outsider).status_code == 404, path
        for path in (
            "/api/v2/spaces?keys=SECRET",
            "/rest/api/space?spaceKey=SECRET",
            f"/api/v2/pages?id={home}",
            "/rest/api/search?cql=space=SECRET",
            "/rest/api/content/search?cql=text~hush",
            "/rest/api/content?type=page&title=Secret 1",
        ):
            assert get(site, path, outsider).json()["results"] == [], path

    @pytest.mark.parametrize("token", ["jane", "ed"])
    def test_those_named_see_it(self, site: SandboxServer, token: str) -> None:
        found = site.site.accounts.by_token(token)
        assert found is not None
        login = next(one for one in site.site.accounts.all() if one.token == token)
        _, home = secret(site)
        assert get(site, f"/api/v2/pages/{home}", login).status_code == 200
        assert get(site, "/rest/api/search?cql=space=SECRET", login).json()["totalSize"] == 4

    def test_groups_count(self, site: SandboxServer) -> None:
        member, other = site.add_user("Mem Ber"), site.add_user("Oth Er")
        site.add_space("GROUPED", "Grouped")
        group = site.store.groups.create("writers")
        site.store.groups.join(group, member.account_id)
        permissions = [{"operation": "read", "group": "writers"}]
        sent = {"space": "GROUPED", "permissions": permissions}
        httpx.post(f"{site.origin}/_sandbox/permissions", json=sent).raise_for_status()
        codes = [get(site, "/rest/api/space/GROUPED", who).status_code for who in (member, other)]
        assert codes == [200, 404]

    def test_listings_with_hidden_rows_are_short_and_go_on_truly(
        self, site: SandboxServer, outsider: Login
    ) -> None:
        robin = site.colleague()
        pages = [robin.create("GEN", f"Row {n:02}") for n in range(12)]
        for page in pages[2:8]:
            robin.restrict(page.id)
        wanted = {str(page.id) for page in pages if page not in pages[2:8]}
        origin, address = site.origin, "/wiki/api/v2/pages?limit=4&sort=-id"
        sizes, seen = [], []
        while address:
            said = httpx.get(origin + address, auth=(outsider.username, outsider.token)).json()
            sizes.append(len(said["results"]))
            seen += [row["id"] for row in said["results"]]
            address = said["_links"].get("next", "")
        assert wanted <= set(seen)
        assert not {str(page.id) for page in pages[2:8]} & set(seen)
        assert len(seen) == len(set(seen))
        assert min(sizes[:-1]) < 4


class TestWriting:
    @pytest.mark.parametrize(("token", "status"), [("jane", 404), ("ed", 200)])
    def test_who_may_only_read_changes_nothing(self, site: SandboxServer, token: str, status: int) -> None:
        login = next(one for one in site.site.accounts.all() if one.token == token)
        space, home = secret(site)
        auth = (login.username, login.token)
        sent = {"spaceId": str(space), "title": f"By {token}"}
        assert httpx.post(f"{site.url}/api/v2/pages", json=sent, auth=auth).status_code == status
        label = httpx.post(f"{site.url}/rest/api/content/{home}/label", json=[{"name": token}], auth=auth)
        assert label.status_code == {404: 403}.get(status, status)

    def test_reading_with_post_is_reading(self, site: SandboxServer) -> None:
        login = next(one for one in site.site.accounts.all() if one.token == "jane")
        _, home = secret(site)
        answer = httpx.post(
            f"{site.url}/api/v2/content/convert-ids-to-types",
            json={"contentIds": [str(home)]},
            auth=(login.username, login.token),
        )
        assert answer.json()["results"] == {str(home): "page"}

    @pytest.mark.parametrize(
        "permission",
        [
            {"operation": "edit", "anonymous": True},
            {"operation": "dance", "user": "jane@example.com"},
            {"operation": "read", "user": "nobody"},
            {"operation": "read"},
            "read",
        ],
    )
    def test_permissions_that_mean_nothing_are_refused(self, site: SandboxServer, permission: object) -> None:
        sent = {"space": "GEN", "permissions": [permission]}
        assert httpx.post(f"{site.origin}/_sandbox/permissions", json=sent).status_code == 400


class TestRights:
    """What accounts are told about their rights, and who may change them."""

    def test_everybody_is_told_what_they_may_do(self, site: SandboxServer) -> None:
        space, home = secret(site)
        told = {}
        for token in ("jane", "ed", site.token):
            login = next(one for one in site.site.accounts.all() if one.token == token)
            page = get(site, f"/api/v2/pages/{home}/operations", login).json()["operations"]
            whole = get(site, f"/api/v2/spaces/{space}/operations", login).json()["operations"]
            told[token] = ([one["operation"] for one in page], [one["operation"] for one in whole])
        editing = ["read", "update", "delete", "create"]
        assert told == {
            "jane": (["read"], ["read"]),
            "ed": (editing, ["read"]),
            site.token: (editing, ["read", "update", "delete"]),
        }

    @pytest.mark.parametrize(("operation", "said"), [("read", "true"), ("update", "false")])
    def test_somebody_elses_rights_can_be_asked_for(
        self, site: SandboxServer, operation: str, said: str
    ) -> None:
        _, home = secret(site)
        subject = {"type": "user", "identifier": site.site.known("jane@example.com").account_id}
        answer = httpx.post(
            f"{site.url}/rest/api/content/{home}/permission/check",
            json={"subject": subject, "operation": operation},
            auth=(site.username, site.token),
        )
        assert f'"hasPermission":{said}' in answer.text

    def test_who_administers_a_space_gives_and_takes(self) -> None:
        with SandboxServer(generate=2) as server, httpx.Client(base_url=server.url) as client:
            client.auth = httpx.BasicAuth(server.username, server.token)
            jane = server.add_user("Jane Doe")
            space = server.store.spaces.by_key("GEN").id
            rights = "/rest/api/space/GEN/permission"

            def given() -> set[tuple[str, str]]:
                rows = client.get(f"/api/v2/spaces/{space}/permissions?limit=250").json()["results"]
                mine = [row["operation"] for row in rows if row["principal"]["id"] == jane.account_id]
                return {(row["key"], row["targetType"]) for row in mine}

            assert given() == set()
            subject = {"type": "user", "identifier": jane.account_id}
            made = client.post(
                rights, json={"subject": subject, "operation": {"key": "administer", "target": "space"}}
            )
            assert made.status_code == 200, made.text
            assert {("administer", "space"), ("create", "page"), ("read", "space")} <= given()
            again = client.post(
                rights, json={"subject": subject, "operation": {"key": "read", "target": "space"}}
            )
            assert again.status_code == 400
            mine = httpx.put(
                f"{server.url}/rest/api/space/GEN", json={"name": "Hers"}, auth=(jane.username, jane.token)
            )
            assert mine.status_code == 200
            assert client.delete(f"{rights}/{made.json()['id']}").status_code == 204
            assert ("create", "page") in given()
            refused = httpx.delete(f"{server.url}/rest/api/space/GEN", auth=(jane.username, jane.token))
            assert refused.status_code == 403
            wrong = client.post(
                rights, json={"subject": subject, "operation": {"key": "dance", "target": "space"}}
            )
            assert wrong.status_code == 400
            assert client.delete(f"{rights}/1").status_code == 404

    def test_somebody_always_administers(self) -> None:
        with SandboxServer(generate=2) as server, httpx.Client(base_url=server.url) as client:
            client.auth = httpx.BasicAuth(server.username, server.token)
            space = server.store.spaces.by_key("GEN").id
            rows = client.get(f"/api/v2/spaces/{space}/permissions?limit=250").json()["results"]
            last = next(row["id"] for row in rows if row["operation"]["key"] == "administer")
            assert client.delete(f"/rest/api/space/GEN/permission/{last}").status_code == 400


class TestStrangers:
    def test_a_space_may_be_open_to_them(self) -> None:
        with SandboxServer(generate=3) as server:
            server.add_space("CLOSED", "Closed")
            home = server.store.spaces.by_key("GEN").homepage
            assert get(server, f"/api/v2/pages/{home}", None).status_code == 404
            permissions = [
                {"operation": "read", "anonymous": True},
                {"operation": "admin", "user": server.username},
            ]
            sent = {"space": "GEN", "permissions": permissions}
            httpx.post(f"{server.origin}/_sandbox/permissions", json=sent).raise_for_status()
            assert get(server, f"/api/v2/pages/{home}", None).status_code == 200
            spaces = get(server, "/api/v2/spaces", None).json()["results"]
            assert [space["key"] for space in spaces] == ["GEN"]
            me = get(server, "/rest/api/user/current", None).json()
            assert me["type"] == "anonymous"
            refused = httpx.post(f"{server.url}/rest/api/content/{home}/label", json=[{"name": "x"}])
            assert refused.status_code == 403
            wrong = httpx.get(f"{server.url}/api/v2/pages/{home}", auth=("you@example.com", "wrong"))
            assert wrong.status_code == 404

    @pytest.mark.parametrize("flavour", Flavour)
    def test_a_whole_site_may_be(self, flavour: Flavour) -> None:
        with SandboxServer(generate=3, anonymous=True, flavour=flavour) as server:
            answer = get(server, "/rest/api/space/GEN", None)
        assert answer.status_code == 200
        if flavour is Flavour.DATA_CENTER:
            assert answer.headers["X-AUSERNAME"] == "anonymous"
