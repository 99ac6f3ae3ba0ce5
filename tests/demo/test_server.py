"""The demo newspaper over real sockets: as a proxy, as a site, conditionally, compressed, all at once."""

from __future__ import annotations

import gzip
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime

import pytest

from crawler.demo import ADDRESS, HOST, DemoServer
from crawler.demo.server import accepts_gzip
from crawler.demo.site import edition, scenes

ARTICLE = "http://demo.broadsheet.example/news/fog-signal.html"


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


def ask(
    server: DemoServer, target: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request(method, target, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def say(server: DemoServer, sent: bytes) -> bytes:
    """All that comes back on a connection for these bytes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_known_by_an_address_that_is_no_port(server: DemoServer) -> None:
    assert f"http://{HOST}/" == ADDRESS
    assert server.proxy == f"http://127.0.0.1:{server.port}"


@pytest.mark.parametrize("path", ["/", "/city/", "/news/fog-signal.html", "/feed.xml", "/images/blank.png", "/nowhere"])
def test_path_and_absolute_form_get_the_same_answer(server: DemoServer, path: str) -> None:
    status, headers, body = ask(server, path)
    for prefix in ("http://demo.broadsheet.example", "http://DEMO.broadsheet.example:80"):
        proxied = ask(server, prefix + path)
        assert (proxied[0], proxied[1].items(), proxied[2]) == (status, headers.items(), body)


@pytest.mark.parametrize(
    "target",
    [
        "http://example.com/",
        "http://127.0.0.1/",
        "http://demo.broadsheet.example.evil.test/",
        "http://demo.broadsheet.example:8080/",
        "https://demo.broadsheet.example/",
        "ftp://demo.broadsheet.example/",
        "http://demo.broadsheet.example@example.com/",
        "http://demo.broadsheet.example:port/",
    ],
)
def test_it_is_a_proxy_for_its_own_host_alone(server: DemoServer, target: str) -> None:
    status, headers, body = ask(server, target)
    assert status == 403
    assert headers["Content-Type"].startswith("text/plain")
    assert b"answers for demo.broadsheet.example alone" in body


def test_address_that_is_none_is_refused_too(server: DemoServer) -> None:
    assert say(server, b"GET http://[::1/ HTTP/1.1\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 403 ")


def test_query_and_percent_encoding_lead_to_the_same_page(server: DemoServer) -> None:
    plain = ask(server, ARTICLE)[2]
    assert ask(server, ARTICLE + "?utm_source=world")[2] == plain
    assert ask(server, ARTICLE.replace("fog", "%66og"))[2] == plain


def test_folder_without_its_slash_redirects(server: DemoServer) -> None:
    status, headers, _ = ask(server, "http://demo.broadsheet.example/city")
    assert (status, headers["Location"], headers["ETag"]) == (301, "/city/", None)


def test_unknown_address_is_404_with_a_page(server: DemoServer) -> None:
    for path in ("/nowhere", "/images/nothing.png", "/images/", "/news/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd"):
        status, headers, body = ask(server, path)
        assert (status, headers["ETag"]) == (404, None)
        assert b"nothing at this address" in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_405(server: DemoServer, method: str) -> None:
    status, headers, body = ask(server, ARTICLE, method, b"x=1" if method != "TRACE" else None)
    assert (status, headers["Allow"], headers["Connection"]) == (405, "GET, HEAD", "close")
    assert method.encode() in body


def test_tunnel_is_refused(server: DemoServer) -> None:
    assert say(server, b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n").startswith(b"HTTP/1.1 405 ")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"BREW /pot HTTP/1.1\r\n\r\n", b"501"),
        (b"GET / HTTP/3.0\r\n\r\n", b"505"),
        (b"GET\r\n\r\n", b"400"),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", b"431"),
    ],
)
def test_nonsense_gets_a_short_plain_error(server: DemoServer, sent: bytes, status: bytes) -> None:
    head, _, body = say(server, sent).partition(b"\r\n\r\n")
    assert head.split()[1] == status
    assert b"Date:" not in head
    assert f"Content-Length: {len(body)}".encode() in head
    assert body.startswith(status)


@pytest.mark.parametrize("path", ["/", "/news/fog-signal.html", "/images/fog-signal-launch.png", "/news/broken.html", "/nowhere"])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_head_tells_what_get_would_send(server: DemoServer, path: str, coding: str) -> None:
    got = ask(server, path, Accept_Encoding=coding)
    head = ask(server, path, "HEAD", Accept_Encoding=coding)
    assert (head[0], head[1].items(), head[2]) == (got[0], got[1].items(), b"")
    assert int(got[1]["Content-Length"]) == len(got[2]) > 0


def test_gzip_only_when_asked_and_for_text(server: DemoServer) -> None:
    _, headers, plain = ask(server, ARTICLE)
    assert headers["Content-Encoding"] is None
    assert headers["Vary"] == "Accept-Encoding"
    _, coded_headers, coded = ask(server, ARTICLE, Accept_Encoding="gzip, deflate")
    assert coded_headers["Content-Encoding"] == "gzip"
    assert len(coded) < len(plain)
    assert gzip.decompress(coded) == plain
    assert coded_headers["ETag"] != headers["ETag"]
    assert ask(server, "/images/fog-signal-launch.png", Accept_Encoding="gzip")[1]["Content-Encoding"] is None


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("", False),
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0, *", False),
        ("*", True),
        ("br, identity", False),
        ("gzip;q=high", False),
    ],
)
def test_accept_encoding_is_read_with_its_weights(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("path", ["/", "/city/", "/feed.xml", "/news-sitemap.xml", "/news/fog-signal.html", "/images/blank.png"])
def test_known_answer_is_304_without_a_body(server: DemoServer, path: str, coding: str) -> None:
    _, headers, _ = ask(server, path, Accept_Encoding=coding)
    for condition in (
        {"If_None_Match": headers["ETag"]},
        {"If_None_Match": f'"other", W/{headers["ETag"]}'},
        {"If_None_Match": "*"},
        {"If_Modified_Since": headers["Last-Modified"]},
        {"If_Modified_Since": "Wed, 01 Apr 2026 00:00:00 GMT"},
    ):
        status, again, body = ask(server, path, Accept_Encoding=coding, **condition)
        assert (status, body, again["ETag"]) == (304, b"", headers["ETag"]), condition


def test_changed_answer_is_sent(server: DemoServer) -> None:
    last_modified = ask(server, ARTICLE)[1]["Last-Modified"]
    for condition in (
        {"If_None_Match": '"other"'},
        {"If_None_Match": '"other"', "If_Modified_Since": last_modified},  # the tag goes before the date
        {"If_Modified_Since": "Tue, 31 Mar 2026 15:59:59 GMT"},
        {"If_Modified_Since": "yesterday"},
    ):
        assert ask(server, ARTICLE, **condition)[0] == 200, condition


def test_error_is_never_304(server: DemoServer) -> None:
    assert ask(server, "/news/broken.html", If_None_Match="*")[0] == 500
    assert ask(server, "/nowhere", If_None_Match="*")[0] == 404


def test_a_connection_is_kept_for_many_requests_even_after_errors(server: DemoServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.connect()
    first = connection.sock
    try:
        for path in ("/", "/nowhere", "/news/broken.html", "/city", "/city/", "http://example.com/", "/feed.xml"):
            connection.request("GET", path)
            connection.getresponse().read()
            assert connection.sock is first
    finally:
        connection.close()


def test_every_answer_is_the_same_from_two_servers(server: DemoServer) -> None:
    with DemoServer() as other:
        for path in [*edition(), *(f"/images/{name}.png" for name in scenes()), "/nowhere"]:
            one, two = ask(server, path), ask(other, path)
            assert (one[0], one[1].items(), one[2]) == (two[0], two[1].items(), two[2]), path
            assert one[1]["Date"] is None
            if one[0] == 200:
                assert parsedate_to_datetime(one[1]["Last-Modified"]).tzinfo is not None


def test_many_at_once_get_whole_answers_and_are_counted() -> None:
    with DemoServer() as server:
        paths = list(edition()) * 4
        with ThreadPoolExecutor(32) as pool:
            answers = list(pool.map(lambda path: ask(server, path), paths))
        for path, (status, _, body) in zip(paths, answers, strict=True):
            assert (status, body) == (edition()[path].status, edition()[path].body), path
        assert server.requests == len(paths)


def test_leaving_ends_idle_connections_and_threads_at_once() -> None:
    before = set(threading.enumerate())
    with DemoServer() as server:
        connections = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=10) for _ in range(5)]
        for connection in connections:
            connection.request("GET", "/")
            connection.getresponse().read()
        silent = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        while len(server.running.connections) < 6:  # one that nobody has accepted yet is reset, which is right too
            time.sleep(0.01)
        port = server.port
    assert set(threading.enumerate()) == before
    assert silent.recv(1) == b""
    for connection in connections:
        assert connection.sock is not None
        assert connection.sock.recv(1) == b""
        connection.close()
    silent.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=10)
    server.__exit__()  # a second time does nothing


def test_without_with_it_says_what_to_do() -> None:
    with pytest.raises(RuntimeError, match="with DemoServer"):
        _ = DemoServer().port


def test_client_that_hangs_up_is_no_news(server: DemoServer, capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            # SO_LINGER 0: the connection is reset, not closed
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n" * 50)
    assert ask(server, "/")[0] == 200
    assert capfd.readouterr() == ("", "")
