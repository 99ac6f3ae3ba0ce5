"""What a page is when it is no article: an error, a login, a consent question, a paywall, a list. Told by its words and by its build."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.extraction.document import LINK
from crawler.extraction.fields.candidates import bucket
from crawler.extraction.structured import text_in, types_of

if TYPE_CHECKING:
    from crawler.extraction.view import View

SHORT = 130
"""Words (Han letters) of a body under which a page's own words about itself are believed."""
ERROR = re.compile(
    r"^(?:error\s)?[45]\d\d\b|\b(?:404|not found|page (?:not found|missing|unavailable)|does(?: not|n't) exist|access denied|forbidden|internal server error|bad gateway|service unavailable|temporarily unavailable|"
    r"just a moment|attention required|are you (?:a )?(?:human|robot)|captcha|security check|checking your browser|unusual traffic|seite nicht gefunden|nicht gefunden|page introuvable|página no encontrada|pagina non trovata|"
    r"strona nie (?:istnieje|została)|nie znaleziono|страница не найдена|ошибка)\b|页面(?:不存在|没有找到|找不到)|找不到(?:页面|网页)|出错了|访问(?:被拒绝|异常)|ページが見つかりません",
    re.I,
)
LOGIN = re.compile(r"^(?:log ?in|sign ?in|anmelden|login|einloggen|connexion|iniciar sesión|accedi|zaloguj(?: się)?|войти|вход|登录|登入|用户登录|ログイン)\b|\b(?:please (?:log|sign) in|log in to continue|sign in to continue)\b|请(?:先)?登录", re.I)  # fmt: skip
CONSENT = re.compile(r"before you continue|we (?:value|care about) your privacy|your privacy (?:choices|matters)|privacy (?:center|centre|gate)|cookie (?:consent|wall|settings|policy)|consent|zustimmung|einwilligung|mit werbung (?:weiterlesen|nutzen)|datenschutz-?einstellungen", re.I)  # fmt: skip
PAYWALL = re.compile(
    r"subscri(?:be|ption)[^.]{0,60}(?:to (?:continue|read|keep|unlock|access)|now)|(?:continue|keep) reading[^.]{0,40}(?:subscri|account|register|free trial)|already (?:a )?(?:subscriber|member)|(?:this|the) (?:article|story|content) is (?:for|only|exclusive)|"
    r"to (?:continue|read) (?:reading|this|the)[^.]{0,40}(?:subscri|regist|sign)|register to (?:continue|read)|weiterlesen mit|jetzt (?:weiterlesen|abonnieren|testen)|(?:jetzt|weiter)lesen[^.]{0,30}abo|schon (?:abonnent|abonniert)|"
    r"réservé aux abonnés|il vous reste|suscr[ií]bete para|riservato agli abbonati|dla subskrybentów|付费(?:阅读|内容)|会员(?:专享|专属|可读)|订阅(?:后|以)(?:阅读|继续)|有料会員|購読",
    re.I,
)
LIST_PATH = re.compile(
    r"^/?(?:index|default|home|list(?:_\d+)?|page/\d+|category/.*|tag/.*|tags/.*|topics?/[^/]*|author/[^/]*|search.*)?(?:\.\w{3,5})?/?$",
    re.I,
)
LIST_TYPES = frozenset({"collectionpage", "itemlist", "searchresultspage", "profilepage"})


def kind_of(view: View, words: int, title: str, sure: float, weights: Mapping[str, float]) -> str:
    """What a page is instead of an article, in words for its reader; "" for an article.

    `words` is the size of the body found, `sure` the token F1 that the body model expects.
    """
    if view.page.status >= 400:
        return f"the site answered with status {view.page.status}"
    if words < SHORT:
        shown = [title, view.head.title, *(view.tree.text(place)[:200] for place in view.blocks.headings[:4])]
        if any(ERROR.search(text) for text in shown if text and len(text) < 120):
            return "it is an error page"
        if words < SHORT // 2 and any(LOGIN.search(text) for text in shown if text and len(text) < 60):
            return "it asks to log in"
        if words < SHORT // 2 and any(CONSENT.search(text) for text in shown if text and len(text) < 120) and not is_declared(view):
            return "it asks for consent"
        if paywalled(view, words):
            return "it stands behind a paywall; only its beginning is there"
    if is_list(view, words, sure, weights):
        return "it is a list of articles"
    return ""


