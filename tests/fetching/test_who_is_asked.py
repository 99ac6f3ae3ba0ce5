"""Who is asked and who is not, seen from the servers: what nobody may ask gets no connection, what a recipe allows does."""

from __future__ import annotations

import json
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from changing_names import LOG, NAMES
from conftest import COMMAND, clean_environment, write_recipe
from evil_site import EvilSite, answer, redirect
from local_site import article, listing
from twisted.internet.address import IPv4Address, IPv6Address

from crawler.fetching.connecting import Sieve

HTML = "Content-Type: text/html; charset=utf-8"
NAMES_HERE = {
    "own.example": ["127.0.0.1"],
    "inner.example": ["127.0.0.1"],
    "changing.example": ["10.0.0.1", "127.0.0.1"],
}
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe"
    b"\xa75\x81\x84\0\0\0\0IEND\xaeB`\x82"
)


def crawl(workspace: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, with the test's names, whatever it does."""
    extra = {NAMES: json.dumps(NAMES_HERE), LOG: str(workspace / "names.log"), "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.run(
        [*COMMAND, *arguments, *(("-s", "TWISTED_DNS_RESOLVER=changing_names.ChangingNames") if "crawl" in arguments else ())],
        cwd=workspace,
        env=clean_environment(**(extra | environment)),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def recipe(url: str, extra: str = "") -> str:
    return f"url: '{url}'\ndelay: 0\nconcurrency: 8\n{extra}sections:\n  - {{id: home, list: {{url: '{url}', link: h2 a}}}}\n"


@dataclass
class Found:
    sources: dict[str, Any]

    def why(self, source: str) -> str:
        return str(self.sources[source]["list_failures"][0]["reason"])


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_that_leads_to_a_private_address_gets_no_connection(scheme: str, tmp_path: Path) -> None:
    with EvilSite({"/": answer(b"secret", HTML)}) as inner:
        port = inner.address.rpartition(":")[2]
        for name in ("inner", "changing"):
            write_recipe(tmp_path, name, recipe(f"{scheme}://{name}.example:{port}/"))
        found = Found(json.loads(crawl(tmp_path, "crawl", "--json").stdout)["sources"])
        assert inner.connections == 0
    assert "private address" in found.why("inner")
    assert "private address" in found.why("changing")
    assert "inner.example 127.0.0.1" in (tmp_path / "names.log").read_text()


def test_of_a_name_s_addresses_only_the_public_ones_are_connected_to() -> None:
    """They come from one look-up, and go straight into the connection: nothing is looked up twice (DNS rebinding)."""
    passed: list[Any] = []

    class Receiver:
        def addressResolved(self, address: Any) -> None:
            passed.append(address.host)

        def resolutionComplete(self) -> None:
            passed.append("end")

    refused: list[str] = []
    sieve = Sieve(Receiver(), refused)
    given = ["10.0.0.1", "93.184.215.14", "169.254.169.254", "::1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "fe80::1%eth0", "no address"]
    for host in given:
        sieve.addressResolved((IPv6Address if ":" in host else IPv4Address)("TCP", host, 80))
    sieve.resolutionComplete()
    assert passed == ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "end"]
    assert refused == ["10.0.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "no address"]


def test_a_site_of_one_s_own_leads_to_no_other_private_host(tmp_path: Path) -> None:
    """Links, redirects, pictures, further parts, robots.txt: whatever leads there from the recipe's own private site."""
    with ExitStack() as stack:
        inner, own = stack.enter_context(EvilSite()), stack.enter_context(EvilSite())
        port, inner_port = (site.address.rpartition(":")[2] for site in (own, inner))
        secret = {"/": b"secret", "/x.png": PNG, "/robots.txt": b""}
        inner.pages.update({path: answer(body, HTML) for path, body in secret.items()})
        elsewhere = [f"http://{host}:{inner_port}" for host in ("inner.example", "127.0.0.1", "localhost", "2130706433", "[::1]")]
        pictures = "".join(f'<p><img src="{one}/x.png" width="600" height="400"></p>' for one in elsewhere)
        paths = [f"/to-{place}" for place in range(len(elsewhere))]
        own.pages.update({path: redirect(f"{one}/") for path, one in zip(paths, elsewhere, strict=True)})
        own.pages["/pictures"] = answer(article("With pictures").replace("</article>", pictures + "</article>").encode(), HTML)
        second = f"</article><a class=next href='{elsewhere[0]}/'>2</a>"
        own.pages["/parts"] = answer(article("In parts").replace("</article>", second).encode(), HTML)
        own.pages["/"] = answer(listing(*paths, "/pictures", "/parts").encode(), HTML)
        own.pages["/robots.txt"] = answer(b"", status="404 Not Found")
        extra = "allow_private: true\nimages: keep\narticle: {next_page: a.next}\n"
        write_recipe(tmp_path, "own", recipe(f"http://own.example:{port}/", extra))
        found = json.loads(crawl(tmp_path, "crawl", "--json").stdout)["sources"]["own"]
        assert inner.connections == 0
    assert found["new"] == 2  # the one with pictures, without them; the one in parts, without the part elsewhere
    reasons = {failure["url"].rpartition("/")[2]: failure["reason"] for failure in found["failures"]}
    assert set(reasons) == {"to-0", "to-1", "to-2", "to-3", "to-4"}
    assert all("private address" in reason or "local network" in reason for reason in reasons.values()), reasons
    assert len(found["images_failed"]) == 5


def test_through_a_proxy_private_addresses_are_refused_and_names_are_the_proxy_s(tmp_path: Path) -> None:
    page = answer(listing("/a").encode(), HTML)
    with EvilSite() as proxy, EvilSite() as inner:
        proxy.pages.update({"http://news.example/": page, "http://news.example/a": answer(article("By proxy").encode(), HTML)})
        write_recipe(tmp_path, "news", recipe("http://news.example/"))
        hosts = ("10.0.0.1", "127.0.0.1", "localhost", "169.254.169.254", "0x7f000001", "[::ffff:10.0.0.1]", "printer.local")
        for number, host in enumerate(hosts):
            write_recipe(tmp_path, f"inner{number}", recipe(f"http://{host}:8080/"))
        write_recipe(tmp_path, "direct", recipe(f"{inner.address}/", "allow_private: true\n"))
        done = crawl(tmp_path, "crawl", "--json", http_proxy=proxy.address, https_proxy=proxy.address, no_proxy="127.0.0.1")
        found = Found(json.loads(done.stdout)["sources"])
        assert {path for path in proxy.paths() if "news.example" not in path} == set()
        assert inner.paths()
    assert found.sources["news"]["new"] == 1
    for number in range(len(hosts)):
        assert "private address" in found.why(f"inner{number}") or "local network" in found.why(f"inner{number}")


def test_a_page_that_a_person_names_is_guarded_too(tmp_path: Path) -> None:
    with EvilSite({"/": answer(article("Inner").encode(), HTML)}) as inner:
        port = inner.address.rpartition(":")[2]
        for host in ("127.0.0.1", "0x7f.1", "localhost", "[::ffff:127.0.0.1]"):
            done = crawl(tmp_path, "extract", f"http://{host}:{port}/")
            assert done.returncode == 1
            assert "private address" in done.stderr or "local network" in done.stderr
        assert inner.connections == 0


def test_a_list_of_subscriptions_may_be_private_where_the_settings_say_so_and_leads_nowhere_else(tmp_path: Path) -> None:
    opml = b'<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example/feed"/></body></opml>'
    with EvilSite({"/list": answer(opml, "Content-Type: text/x-opml"), "/go": redirect("http://10.0.0.1/list")}) as site:
        refused = crawl(tmp_path, "import", "opml", f"{site.address}/list")
        assert (refused.returncode, site.connections) == (2, 0)
        assert "private address" in refused.stderr
        (tmp_path / "broadsheet.yaml").write_text("allow_private: true\n")
        assert crawl(tmp_path, "import", "opml", f"{site.address}/list").returncode == 0
        led = crawl(tmp_path, "import", "opml", f"{site.address}/go")
        assert "10.0.0.1 is a private address" in led.stderr
