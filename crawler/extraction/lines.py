"""The lines of a clean body: text tidied, containers closed around their children, so that what is written once is written again alike."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re

SPACE = re.compile(r"[ \t\n\r\f]+")
WIDE_SPACE = re.compile(r"[ \xa0\u3000]{2,}")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What XML 1.0 can't hold or discourages, and lone surrogates."""
# what stands directly in these is wrapped
ITEM = {"ul": "li", "ol": "li", "dl": "dd", "tr": "td", "thead": "tr", "tbody": "tr", "tfoot": "tr", "table": "tbody"}
LINE_CONTAINERS = frozenset({"li", "td", "th", "dt", "dd", "figcaption", "caption", "figure"})
"""Containers whose text may stand in them without a paragraph."""
LOOSE, BLOCK = 0, 1
Child = tuple[int, str, str]
"""Loose text or a block; the block's element; its HTML."""


def closed(name: str, attributes: str, children: list[Child]) -> list[Child]:
    """A container's HTML, or its children alone where the container says nothing."""
    if name == "table":
        cells = sum(html.count("<td") + html.count("<th>") + html.count("<th ") for _, _, html in children)
        if cells <= 1:
            return opened_cells(children)
    if name == "figure" and not any("<img " in html or "<video" in html or "<audio" in html for _, _, html in children):
        return [(kind, "", uncaptioned(html)) if element == "figcaption" else (kind, element, html) for kind, element, html in children]
    if name in ITEM:
        children = in_items(children, ITEM[name])
    elif name == "figure":
        children = in_one_line(children)
    elif name not in LINE_CONTAINERS or len(children) > 1:
        children = wrapped(children, name)
    if len(children) == 1 and children[0][0] == LOOSE:
        return [(BLOCK, name, f"<{name}{attributes}>{children[0][2]}</{name}>")]
    if not children:
        return [(BLOCK, name, f"<{name}{attributes}></{name}>")]
    inside = "\n".join(html for _, _, html in children)
    return [(BLOCK, name, f"<{name}{attributes}>\n{inside}\n</{name}>")]


def uncaptioned(html: str) -> str:
    """A caption without its figure: the paragraphs in it."""
    inside = html.removeprefix("<figcaption>").removesuffix("</figcaption>")
    return inside.strip("\n") if inside.startswith("\n") else f"<p>{inside}</p>"


def opened_cells(children: list[Child]) -> list[Child]:
    """A table of one cell is a frame around text: its lines, without the table."""
    lines = [line for _, _, html in children for line in html.split("\n")]
    kept: list[Child] = []
    for line in lines:
        if re.fullmatch(r"</?(?:tbody|thead|tfoot|tr|td|th|caption)(?: [^>]*)?>", line):
            continue
        inner = re.fullmatch(r"<(td|th|caption)(?: [^>]*)?>(.*)</\1>", line)
        kept.append((LOOSE, "", inner.group(2)) if inner and inner.group(2) else (BLOCK, "", line))
    return [child for child in kept if child[2] and not re.fullmatch(r"<(td|th)(?: [^>]*)?></\1>", child[2])]


def in_items(children: list[Child], item: str) -> list[Child]:
    """Children of a list, table, row: what is no item is put into one of its own."""
    fitting = {"dd": ("dt", "dd"), "td": ("td", "th"), "tbody": ("caption", "thead", "tbody", "tfoot")}.get(item, (item,))
    made: list[Child] = []
    for kind, element, html in children:
        if element in fitting:
            made.append((kind, element, html))
        elif item == "tr":
            made.extend(closed("tr", "", [(kind, element, html)]))
        elif item == "tbody":
            made.extend(closed("tbody", "", [(kind, element, html)]))
        else:
            made.extend(closed(item, "", [(kind, element, html)]))
    return made


