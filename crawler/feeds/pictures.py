"""Whether two addresses lead to one picture in two sizes, and what kind of file an address names. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

# by the name alone: where the server says otherwise nobody has asked it
TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml",
}
# WordPress -300x200 and -scaled, Shopify _640x, Apple @2x, Flickr _b, suffixes of many CMS.
# A bare number is none of them: IMG_0123 and IMG_0124 are two pictures.
SIZE_IN_NAME = re.compile(
    r"(?:[-_.@](?:\d{2,4}x\d{0,4}|x\d{2,4}|[wh]_?\d{2,4}|\d{2,4}[wh]|[123]x|scaled|thumb(?:nail)?|small|medium|large|big|orig(?:inal)?|full)|_[smlbo])+$",
    re.IGNORECASE,
)
# Cloudinary w_640,c_fill; Thumbor 640x480; fit-in; Wikimedia thumb/; BBC widths as a folder (a year is none)
SIZE_SEGMENT = re.compile(
    r"^(?:thumbs?|thumbnails?|small|medium|large|orig(?:inal)?|full|fit-in|smart|resized?|scaled?|(?!(?:19|20)\d\d$)\d{3,4}|\d{0,4}x\d{0,4}"
    r"|[a-z]{1,2}_[\w.:-]+(?:,[a-z]{1,2}_[\w.:-]+)*|[a-z]+=[^/]*)$",
    re.IGNORECASE,
)
# Weibo and qpic name.jpg!w640, Aliyun name.jpg@640w, Twitter name.jpg:large
STYLE_SUFFIX = re.compile(r"(?<=\w)[!@:][^./]*$")
EXTENSION = re.compile(rf"\.({'|'.join(TYPES)})$", re.IGNORECASE)
DISTINCT = 12
"""Letters from which on a file name with a digit in it is taken to name one picture, wherever it lies."""


def type_of(url: str) -> str:
    """The media type that an address's extension names; "" where it names none."""
    found = EXTENSION.search(urlsplit(url).path)
    return TYPES[found.group(1).lower()] if found else ""


def same_picture(a: str, b: str) -> bool:
    """Whether two absolute addresses lead to one picture, be it in another size or through another host."""
    if a == b:
        return True
    (folders_a, name_a), (folders_b, name_b) = key(a), key(b)
    if name_a != name_b:
        return False
    return folders_a == folders_b or (len(name_a) >= DISTINCT and any(map(str.isdigit, name_a)))


def key(url: str) -> tuple[tuple[str, ...], str]:
    """The folders and the name of a picture, freed from sizes, extension and the proxy it comes through."""
    parts = urlsplit(behind_proxy(url))
    *folders, name = [unquote(segment) for segment in parts.path.split("/") if segment] or [""]
    if re.match(r"^\d{2,4}px-", name) and folders:  # Wikimedia: /thumb/a/ab/Name.jpg/640px-Name.jpg
        name = folders.pop()
    stem = EXTENSION.sub("", EXTENSION.sub("", STYLE_SUFFIX.sub("", name)))
    bare = SIZE_IN_NAME.sub("", stem) or stem
    # a name of no meaning (image.php?id=3) says which picture it is in its query alone
    query = parts.query if not EXTENSION.search(name) else ""
    return tuple(f for f in folders if not SIZE_SEGMENT.match(f)), (bare + ("?" + query if query else "")).lower()


def behind_proxy(url: str) -> str:
    """The picture's own address where a resizing proxy has it in its query (Next.js, Photon, weserv) or path (Cloudflare, Substack)."""
    parts = urlsplit(url)
    for name in ("url", "src", "image"):
        for value in parse_qs(parts.query).get(name, []):
            if value.startswith(("http://", "https://", "/")):
                return value
    inner = re.search(r"https?(?::|%3A)(?:/|%2F){2}", parts.path, re.IGNORECASE)
    return unquote(parts.path[inner.start() :]) if inner else url
