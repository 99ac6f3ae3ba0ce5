"""The body of a page that shows none: single-page sites hold it as a string in a script, for their program to show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crawler.extraction.clean import clean_html, text_of
from crawler.extraction.structured import text_in

if TYPE_CHECKING:
    from crawler.extraction.view import View

LONG = 400
"""Characters that a string needs to be a body."""
SHOWN = 300
"""Characters of text that a page must show to be read by what it shows."""
MOST_READ = 2_000_000
MOST_STRINGS = 40
STRING = re.compile(rf'"((?:[^"\\]|\\.){{{LONG},}}+)"')
MARKUP = re.compile(r"<(?:p|div|br|h[1-6]|li|figure|section)\b", re.I)
CODE = re.compile(r"function\s*\(|\bvar\s|=>|\{\{|;\s*}|@media|!important")
SENTENCE = re.compile(r"[.!?。！？](?:\s|$|[”\"<])|[。！？]")


def scripted_body(view: View) -> str:
    """Clean HTML of the longest text that the page's JSON-LD or scripts hold; "" where none reads like an article."""
    found = [text for node in view.structured.articles[:2] if len(text := text_in(node.get("articleBody"))) >= LONG]
    found += [text for text in strings(view.text[:MOST_READ]) if (MARKUP.search(text) or "\n" in text) and not CODE.search(text[:4000])]
    best, size = "", LONG // 2
    for text in found:
        html = text if MARKUP.search(text) else "".join(f"<p>{line}</p>" for line in text.splitlines() if line.strip())
        body = clean_html(html, view.links.base)
        plain = text_of(body)
        if len(plain) > size and len(SENTENCE.findall(plain)) >= 3:
            best, size = body, len(plain)
    return best


def strings(text: str, depth: int = 0) -> Iterator[str]:
    """The long JSON strings of a text; of one that is JSON itself (a script that pushes its data as text) the strings in it."""
    for number, match in enumerate(STRING.finditer(text)):
        if number >= MOST_STRINGS:
            break
        try:
            said = str(json.loads(f'"{match.group(1)}"', strict=False))
        except ValueError:
            continue
        if '":' in said and depth < 2:
            yield from strings(said, depth + 1)
        else:
            yield said
