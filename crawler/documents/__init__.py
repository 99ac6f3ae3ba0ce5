"""Documents: an entry ⇄ a front-matter file, one profile for each consumer."""

from __future__ import annotations

from crawler.documents.folder import Documents, Written
from crawler.documents.hexo import Hexo
from crawler.documents.paths import document_path
from crawler.documents.profile import DEFAULTS, DocumentOptions, FrontMatter, Profile, normalise
from crawler.documents.sealing import content_hash
from crawler.errors import WorkspaceError, did_you_mean
from crawler.identity import hash8

__all__ = [
    "DocumentOptions",
    "Documents",
    "FrontMatter",
    "Profile",
    "Written",
    "content_hash",
    "document_path",
    "hash8",
    "normalise",
    "profile_named",
]

PROFILES: dict[str, type[FrontMatter]] = {profile.name: profile for profile in (Hexo,)}


def profile_named(name: str, options: DocumentOptions = DEFAULTS) -> Profile:
    """The profile of this name. Raises WorkspaceError where there is none."""
    if name not in PROFILES:
        raise WorkspaceError("profile", f"{name!r} is none of {', '.join(PROFILES)}{did_you_mean(name, PROFILES)}")
    return PROFILES[name](options)
