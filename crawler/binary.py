"""What bytes are when they are no text at all: a PDF, a picture, an archive."""

from __future__ import annotations

MAGIC = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"GIF8": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x00\x00\x01\x00": "a picture",
    b"RIFF": "a picture or a sound file",
    b"ID3": "a sound file",
    b"OggS": "a sound file",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "a gzip file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
    b"7z\xbc\xaf": "an archive",
    b"\x7fELF": "a program",
    b"\x1aE\xdf\xa3": "a film",
    b"SQLite format 3\x00": "a database",
}  # fmt: skip
UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


def binary_kind(body: bytes) -> str:
    """What a body is that holds no text, in words; "" for text, in any charset."""
    for magic, name in MAGIC.items():
        if body.startswith(magic):
            return name
    head = body[:4000]
    if body[4:8] == b"ftyp":
        return "a film or a picture"
    return "a binary file" if head.count(b"\0") > len(head) // 20 and not head.startswith(UTF16) else ""
