"""Addresses made absolute, lazy pictures given their source, embedded players turned into a picture and a link."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from urllib.parse import parse_qs, urljoin, urlsplit

from crawler.extraction.document import Attributes, Tree
from crawler.extraction.tags import NAME, TEXT

PLAIN = re.compile(r"https?://[a-zA-Z0-9.-]+(?::\d{1,5})?(?:[/?#][!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~]*)?")
"""An absolute address that needs no repair."""
SPACES = re.compile(r"[\t\r\n]+")
LAZY = (
    "data-src", "data-original", "data-lazy-src", "data-lazy", "data-actualsrc", "data-original-src", "data-hi-res-src", "data-full-src", "data-lazyload",
    "data-echo", "data-url", "data-src-medium", "data-backsrc", "data-srcset", "data-lazy-srcset", "data-original-set", "lazy-src", "original", "file", "_src", "real_src", "srcset",
)  # fmt: skip
PLACEHOLDER = re.compile(
    r"^(?:data:|about:|blob:)|(?:^|[/_.-])(?:blank|spacer|placeholder|grey|gray|transparent|pixel|loading|lazy[-_]?load|1x1|empty|default_?img|no[-_]?image|none)\b[^/]*\.(?:gif|png|svg|jpe?g|webp)",
    re.I,
)
TRACKER = re.compile(r"(?:^|\.)(?:doubleclick\.net|google-analytics\.com|facebook\.com/tr|scorecardresearch\.com|quantserve\.com|vgwort\.de|ioam\.de|pixel\.wp\.com|feedburner\.com/~)|/(?:pixel|beacon|count(?:er)?)\.(?:gif|php|png)", re.I)  # fmt: skip
YOUTUBE = re.compile(r"(?:youtube(?:-nocookie)?\.com/(?:embed/|v/|watch\?v=|shorts/)|youtu\.be/)([\w-]{11})")
PLAYERS = (
    (re.compile(r"player\.vimeo\.com/video/(\d+)"), "https://vimeo.com/{}"),
    (re.compile(r"dailymotion\.com/embed/video/(\w+)"), "https://www.dailymotion.com/video/{}"),
    (re.compile(r"player\.bilibili\.com/player\.html\?[^\"]*bvid=(\w+)"), "https://www.bilibili.com/video/{}"),
    (re.compile(r"player\.youku\.com/(?:embed|player\.php/sid)/([\w=]+)"), "https://v.youku.com/v_show/id_{}.html"),
    (re.compile(r"v\.qq\.com/[^\"]*vid=(\w+)"), "https://v.qq.com/x/page/{}.html"),
    (re.compile(r"facebook\.com/plugins/(?:video|post)\.php\?(?:[^\"]*&)?href=([^&\"]+)"), ""),
    (re.compile(r"(?:platform\.)?twitter\.com/embed/[^\"]*id=(\d+)"), "https://twitter.com/i/status/{}"),
    (re.compile(r"open\.spotify\.com/embed/(\w+/\w+)"), "https://open.spotify.com/{}"),
    (re.compile(r"ted\.com/talks/(\w+)"), "https://www.ted.com/talks/{}"),
)
NUMBER = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*$")


class Links:
    """Makes a page's addresses absolute; without a base they stay as they are."""

    def __init__(self, base: str) -> None:
        self.base = base

    def link(self, href: str) -> str:
        """The absolute address that a link leads to; "" for what no reader may follow (javascript:, data:)."""
        if PLAIN.fullmatch(href):
            return href
        href = SPACES.sub("", href).strip()
        if PLAIN.fullmatch(href):
            return href
        return absolute(self.base, href, ("http", "https", "mailto"))

    def picture(self, src: str) -> str:
        if PLAIN.fullmatch(src):
            return src
        src = SPACES.sub("", src).strip()
        if PLAIN.fullmatch(src):
            return src
        return absolute(self.base, src, ("http", "https"))


@lru_cache(2048)
def absolute(base: str, href: str, schemes: tuple[str, ...]) -> str:
    href = "".join(letter for letter in href if letter >= " " and letter != "\x7f")
    if not href or href == "#":
        return ""
    try:
        joined = urljoin(base, href) if base else href
        parts = urlsplit(joined)
        if parts.scheme not in schemes and (parts.scheme or base):
            return ""
        if parts.scheme in ("http", "https") and not parts.hostname:
            return ""
    except ValueError:
        return ""
    if not parts.scheme and ":" in joined.split("/", 1)[0]:
        return ""
    return re.sub(r"[\s<>\"\\^`{|}]", lambda match: "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8", "replace")), joined)


