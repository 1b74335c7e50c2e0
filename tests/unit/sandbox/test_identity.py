"""Who asks: the gateway, OAuth, scopes, app tokens, sessions, forged requests, anonymous readers."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from confsync.sandbox import Flavour, SandboxServer
from confsync.sandbox.identity.connect import ConnectApp, query_hash, signed_token
from confsync.sandbox.identity.oauth import App, Asked, Lifetimes, OAuth, Refused, challenge
from confsync.sandbox.identity.scopes import opens
from tests.unit.sandbox.conftest import HOME

SPECS = Path(os.environ.get("CONFSYNC_SPECS", Path(__file__).parents[4] / "shared" / "specs"))
PAGE = f"/api/v2/pages/{HOME}"
READER = "read:page:confluence read:space:confluence offline_access"
BACK = "http://localhost:9/callback"


class Agent:
    """An OAuth app that speaks HTTP."""

    def __init__(self, server: SandboxServer) -> None:
        self.server = server
        self.app = server.oauth_app
        self.http = httpx.Client(base_url=server.origin)

    def code(self, scope: str, **more: str) -> dict[str, str]:
        query = {
            "audience": "api.atlassian.com",
            "client_id": self.app.client_id,
            "scope": scope,
            "redirect_uri": BACK,
            "state": "s1",
            "response_type": "code",
            "prompt": "consent",
            **more,
        }
        answer = self.http.get("/authorize", params=query)
        assert answer.status_code == 302, answer.text
        assert answer.headers["location"].startswith(BACK)
        return {key: value[0] for key, value in parse_qs(urlsplit(answer.headers["location"]).query).items()}

    def token(self, **sent: str) -> httpx.Response:
        own = {"client_id": self.app.client_id, "client_secret": self.app.client_secret}
        return self.http.post("/oauth/token", json={**own, **sent})

    def login(self, scope: str, **more: str) -> dict[str, str]:
        code = self.code(scope, **more)["code"]
        answer = self.token(grant_type="authorization_code", code=code, redirect_uri=BACK)
        assert answer.status_code == 200, answer.text
        tokens: dict[str, str] = answer.json()
        return tokens

    def get(self, path: str, token: str) -> httpx.Response:
        return httpx.get(f"{self.server.gateway}{path}", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def agent(server: SandboxServer) -> Iterator[Agent]:
    made = Agent(server)
    with made.http:
        yield made


@pytest.fixture(scope="module")
def site() -> Iterator[SandboxServer]:
    """A Data Center that asks for a person after three wrong passwords."""
    with SandboxServer(generate=3, flavour=Flavour.DATA_CENTER, captcha_after=3) as running:
        yield running


class TestConsent:
    def test_the_code_comes_back_with_the_state_and_works_once(self, agent: Agent) -> None:
        said = agent.code(READER)
        assert said["state"] == "s1"
        sent = {"grant_type": "authorization_code", "code": said["code"], "redirect_uri": BACK}
        first = agent.token(**sent).json()
        assert (first["token_type"], first["expires_in"]) == ("Bearer", 3600)
        assert set(first["scope"].split()) == set(READER.split())
        again = agent.token(**sent)
        assert (again.status_code, again.json()["error"]) == (403, "invalid_grant")

    def test_a_person_may_be_asked_and_say_no(self, agent: Agent) -> None:
        query = f"client_id={agent.app.client_id}&scope=read%3Ame&response_type=code&redirect_uri={BACK}"
        page = agent.http.get(f"/authorize?{query}&consent=ask")
        assert "<li>read:me</li>" in page.text
        assert agent.code(READER, consent="denied") == {"error": "access_denied", "state": "s1"}

    @pytest.mark.parametrize(
        "wrong",
        [
            {"client_id": "nobody"},
            {"redirect_uri": "https://evil.example/"},
            {"redirect_uri": "http://127.0.0.1@evil.example/"},
            {"redirect_uri": "javascript:alert(1)"},
        ],
    )
    def test_codes_go_to_registered_places_alone(self, agent: Agent, wrong: dict[str, str]) -> None:
        query = {
            "client_id": agent.app.client_id,
            "scope": READER,
            "redirect_uri": BACK,
            "response_type": "code",
        }
        assert agent.http.get("/authorize", params=query | wrong).status_code == 400

    def test_somebody_else_may_consent(self, agent: Agent, server: SandboxServer) -> None:
        other = server.add_user("Noor Ito")
        token = agent.login("read:me offline_access", login_hint=other.username)["access_token"]
        me = agent.http.get("/me", headers={"Authorization": f"Bearer {token}"}).json()
        assert (me["account_id"], me["name"]) == (other.account_id, "Noor Ito")

    def test_a_code_is_bound_to_its_verifier(self, agent: Agent) -> None:
        pkce = {"code_challenge": challenge("a" * 43), "code_challenge_method": "S256"}
        for verifier, status in (("b" * 43, 403), ("a" * 43, 200)):
            code = agent.code(READER, **pkce)["code"]
            sent = {"code": code, "redirect_uri": BACK, "code_verifier": verifier}
            assert agent.token(grant_type="authorization_code", **sent).status_code == status


class TestTokens:
    def test_each_refresh_gives_another_refresh_token(self, agent: Agent) -> None:
        first = agent.login(READER)
        second = agent.token(grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
        assert second["refresh_token"] != first["refresh_token"]
        assert agent.get(PAGE, second["access_token"]).status_code == 200
        again = agent.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
        assert again.status_code == 200, "an answer may have been lost: the old one works for a while"

    def test_without_offline_access_there_is_no_refresh_token(self, agent: Agent) -> None:
        assert "refresh_token" not in agent.login("read:page:confluence")

    def test_an_app_may_use_its_own_credentials(self, agent: Agent) -> None:
        own = agent.token(grant_type="client_credentials", scope="read:page:confluence").json()
        assert "refresh_token" not in own
        assert agent.get(PAGE, own["access_token"]).status_code == 200

    @pytest.mark.parametrize(
        ("sent", "status", "error"),
        [
            ({"client_secret": "wrong"}, 401, "access_denied"),
            ({"grant_type": "refresh_token", "refresh_token": "x"}, 403, "invalid_grant"),
            ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ],
    )
    def test_refusals_have_a_name(self, agent: Agent, sent: dict[str, str], status: int, error: str) -> None:
        answer = agent.token(**{"grant_type": "client_credentials", **sent})
        assert (answer.status_code, answer.json()["error"]) == (status, error)

    def test_a_form_is_read_as_well_as_json(self, agent: Agent) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": agent.app.client_id,
            "client_secret": agent.app.client_secret,
        }
        assert agent.http.post("/oauth/token", data=form).status_code == 200
        assert (
            agent.http.post(
                "/oauth/token", content=b"{", headers={"Content-Type": "application/json"}
            ).status_code
            == 400
        )

    def test_tokens_end(self) -> None:
        now = [0.0]
        oauth = OAuth(Lifetimes(access=60, reuse=5), clock=lambda: now[0])
        app = oauth.register(App("a", "s", "me"))
        own = {"client_id": "a", "client_secret": "s"}
        code = oauth.agree(Asked("a", "me", frozenset(READER.split()), BACK))
        first = oauth.exchange(
            {**own, "grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        )
        assert oauth.granted(first.access) == (app.account_id, frozenset(READER.split()))
        now[0] = 60
        assert oauth.granted(first.access) is None
        oauth.exchange({**own, "grant_type": "refresh_token", "refresh_token": first.refresh})
        now[0] = 66
        with pytest.raises(Refused, match="Unknown or invalid refresh token"):
            oauth.exchange({**own, "grant_type": "refresh_token", "refresh_token": first.refresh})

    def test_all_access_tokens_may_end_at_once(self, agent: Agent, server: SandboxServer) -> None:
        token = agent.login(READER)["access_token"]
        server.site.doors.oauth.expire()
        answer = agent.get(PAGE, token)
        assert (answer.status_code, answer.json()) == (401, {"code": 401, "message": "Unauthorized"})


class TestGateway:
    def test_a_token_names_the_sites_it_is_for(self, agent: Agent, server: SandboxServer) -> None:
        token = agent.login(READER)["access_token"]
        said = agent.http.get(
            "/oauth/token/accessible-resources", headers={"Authorization": f"Bearer {token}"}
        ).json()
        cloud = agent.http.get("/_edge/tenant_info").json()["cloudId"]
        assert [(site["id"], site["url"]) for site in said] == [(cloud, server.origin)]
        assert said[0]["scopes"] == ["read:page:confluence", "read:space:confluence"]
        assert server.gateway == f"{server.origin}/ex/confluence/{cloud}/wiki"

    def test_links_lead_to_the_site_and_the_next_page_below_the_gateway(self, agent: Agent) -> None:
        token = agent.login(READER)["access_token"]
        said = agent.get("/api/v2/pages?limit=2", token).json()
        assert said["_links"]["base"] == agent.server.url
        assert said["_links"]["next"].startswith("/wiki/api/v2/pages?limit=2&cursor=")
        rest = httpx.get(
            agent.server.gateway.removesuffix("/wiki") + said["_links"]["next"],
            headers={"Authorization": f"Bearer {token}"},
        ).json()
        assert {row["id"] for row in rest["results"]}.isdisjoint(row["id"] for row in said["results"])

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("DELETE", PAGE),
            ("GET", f"/api/v2/pages/{HOME}/attachments"),
            ("GET", "/rest/api/search?cql=type=page"),
            ("POST", f"/rest/api/content/{HOME}/label"),
            ("GET", "/api/v2/nowhere"),
        ],
    )
    def test_what_no_scope_covers_is_401_before_it_is_anything_else(
        self, agent: Agent, method: str, path: str
    ) -> None:
        token = agent.login(READER)["access_token"]
        answer = httpx.request(
            method, agent.server.gateway + path, headers={"Authorization": f"Bearer {token}"}
        )
        assert (answer.status_code, answer.json()) == (
            401,
            {"code": 401, "message": "Unauthorized; scope does not match"},
        )

    def test_classic_scopes_open_the_first_api_and_not_the_second(self, agent: Agent) -> None:
        token = agent.login("read:confluence-content.all search:confluence")["access_token"]
        assert agent.get("/rest/api/search?cql=type=page&limit=1", token).status_code == 200
        assert agent.get(PAGE, token).status_code == 401

    def test_a_token_with_scopes_works_there_and_nowhere_else(self, server: SandboxServer) -> None:
        login = server.add_token(server.username, ["read:page:confluence"])
        auth = (login.username, login.token)
        assert httpx.get(server.gateway + PAGE, auth=auth).status_code == 200
        astray = httpx.get(server.url + PAGE, auth=auth)
        assert (astray.status_code, astray.headers["content-type"]) == (401, "text/html; charset=utf-8")

    def test_a_token_without_scopes_works_at_both(self, server: SandboxServer) -> None:
        for base in (server.url, server.gateway, server.gateway.removesuffix("/wiki")):
            assert httpx.get(base + PAGE, auth=(server.username, server.token)).status_code == 200

    def test_another_site_is_not_here(self, server: SandboxServer) -> None:
        answer = httpx.get(f"{server.origin}/ex/confluence/other{PAGE}", auth=(server.username, server.token))
        assert answer.status_code == 404

    def test_routes_that_cloud_removed_are_gone_for_apps(self, agent: Agent, api: httpx.Client) -> None:
        token = agent.login("read:confluence-content.all")["access_token"]
        gone = agent.get(f"/rest/api/content/{HOME}", token)
        assert (gone.status_code, "GoneException" in gone.json()["message"]) == (410, True)
        served = api.get(f"/rest/api/content/{HOME}")
        assert (served.status_code, "Deprecation" in served.headers) == (200, True)


class TestPoints:
    def test_reading_costs_one_more_for_each_object(self, agent: Agent, server: SandboxServer) -> None:
        token = agent.login(READER)["access_token"]
        before = server.site.points.spent
        answer = agent.get("/api/v2/pages?limit=5", token)
        assert server.site.points.spent - before == 6
        assert answer.headers["Beta-RateLimit-Policy"] == '"global-app-quota";q=65000;w=3600'
        left = server.site.points.quota - server.site.points.spent
        assert answer.headers["Beta-RateLimit"].startswith(f'"global-app-quota";r={left};t=')

    def test_api_tokens_are_not_metered(self, api: httpx.Client, server: SandboxServer) -> None:
        before = server.site.points.spent
        assert "Beta-RateLimit" not in api.get("/api/v2/pages").headers
        assert server.site.points.spent == before

    def test_who_has_spent_all_waits_for_the_hour(self) -> None:
        with SandboxServer(generate=3, points=4) as server:
            agent = Agent(server)
            with agent.http:
                token = agent.login(READER)["access_token"]
                codes = [agent.get("/api/v2/pages?limit=3", token) for _ in range(2)]
        assert [answer.status_code for answer in codes] == [200, 429]
        assert 0 < int(codes[1].headers["Retry-After"]) <= 3600
        assert codes[1].headers["RateLimit-Reason"] == "confluence-quota-global-based"

    def test_too_many_a_second_are_turned_away(self) -> None:
        with SandboxServer(generate=3, burst=5) as server, httpx.Client(base_url=server.url) as client:
            client.auth = httpx.BasicAuth(server.username, server.token)
            answers = [client.get(PAGE) for _ in range(12)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert refused
        assert answers[0].status_code == 200
        assert answers[0].headers["X-RateLimit-Limit"] == "5"
        assert refused[0].headers["X-RateLimit-NearLimit"] == "true"


class TestConnect:
    @staticmethod
    def token(server: SandboxServer, path: str, **claims: object) -> str:
        app = server.site.doors.connect.install(ConnectApp("app.key", "shared", server.oauth_app.account_id))
        parts = urlsplit(path)
        query = [(key, value) for key, values in parse_qs(parts.query).items() for value in values]
        bound = query_hash("GET", parts.path, query)
        return signed_token({"iss": app.key, "exp": time.time() + 60, "qsh": bound, **claims}, app.secret)

    def test_a_token_is_good_for_one_request(self, server: SandboxServer) -> None:
        path = "/api/v2/pages?limit=2&sort=id"
        token = self.token(server, path)
        headers = {"Authorization": f"JWT {token}"}
        assert httpx.get(server.url + path, headers=headers).status_code == 200
        assert httpx.get(f"{server.url}{path}&jwt={token}").status_code == 200
        assert httpx.get(f"{server.url}/api/v2/pages?limit=3", headers=headers).status_code == 404

    @pytest.mark.parametrize("claims", [{"iss": "other"}, {"exp": 0}, {"qsh": "0" * 64}])
    def test_wrong_claims_are_nobodys(self, server: SandboxServer, claims: dict[str, object]) -> None:
        headers = {"Authorization": f"JWT {self.token(server, PAGE, **claims)}"}
        assert httpx.get(server.url + PAGE, headers=headers).status_code == 404

    @pytest.mark.parametrize("token", ["x", "a.b.c", "e30.e30.", "e30.W10.x"])
    def test_nonsense_is_nobodys(self, server: SandboxServer, token: str) -> None:
        assert httpx.get(server.url + PAGE, headers={"Authorization": f"JWT {token}"}).status_code == 404

    def test_the_query_is_sorted_and_encoded(self) -> None:
        one = query_hash("get", "/path/", [("b", "2"), ("a", "x y"), ("a", "1*"), ("jwt", "t")])
        other = query_hash("GET", "/path", [("a", "1*"), ("a", "x y"), ("b", "2")])
        assert one == other


class TestSessions:
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({}, 403),
            ({"X-Atlassian-Token": "no-check"}, 200),
            ({"X-Atlassian-Token": "no-check", "Origin": "http://localhost:1"}, 403),
            ({"X-Atlassian-Token": "no-check", "Referer": "http://evil.example/"}, 403),
        ],
    )
    def test_a_cookie_alone_writes_nothing(
        self, server: SandboxServer, space: str, headers: dict[str, str], status: int
    ) -> None:
        cookie = {"Cookie": f"cloud.session.token={server.open_session(server.username)}"}
        assert httpx.get(server.url + PAGE, headers=cookie).status_code == 200
        sent = {"spaceId": space, "title": f"By cookie {json.dumps(headers)}"[:200]}
        answer = httpx.post(f"{server.url}/api/v2/pages", json=sent, headers=cookie | headers)
        assert answer.status_code == status

    def test_a_cookie_that_is_nobodys_is_no_login(self, server: SandboxServer) -> None:
        for cookie in ("JSESSIONID=x", "=", "\x01", ""):
            assert httpx.get(server.url + PAGE, headers={"Cookie": cookie}).status_code == 404


class TestDataCenter:
    def test_answers_say_who_asked(self, site: SandboxServer) -> None:
        answer = httpx.get(f"{site.url}/rest/api/content/{HOME}", auth=(site.username, site.token))
        assert answer.headers["X-AUSERNAME"] == "you"
        assert answer.headers["X-Seraph-LoginReason"] == "OK"
        assert "X-AREQUESTID" in answer.headers

    def test_after_too_many_wrong_passwords_a_person_is_wanted(self, site: SandboxServer) -> None:
        login = site.add_user("Clumsy")
        page = f"{site.url}/rest/api/content/{HOME}"
        codes = [httpx.get(page, auth=(login.username, "wrong")) for _ in range(4)]
        assert [answer.status_code for answer in codes] == [401, 401, 401, 403]
        assert codes[3].headers["X-Authentication-Denied-Reason"].startswith("CAPTCHA_CHALLENGE")
        assert httpx.get(page, auth=(login.username, login.token)).status_code == 403
        assert httpx.get(page, auth=(site.username, site.token)).status_code == 200

    @pytest.mark.parametrize(("origin", "status"), [(None, 403), ("http://localhost:1", 403), ("own", 200)])
    def test_a_browser_may_post_from_its_own_pages_alone(
        self, site: SandboxServer, origin: str | None, status: int
    ) -> None:
        headers = {"User-Agent": "Mozilla/5.0", "X-Atlassian-Token": "no-check"}
        if origin:
            headers["Origin"] = site.origin if origin == "own" else origin
        answer = httpx.post(
            f"{site.url}/rest/api/content/{HOME}/label",
            json=[{"name": "x"}],
            headers=headers,
            auth=(site.username, site.token),
        )
        assert answer.status_code == status

    @pytest.mark.parametrize(
        ("password", "destination", "reason", "location"),
        [
            ("right", "/spaces/GEN", "OK", "/spaces/GEN"),
            ("right", "//evil.example/", "OK", "/"),
            ("right", "https://evil.example/", "OK", "/"),
            ("wrong", "/", "AUTHENTICATED_FAILED", None),
        ],
    )
    def test_a_form_begins_a_session(
        self, site: SandboxServer, password: str, destination: str, reason: str, location: str | None
    ) -> None:
        token = site.token if password == "right" else "wrong"
        sent = {"os_username": site.username, "os_password": token, "os_destination": destination}
        with httpx.Client(base_url=site.url) as browser:
            answer = browser.post("/dologin.action", data=sent)
            assert answer.headers["X-Seraph-LoginReason"] == reason
            assert answer.headers.get("Location") == location
            page = browser.get(f"/rest/api/content/{HOME}")
        assert page.status_code == (401 if location is None else 200)

    def test_its_oauth_scopes_know_no_routes(self, site: SandboxServer) -> None:
        app = site.oauth_app
        sent = {
            "grant_type": "client_credentials",
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "scope": "READ",
        }
        token = httpx.post(f"{site.url}/rest/oauth2/latest/token", data=sent).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        page = f"{site.url}/rest/api/content/{HOME}"
        assert httpx.get(page, headers=headers).status_code == 200
        assert httpx.delete(page, headers=headers).status_code == 403


class TestCatalogue:
    def test_scopes_are_those_of_the_descriptions(self) -> None:
        if not SPECS.is_dir():
            pytest.skip("no API descriptions: put Atlassian's OpenAPI files into ../shared/specs")
        document = json.loads((SPECS / "confluence-cloud-v2-2026-07.json").read_text(encoding="utf-8"))
        described = {
            (method.upper(), f"/api/v2{path}"): {
                scope for entry in operation.get("x-atlassian-oauth2-scopes", ()) for scope in entry["scopes"]
            }
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
            if isinstance(operation, dict)
        }
        asked = {key: scopes for key, scopes in described.items() if scopes}
        assert len(asked) > 200
        for (method, path), scopes in asked.items():
            assert opens(scopes, method, path), (method, path)
            for missing in scopes:
                assert not opens(scopes - {missing}, method, path), (method, path, missing)


class TestTraces:
    def test_two_runs_of_one_seed_have_the_same_request_ids(self) -> None:
        def run(seed: int) -> list[str]:
            with SandboxServer(generate=2, chance_seed=seed) as server:
                login = (server.username, server.token)
                return [httpx.get(server.url + PAGE, auth=login).headers["atl-traceid"] for _ in range(2)]

        assert run(1) == run(1) != run(2)

    def test_answers_say_who_asked(self, api: httpx.Client) -> None:
        answer = api.get(PAGE)
        assert answer.headers["X-AACCOUNTID"].startswith("557058%3A")
        assert answer.headers["Cache-Control"] == "no-cache, no-store"
        assert len(answer.headers["atl-request-id"]) == 36