def in_one_line(children: list[Child]) -> list[Child]:
    """Loose text that stands beside loose text is one line: so it is read again."""
    made: list[Child] = []
    for child in children:
        if made and made[-1][0] == child[0] == LOOSE:
            made[-1] = (LOOSE, "", f"{made[-1][2]} {child[2]}")
        else:
            made.append(child)
    return made


def wrapped(children: list[Child], name: str) -> list[Child]:
    """Children with loose text in paragraphs."""
    return [child if child[0] == BLOCK else (BLOCK, "p", f"<p>{child[2]}</p>") for child in children]


EMPTY = re.compile(
    r"<(a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|mark|q|ruby|rp|rt|s|samp|small|strong|sub|sup|time|u|var)(?: [^>]*)?>(\s*)</\1>"
)
EDGE_SPACE = re.compile(r"^((?:<(?!br|img|video|audio|math)[^>]+>)*)(?:\s|<br>)+")
SPACE_AT_BREAK = re.compile(r"\s*<br>\s*")


def tidy_run(html: str, leaf: str) -> str:
    """A line of text: white space folded, nothing empty, no break or space at its edges."""
    plain = plain_run(html, leaf)
    if plain is not None:
        return plain
    html = allowed(html)
    before = None
    while before != html:
        before = html
        if "></" in html or "> </" in html:
            html = EMPTY.sub(r"\2", html)
        if leaf != "pre":
            html = one_space(html)
            if "<br>" in html:
                html = SPACE_AT_BREAK.sub("<br>", html)
            if html[:1] == "<" or html[:1].isspace():
                html = EDGE_SPACE.sub(r"\1", html)
            if html[-1:] == ">" or html[-1:].isspace():
                html = edge_cut(html).strip()
        else:
            html = re.sub(r"^(?:\s*<br>)+|(?:\s|<br>)+$", "", html)
    plain = plain_run(html, leaf)  # a line whose elements went is read as one that had none
    return html if plain is None else plain


def allowed(text: str) -> str:
    """The text without what is forbidden, none of which can be printed."""
    return text if text.isprintable() else FORBIDDEN.sub("", text)


def one_space(html: str) -> str:
    """The text with one space for each run of white space; without a pattern, which would stop at every space."""
    for space in "\t\n\r\f":
        if space in html:
            html = html.replace(space, " ")
    while "  " in html:
        html = html.replace("  ", " ")
    return WIDE_SPACE.sub(" ", html) if "\xa0" in html or "\u3000" in html else html


def plain_run(html: str, leaf: str) -> str | None:
    """A line of nothing but words, white space of any kind folded; None where there is more to look at."""
    if "<" in html or leaf == "pre" or "\xa0" in html or "\u3000" in html:
        return None
    plain = " ".join(html.split())
    return plain if plain.isprintable() else None


def edge_cut(html: str) -> str:
    """Without spaces and breaks before the closing tags at the line's end; looked for from the end, where a pattern would try every space."""
    end = len(html)
    while html[end - 1 : end] == ">" and (start := html.rfind("</", 0, end)) >= 0 and ">" not in html[start : end - 1]:
        end = start
    body, tags = html[:end], html[end:]
    while True:
        shorter = body.rstrip().removesuffix("<br>")
        if shorter == body:
            return body + tags
        body = shorter


def direction(attributes: object) -> str:
    value = (attributes.get("dir") or "").lower()  # type: ignore[attr-defined]
    return f' dir="{value}"' if value in ("rtl", "ltr") else ""


def container_attributes(name: str, attributes: object) -> str:
    get = attributes.get  # type: ignore[attr-defined]
    if name in ("td", "th"):
        return "".join(
            f' {key}="{value}"'
            for key in ("colspan", "rowspan")
            if (value := get(key) or "").isdigit() and value.isascii() and 1 < int(value) < 1000
        )
    if name == "ol":
        start = get("start") or ""
        return f' start="{start}"' if start.isdigit() and start.isascii() and len(start) < 9 and start != "1" else ""
    return direction(attributes)