def is_declared(view: View) -> bool:
    """Whether the page says for machines that it is an article."""
    return (
        bool(view.structured.articles)
        or view.structured.first("og:type").lower().startswith("article")
        or bool(view.structured.first("article:published_time"))
    )


def paywalled(view: View, words: int) -> bool:
    """A short body on a page that says it is not free, and offers a subscription."""
    closed = any(
        text_in(node.get("isAccessibleForFree")).lower() == "false" or node.get("isAccessibleForFree") is False
        for node in view.structured.articles
    )
    tier = view.structured.first("article:content_tier").lower() in ("locked", "metered")
    start = view.chosen[0] if view.chosen else 0
    offered = any(
        PAYWALL.search(text) for text in view.blocks.texts[start : (view.chosen[-1] if view.chosen else start) + 12] if len(text) < 400
    )
    return offered and (closed or tier or words < SHORT // 2)


def is_list(view: View, words: int, sure: float, weights: Mapping[str, float]) -> bool:
    """Whether the page is built like a list: learnt from saved list pages and articles, and cautious (an article lost is worse than a list let in)."""
    score = weights.get("none", 0.0) + sum(weights.get(trait, 0.0) for trait in list_traits(view, words, sure))
    return score > 0


def list_traits(view: View, words: int, sure: float) -> list[str]:
    """What speaks for and against a list, as yes/no traits."""
    blocks = view.blocks
    chosen = view.chosen
    sizes = [len(blocks.texts[number]) for number in chosen]
    total = sum(sizes) + 1
    linked = sum(blocks.link_lengths[number] for number in chosen)
    everything = sum(map(len, blocks.texts)) + 1
    headings, inside = linked_headings(view)
    parts = urlsplit(view.page.url)
    path = parts.path.rstrip("/")
    kind = view.structured.first("og:type").lower()
    traits = [
        bucket("words", words, 30, 80, 150, 300, 600),
        bucket("sure", sure, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98),
        bucket("linked headings", headings, 1, 4, 8, 16, 30),
        bucket("in body", inside, 1, 2, 4, 8),
        bucket("links in body", linked / total, 0.02, 0.1, 0.25, 0.5),
        bucket("share", total / everything, 0.1, 0.2, 0.35, 0.5, 0.7),
        bucket("longest", max(sizes, default=0), 80, 160, 300, 600),
        bucket("spread", (chosen[-1] - chosen[0] + 1) / len(chosen) if chosen else 9, 1.1, 1.4, 2, 3, 5),
        "declared" if is_declared(view) else "undeclared",
        f"type {kind}" if kind in ("website", "article") else "type other",
        bucket("times", len(blocks.times), 1, 2, 4, 10),
    ]
    if any(kinds & LIST_TYPES for kinds in map(types_of, view.structured.nodes[:20])):
        traits.append("says list")
    if not path and not parts.fragment:
        traits.append("root")
    elif LIST_PATH.match(path):
        traits.append("list path")
    if re.search(r"\d{5,}|(?:[^/-]+-){4,}|\d{4}/\d\d/\d\d|\.s?html?$", path):
        traits.append("article path")
    return traits


def linked_headings(view: View) -> tuple[int, int]:
    """Headings that lead to different pages: of the whole page, of the body."""
    tree, blocks = view.tree, view.blocks
    targets: set[str] = set()
    within: set[str] = set()
    begins, ends = view.body_begins, view.body_ends
    for place in blocks.headings:
        link = next((at for at in range(place, tree.ends[place]) if tree.tags[at] == LINK), -1)
        parent = tree.parents[place]
        if link < 0 and parent >= 0 and tree.tags[parent] == LINK:
            link = parent
        if link >= 0 and (href := (tree.attributes(link).get("href") or "").split("#")[0]) and tree.text(place):
            targets.add(href)
            if begins <= blocks.block_before.get(place, -1) < ends:
                within.add(href)
    return len(targets), len(within)
