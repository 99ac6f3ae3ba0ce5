"""A document as our own emitter writes it, read without a YAML parser; what looks otherwise in the least is left to that. Pure."""

from __future__ import annotations

import re
from typing import Any

KEY = re.compile(r"([a-z][a-z_]*+): (.*)")
PAIR = re.compile(r""" ('(?:[^']|'')*+'|"(?:[^"\\]|\\["\\])*+"): (.+)""")
# plain scalars that mean themselves in YAML: see `header.PLAIN`; and times
PLAIN = re.compile(r"[^\W\d_](?:[\w ./()+·・,-]|:(?=[\w/]))*+(?<! )|\d{4}-\d\d-\d\d(?:T[\d:.]++(?:Z|[+-][\d:]++)?+)?+")
ESCAPED = re.compile(r"""(?:[^"\\]|\\["\\])*+""")
ESCAPE = re.compile(r"""\\(["\\])""")
START, END, BODY = "---\n", "\n---\n", "\n<div>"


def read_quickly(text: str) -> tuple[dict[str, Any], str] | None:
    """Header and body, as the YAML parser reads them; None where it has to be asked."""
    end = text.find(END, len(START) - 1)
    if not text.startswith(START) or end < len(START) or not text.startswith(BODY, end + len(END)):
        return None
    lines = text[len(START) : end].split("\n")
    if not "".join(lines).isprintable():
        return None
    header: dict[str, Any] = {}
    items: list[str] = []
    pairs: dict[str, str] = {}
    key = ""
    try:
        for line in lines:
            if line.startswith(" - "):
                if not key or pairs:
                    return None
                items.append(scalar(line[3:]))
                header[key] = items
            elif line.startswith(" "):
                found = PAIR.fullmatch(line)
                if not key or items or found is None:
                    return None
                pairs[scalar(found[1])] = scalar(found[2])
                header[key] = pairs
            else:
                found = KEY.fullmatch(line)
                if found is None or (key and not items and not pairs):
                    return None
                key, items, pairs = "", [], {}
                if found[2]:
                    header[found[1]] = scalar(found[2])
                else:
                    key = found[1]
    except ValueError:
        return None
    if key and not items and not pairs:
        return None
    return header, text[end + len(END) :].strip(" \t\r\n")


def scalar(text: str) -> str:
    """What a scalar means. Raises ValueError where it is none that the emitter writes."""
    inner = text[1:-1]
    if text[:1] == "'":
        if len(text) > 1 and text[-1] == "'" and "'" not in inner:
            return inner
        if len(text) > 1 and text[-1] == "'" and "'" not in inner.replace("''", ""):
            return inner.replace("''", "'")
    elif text[:1] == '"':
        if len(text) > 1 and text[-1] == '"' and ESCAPED.fullmatch(inner):
            return ESCAPE.sub(r"\1", inner) if "\\" in inner else inner
    elif PLAIN.fullmatch(text):
        return text
    raise ValueError("no scalar of ours")
