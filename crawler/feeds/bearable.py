"""A body that no parser takes long for. Ours hold nothing else; a document that somebody else wrote may hold anything. Pure."""

from __future__ import annotations

import re

LONGEST = 3_000_000
"""Characters; an article that long is a summary and a link in any feed."""
DEEPEST = 500
"""Elements in each other: a parser looks through all that are open at each further one (10,000 took .14 s, 50,000 took 4 s)."""
LONGEST_TAG = 10_000
"""Characters of a tag: each attribute is compared with all before."""
FEW = 2_000
"""Tags below which nothing can be deep."""
TAG = re.compile(r"/?([a-zA-Z][^\s/>]*)")
# never open for long: empty, or ended by the next of its kind
EMPTY = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
FLAT = frozenset((*EMPTY, "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option"))


def bearable(html: str) -> str:
    """The HTML without what stands too deep but for its text, and without the attributes of endless tags."""
    pieces = html[:LONGEST].split("<")
    if len(pieces) < FEW and all(len(piece) < LONGEST_TAG for piece in pieces):
        return html
    kept = [pieces[0]]
    depth = 0
    for piece in pieces[1:]:
        tag = TAG.match(piece)
        if tag is None:
            kept.append("<" + piece)
            continue
        name = tag[1].lower()
        head, end, rest = piece.partition(">")
        if len(head) > LONGEST_TAG:
            head = tag[0]
        ends = piece[0] == "/"
        depth += 0 if name in FLAT else -1 if ends else 1
        too_deep = name not in FLAT and depth + ends > DEEPEST
        depth = max(depth, 0)
        kept.append(rest if too_deep else f"<{head}{end}{rest}")
    return "".join(kept)
