"""The server around the site: logins, hosts, the journal, faults, starting and stopping."""

import asyncio
import base64
import json
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from confsync.errors import ConfsyncError
from confsync.sandbox import Downloads, Fault, Flavour, Options, SandboxServer, run
from confsync.sandbox.foreground import greeting


class TestLogin:
    def test_basic_and_bearer_are_the_same_person(self, server: SandboxServer) -> None:
        address = f"{server.url}/rest/api/user/current"
        basic = httpx.get(address, auth=(server.username, server.token)).json()
        bearer = httpx.get(address, headers={"Authorization": f"Bearer {server.token}"}).json()
        assert basic["accountId"] == bearer["accountId"]

    @pytest.mark.parametrize("login", [None, ("you@example.com", "wrong"), ("somebody", "")])
    def test_strangers_get_clouds_misleading_answers(
        self, server: SandboxServer, login: tuple[str, str] | None
    ) -> None:
        v2 = httpx.get(f"{server.url}/api/v2/pages/100000001", auth=login)
        assert v2.status_code == 404
        assert v2.json() == {
            "errors": [{"status": 404, "code": "NOT_FOUND", "title": "Not Found", "detail": None}]
        }
        v1 = httpx.get(f"{server.url}/rest/api/content/100000001", auth=login)
        assert (v1.status_code, v1.json()["message"]) == (403, "Current user not permitted to use Confluence")
        me = httpx.get(f"{server.url}/rest/api/user/current", auth=login)
        assert (me.status_code, me.json()["message"]) == (403, "caller cannot access Confluence")

    def test_every_start_draws_another_token(self) -> None:
        with SandboxServer() as one, SandboxServer() as two:
            assert len(one.token) >= 32
            assert one.token != two.token

    def test_a_colleague_gets_a_login_of_their_own(self, server: SandboxServer) -> None:
        login = server.add_user("Jane Doe")
        me = httpx.get(f"{server.url}/rest/api/user/current", auth=(login.username, login.token)).json()
        assert (me["displayName"], me["accountId"]) == ("Jane Doe", login.account_id)


