"""A site's page as something that can be looked at and does nothing: no script, no address that a browser would ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping

import nh3
from selectolax.lexbor import LexborHTMLParser

from crawler.health.preview.taken import LAZY, MARK, SAID
from crawler.urls import join

TAGS = set(
    re.findall(
        r"\w+",
        """a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn dir div dl dt
        em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd label legend li main mark menu nav
        ol p picture pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul
        var wbr""",
    )
)
GENERAL = set(re.findall(r"\w+", "class id style title lang dir align valign width height bgcolor color face size"))
ATTRIBUTES = {
    "*": {*GENERAL, MARK, SAID},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap"},
    "table": {"border", "cellpadding", "cellspacing"},
    "ol": {"start", "type"},
    "time": {"datetime"},
    "details": {"open"},
}
SILENT = re.findall(r"\w+", "script style noscript template iframe frame object embed svg math select button textarea")
SANITISER = nh3.Cleaner(
    tags=TAGS, attributes=ATTRIBUTES, url_schemes={"data"}, link_rel=None, strip_comments=True, clean_content_tags={"script", "style"}
)
MOST_STYLE = 1_500_000
"""Characters of style sheets."""
DEEPEST = 300
# what a style sheet could ask the network for, or run; the page's policy forbids it too
IMPORT = re.compile(r"@(?:import|charset|namespace)\b[^;{}]*;?", re.IGNORECASE)
ADDRESS = re.compile(r"(?:url|image-set|-webkit-image-set|image|src)\s*\([^)]*\)?", re.IGNORECASE)
RUNS = re.compile(r"expression\s*\(|behaviou?r\s*:|-moz-binding\s*:|javascript:|vbscript:", re.IGNORECASE)
STYLE_ATTRIBUTE = re.compile(r"\\|url|image|@|expression|behaviou?r|binding|position\s*:\s*fixed", re.IGNORECASE)


def safe_page(parser: LexborHTMLParser, url: str, pictures: Mapping[str, str]) -> str:
    """The HTML of a page's body. `pictures`: addresses of pictures that are shown, each as a data: address."""
    body = parser.body
    if body is None:
        return ""
    for node in body.css("[style]"):
        if STYLE_ATTRIBUTE.search(node.attributes.get("style") or ""):
            del node.attrs["style"]
    for node in body.css("img"):
        given = node.attributes
        addresses = [join(url, part) for name in LAZY for part in (given.get(name) or "").split()[:1]]
        kept = next((pictures[address] for address in addresses if address in pictures), "")
        if kept:
            node.attrs["src"] = kept
        elif "src" in given:
            del node.attrs["src"]
        if not kept and not given.get("alt"):
            node.attrs["alt"] = "picture" if MARK in given else ""
    parser.strip_tags(SILENT)
    return str(SANITISER.clean(body.inner_html or ""))


def safe_style(sheets: list[str]) -> str:
    """Style sheets that ask for nothing and close no element."""
    text = "\n".join(sheets)[:MOST_STYLE].replace("\x00", "")
    if "\\" in text:  # an escape may hide any of the words below
        text = re.sub(r"\\(?![0-9a-fA-F])", "", re.sub(r"\\[0-9a-fA-F]{1,6}\s?", "", text))
    text = IMPORT.sub("", text)
    text = ADDRESS.sub("none", text)
    text = RUNS.sub("x-", text)
    return text.replace("<", "")
