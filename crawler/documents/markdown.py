"""A body as Markdown, for a vault, and Markdown as a body again: through the same cleaner as a page."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdownify import MarkdownConverter

from crawler.extraction.clean import clean_html
from crawler.extraction.tags import INLINE

# what Obsidian reads besides Markdown: #tags, $math$, %%comments%%, ^block ids (markdownify escapes ==marks== and [[links]] already)
OBSIDIAN = re.compile(r"(\\.)|[#$%^{}]", re.DOTALL)
UNSAFE_IN_LINKS = " <>()[]\\\"'`|*_"
EMPHASIS = ("b", "strong", "em", "i", "del", "s")
BACKTICKS = re.compile("`+")
markdownify: Any = MarkdownConverter  # its stubs leave out what a subclass overrides
COMMONMARK = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


class Converter(markdownify):  # type: ignore[misc]
    """markdownify, with every character escaped that a vault gives a meaning, and addresses that end no link early."""

    def escape(self, text: str, parent_tags: Any) -> str:
        return OBSIDIAN.sub(lambda found: found[1] or "\\" + found[0], super().escape(text, parent_tags)) if text else ""

    def convert_b(self, el: Any, text: str, parent_tags: Any) -> str:
        return str(super().convert_b(el, text, parent_tags)) if may_be_marked(el, text) else text

    def convert_em(self, el: Any, text: str, parent_tags: Any) -> str:
        return str(super().convert_em(el, text, parent_tags)) if may_be_marked(el, text) else text

    def convert_del(self, el: Any, text: str, parent_tags: Any) -> str:
        return str(super().convert_del(el, text, parent_tags)) if may_be_marked(el, text) else text

    convert_strong = convert_b
    convert_i = convert_em
    convert_s = convert_del

    def convert_dt(self, el: Any, text: str, parent_tags: Any) -> str:
        """A paragraph: Obsidian has no lists of definitions."""
        return f"\n\n{text.strip()}\n\n"

    def convert_dd(self, el: Any, text: str, parent_tags: Any) -> str:
        return f"\n\n{text.strip()}\n\n"

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


def may_be_marked(el: Any, text: str) -> bool:
    """Whether asterisks around it would be read as emphasis (CommonMark 6.2): not with `**“quoted”**说`, as Chinese newspapers set it."""
    inner = text.strip()
    return bool(inner) and flanks(beside(el, before=True), inner[0]) and flanks(beside(el, before=False), inner[-1])


def flanks(outside: str, inside: str) -> bool:
    return not is_sign(inside) or not outside or outside.isspace() or is_sign(outside)


def is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def beside(el: Any, *, before: bool) -> str:
    """The character that stands beside an element in its block; "" at the block's edge. Emphasis right beside it counts as a letter."""
    while el is not None:
        sibling = el.previous_sibling if before else el.next_sibling
        if sibling is not None:
            if before and getattr(sibling, "name", None) in EMPHASIS:
                return "x"
            text = sibling.get_text()
            if text:
                return str(text[-1] if before else text[0])
            el = sibling
        elif el.parent is None or el.parent.name not in INLINE:
            return ""
        else:
            el = el.parent
    return ""


def to_markdown(body: str) -> str:
    """A clean body as CommonMark with tables."""
    converter = Converter(heading_style="ATX", bullets="-", escape_misc=True, autolinks=False, newline_style="BACKSLASH")
    return str(converter.convert(body)).strip("\n")


def to_html(text: str) -> str:
    """Markdown as a clean body; raw HTML in it is text."""
    return clean_html(COMMONMARK.render(text))


def address(url: str) -> str:
    return "".join(quote(character) if character in UNSAFE_IN_LINKS or character.isspace() else character for character in url)
