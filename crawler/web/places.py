"""From an address to a file of the output, and never to another one."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from crawler.feeds import MEDIA_TYPES
from crawler.workspace import Workspace

FEEDS = "feeds"
# what Broadsheet writes; a file of any other kind that happens to lie there is not served
TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "opml": "text/x-opml; charset=utf-8",
    "ndjson": "application/x-ndjson; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "ico": "image/vnd.microsoft.icon",
}
OF_FEEDS = {suffix: f"{media_type}; charset=utf-8" for suffix, media_type in MEDIA_TYPES.items()}
COMPRESSED = frozenset({"png", "jpg", "jpeg", "gif", "webp", "avif", "parquet"})
LONGEST = 1000
"""Letters of an address's path, decoded."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file that may be served."""

    path: str
    """Absolute, free of links."""
    media_type: str
    compresses: bool
    modified: float
    size: int
    mark: tuple[int, int, int]
    """Changes when the file does: it is replaced whole, never written in place."""


def is_plain(name: str) -> bool:
    """Whether a decoded path (without the first `/`) names only what it says: no way up, nothing hidden, no second spelling."""
    if len(name) > LONGEST or not name.isprintable() or "\\" in name:
        return False
    return all(part and not part.startswith(".") for part in name.split("/"))


def find(workspace: Workspace, name: str) -> Place | None:
    """The file of the output that a path names; None where there is none, or none that may be served."""
    suffix = name.rpartition(".")[2].lower() if "." in name.rpartition("/")[2] else ""
    below_feeds = name.startswith(f"{FEEDS}/")
    media_type = OF_FEEDS.get(suffix) if below_feeds else "application/json; charset=utf-8" if suffix == "json" else None
    media_type = media_type or TYPES.get(suffix)
    if media_type is None or not is_plain(name):
        return None
    root = workspace.feeds if below_feeds else workspace.output
    relative = name.removeprefix(f"{FEEDS}/") if below_feeds else name
    try:
        # links are followed, and what they lead to must lie inside: checked on the way's end, which is what is then opened
        real_root, real = os.path.realpath(root), os.path.realpath(root / relative)
        if os.path.commonpath((real_root, real)) != real_root or hidden(workspace, real, real_root):
            return None
        found = Path(real).stat()
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    mark = (found.st_mtime_ns, found.st_size, found.st_ino)
    return Place(real, media_type, suffix not in COMPRESSED, found.st_mtime, found.st_size, mark)


def hidden(workspace: Workspace, real: str, real_root: str) -> bool:
    """Whether a link leads to what begins with a dot, or to what is ours alone."""
    if any(part.startswith(".") for part in Path(os.path.relpath(real, real_root)).parts):
        return True
    own = os.path.realpath(workspace.own)
    return os.path.commonpath((own, real)) == own


def read(place: Place) -> bytes:
    """The file's bytes. Raises OSError where it is gone, or something else by now."""
    descriptor = os.open(place.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        return file.read()
