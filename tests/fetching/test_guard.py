from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import FetchRefused
from crawler.fetching.guard import check_url, is_own, is_private, literal_address


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.8/",
        "http://192.168.1.1:8080/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://localhost/",
        "http://a.localhost./",
        "http://printer.local/",
        "http://metadata.google.internal/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "http:///nohost",
        "http://[::1",
        "http://example.com:99999/",
        "http://example.com:25/",
        "http://example.com:6667/",
        "http://１２７.０.０.１/",
        "http://①②⑦.0.0.1/",
        "http://127。0。0。1/",
        "http://%31%32%37.0.0.1/",
        "http://127.0.0.1%00.example.com/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[64:ff9b:1::1]/",
        "http://[2001:0:53aa:64c::80ff:fffe]/",
        "http://[fec0::1]/",
        "http://[fe80::1%25eth0]/",
        "http://[fd00:ec2::254]/",
        "http://[ff02::1]/",
        "http://168.63.129.16/machine",
        "http://192.0.0.192/opc/v2/",
        "http://100.100.100.200/latest/meta-data/",
        "http://2852039166/",
        "http://0xa9.0xfe.0xa9.0xfe/",
        "http://router.lan/",
    ],
)
def test_refused(url: str) -> None:
    with pytest.raises(FetchRefused) as refused:
        check_url(url)
    assert refused.value.subject == url


@pytest.mark.parametrize(
    "url", ["https://www.example.com/", "http://8.8.8.8/", "http://[2606:2800:220:1::1]/", "http://1.example/", "http://256.1/"]
)
def test_public_sites_may_be_asked(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize(
    "url", ["http://me@example.com/", "http://me:secret@example.com/a?b=me:secret@", "http://@example.com/", "http://e.com\\@127.0.0.1/"]
)
def test_a_name_or_password_in_an_address_is_refused_and_not_told(url: str) -> None:
    with pytest.raises(FetchRefused, match="a recipe gives such in its headers") as refused:
        check_url(url, allow_private=True)
    assert "me@" not in str(refused.value)
    assert "me:secret@e" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "named", "own"),
    [
        ("http://127.0.0.1:8080/x", "http://127.0.0.1/", True),
        ("http://localhost:9200/", "http://127.0.0.1:80/", True),
        ("http://[::1]/", "http://127.0.0.1:80/", True),
        ("http://10.0.0.1:9200/", "http://10.0.0.1/", True),
        ("http://10.0.0.2/", "http://10.0.0.1/", False),
        ("http://169.254.169.254/", "http://127.0.0.1/", False),
        ("http://127.0.0.1/", "http://intranet.example.com/", False),
        ("http://wiki.example.com/", "http://news.example.com/", True),
        ("http://evil.com/", "http://news.example.com/", False),
        ("http://wiki/", "http://news/", False),
        ("http://news:81/", "http://news/", True),
    ],
)
def test_which_hosts_a_recipe_that_allows_private_addresses_names(url: str, named: str, own: bool) -> None:
    assert is_own(url, [named]) is own


def test_a_site_of_ones_own_may_be_asked_but_only_over_http() -> None:
    check_url("http://127.0.0.1:8000/", allow_private=True)
    with pytest.raises(FetchRefused, match="only http"):
        check_url("file:///etc/passwd", allow_private=True)


@given(st.integers(0, 2**32 - 1))
def test_every_spelling_of_an_address_is_the_same_address(number: int) -> None:
    dotted = ipaddress.IPv4Address(number)
    a, b, c, d = dotted.packed
    for spelling in (
        str(dotted),
        str(number),
        hex(number),
        f"0x{a:x}.{number & 0xFFFFFF}",
        f"{a}.{b}.{c * 256 + d}",
        f"0{a:o}.{b}.{c}.{d}",
    ):
        assert literal_address(spelling) == dotted, spelling


@given(st.ip_addresses())
def test_whatever_is_not_global_is_private(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not address.is_global:
        assert is_private(address)


@given(st.text())
def test_any_text_is_refused_or_an_address(text: str) -> None:
    try:
        check_url(text)
    except FetchRefused:
        return
    assert text.strip().lower().startswith(("http://", "https://"))
