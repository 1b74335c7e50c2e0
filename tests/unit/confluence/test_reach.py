"""How this machine reaches a site: what it is told, and that it holds over real TLS."""

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from confsync.confluence import Transport
from confsync.confluence.reach import Reach, find_reach
from confsync.errors import ConfigError, Unreachable, UsageError

HERE = Path(__file__).parent / "certificates"
AUTHORITY, SERVER = str(HERE / "authority.pem"), str(HERE / "server.pem")
CLIENT, KEY, PASSWORD = str(HERE / "client.pem"), str(HERE / "client.key"), "open-sesame"


class Says(BaseHTTPRequestHandler):
    """Answers with what it knows of the caller."""

    seen: list[str]

    def do_GET(self) -> None:
        body = b'{"here": true}'
        type(self).seen.append(f"{self.path} {self.headers.get('Cookie', '')}".strip())
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def serving(context: ssl.SSLContext | None) -> Iterator[tuple[str, list[str]]]:
    handler = type("Handler", (Says,), {"seen": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    scheme = "https" if context else "http"
    yield f"{scheme}://127.0.0.1:{server.server_port}", handler.seen  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def private() -> Iterator[tuple[str, list[str]]]:
    """A site whose certificate a private authority signed, and which wants one of ours."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SERVER)
    context.load_verify_locations(AUTHORITY)
    context.verify_mode = ssl.CERT_REQUIRED
    yield from serving(context)


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[str]]]:
    yield from serving(None)


def get(site: str, reach: Reach) -> object:
    with Transport(site, None, reach=reach) as transport:
        return transport.get("/rest/api/x", tries=1).data


def test_a_private_authority_and_a_client_certificate_open_the_door(private: tuple[str, list[str]]) -> None:
    reach = Reach(ca=AUTHORITY, client_cert=CLIENT, client_key=KEY, client_key_password=PASSWORD)
    assert get(private[0], reach) == {"here": True}


def test_without_the_authority_the_site_is_not_believed(private: tuple[str, list[str]]) -> None:
    with pytest.raises(Unreachable, match="cannot prove who it is"):
        get(private[0], Reach())


def test_without_a_certificate_the_site_lets_nobody_in(private: tuple[str, list[str]]) -> None:
    with pytest.raises(Unreachable):
        get(private[0], Reach(ca=AUTHORITY))
    assert private[1] == []


@pytest.mark.parametrize(
    "reach",
    [
        Reach(client_cert=CLIENT, client_key=KEY, client_key_password="wrong"),
        Reach(client_cert=CLIENT, client_key=KEY),
        Reach(ca="missing.pem"),
        Reach(ca=__file__),
    ],
)
def test_what_cannot_be_used_is_said_without_secrets(reach: Reach) -> None:
    with pytest.raises(ConfigError, match="cannot be used") as caught:
        reach.context()
    assert "wrong" not in caught.value.message.replace("a wrong password", "")


def test_a_proxy_is_gone_through(proxy: tuple[str, list[str]]) -> None:
    assert get("http://wiki.example.com", Reach(proxy=proxy[0])) == {"here": True}
    assert proxy[1] == ["http://wiki.example.com/rest/api/x"]


def test_cookies_go_to_their_own_host_only(proxy: tuple[str, list[str]], tmp_path: Path) -> None:
    jar = tmp_path / "cookies.txt"
    jar.write_text(
        "# Netscape HTTP Cookie File\n"
        "127.0.0.1\tFALSE\t/\tFALSE\t0\tJSESSIONID\tours\n"
        "other.example.com\tFALSE\t/\tFALSE\t0\tJSESSIONID\ttheirs\n"
    )
    jar.chmod(0o600)
    get(proxy[0], Reach(cookies=str(jar)))
    assert proxy[1] == ["/rest/api/x JSESSIONID=ours"]


def test_cookies_that_others_can_read_are_refused(tmp_path: Path) -> None:
    jar = tmp_path / "cookies.txt"
    jar.write_text("# Netscape HTTP Cookie File\n")
    jar.chmod(0o644)
    with pytest.raises(UsageError, match="Others can read"):
        Reach(cookies=str(jar)).jar()


def test_a_file_that_is_no_cookies_txt_is_told_without_its_content(tmp_path: Path) -> None:
    jar = tmp_path / "cookies.txt"
    jar.write_text("JSESSIONID=secret")
    jar.chmod(0o600)
    with pytest.raises(ConfigError) as caught:
        Reach(cookies=str(jar)).jar()
    assert "secret" not in caught.value.message


# ------------------------------------------------------------------------------------------------ settings


def test_the_environment_comes_before_the_file_and_a_host_before_all(tmp_path: Path) -> None:
    file = tmp_path / "confsync" / "config.toml"
    file.parent.mkdir()
    file.write_text(
        '[connection]\nproxy = "http://all"\nca = "all.pem"\n'
        '[connection."wiki.example.com:8443"]\nca = "one.pem"\nclient-cert = "me.pem"\n'
    )
    env = {"XDG_CONFIG_HOME": str(tmp_path), "CONFSYNC_PROXY": "http://mine"}
    one = find_reach("wiki.example.com:8443", environ=env)
    assert (one.proxy, one.ca, one.client_cert) == ("http://mine", "one.pem", "me.pem")
    other = find_reach("other.example.com", environ=env)
    assert (other.proxy, other.ca, other.client_cert) == ("http://mine", "all.pem", "")


@pytest.mark.parametrize(
    "text", ["connection = 1", "[connection]\nproxi = 'x'", "[connection]\nproxy = 1", "[connection"]
)
def test_mistakes_in_the_file_are_said(text: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"config\.toml"):
        find_reach("x", environ={"CONFSYNC_CONFIG": str(tmp_path / "config.toml")})


def test_no_secret_is_in_the_repr() -> None:
    reach = Reach(proxy="http://me:secret@proxy", client_key_password="secret")
    assert "secret" not in repr(reach)
