"""Documents: an entry ⇄ a front-matter file, one profile for each consumer; and the index of them."""

from __future__ import annotations

from pathlib import Path

from crawler.documents.folder import Documents, Written
from crawler.documents.own import own_profile
from crawler.documents.paths import document_path
from crawler.documents.profile import DEFAULTS, DocumentOptions, FrontMatter, Profile, normalise
from crawler.documents.sealing import content_hash
from crawler.documents.which import PROFILES, profile_of
from crawler.errors import WorkspaceError, did_you_mean
from crawler.identity import hash8

__all__ = [
    "PROFILES",
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
    "profile_of",
]


def profile_named(name: str, options: DocumentOptions = DEFAULTS, workspace: Path | None = None) -> Profile:
    """The profile of this name, or the workspace's own: `profiles/mine.py`, `profiles/mine.py:Mine`.

    Raises WorkspaceError where there is none, or a file that doesn't give one.
    """
    if name in PROFILES:
        return PROFILES[name](options)
    if workspace is not None and ".py" in name:
        return own_profile(name, options, workspace)
    raise WorkspaceError("profile", f"{name!r} is none of {', '.join(PROFILES)}, and no Python file{did_you_mean(name, PROFILES)}")
