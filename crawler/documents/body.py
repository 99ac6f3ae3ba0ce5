"""The body of a document in HTML: single characters escaped, so that no consumer reads Markdown, a template or a block's end in it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from crawler.article import Image
from crawler.documents.text import one_line

# what the sanitiser has let through is never shortened: dropping a character from `java\x03script:` would bring it to life
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
TAG = re.compile(r"""</?[a-zA-Z](?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
PRE = re.compile(r"<(/?)pre(?![\w-])", re.IGNORECASE)
AROUND_BREAK = re.compile(r"[ \t]*\n[ \t\n]*")
ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:-]*)(?:=(?:"([^"]*)"|'([^']*)'|([^\s"'>]*)))?""")
# {{ }} {% %} {# {{< (Nunjucks, Liquid, Hugo), ``` and ~~~ (Hexo's code filter), U+FFFC (Hexo's placeholder for what it has set aside)
SPECIAL = re.compile("[{}\ufffc]|`{3,}|~{3,}")
SPECIAL_PARTS = ("{", "}", "\ufffc", "```", "~~~")
UNTIDY = ("\n\n", "\n ", "\n\t", " \n", "\t\n")
BLANK = re.compile(r"(?<=\n)([ \t]*)\n")
REFERENCE = re.compile(r"&#(123|125|10|96|126|65532);")
OPEN, CLOSE = "<div>   \n", "</div>"


def write_body(body: str) -> str:
    """A body in its normal form as it stands in the file, within its `<div>`."""
    return f"{OPEN}{escape(body)}  \n{CLOSE}" if body else OPEN + CLOSE


def read_body(text: str) -> str:
    """The body that a file holds, in its normal form; the other way round of `write_body`."""
    text = text.strip(" \t\r\n")
    if text.startswith("<div>") and text.endswith(CLOSE):
        text = text[5 : -len(CLOSE)]
    return normal_body(text)


def escape(body: str) -> str:
    """Braces, code fences and every second line break as numeric references: HTML reads them as it read the characters."""
    if holds_any(body, SPECIAL_PARTS):
        body = SPECIAL.sub(references, body)
    return BLANK.sub(r"\1&#10;", body) if holds_any(body, UNTIDY) else body


def normal_body(body: str) -> str:
    """The form of a body that is written and read back: our references resolved, no blank line and no indent outside `<pre>` and tags."""
    if "&#" in body:
        body = REFERENCE.sub(lambda match: chr(int(match.group(1))), body)
    if is_tidy(tidy := body.strip(" \t\n")):
        return tidy
    body = FORBIDDEN.sub("\ufffd", body.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")).strip(" \t\n")
    return ("".join(folded(body)) if holds_any(body, UNTIDY) else body).strip(" \t\n")


def is_tidy(body: str) -> bool:
    """Whether a body is surely in its normal form: nothing but visible letters and spaces, no line empty or with a space at an end."""
    lines = body.split("\n")
    return all(lines) and "".join(lines).isprintable() and all(line[0] != " " != line[-1] for line in lines)


def folded(body: str) -> Iterator[str]:
    end, in_pre = 0, False
    for tag in TAG.finditer(body):
        text = body[end : tag.start()]
        yield text if in_pre else AROUND_BREAK.sub("\n", text)
        yield tag.group()
        end = tag.end()
        pre = PRE.match(tag.group())
        if pre:
            in_pre = not pre.group(1)
    rest = body[end:]
    yield rest if in_pre else AROUND_BREAK.sub("\n", rest)


def holds_any(text: str, parts: tuple[str, ...]) -> bool:
    """Whether any of the parts is in there: far quicker than a pattern, and most bodies hold none."""
    return any(part in text for part in parts)


def references(match: re.Match[str]) -> str:
    return "".join(f"&#{ord(character)};" for character in match.group())


def pictures(body: str) -> tuple[Image, ...]:
    """The pictures of a clean body, in its order."""
    if "<img" not in body:
        return ()
    found = []
    for tag in TAG.findall(body):
        if not tag.startswith("<img") or tag[4:5] not in " \n\t/>":
            continue
        attributes = {match[1]: html.unescape(match[2] or match[3] or match[4] or "") for match in ATTRIBUTE.finditer(tag, 4)}
        if attributes.get("src"):
            found.append(
                Image(
                    one_line(attributes["src"]),
                    pixels(attributes.get("width", "")),
                    pixels(attributes.get("height", "")),
                    one_line(attributes.get("alt", "")),
                )
            )
    return tuple(found)


def pixels(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None
