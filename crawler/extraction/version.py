"""Which extractor this is: a hash of its code and weights, so that pages kept from before are read again when output can differ."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOM = Path(__file__).parent
WEIGHTS = ("body.npz", "words.json", "fields.json", "lists.json")


def hash_of(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        if file.is_file():
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


UNMEASURED = ("__init__.py", "version.py", "selected.py", "transforms.py", "embedded.py", "parts.py", "written.py")
"""What the cross-validation doesn't pass through: it begins at `crawler.extraction.article`, and reads single pages without a recipe."""
CODE = hash_of([ROOM.parent / "charset.py", *(file for file in sorted(ROOM.rglob("*.py")) if file.name not in UNMEASURED)])
"""The code that the figures in model/figures.json were made by."""
VERSION = hash_of([ROOM.parent / "charset.py", *sorted(ROOM.rglob("*.py")), *(ROOM / "model" / name for name in WEIGHTS)])
