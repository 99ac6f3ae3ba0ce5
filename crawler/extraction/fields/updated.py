"""When an article was last changed: what the page says for machines, then its marked elements."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.article import Moment
from crawler.extraction.classes import DATE
from crawler.extraction.structured import text_in
from crawler.extraction.times import read_time

if TYPE_CHECKING:
    from crawler.extraction.view import View

METAS = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
    "lastmod",
    "article.updated",
)
SAYS = re.compile(r"updat|modifi|aktualisiert|geändert|mis à jour|actualizado|更新|修改|обновлен", re.I)
LOOKED_AT = 40


def updated_in(view: View) -> Moment | None:
    """The page's own time of its last change; None where it gives none."""
    texts = [text_in(node.get("dateModified")) for node in (*view.structured.articles[:2], *view.structured.pages[:1])]
    texts += [view.structured.first(name) for name in METAS]
    for text in texts:
        if text and (moment := read_time(text, view.zone, view.now)):
            return moment
    tree = view.tree
    for place, marks in view.blocks.marked[:LOOKED_AT]:
        if not marks & DATE or tree.ends[place] - place > 12:
            continue
        attributes = tree.attributes(place)
        shown = tree.text(place)[:120]
        if (attributes.get("itemprop") or "").lower() == "datemodified" or SAYS.search(shown):
            for text in (attributes.get("content") or attributes.get("datetime") or "", SAYS.split(shown)[-1]):
                if text and (moment := read_time(text, view.zone, view.now, language=view.language, month_first=view.month_first)):
                    return moment
    return None
