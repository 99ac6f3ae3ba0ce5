"""Addresses: absolute, canonical, and whether two of them belong to one site."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

if TYPE_CHECKING:
    from tldextract import ExtractResult

# parameters that tell where a reader came from, never which page it is (utm: Google Analytics; the others by their makers' names)
TRACKING = re.compile(
    r"^(?:utm_\w+|mtm_\w+|pk_(?:campaign|kwd|source|medium)|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|igshid|mc_[ce]id|mkt_tok|"
    r"_hs(?:enc|mi)|vero_\w+|oly_\w+_id|wt_?mc|wt\.mc_id|at_(?:medium|campaign|custom\d)|ns_(?:campaign|mchannel|source|linkname|fee)|xtor|"
    r"cmpid|icid|ito|spm|share_token|from_?source|ocid|smid|ref_?src|fb_ref|fb_source|action_(?:object|type|ref)_map|guccounter|guce_referr\w+)$",
    re.IGNORECASE,
)
LONGEST = 8_000  # letters of an address: what servers take at least (RFC 9110, 4.1)
BREAK = re.compile(r"[\t\r\n]")
BLANK = "".join(map(chr, range(0x21)))
CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f]+")
ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
LONGEST_HOST = 253  # characters; RFC 1035, 2.3.4
LONGEST_KEY = 1000  # characters
DEFAULT_PORT = {"http": 80, "https": 443}


@cache
def _domains() -> Callable[[str], ExtractResult]:
    """Splits host names by the bundled list of public suffixes, never a download (rule 10 of the design). Loaded when first asked."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def join(base: str, href: str) -> str:
    """The absolute http(s) address that `href` means on a page at `base`, without fragment; "" where it is none.

    White space and line breaks inside are dropped as browsers do (WHATWG URL, "tab or newline" and the trimming before it).
    """
    href = BREAK.sub("", href).strip(BLANK)
    try:
        return tidy(urljoin(base, href))
    except ValueError:
        return ""


def tidy(url: str) -> str:
    """One spelling for an address: lower-case scheme and host (IDNA), no default port, no credentials, no fragment, percent-encoded.

    Gives "" for what is no http(s) address with a host, and for one that is longer than servers take. The source of the rules: RFC 3986,
    6.2.2.
    """
    if len(url) > LONGEST:
        return ""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in DEFAULT_PORT or not host:
        return ""
    ascii_host = idna(host)
    if not 0 < len(ascii_host) <= LONGEST_HOST:
        return ""
    netloc = f"[{ascii_host}]" if ":" in ascii_host else ascii_host
    if port is not None and port != DEFAULT_PORT[parts.scheme]:
        netloc += f":{port}"
    return urlunsplit((parts.scheme, netloc, escape(remove_dots(parts.path)) or "/", escape(parts.query), ""))


def strip_tracking(url: str) -> str:
    """The address without parameters that only say where the reader came from; the others keep their order and spelling."""
    head, mark, query = url.partition("?")
    if not mark:
        return url
    kept = [pair for pair in query.split("&") if not TRACKING.match(pair.partition("=")[0])]
    return f"{head}?{'&'.join(kept)}" if any(kept) else head


@lru_cache(1024)  # a page's address is asked for many times over while it is settled
def canonical(url: str) -> str:
    """One spelling of an address, without tracking parameters and fragment: what a document shows and identity compares."""
    return strip_tracking(tidy(url))


def address_key(url: str) -> str:
    """What two addresses of one page share, by which the store finds them: the canonical form without its scheme, a long one bounded."""
    return bounded(without_scheme(url))


def without_scheme(url: str) -> str:
    """The canonical form without its scheme (FORMATS, "Ids and addresses")."""
    return canonical(url).partition("://")[2]


def bounded(text: str) -> str:
    """The text, or of a long one its beginning and a hash: an index takes no text of any length (PostgreSQL: 2,704 bytes)."""
    if len(text) <= LONGEST_KEY:
        return text
    return f"{text[: LONGEST_KEY - 65]}#{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def host_of(url: str) -> str:
    """Host and port as the frontier counts them: `www.example.com`, `example.com:8080`."""
    return urlsplit(url).netloc.lower()


def path_and_query(url: str) -> str:
    """What a recipe's address pattern is matched with: `/a/b.html?id=1`."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def same_site(a: str, b: str) -> bool:
    """Whether two addresses lie under one registrable domain (by the bundled public suffix list)."""
    return site_of(a) == site_of(b) != ""


def site_of(url: str) -> str:
    """The registrable domain of an address, or the host itself where there is none (an IP address, `localhost`)."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return registrable(host)


@lru_cache(4096)
def registrable(host: str) -> str:
    return _domains()(host).top_domain_under_public_suffix or host


def idna(host: str) -> str:
    if host.isascii():
        return host.lower().rstrip(".") if not CONTROL.search(host) else ""
    try:
        return host.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        return ""


def remove_dots(path: str) -> str:
    """`/a/../b` is `/b` (RFC 3986, 5.2.4); urljoin does it only for what it joins."""
    if "/." not in path:
        return path
    kept: list[str] = []
    parts = path.split("/")
    for part in parts:
        if part == "..":
            del kept[max(1, len(kept) - 1) :]
        elif part != ".":
            kept.append(part)
    if parts[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)


def escape(text: str) -> str:
    """Percent-escapes in one spelling: upper case, unreserved characters bare, everything outside ASCII escaped as UTF-8."""
    quoted = quote(text, safe="%/:@!$&'()*+,;=-._~?[]", errors="surrogatepass")
    return ESCAPE.sub(one_spelling, re.sub(r"%(?![0-9a-fA-F]{2})", "%25", quoted))


def one_spelling(match: re.Match[str]) -> str:
    byte = unquote_to_bytes(match.group())
    return byte.decode() if byte[0] in UNRESERVED else match.group().upper()
