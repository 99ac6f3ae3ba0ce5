"""The language of an article, as BCP 47: what the page declares, checked against the script its text is written in."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.extraction.view import View

TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?\b")
SCRIPTS = (
    ("ja", re.compile("[\u3041-\u3096\u30a1-\u30fa]")), ("ko", re.compile("[\uac00-\ud7a3]")), ("zh", re.compile("[\u4e00-\u9fff]")), ("ru", re.compile("[а-яё]")),
    ("el", re.compile("[α-ωά-ώ]")), ("ar", re.compile("[\u0621-\u064a]")), ("he", re.compile("[\u05d0-\u05ea]")), ("th", re.compile("[\u0e01-\u0e2e]")), ("hi", re.compile("[\u0905-\u0939]")),
)  # fmt: skip
IN_SCRIPT = {
    "ja": {"ja"}, "ko": {"ko"}, "zh": {"zh", "yue", "wuu", "cmn", "zho"}, "ru": {"ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"}, "el": {"el"},
    "ar": {"ar", "fa", "ur", "ps", "ug", "ckb"}, "he": {"he", "yi"}, "th": {"th"}, "hi": {"hi", "mr", "ne"},
}  # fmt: skip
STOPWORDS = {
    "en": "the and of to in that is was for with on as by at from his it", "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine", "fr": "le la les et des en du une que est pour dans qui sur au pas plus par",
    "es": "el la de que y en los del se las por un para con una su al", "it": "il di che e la in un per del non una sono con della le si da", "pt": "de que e o da em um para com não uma os no se na por mais dos",
    "nl": "de het een van en in is dat op te zijn met voor niet aan", "pl": "w i na się z do nie że jest to o jak po od za przez", "sv": "och i att det som en på är av för med till den har", "da": "og i at det er en til på af for med den har ikke som",
    "no": "og i det er en til på av for med som har ikke at den", "cs": "a v se na je že s z do o k ve pro za by", "tr": "ve bir bu için ile da de olarak daha olan gibi çok", "fi": "ja on ei se että oli hän myös kun ovat", "hu": "a az és hogy nem is egy meg volt csak",
    "ro": "și de în a la cu pe care din nu o să este pentru", "id": "yang dan di dengan untuk dari ini itu pada dalam tidak",
}  # fmt: skip
WORD = re.compile(r"[^\W\d_]+")


def language_of(view: View) -> str:
    """The page's language; "" where neither the page nor its text tells."""
    text = " ".join(sorted(view.blocks.texts, key=len, reverse=True)[:12])[:4000]
    written = script_of(text)
    for declared in declared_languages(view):
        short = declared.split("-")[0].lower()
        if written and short not in IN_SCRIPT[written]:
            continue
        if not written and any(short in tags for tags in IN_SCRIPT.values()):
            continue
        if not written and short == "en" and view.head.language and (guess := by_words(text)) not in ("", "en"):
            return guess
        return declared
    return written or by_words(text)


def declared_languages(view: View) -> list[str]:
    first = view.structured.first
    given = [view.head.language]
    given += [value for node in view.structured.articles[:1] if isinstance(value := node.get("inLanguage"), str)]
    given += [first("og:locale"), first("content-language"), first("language", "dc.language", "dcterms.language")]
    return [tag for value in given if (tag := tidy_tag(value))]


def tidy_tag(value: str) -> str:
    """`zh-CN` of `zh_cn`, `zh-cmn-Hans`; "" for what is no tag."""
    value = (value or "").strip()
    if value.lower().startswith("zh-cmn") or value.lower().startswith("cmn"):
        return "zh-Hant" if "hant" in value.lower() else "zh-Hans"
    match = TAG.match(value)
    if match is None or len(match.group()) != len(value.split(",")[0].split(".")[0].split()[0] if value.split() else ""):
        return ""
    language, script, region = match.groups()
    return "-".join(part for part in (language.lower(), script and script.title(), region and region.upper()) if part)


def script_of(text: str) -> str:
    """The language that the text's script belongs to; "" for Latin."""
    if text.isascii():
        return ""
    text = text[:1500]
    letters = len(text)
    for name, pattern in SCRIPTS:
        if len(pattern.findall(text)) > (0.05 if name == "ja" else 0.25) * letters:
            return name
    return ""


def by_words(text: str) -> str:
    """The Latin-script language whose small words the text is full of; "" below one word in twelve."""
    words = WORD.findall(text[:1200].lower())
    total = len(words)
    if total < 20:
        return ""
    scores = dict.fromkeys(STOPWORDS, 0)
    for word in words:
        for name in SMALL.get(word, ()):
            scores[name] += 1
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] * 12 > total else ""


SMALL: dict[str, list[str]] = {}
"""The languages of each small word."""
for _name, _words in STOPWORDS.items():
    for _word in set(_words.split()):
        SMALL.setdefault(_word, []).append(_name)
