"""Who may be asked: the one place that decides about schemes and addresses (rule 10 of the design)."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from crawler.errors import FetchRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# carrier-grade NAT, benchmarking, 6to4 relays, NAT64: not private by name, but no public site's address (RFC 6890, RFC 6052)
SPECIAL = [ipaddress.ip_network(net) for net in ("100.64.0.0/10", "198.18.0.0/15", "192.88.99.0/24", "192.0.0.0/24", "64:ff9b:1::/48")]
NAT64 = ipaddress.ip_network("64:ff9b::/96")
LOCAL_NAMES = ("localhost", ".localhost", ".local", ".internal", ".home.arpa")


def check_url(url: str, *, allow_private: bool = False) -> None:
    """Raises FetchRefused for an address that must not be asked, as far as its text tells.

    That is another scheme than http(s), no host, and without `allow_private` a host that is literally a private address, in any
    of the spellings that a system resolver takes (`2130706433`, `0x7f.1`), or a name that only the local network knows.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".").lower()
        _ = parts.port
    except ValueError:
        raise FetchRefused(url, "is no address") from None
    if parts.scheme not in ("http", "https"):
        raise FetchRefused(url, "only http:// and https:// are asked")
    if not host:
        raise FetchRefused(url, "names no host")
    if allow_private:
        return
    if host == "localhost" or host.endswith(LOCAL_NAMES[1:]):
        raise FetchRefused(url, "is a name of the local network; `allow_private: true` in the recipe allows it for a site of your own")
    literal = literal_address(host)
    if literal is not None and is_private(literal):
        raise FetchRefused(url, f"{literal} is a private address; `allow_private: true` in the recipe allows it for a site of your own")


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
    """Whether an address belongs to no public site: private, loopback, link-local, metadata, multicast, reserved."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_private(inner)
    return (
        not address.is_global
        or address.is_multicast
        or address.is_reserved
        or any(address in net for net in SPECIAL if net.version == address.version)
    )
