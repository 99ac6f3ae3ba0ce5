"""Who may be asked: the one place that decides about schemes, ports and addresses (rule 10 of the design)."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

from crawler.errors import FetchRefused
from crawler.urls import same_site

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# not private by name, but no public site's address: carrier-grade NAT, protocol assignments, 6to4 relays, benchmarking (RFC 6890),
# and the one at which a cloud's machines find their host (168.63.129.16, learn.microsoft.com/azure/virtual-network)
SPECIAL = [ipaddress.ip_network(net) for net in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "168.63.129.16/32")]
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that public sites have (IANA, IPv6 address space)."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
LOCAL_NAMES = (".localhost", ".local", ".internal", ".home.arpa", ".localdomain", ".lan", ".intranet", ".private", ".corp", ".home")
NO_HOST = re.compile(r"[\x00-\x20\x7f#/<>?@\\^|%`{}\"]")
"""What no host name holds; a resolver or proxy may read it as something else (WHATWG URL, "forbidden domain code point")."""
# ports on which something else than a web server listens, to which a request would be a command (WHATWG Fetch, "bad port")
BAD_PORTS = frozenset(
    (0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115,
     117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587,
     601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679,
     6697, 10080)
)  # fmt: skip
MAY = "; a recipe with `allow_private: true` may ask the hosts that it names"


def check_url(url: str, *, allow_private: bool = False) -> None:
    """Raises FetchRefused for an address that must not be asked, as far as its text tells.

    That is another scheme than http(s), no host, a name or password in it, and without `allow_private` a host that is literally a private
    address, in any of the spellings that a system resolver takes (`2130706433`, `0x7f.1`, `１２７.1`), a name that only the local network
    knows, or a port that is no web server's.
    """
    try:
        parts = urlsplit(url)
        host = plain_host(parts.hostname or "")
        port = parts.port
    except ValueError:
        raise FetchRefused(url, "is no address") from None
    if parts.scheme not in ("http", "https"):
        raise FetchRefused(url, "only http:// and https:// are asked")
    if "@" in parts.netloc:
        shown = url.replace(parts.netloc, parts.netloc.rpartition("@")[2], 1)
        raise FetchRefused(shown, "holds a name or password; a recipe gives such in its headers")
    if not host:
        raise FetchRefused(url, "names no host")
    if NO_HOST.search(host):
        raise FetchRefused(url, "is no address")
    if allow_private:
        return
    if host == "localhost" or host.endswith(LOCAL_NAMES):
        raise FetchRefused(url, f"{host} is a name of the local network{MAY}")
    literal = literal_address(host)
    if literal is not None and is_private(literal):
        raise FetchRefused(url, f"{literal} is a private address{MAY}")
    if port in BAD_PORTS:
        raise FetchRefused(url, f"port {port} is no web server's")


def plain_host(host: str) -> str:
    """A host as resolvers read it: in small letters, full-width and circled digits plain, without the last dot (UTS 46, 4)."""
    return unicodedata.normalize("NFKC", host).replace("\u3002", ".").replace("\xad", "").rstrip(".").lower()


def is_own(url: str, named: Iterable[str]) -> bool:
    """Whether an address lies on a host that one of the `named` addresses has, whatever the port, or on its domain.

    The names of the own machine (`localhost`, 127.0.0.1, ::1) are one host.
    """
    return any(same_site(url, one) or (is_loopback(url) and is_loopback(one)) for one in named)


def is_loopback(url: str) -> bool:
    try:
        host = plain_host(urlsplit(url).hostname or "")
    except ValueError:
        return False
    literal = literal_address(host)
    return literal.is_loopback if literal is not None else host == "localhost" or host.endswith(".localhost")


def literal_address(host: str) -> Address | None:
    """The IP address that a host name literally is, also in inet_aton(3)'s spellings; None for a real name."""
    bare = host.strip("[]").partition("%")[0]
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    parts = bare.split(".")
    if len(parts) > 4:
        return None
    try:
        numbers = [int(part, 16 if part[:2].lower() == "0x" else 8 if part[:1] == "0" and len(part) > 1 else 10) for part in parts]
    except ValueError:
        return None
    if any(number < 0 for number in numbers) or any(number > 255 for number in numbers[:-1]):
        return None
    value = numbers[-1]
    for place, number in enumerate(numbers[:-1]):
        value += number << (24 - 8 * place)
    return ipaddress.IPv4Address(value) if value < 2**32 else None


def is_private(address: Address) -> bool:
    """Whether an address belongs to no public site: private, loopback, link-local, metadata, multicast, reserved.

    An IPv6 address that stands for an IPv4 one (mapped, 6to4, Teredo, NAT64) is what that one is.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_private(inner)
        if address not in GLOBAL_UNICAST:
            return True
    return (
        not address.is_global
        or address.is_multicast
        or address.is_reserved
        or any(address in net for net in SPECIAL if net.version == address.version)
    )
