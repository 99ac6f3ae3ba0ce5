"""Part of a page's tree becomes canonical HTML: one block a line, every element where it may stand. What it writes, it writes again alike."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable
from html import escape

from crawler.extraction.document import Tree
from crawler.extraction.lines import BLOCK, LOOSE, SPACE, Child, allowed, closed, container_attributes, direction, tidy_run, wrapped
from crawler.extraction.repair import Links, frame_html, image_html, media_html
from crawler.extraction.tags import BLOCKS, CONTAINERS, FRAMES, HEADINGS, INLINE, LEAVES, MATH, NAME, NUMBER, RENAMED, TEXT

MAX_WRITTEN = 1_000_000
"""Characters of a body: what is longer is no article, and the sanitiser takes more than linear time."""
MAX_OPEN = 40
"""Containers and inline elements open at once; deeper ones are written as if they weren't there."""
BETWEEN_HAN = re.compile(r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])[ \t]*\n\s*(?=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])")
# which container an element may stand in; elsewhere it is only a line of its own
HOME = {
    "li": {"ul", "ol"}, "dt": {"dl"}, "dd": {"dl"}, "caption": {"table"}, "thead": {"table"}, "tbody": {"table"}, "tfoot": {"table"},
    "tr": {"thead", "tbody", "tfoot"}, "td": {"tr"}, "th": {"tr"}, "figcaption": {"figure"},
}  # fmt: skip
LINE_BREAK = NUMBER["br"]


