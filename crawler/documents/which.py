"""Which profile a document was written in: a workspace that changes its profile still has to read the old ones."""

from __future__ import annotations

import re

from crawler.documents.eleventy import Eleventy
from crawler.documents.hexo import Hexo
from crawler.documents.hugo import Hugo
from crawler.documents.jekyll import Jekyll
from crawler.documents.obsidian import Obsidian
from crawler.documents.plain import Plain
from crawler.documents.profile import DEFAULTS, FrontMatter, Profile
from crawler.documents.sealing import HEADER_END

PROFILES: dict[str, type[FrontMatter]] = {profile.name: profile for profile in (Hexo, Hugo, Jekyll, Eleventy, Obsidian, Plain)}

# what only one profile's header has, before the shared keys; tried in this order
SIGNS = {
    "hexo": re.compile(rb"^comments: false\n", re.MULTILINE),
    "hugo": re.compile(rb"^lastmod: ", re.MULTILINE),
    "jekyll": re.compile(rb"^layout: post\n", re.MULTILINE),
    "obsidian": re.compile(rb"^date: [0-9T:.-]+\n", re.MULTILINE),
    "plain": re.compile(rb'^date: "', re.MULTILINE),
    "eleventy": re.compile(rb"^date: '[0-9T:-]+Z'\n", re.MULTILINE),
}


def profile_of(content: bytes) -> str:
    """The name of the shipped profile that these bytes are a document of; "" where it is none of them."""
    shared = content.find(b"\nguid: ", 0, content.find(HEADER_END, 4) + 1)
    if shared < 0:
        return ""
    return next((name for name, sign in SIGNS.items() if sign.search(content, 0, shared + 1)), "")


def reader_of(content: bytes, present: Profile) -> Profile:
    """The profile that reads these bytes: the workspace's present one, unless they are a document of another shipped one.

    A profile of the workspace's own may look like a shipped one; it is left only where it would not write the very same bytes.
    """
    name = profile_of(content)
    if not name or type(present) is PROFILES[name]:
        return present
    other = PROFILES[name](present.options if isinstance(present, FrontMatter) else DEFAULTS)
    return other if type(present) in PROFILES.values() or (writes(other, content) and not writes(present, content)) else present


def writes(profile: Profile, content: bytes) -> bool:
    """Whether the profile gives these bytes of what it reads in them."""
    try:
        return profile.write(profile.read(content, "")) == content
    except Exception:  # a class of the workspace's own may raise whatever it likes over bytes that are none of its own
        return False