class TestDoors:
    @pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", ""])
    def test_a_foreign_host_name_is_turned_away(self, api: httpx.Client, host: str) -> None:
        assert api.get("/api/v2/spaces", headers={"Host": host}).status_code in (400, 421)
        assert api.get("/_sandbox/requests", headers={"Host": host}).status_code in (400, 421)

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1234", "[::1]:80", "LOCALHOST"])
    def test_loopback_may_be_called_by_its_names(self, api: httpx.Client, host: str) -> None:
        assert api.get("/api/v2/spaces", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"])
    def test_a_web_page_of_another_site_is_turned_away(self, api: httpx.Client, origin: str) -> None:
        assert api.post("/_sandbox/reset-requests", headers={"Origin": origin}).status_code == 421
        assert (
            api.post("/_sandbox/reset-requests", headers={"Origin": "http://localhost:99"}).status_code == 204
        )

    @pytest.mark.parametrize("path", ["/wiki/api/v2/spaces", "/api/v2/spaces/", "//wiki//api/v2//spaces//"])
    def test_one_tree_stands_at_both_places_whatever_the_slashes(
        self, server: SandboxServer, path: str
    ) -> None:
        address = f"{server.url.removesuffix('/wiki')}{path}"
        assert httpx.get(address, auth=(server.username, server.token)).status_code == 200

    def test_links_carry_the_context_they_were_asked_under(
        self, api: httpx.Client, server: SandboxServer
    ) -> None:
        root = server.url.removesuffix("/wiki")
        below, top = (api.get(f"{base}/rest/api/content/100000001").json() for base in (server.url, root))
        assert (below["_links"]["context"], below["_links"]["base"]) == ("/wiki", server.url)
        assert (top["_links"]["context"], top["_links"]["base"]) == ("", root)

    def test_unknown_routes_answer_in_html(self, api: httpx.Client) -> None:
        answer = api.get("/api/v2/folders/1/children")
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")

    def test_a_body_that_is_no_json_is_400(self, api: httpx.Client) -> None:
        media = {"Content-Type": "application/json; charset=utf-8"}
        for content in (b"{", b"[]", b""):
            assert api.post("/api/v2/pages", content=content, headers=media).status_code == 400
        assert api.post("/api/v2/pages", content=b"{}").status_code == 415

    def test_people_see_a_page_without_scripts(self, api: httpx.Client, server: SandboxServer) -> None:
        page = server.colleague().create(
            "GEN", "<script>x</script>", '<p><a href="javascript:x">a &lt;b&gt;</a></p>'
        )
        answer = api.get(f"/spaces/GEN/pages/{page.id}")
        assert "<script>" not in answer.text
        assert "javascript:" not in answer.text
        assert "a &lt;b&gt;" in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert api.get("/").status_code == 200


class TestControl:
    def test_requests_are_listed_and_control_requests_are_not(self, api: httpx.Client) -> None:
        api.get("/api/v2/spaces", params={"limit": 1})
        api.get("/api/v2/pages/1")
        served = api.get("/_sandbox/requests").json()["requests"]
        assert [(r["method"], r["path"], r["status"]) for r in served] == [
            ("GET", "/wiki/api/v2/spaces", 200),
            ("GET", "/wiki/api/v2/pages/1", 404),
        ]
        assert api.post("/_sandbox/reset-requests").status_code == 204
        assert api.get("/_sandbox/requests").json() == {"requests": []}

    def test_429_says_when_to_come_back_and_happens_as_often_as_asked(self, api: httpx.Client) -> None:
        fault = {"status": 429, "retry_after": 2, "times": 2, "method": "GET", "path": "/spaces"}
        assert api.post("/_sandbox/faults", json=fault).json() == {"faults": 1}
        api.get("/api/v2/pages")
        codes = [api.get("/api/v2/spaces") for _ in range(3)]
        assert [answer.status_code for answer in codes] == [429, 429, 200]
        assert codes[0].headers["retry-after"] == "2"

    def test_a_failed_write_changed_nothing(self, api: httpx.Client, space: str) -> None:
        api.post("/_sandbox/faults", json={"status": 503, "method": "POST", "path": "/api/v2/pages"})
        sent = {"spaceId": space, "title": "Refused once"}
        assert api.post("/api/v2/pages", json=sent).status_code == 503
        assert api.post("/api/v2/pages", json=sent).status_code == 200

    def test_a_connection_may_break_before_or_after_the_change(self, api: httpx.Client, space: str) -> None:
        for kind, kept in (("drop", 0), ("drop-after", 1)):
            api.post("/_sandbox/faults", json={"kind": kind, "method": "POST", "path": "/api/v2/pages"})
            with pytest.raises(httpx.RemoteProtocolError):
                api.post("/api/v2/pages", json={"spaceId": space, "title": f"Cut {kind}"})
            rows = api.get("/api/v2/pages", params={"title": f"Cut {kind}"}).json()["results"]
            assert len(rows) == kept

    def test_an_answer_may_stop_half_way(self, api: httpx.Client) -> None:
        api.post("/_sandbox/faults", json={"kind": "truncate"})
        with pytest.raises(httpx.RemoteProtocolError):
            api.get("/api/v2/spaces")

    def test_bodies_may_come_back_empty(self, api: httpx.Client) -> None:
        api.post("/_sandbox/faults", json={"kind": "empty-body", "times": 2})
        v2 = api.get("/api/v2/pages/100000001", params={"body-format": "storage"}).json()
        assert v2["body"]["storage"]["value"] == ""
        v1 = api.get("/rest/api/content/100000001", params={"expand": "body.storage"}).json()
        assert v1["body"]["storage"]["value"] == ""
        whole = api.get("/api/v2/pages/100000001", params={"body-format": "storage"}).json()
        assert whole["body"]["storage"]["value"] != ""

    def test_trouble_may_be_sporadic(self, api: httpx.Client) -> None:
        api.post(
            "/_sandbox/faults", json={"status": 404, "every": 3, "times": None, "path": "/pages/100000001"}
        )
        codes = [api.get("/api/v2/pages/100000001").status_code for _ in range(6)]
        assert codes == [200, 200, 404, 200, 200, 404]
        assert api.delete("/_sandbox/faults").status_code == 204
        assert {api.get("/api/v2/pages/100000001").status_code for _ in range(3)} == {200}

    def test_latency_is_waited(self, api: httpx.Client) -> None:
        api.post("/_sandbox/faults", json={"kind": "latency", "delay_ms": 80})
        begin = time.perf_counter()
        api.get("/api/v2/spaces")
        assert time.perf_counter() - begin >= 0.08

    @pytest.mark.parametrize(
        "fault",
        [{"kind": "rain"}, {"status": 200}, {"status": 500, "path": "("}, {"colour": 1}, {"faults": [1]}, []],
    )
    def test_a_fault_that_means_nothing_is_refused(self, api: httpx.Client, fault: object) -> None:
        answer = api.post("/_sandbox/faults", json=fault)
        assert answer.status_code == 400
        assert answer.json()["error"]

    def test_a_web_page_elsewhere_cannot_set_faults(self, api: httpx.Client) -> None:
        answer = api.post(
            "/_sandbox/faults", content=b'{"status": 500}', headers={"Content-Type": "text/plain"}
        )
        assert answer.status_code == 415

    def test_faults_can_be_written_on_a_command_line(self) -> None:
        fault = Fault.parse("429,times=3,retry-after=1,path=/pages,method=put")
        assert (fault.status, fault.times, fault.retry_after) == (429, 3, 1.0)
        assert fault.matches("PUT", "/wiki/api/v2/pages/1")
        assert not fault.matches("GET", "/wiki/api/v2/pages/1")
        assert Fault.parse("drop,every=10,times=*").times is None
        for wrong in ("rain", "drop,often", "drop,size=1"):
            with pytest.raises(ValueError, match=r"\w"):
                Fault.parse(wrong)


class TestLife:
    def test_it_listens_on_loopback_alone(self, server: SandboxServer) -> None:
        assert server.url.startswith("http://127.0.0.1:")
        assert server.url.endswith("/wiki")

    def test_a_taken_port_is_an_error_with_a_hint(self, server: SandboxServer) -> None:
        port = int(server.url.rpartition(":")[2].removesuffix("/wiki"))
        with pytest.raises(ConfsyncError, match=f"port {port} cannot be used"), SandboxServer(port=port):
            pass

    def test_it_stops_quickly_though_a_client_hangs_on(self) -> None:
        before = threading.active_count()
        with httpx.Client() as client:
            with SandboxServer() as server:
                client.get(f"{server.url}/")
                begin = time.perf_counter()
            assert time.perf_counter() - begin < 2
        assert threading.active_count() == before

    def test_a_data_file_remembers(self, tmp_path: Path) -> None:
        file = tmp_path / "site.db"
        with SandboxServer(data=file, generate=3) as first:
            page = first.colleague().create("GEN", "Kept", "<p>kept</p>")
        with SandboxServer(data=file, generate=3) as second:
            assert second.store.contents.body(page.id) == "<p>kept</p>"
            assert second.spaces == ["GEN"]

    def test_a_data_file_that_is_something_else_is_an_error_and_stays(self, tmp_path: Path) -> None:
        file = tmp_path / "notes.txt"
        file.write_bytes(b"not a database, but something precious " * 100)
        before = file.read_bytes()
        for data in (file, tmp_path / "nowhere" / "site.db"):
            with (
                pytest.raises(ConfsyncError, match="cannot be used as the sandbox's data"),
                SandboxServer(data=data),
            ):
                pass
        assert file.read_bytes() == before

    def test_before_it_runs_it_says_so(self) -> None:
        with pytest.raises(ConfsyncError, match="not running"):
            _ = SandboxServer().store

    def test_run_says_where_it_is_and_stops_at_ctrl_c(self, monkeypatch: pytest.MonkeyPatch) -> None:
        said: list[str] = []

        class Interrupted:
            def wait(self) -> None:
                raise KeyboardInterrupt

        monkeypatch.setattr("confsync.sandbox.foreground.forever", Interrupted().wait)
        run(Options(generate=2, token="t"), say=said.append, as_json=True)
        first = json.loads(said[0])
        assert set(first) == {"url", "username", "token", "spaces", "gateway", "oauth"}
        assert (first["token"], first["spaces"]) == ("t", ["GEN"])

    def test_the_greeting_can_be_pasted(self, server: SandboxServer) -> None:
        lines = "\n".join(greeting(server))
        assert f"CONFSYNC_TOKEN={server.token}" in lines
        assert f"confsync clone {server.url}/spaces/GEN" in lines
        login = server.add_user("Greeted Too")
        assert f"{login.username} may log in, too, with the token {login.token}" in "\n".join(
            greeting(server)
        )


class TestMounting:
    def test_any_context_path_is_served_beside_the_usual_ones(self) -> None:
        with SandboxServer(generate=2, context="/a/confluence") as server:
            auth = (server.username, server.token)
            assert server.url == f"{server.origin}/a/confluence"
            for context in ("/a/confluence", "/wiki", ""):
                said = httpx.get(f"{server.origin}{context}/api/v2/spaces?limit=1", auth=auth).json()
                assert said["_links"]["base"] == f"{server.origin}{context}"
                v1 = httpx.get(f"{server.origin}{context}/rest/api/space/GEN", auth=auth).json()
                assert v1["_links"]["context"] == context
                page = httpx.get(f"{server.origin}{context}{v1['_links']['webui']}", auth=auth)
                assert page.status_code == 200
                assert f'href="{context}/spaces/GEN/pages/' in page.text

    @pytest.mark.parametrize("context", ["/wiki", "/confluence", ""])
    def test_data_center_stands_wherever_it_is_looked_for(self, context: str) -> None:
        with SandboxServer(generate=2, flavour=Flavour.DATA_CENTER, context=context) as server:
            auth = (server.username, server.token)
            for base in (server.url, f"{server.origin}/wiki", server.origin):
                assert httpx.get(f"{base}/rest/api/space/GEN", auth=auth).status_code == 200
            assert httpx.get(f"{server.url}/api/v2/spaces", auth=auth).status_code == 404

    def test_it_answers_to_the_names_it_is_given(self) -> None:
        with SandboxServer(generate=2, hosts=("wiki.test",)) as server:
            assert server.origin.startswith("http://wiki.test:")
            address = server.origin.replace("wiki.test", "127.0.0.1")
            auth = (server.username, server.token)
            for host, status in (("wiki.test", 200), ("localhost", 200), ("other.test", 421)):
                answer = httpx.get(f"{address}/wiki/api/v2/spaces", headers={"Host": host}, auth=auth)
                assert answer.status_code == status

    @pytest.mark.parametrize("address", ["wiki.test", "203.0.113.1", ""])
    def test_an_address_of_another_machine_is_an_error_with_a_hint(self, address: str) -> None:
        with pytest.raises(ConfsyncError) as raised, SandboxServer(listen=address):
            pass
        assert raised.value.hint

    def test_from_another_machine_the_controls_want_the_login(self) -> None:
        with SandboxServer(generate=2) as server:
            inner = server.site.app

            async def afar(scope: Scope, receive: Receive, send: Send) -> None:
                await inner({**scope, "client": ("203.0.113.9", 4711)}, receive, send)

            other = server.add_user("Jane Doe")
            transport = httpx.ASGITransport(app=afar)

            async def ask(auth: tuple[str, str] | None) -> int:
                async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                    return (await client.get("/_sandbox/users", auth=auth)).status_code

            logins = (None, (other.username, other.token), (server.username, server.token))
            assert [asyncio.run(ask(login)) for login in logins] == [401, 401, 200]

    def test_https_is_served_with_a_certificate_of_ones_own(self, tmp_path: Path) -> None:
        openssl = shutil.which("openssl")
        if openssl is None:
            pytest.skip("no openssl to make a certificate with: install it")
        key, chain = tmp_path / "key.pem", tmp_path / "chain.pem"
        subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
        made = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        subprocess.run(
            [openssl, "req", *made, *subject, "-keyout", str(key), "-out", str(chain)],
            check=True,
            capture_output=True,
        )
        with SandboxServer(generate=2, tls=(chain, key)) as server:
            assert server.url.startswith("https://127.0.0.1:")
            trusting = ssl.create_default_context(cafile=str(chain))
            said = httpx.get(
                f"{server.url}/api/v2/spaces", auth=(server.username, server.token), verify=trusting
            ).json()
            assert said["_links"]["base"] == server.url

    def test_a_certificate_that_is_none_is_an_error_with_a_hint(self, tmp_path: Path) -> None:
        for name in ("missing.pem", "empty.pem"):
            file = tmp_path / name
            (tmp_path / "empty.pem").touch()
            with pytest.raises(ConfsyncError, match="cannot be used"), SandboxServer(tls=(file, file)):
                pass


class TestDownloads:
    def test_a_redirect_leads_to_another_host_that_takes_no_credentials(self) -> None:
        with SandboxServer(generate=2, downloads=Downloads.REDIRECT) as server:
            file = server.colleague().attach(100_000_001, "ä b.txt", b"bytes")
            path = f"/rest/api/content/100000001/child/attachment/att{file.id}/download"
            auth = (server.username, server.token)
            sent_on = httpx.get(server.url + path, auth=auth)
            address = sent_on.headers["Location"]
            assert (sent_on.status_code, httpx.URL(address).host) == (302, "localhost")
            assert httpx.get(address).content == b"bytes"
            assert httpx.get(address, headers={"Range": "bytes=2-"}).content == b"tes"
            assert httpx.get(address, auth=auth).status_code == 400
            assert httpx.get(address.replace("/_media/", "/_media/x")).status_code == 403
            followed = httpx.get(server.url + path, auth=auth, follow_redirects=True)
            assert followed.content == b"bytes"
            assert httpx.get(server.url + path).status_code in (403, 404)


class TestHangingUp:
    def test_clients_that_go_away_leave_no_noise(
        self,
        server: SandboxServer,
        api: httpx.Client,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        port = httpx.URL(server.url).port
        credential = base64.b64encode(f"{server.username}:{server.token}".encode()).decode()
        head = (
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nX-Atlassian-Token: no-check\r\n"
            f"Authorization: Basic {credential}\r\nContent-Type: {{media}}\r\n\r\n"
        )
        for path, media in (
            ("/wiki/api/v2/pages", "application/json"),
            ("/wiki/rest/api/content/100000001/child/attachment", "multipart/form-data; boundary=b"),
            ("/oauth/token", "application/json"),
            ("/_sandbox/faults", "application/json"),
        ):
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(head.format(path=path, media=media).encode() + b'{"half')
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(
                f"GET /wiki/api/v2/pages?body-format=storage&limit=250 HTTP/1.1\r\nHost: localhost\r\n"
                f"Authorization: Basic {credential}\r\n\r\n".encode()
            )
            connection.recv(10)
        assert api.get("/api/v2/spaces").status_code == 200
        time.sleep(0.1)
        assert "Traceback" not in capfd.readouterr().err
        assert [record for record in caplog.records if record.levelname == "ERROR"] == []


class TestForeground:
    def test_a_ready_file_is_there_while_it_runs(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file, seen = tmp_path / "ready.json", []

        def look() -> None:
            seen.append(json.loads(file.read_text(encoding="utf-8")))
            raise KeyboardInterrupt

        monkeypatch.setattr("confsync.sandbox.foreground.forever", look)
        options = Options(generate=2, token="t", users=("jane.doe@example.com=j",))
        run(options, say=lambda _: None, ready_file=file)
        assert seen[0]["users"] == [{"username": "jane.doe@example.com", "token": "j"}]
        assert not file.exists()
        with pytest.raises(ConfsyncError, match="cannot be written"):
            run(options, say=lambda _: None, ready_file=tmp_path / "nowhere" / "ready.json")

    def test_sigterm_ends_it_as_ctrl_c_does(self, tmp_path: Path) -> None:
        file = tmp_path / "ready.json"
        command = [
            sys.executable,
            "-m",
            "confsync",
            "sandbox",
            "--port",
            "0",
            "--ready-file",
            str(file),
            "--json",
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            end = time.monotonic() + 30
            while not file.exists() and time.monotonic() < end:
                time.sleep(0.05)
            url = json.loads(file.read_text(encoding="utf-8"))["url"]
            assert httpx.get(f"{url}/status").status_code == 200
            process.terminate()
            said, complaint = process.communicate(timeout=20)
        assert (process.returncode, complaint) == (0, "")
        assert json.loads(said)["url"] == url
        assert not file.exists()