class Writer:
    def __init__(
        self,
        tree: Tree,
        links: Links,
        keep: Callable[[int], bool] | None = None,
        dropped: Container[int] = (),
        spans: Iterable[int] | None = None,
    ) -> None:
        """`keep` tells which texts and pictures are written, `spans` names the same places, so that elements without any are passed over."""
        self.tree = tree
        self.links = links
        self.keep = keep
        self.dropped = dropped
        self.wanted = sorted(spans) if spans is not None else None
        self.children: list[list[Child]] = [[]]
        self.containers: list[tuple[str, str]] = []
        self.written = 0
        self.leaf = ""
        self.leaf_attributes = ""
        self.run: list[str] = []
        self.filled = False
        self.inline: list[tuple[str, str]] = []

    def write(self, places: range) -> str:
        """The HTML of the nodes at these places (the siblings of one parent and all below them)."""
        tree = self.tree
        tags, items, ends = tree.tags, tree.items, tree.ends
        keep, dropped, wanted = self.keep, self.dropped, self.wanted
        closing: list[tuple[int, Callable[[], None]]] = []
        place = places.start
        while place < places.stop and self.written < MAX_WRITTEN:
            while closing and closing[-1][0] <= place:
                closing.pop()[1]()
            tag = tags[place]
            if tag == TEXT:
                if keep is None or keep(place):
                    self.text(items[place])
                place += 1
                continue
            if place in dropped:
                place = ends[place]
                continue
            if wanted is not None:
                behind = bisect_left(wanted, place)
                if behind == len(wanted) or wanted[behind] >= ends[place]:
                    place = ends[place] if tag != LINE_BREAK else place + 1
                    if tag == LINE_BREAK:
                        self.line_break()
                    continue
            close = self.element(place, tree.names.get(place) or NAME.get(tag, ""))
            if close is SKIP:
                place = ends[place]
                continue
            place += 1
            if close is not None:
                if ends[place - 1] == place:
                    close()
                else:
                    closing.append((ends[place - 1], close))
        while closing:
            closing.pop()[1]()
        self.flush()
        return "\n".join(html for _, _, html in wrapped(self.children[0], ""))

    def element(self, place: int, name: str) -> Callable[[], None] | None:
        """Open an element; gives what closes it, None where nothing has to be closed, SKIP where its content is not wanted."""
        attributes = self.tree.attributes(place)
        name = RENAMED.get(name, name)
        if name in INLINE:
            written = self.inline_attributes(name, attributes)
            return self.open_inline(name, written) if written or name != "a" else None
        if name in ("img", "amp-img", "image"):
            if self.keep is None or self.keep(place):
                self.media(image_html(attributes, self.links))
            return SKIP if name == "img" else None
        if name == "br":
            self.line_break()
            return None
        if name in ("video", "audio"):
            if self.keep is None or self.keep(place):
                self.media(media_html(name, self.tree, place, self.links))
            return SKIP
        if name in FRAMES:
            if self.keep is None or self.keep(place):
                self.media(frame_html(name, attributes, self.links))
            return SKIP
        if name == "math":
            self.math(place)
            return SKIP
        if name in ("noscript", "title", "head", "script", "style", "meta", "link", "base"):
            return SKIP
        if name == "hr":
            self.flush()
            return None
        if name in LEAVES:
            return self.open_leaf(name, direction(attributes))
        if name in CONTAINERS:
            return self.open_container(name, attributes)
        if name in BLOCKS:
            self.flush()
            return self.flush
        return None

    # -- text and inline elements

    def text(self, text: str) -> None:
        self.filled = self.filled or bool(allowed(text).strip())
        if "\n" in text and self.leaf != "pre":
            text = BETWEEN_HAN.sub("", text)
        if self.leaf == "pre":
            text = (
                escape(text.replace("\r\n", "\n").replace("\r", "\n"), quote=False)
                .replace("\n", "<br>")
                .replace("\t", "    ")
                .replace("\f", " ")
            )
        elif "&" in text or "<" in text or ">" in text:
            text = escape(text, quote=False)
        if self.written + len(text) > MAX_WRITTEN:
            text = re.sub(r"&[^;]{0,8}$", "", text[: MAX_WRITTEN - self.written])
            self.written = MAX_WRITTEN
        self.written += len(text)
        self.run.append(text)

    def line_break(self) -> None:
        """A `<br>`; the second one in a row begins a new paragraph, as old pages mean it."""
        if self.leaf in HEADINGS:
            self.run.append(" ")
            return
        if self.leaf != "pre":
            for piece in reversed(self.run):
                if piece == "<br>":
                    self.flush()
                    return
                if not piece.isspace() and piece:
                    break
        self.run.append("<br>")

    def media(self, html: str) -> None:
        if html:
            self.filled = True
            self.run.append(html)

    def open_inline(self, name: str, attributes: str) -> Callable[[], None] | None:
        if len(self.inline) >= MAX_OPEN // 2 or any(name == open_name for open_name, _ in self.inline):
            return None
        if name in ("rt", "rp") and not any(open_name == "ruby" for open_name, _ in self.inline):
            return None
        tag = f"<{name}{attributes}>"
        self.inline.append((name, tag))
        self.run.append(tag)
        return lambda: self.close_inline(name)

    def close_inline(self, name: str) -> None:
        self.inline.pop()
        self.run.append(f"</{name}>")

    def inline_attributes(self, name: str, attributes: object) -> str:
        get = attributes.get  # type: ignore[attr-defined]
        if name == "a":
            address = self.links.link(get("href") or "")
            title = " ".join((get("title") or "").split())
            return (f' href="{escape(address)}"' if address else "") + (f' title="{escape(title)}"' if title else "")
        if name == "time" and (moment := " ".join((get("datetime") or "").split())):
            return f' datetime="{escape(moment)}"'
        if name == "abbr" and (title := " ".join((get("title") or "").split())):
            return f' title="{escape(title)}"'
        return ""

    # -- blocks

    def open_leaf(self, name: str, attributes: str) -> Callable[[], None]:
        self.flush()
        before, attributes_before = self.leaf, self.leaf_attributes
        self.leaf, self.leaf_attributes = name, attributes

        def close() -> None:
            self.flush()
            self.leaf, self.leaf_attributes = before, attributes_before

        return close

    def open_container(self, name: str, attributes: object) -> Callable[[], None]:
        self.flush()
        parent = self.containers[-1][0] if self.containers else ""
        if len(self.containers) >= MAX_OPEN or (name in HOME and parent not in HOME[name]):
            return self.flush
        leaf_before = self.leaf, self.leaf_attributes
        self.leaf, self.leaf_attributes = "", ""
        self.containers.append((name, container_attributes(name, attributes)))
        self.children.append([])

        def close() -> None:
            self.flush()
            self.close_container()
            self.leaf, self.leaf_attributes = leaf_before

        return close

    def close_container(self) -> None:
        name, attributes = self.containers.pop()
        children = self.children.pop()
        if not children and not (name in ("td", "th") and self.containers):
            return
        self.children[-1].extend(closed(name, attributes, children))

    def flush(self) -> None:
        """End the line of text that is being written; inline elements that are open go on in the next."""
        if self.filled:
            html = tidy_run("".join(self.run) + "".join(f"</{name}>" for name, _ in reversed(self.inline)), self.leaf)
            if html:
                here = self.children[-1]
                if self.leaf:
                    here.append((BLOCK, self.leaf, f"<{self.leaf}{self.leaf_attributes}>{html}</{self.leaf}>"))
                else:
                    here.append((LOOSE, "", html))
        self.run = [tag for _, tag in self.inline]
        self.filled = False

    def math(self, place: int) -> None:
        """MathML: its own elements and their text, nothing that leads back to HTML."""
        tree = self.tree
        pieces: list[str] = []
        closing: list[tuple[int, str]] = []
        if self.keep is not None and not any(self.keep(at) for at in range(place, tree.ends[place])):
            return
        at, written = place, False
        while at < tree.ends[place]:
            while closing and closing[-1][0] <= at:
                pieces.append(closing.pop()[1])
            item = tree.items[at]
            if tree.tags[at] == TEXT:
                text = allowed(item)
                pieces.append(escape(text, quote=False))
                written = written or bool(text.strip())
            else:
                name = tree.names.get(at) or NAME.get(tree.tags[at], "")
                if name not in MATH or len(closing) > MAX_OPEN // 2:
                    at = tree.ends[at]
                    continue
                pieces.append(f"<{name}>")
                closing.append((tree.ends[at], f"</{name}>"))
            at += 1
        while closing:
            pieces.append(closing.pop()[1])
        if written:
            self.media(SPACE.sub(" ", "".join(pieces)))


def SKIP() -> None:
    """The element's content is not written."""
