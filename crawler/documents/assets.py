"""Kept pictures: a document refers to our copy, and reading it gives the original address back."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping

from crawler.documents.body import TAG

SOURCE = re.compile(r"""(\ssrc=)(?:"([^"]*)"|'([^']*)')""")


def kept_addresses(files: Mapping[str, str], assets_url: str) -> dict[str, str]:
    """Original address → address of our copy. Of originals that are the same picture all but the first have their number as a fragment."""
    seen: dict[str, int] = {}
    addresses = {}
    for original, name in sorted(files.items()):
        seen[name] = seen.get(name, 0) + 1
        addresses[original] = assets_url + name + (f"#{seen[name]}" if seen[name] > 1 else "")
    return addresses


def refer_to_kept(body: str, files: Mapping[str, str], assets_url: str) -> str:
    """The body with our copies as its pictures' sources."""
    addresses = kept_addresses(files, assets_url)
    return with_sources(body, lambda source: addresses.get(source, source)) if files else body


def refer_to_originals(body: str, files: Mapping[str, str]) -> str:
    """The other way round, whatever stood in front of the names when the document was written."""
    return with_sources(body, lambda source: original(source, files)) if files else body


def original(address: str, files: Mapping[str, str]) -> str:
    """The original of an address of our copy; the address itself where it is none."""
    for source, name in kept_addresses(files, "/").items():
        if address.endswith(name) or address == name[1:]:
            return source
    return address


def with_sources(body: str, changed: Callable[[str], str]) -> str:
    def attribute(match: re.Match[str]) -> str:
        source = html.unescape(match[2] if match[2] is not None else match[3])
        new = changed(source)
        return match.group() if new == source else f'{match[1]}"{html.escape(new, quote=False).replace(chr(34), "&quot;")}"'

    def tag(match: re.Match[str]) -> str:
        return SOURCE.sub(attribute, match.group(), count=1) if match.group().startswith("<img") else match.group()

    return TAG.sub(tag, body)
