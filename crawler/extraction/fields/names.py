"""A byline becomes names: lead-ins, roles, places and addresses dropped, several people split; what is no name is refused."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LEAD = re.compile(
    r"^\W*(?:(?:an? \w+|ein(?:e)? [\w-]+|this \w+ was written|by|autorin/autor|written|posted|published|story|words|reported|contributed|reviewed|edited|article|text|foto und text|text und foto|ein beitrag|ein artikel|ein kommentar|kommentar|interview|analyse|eine analyse|"
    r"guest post|opinion|column|photos? and text|created|submitted|erstellt|eingetragen|text (?:&|und|\+) (?:fotos?|bilder|interview)|posté|publié|écrit|rédigé|escrito|scritto|geschrieben|verfasst|автор)\s+)?"
    r"(?:by|von|par|por|di|da|de|van|av|af|autor(?:in|en|es)?|autore|author[s]?|auteur|writer|redakteur(?:in)?|text|interview|fotos?|protokoll|guest author|gastautor(?:in)?|autorin/autor|rechtsanw[aä]lt(?:in)?|执笔人?|采写|автор[ыа]?|συντάκτης|oleh|door|opracował[a]?|tekst|yazan|作者|记者|記者|文|撰文|撰稿|编辑|編輯|责任编辑|責任編輯|责编|本报记者|通讯员)"
    r"(?:\s*[:：/|／]\s*|\s+(?=\S))",
    re.I,
)
ROLE = re.compile(
    r"(?<=\w\s\w)(\w*)\s+(?:contributor|(?:\w+ )?correspondent|(?:(?:managing|senior|chief|news|associate|print) )*editor|reporter|(?:staff )?writer|columnist|journalist|redakteur(?:in)?|autor(?:in)?|author)\W*$",
    re.I,
)
CALENDAR = re.compile(
    r"[\s•|,·–-]+(?:on\s|am\s)?(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez)[a-zäé]{0,7}\.?,?\s+\d|(?:mon|tues?|wednes|thurs?|fri|satur|sun)day\b|\d{1,2}[./:]\d|(?:19|20)\d\d|\d+\s(?:min|comment|hour)|(?:last )?(?:updated|modified|published|posted|veröffentlicht|aktualisiert|publié|publicado)\b).*$",
    re.I,
)
POSTED = re.compile(r"\s*(?:发表于|發表於|发布于|於|于)\s*(?:19|20)\d\d.*$")
GLUED = re.compile(r"^(?:By|BY|Von)(?=[A-ZÀ-Þb][\w.])")
KOREAN = re.compile(r"([가-힣]{2,4})\s*(?:기자|특파원)")
HAN_SPACE = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])\s+([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
HAN_NAMES = re.compile(r"[\u4e00-\u9fff·]{2,4}(?:\s+[\u4e00-\u9fff·]{2,4})+")
HAN_LEAD = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,8}(?:报|网|社|新闻|台|刊))?(?:本报|本网|本刊|特约|实习|见习|首席|驻\S{1,4})*(?:记者|記者|通讯员|作者|编辑|責任編輯|责任编辑|撰文|文(?=\s*[:：/／|]))\s*[:：/／|]?\s*"
)
HAN_TAIL = re.compile(r"\s*(?:记者|記者|编辑|報道|报道|撰文|[/／|]\s*文|\s文|发自.*|摄影?报道)$")
SPLIT = re.compile(
    r"\s*(?:;|；|、|\||／|/|•|·(?=\s)|\s&\s|\s&amp;\s|\s\+\s|，|\s(?:and|und|et|y|e|i|och|og|en|и|και)\s|,\s*(?:and|und)?\s*)\s*", re.I
)
TAIL = re.compile(
    r"\s*(?:[,|–—-]\s.*|\(.*|\[.*|\s(?:is|was|has|ist|war)\s.*|\s(?:on|am|le|el|at|um|in)\s(?=\w*\s?\d).*|\s\d.*|\s(?:in|at|mit|im|on behalf of|illustration(?:en)? von|fotos? von|photos? by)\s.*|(?:\s|,)*(?:staff writer|staff reporter|contributing writer|associated press writer|special to .*|for .*|updated.*|published.*|posted.*))$",
    re.I,
)
MAIL = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|@\w+")
REFUSED = re.compile(
    r"^(?:(?:quelle|image|images|foto|fotos|photos?|bild|bilder|beitragsbild|source|credit|video|grafik|illustration)\s*[:：/].*|admin(?:istrator)?|wordpress\w*|webmaster|editor|author|autor|user|guest|anonym(?:ous)?|unknown|name|none|null|n/?a|root|test|by|von|home|news|about|contact|share|twitter|facebook|e-?mail|comments?|"
    r"view all posts|view profile|more|read more|follow|subscribe|getty images?|shutterstock|istock(?:photo)?|unsplash|pixabay|reuters/.*|last modified|last updated|published|updated|posted|super user|super administrator|"
    r"redaktor|team|blog|link|foto|fotos|bild|写手|佚名|未知|不详|匿名|网络|admin\d*|本站|小编|网友)$",
    re.I,
)
WEEK = re.compile(r"\b(?:january|february|march|april|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|januar|februar|märz|mai|juni|juli|oktober|dezember|uhr|min(?:ute)?s? read|minutes?|hours?|ago)\b", re.I)  # fmt: skip
HAN = re.compile("[\u4e00-\u9fff]")
SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭肖程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文"
    "庞龐樊兰蘭殷施陶洪翟安颜顏倪严嚴牛温溫芦季俞章鲁魯葛伍韦韋申尤毕畢聂聶丛叢焦向柳邢路岳齐齊沿梅莫庄莊辛管祝左涂凃谷祁时時舒耿牟卜詹关關苗凌费費纪紀靳盛童欧歐甄项項曲成游阳陽裴席卫衛查屈鲍鮑位覃霍翁隋植甘景薄单單包司柏宁寧柯阮桂闵閔解强強丘车車房边邊戚冷应應古滕付燕连連穆米池郎褚娄婁简簡党黨"
)
"""The family names of nineteen Chinese of twenty, both scripts (Ministry of Public Security's yearly lists)."""
CREDENTIAL = re.compile(
    r"^(?:ph\.?\s?d|m\.?d|j\.?d|m\.?[abs]\w?|mba|b\.?[as]\w?|rd|rn|cpa|cfa|facp|faclm|esq|dvm|dds|jr|sr|llm|mph|msc|bsc|ldn?|cscs)\.?$",
    re.I,
)
PARTICLES = frozenset(
    [
        "von",
        "van",
        "de",
        "der",
        "den",
        "la",
        "le",
        "di",
        "da",
        "del",
        "du",
        "dos",
        "das",
        "bin",
        "ibn",
        "al",
        "el",
        "zu",
        "zur",
        "af",
        "av",
        "ter",
        "ten",
        "y",
        "e",
        "i",
        "o",
    ]
)


DIGIT = re.compile(r"\d")
ANY_WORD = re.compile(r"\w+")
STRAY = ' \t.,:;|-–—/•·*_+"“”()（）[]【】《》>»«●・'
LOOSE_END = re.compile(r"\s(?:at|on|am|in|for|und|and|mit|via)$", re.I)


# Of what the patterns find in ASCII: pieces of which one stands in it, in lower case, and words of which one is in it. Other letters are not
# told by them: patterns without case take some of them for ASCII's.
DATED = ("day", "updated", "modified", "published", "posted", "aktualisiert", "publicado")
SEVERAL = re.compile(r"[;|/,+&]")
SEVERAL_WORDS = frozenset(["and", "und", "et", "y", "e", "i", "och", "og", "en"])
ENDED = re.compile(r"[\d,|(\[-]")
ENDED_BY = ("for ", "writer", "reporter", "updated", "published", "posted")
ENDED_WORDS = frozenset(["is", "was", "has", "ist", "war", "on", "am", "le", "el", "at", "um", "in", "mit", "im", "to", "von", "by"])
OFFICES = ("tor", "thor", "respondent", "reporter", "writer", "ist", "redakteur")


def holds(low: str, pieces: tuple[str, ...]) -> bool:
    """Whether one of the pieces stands in a text in lower case."""
    return True in map(low.__contains__, pieces)


def names_in(text: str) -> list[str]:
    """The names in a byline; empty where it holds none."""
    return list(split_byline(text))


@lru_cache(4096)
def split_byline(text: str) -> tuple[str, ...]:
    """The same line stands on a page in several places: read once."""
    text = " ".join(unicodedata.normalize("NFC", text).split())[:300]
    foreign = not text.isascii()
    if foreign and KOREAN.search(text):
        return tuple(dict.fromkeys(match.group(1) for match in KOREAN.finditer(text)))[:6]
    text = GLUED.sub(lambda found: found.group() + " ", text)
    text = MAIL.sub(" ", text) if "@" in text or "www." in text or "://" in text else text
    low = text.lower()
    words = low.split()
    if foreign:
        text = POSTED.sub("", text)
    if foreign or DIGIT.search(text) or holds(low, DATED):
        text = CALENDAR.sub("", text)
    for _ in range(3):
        lead = LEAD.match(text)
        shorter = text[lead.end() :] if lead else text
        if foreign and HAN.search(shorter):
            shorter = HAN_TAIL.sub("", HAN_LEAD.sub("", shorter))
        if shorter == text:
            break
        text = shorter
    names: list[str] = []
    if foreign and HAN.search(text):
        text = HAN_SPACE.sub(r"\1\2", text.strip(" []（）()【】〔〕"))
        if HAN_NAMES.fullmatch(text):
            text = "、".join(text.split())
    several = foreign or SEVERAL.search(text) or not SEVERAL_WORDS.isdisjoint(words)
    tailed = foreign or ENDED.search(text) or not ENDED_WORDS.isdisjoint(words) or holds(low, ENDED_BY)
    in_office = foreign or holds(low, OFFICES)
    for part in SPLIT.split(text) if several else (text,):
        name = TAIL.sub("", part) if tailed else part
        name = (ROLE.sub(r"\1", name) if in_office else name).strip(STRAY)
        lead = LEAD.match(name)
        name = LOOSE_END.sub("", name[lead.end() :] if lead else name).strip()
        if (half := len(name) // 2) > 3 and len(name) % 2 == 0 and name[:half] == name[half:]:
            name = name[:half]
        if names and name[:1].islower() and like_person(names[-1].split(",")[0]) and name.split()[0] not in PARTICLES:
            continue  # what stands behind a person's name in lower case is an office
        if names and CREDENTIAL.match(name):
            names[-1] += ", " + name
        elif name and not REFUSED.match(name) and not CREDENTIAL.match(name) and any(map(str.isalpha, name)):
            names.append(name)
    return tuple(dict.fromkeys(names))[:12]


def key_of(names: list[str]) -> tuple[str, ...]:
    """What two spellings of the same people share: their words, without order and case."""
    return key_of_all(tuple(names))


@lru_cache(4096)
def key_of_all(names: tuple[str, ...]) -> tuple[str, ...]:
    words = {word for name in names for word in ANY_WORD.findall(unicodedata.normalize("NFKC", name).casefold())}
    return tuple(sorted(words))


NOT_PEOPLE = re.compile(r"redaktion|editor|staff|press\b|news|media|magazine?|director|manager|senior|content|marketing|university|institute?|ministry|department|ph\.?d|m\.?d\b|inc\b|llc|gmbh|group|online|\.(?:com|org|de|net)\b", re.I)  # fmt: skip
NO_PERSON = ("redaktion", "editor", "staff", "press", "news", "media", "magazin", "director", "manager", "senior", "content", "market", "universit", "instit", "ministry", "department", "ph", "m.d", "md", "inc", "llc", "gmbh", "group", "online", ".")  # fmt: skip
"""In ASCII one of these stands where NOT_PEOPLE is found; of ORGANISED where ORGANISATION is."""


def like_person(name: str) -> bool:
    """Whether a name is made like a person's: two to four capitalised words, or two to four Han letters."""
    foreign = not name.isascii()
    if foreign and HAN.search(name):
        return 2 <= len(name) <= 4
    words = name.split()
    if not (2 <= len(words) <= 4 and all(word[:1].isupper() or word.lower() in PARTICLES for word in words)):
        return False
    return not ((foreign or holds(name.lower(), NO_PERSON)) and NOT_PEOPLE.search(name))


ORGANISED = ("redak", "edit", "staff", "team", "agen", "press", "news", "magazin", "zeitung", "times", "office", "ministr", "universit", "gmbh", "inc", "desk", "dpa", "ap", "afp", "reuters")  # fmt: skip
ORGANISATION = re.compile(
    r"redaktion|redakcja|editor|staff|team|agentur|press\b|news|magazin|zeitung|times|office|ministr|universit|gmbh|inc\b|网|报|社|editorial|desk|agency|\bdpa\b|\bAP\b|\bAFP\b|reuters",
    re.I,
)


def shape_of(names: list[str]) -> tuple[str, ...]:
    """What speaks for or against these being people."""
    return shape_of_all(tuple(names))


@lru_cache(4096)
def shape_of_all(names: tuple[str, ...]) -> tuple[str, ...]:
    traits: list[str] = []
    first = names[0]
    words = first.split()
    han = HAN.search(first) is not None
    if han:
        size = len(first.replace(" ", ""))
        traits.append(f"han {min(size, 6)}")
    else:
        capital = sum(word[:1].isupper() for word in words)
        plain = all(word[:1].isupper() or word.lower() in PARTICLES or "'" in word for word in words)
        traits.append(f"words {min(len(words), 6)}")
        if 2 <= len(words) <= 4 and plain and capital >= 2:
            traits.append("person")
        elif not capital:
            traits.append("lower")
        if first.isupper() and len(first) > 4:
            traits.append("upper")
    if any(map(str.isdigit, first)):
        traits.append("digit")
    if WEEK.search(first):
        traits.append("calendar")
    if len(first) > 40:
        traits.append("long")
    traits.append(f"people {min(len(names), 4)}")
    if len(names) > 1:
        likely = sum(like_person(name) for name in names)
        traits.append("all people" if likely == len(names) else "first only a person" if like_person(first) else "mixed")
    if (not first.isascii() or holds(first.lower(), ORGANISED)) and ORGANISATION.search(first):
        traits.append("organisation")
    return tuple(traits)
