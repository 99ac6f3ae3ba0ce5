"""A body as Markdown, for a vault, and Markdown as a body again: through the same cleaner as a page."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdownify import MarkdownConverter

from crawler.extraction.clean import clean_html

# what Obsidian reads besides Markdown: #tags, $math$, %%comments%%, ^block ids (markdownify escapes ==marks== and [[links]] already)
OBSIDIAN = re.compile(r"[#$%^{}]")
UNSAFE_IN_LINKS = " <>()[]\\\"'`|*_"
BACKTICKS = re.compile("`+")
markdownify: Any = MarkdownConverter  # its stubs leave out what a subclass overrides
COMMONMARK = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


class Converter(markdownify):  # type: ignore[misc]
    """markdownify, with every character escaped that a vault gives a meaning, and addresses that end no link early."""

    def escape(self, text: str, parent_tags: Any) -> str:
        return OBSIDIAN.sub(r"\\\g<0>", super().escape(text, parent_tags)) if text else ""

    def convert_br(self, el: Any, text: str, parent_tags: Any) -> str:
        return "\n" if "pre" in parent_tags else str(super().convert_br(el, text, parent_tags))

    def convert_pre(self, el: Any, text: str, parent_tags: Any) -> str:
        """A fence that is longer than any in the code (CommonMark 4.5); markdownify 1.2 writes three backticks always."""
        fence = "`" * max(3, 1 + max(map(len, BACKTICKS.findall(text)), default=0))
        return f"\n\n{fence}\n{text.strip(chr(10))}\n{fence}\n\n" if text else ""

    def convert_img(self, el: Any, text: str, parent_tags: Any) -> str:
        source = address(el.attrs.get("src") or "")
        alt = self.escape(" ".join((el.attrs.get("alt") or "").split()), parent_tags)
        return f"![{alt}]({source})" if source else ""

    def convert_a(self, el: Any, text: str, parent_tags: Any) -> str:
        if el.get("href"):
            el["href"] = address(el["href"])
        return str(super().convert_a(el, text, parent_tags))


def to_markdown(body: str) -> str:
    """A clean body as CommonMark with tables."""
    converter = Converter(heading_style="ATX", bullets="-", escape_misc=True, autolinks=False, newline_style="BACKSLASH")
    return str(converter.convert(body)).strip("\n")


def to_html(text: str) -> str:
    """Markdown as a clean body; raw HTML in it is text."""
    return clean_html(COMMONMARK.render(text))


def address(url: str) -> str:
    return "".join(quote(character) if character in UNSAFE_IN_LINKS or character.isspace() else character for character in url)