def image_source(attributes: Attributes, links: Links) -> str:
    """Where an image's picture really is: the lazy attributes before a placeholder in src, the largest of a srcset where there is no other."""
    src = (attributes.get("src") or "").strip()
    if (
        not src
        or PLACEHOLDER.search(src)
        or attributes.get("data-src")
        or attributes.get("data-original")
        or attributes.get("data-lazy-src")
    ):
        for name in LAZY:
            value = (attributes.get(name) or "").strip()
            if not value or value[0] in "{[":
                continue
            found = largest(value) if "srcset" in name or name.endswith("-set") or (" " in value and "," in value) else value
            if found and not PLACEHOLDER.search(found) and looks_like_picture(found, name) and (address := links.picture(found)):
                return address
        if PLACEHOLDER.match(src):
            return ""
    return links.picture(src) if src else ""


def looks_like_picture(value: str, name: str) -> bool:
    return name.startswith("data-") or bool(re.search(r"\.(?:jpe?g|png|gif|webp|avif|bmp)|^https?://|^/", value, re.I))


def largest(srcset: str) -> str:
    """The address of the widest candidate up to 1,600 pixels (HTML standard, "srcset attributes")."""
    best, best_size = "", -1.0
    for match in re.finditer(r"(\S*[^,\s])(?:\s+([\d.]+)([wx]))?\s*(?:,|$)", srcset[:8000]):
        size = float(match.group(2)) if match.group(2) and match.group(2).replace(".", "", 1).isdigit() else 1.0
        if size > best_size and (size <= 1600 or best_size < 0):
            best, best_size = match.group(1), size
    return best


def pixels(value: str | None) -> int | None:
    match = NUMBER.match(value or "")
    return int(match.group(1)) if match else None


def image_html(attributes: Attributes, links: Links) -> str:
    """A picture as a clean body has it; "" for a pixel that only counts readers, and for one without a source."""
    address = image_source(attributes, links)
    width, height = pixels(attributes.get("width")), pixels(attributes.get("height"))
    if not address or (width is not None and width <= 2) or (height is not None and height <= 2) or TRACKER.search(address):
        return ""
    written = [f'<img src="{escape(address)}"']
    for name in ("alt", "title", "class"):
        value = " ".join((attributes.get(name) or "").split())
        if value:
            written.append(f'{name}="{escape(value)}"')
    if width:
        written.append(f'width="{width}"')
    if height:
        written.append(f'height="{height}"')
    return " ".join(written) + ' referrerpolicy="no-referrer">'


def media_html(name: str, tree: Tree, place: int, links: Links) -> str:
    """A video or audio element with its first source; "" where no source has an address."""
    attributes = tree.attributes(place)
    source = links.picture(attributes.get("src") or "")
    for at in range(place + 1, tree.ends[place]):
        if source:
            break
        if tree.tags[at] != TEXT and NAME.get(tree.tags[at]) == "source":
            source = links.picture(tree.attributes(at).get("src") or "")
    if not source:
        return ""
    poster = links.picture(attributes.get("poster") or "") if name == "video" else ""
    return f'<{name} src="{escape(source)}"' + (f' poster="{escape(poster)}"' if poster else "") + f' controls=""></{name}>'


def frame_html(name: str, attributes: Attributes, links: Links) -> str:
    """An embedded player as its poster picture and a link; "" for a frame that is no known player."""
    address = attributes.get("src") or attributes.get("data-src") or attributes.get("data") or attributes.get("data-lazy-src") or ""
    if not address or len(address) > 2000:
        return ""
    if match := YOUTUBE.search(address):
        video = match.group(1)
        return (
            f'<a href="https://www.youtube.com/watch?v={video}"><img src="https://i.ytimg.com/vi/{video}/hqdefault.jpg" alt="YouTube" '
            'referrerpolicy="no-referrer"></a>'
        )
    for pattern, target in PLAYERS:
        if match := pattern.search(address):
            place = target.format(match.group(1)) if target else next(iter(parse_qs(urlsplit(address).query).get("href", [])), "")
            place = links.link(place)
            return f'<a href="{escape(place)}">{escape(urlsplit(place).hostname or "")}</a>' if place else ""
    return ""
