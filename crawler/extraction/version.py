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


CODE = hash_of([ROOM.parent / "charset.py", *sorted(ROOM.rglob("*.py"))])
VERSION = hash_of([ROOM.parent / "charset.py", *sorted(ROOM.rglob("*.py")), *(ROOM / "model" / name for name in WEIGHTS)])
