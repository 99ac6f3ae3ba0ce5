"""The bytes of a page become text: byte-order mark, header, the page's own declaration, and where these lie, the content."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

LIMIT = 16 * 1024 * 1024
"""Bytes read of a body: what the fetcher lets through; the rest of a longer one is left."""
HEAD = 4096
"""Where a declaration is looked for. The HTML standard stops at 1,024 bytes; real pages put comments and styles before it."""
SAMPLE = 12_000
"""Bytes around non-ASCII letters that a guess is made from: enough for letter frequencies, and bounded in time."""

BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be"))
META = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([a-z0-9_:.-]{2,40})", re.I)
XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([a-z0-9_:.-]{2,40})[\"']", re.I)
HEADER = re.compile(r"charset\s*=\s*[\"']?([a-z0-9_:.-]{2,40})", re.I)
# labels the WHATWG encoding standard maps to another charset, and those that Python's codecs don't know
LABELS = {
    "ascii": "windows-1252", "us-ascii": "windows-1252", "iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "latin1": "windows-1252",
    "latin-1": "windows-1252", "iso_8859-1": "windows-1252", "gb2312": "gbk", "gb_2312-80": "gbk", "x-gbk": "gbk", "gbk2312": "gbk", "chinese": "gbk",
    "gb-2312": "gbk", "x-sjis": "shift_jis", "sjis": "shift_jis", "shift-jis": "shift_jis", "windows-31j": "shift_jis", "ms_kanji": "shift_jis",
    "x-euc-jp": "euc-jp", "eucjp": "euc-jp", "ks_c_5601-1987": "euc-kr", "ksc5601": "euc-kr", "windows-949": "euc-kr", "cp949": "euc-kr",
    "big5-hkscs": "big5", "x-x-big5": "big5", "cn-big5": "big5", "iso-8859-9": "windows-1254", "tis-620": "windows-874", "iso-8859-11": "windows-874",
    "koi8-ru": "koi8-u", "koi8": "koi8-r", "cp1251": "windows-1251", "win-1251": "windows-1251", "utf8": "utf-8", "utf-8mb4": "utf-8", "unicode": "utf-8",
    "x-mac-roman": "macintosh", "iso-8859-8-i": "iso-8859-8", "utf-16": "utf-16le", "utf_8": "utf-8",
}  # fmt: skip
# each charset's widest decoder: browsers decode gb2312 as gbk, Shift_JIS as Microsoft wrote it, and so on
DECODERS = {
    "gbk": "gb18030", "gb18030": "gb18030", "shift_jis": "cp932", "euc-kr": "cp949", "big5": "big5hkscs", "windows-874": "cp874", "macintosh": "mac_roman",
    "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip
WIDE = ("gbk", "big5", "shift_jis", "euc-jp", "euc-kr")
NARROW = ("windows-1252", "windows-1251", "koi8-r", "iso-8859-5", "windows-1250", "iso-8859-2", "windows-1253", "iso-8859-7", "windows-1256", "windows-1255")  # fmt: skip
# the letters that fill running text; a charset that gives them is likely right
COMMON = {
    "gbk": "的一是了在不有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严",
    "big5": "的一是了在不有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經十三之進著等部度家電力裡如水化高自二理起小物現實加量都兩體制機當使點從業本去把性好應開它合還因由其些然前外天政四日那社義事平形相全表間樣與關各重新線內數正心反你明看原又麼利比或但質氣第向道命此變條只沒結解問意建月公無系軍很情者最立代想已通並提直題黨程展五果料象員革位入常文總次品式活設及管特件長求老頭基資邊流路級少圖山統接知較將組見計別她手角期根論運農指幾九區強放決西被幹做必戰先回則任取據處隊南給色光門即保治北造百規熱領七海口東導器壓志世金增爭濟階油思術極交受聯什認六共權收證改清己美再採轉更單風切打白教速花帶安場身車例真務具萬每目至達走積示議聲報完類八離華名確才科張信馬節話整空元況今集溫傳土許步群廣",
}  # fmt: skip
RUSSIAN = frozenset("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё")
FREQUENT_RUSSIAN = frozenset("оеаинтсрвлк")
HIGH = re.compile(rb"[\x80-\xff]")
LINE = re.compile(rb"[\n<>]+")
COMMON_LETTERS = {name: frozenset(letters + "，。、：；“”？！") for name, letters in COMMON.items()}
CENTRAL_LATIN = frozenset("ąćęłńóśźżřěščžýáíéúůťďňőűâăîșțşţöüäß„”–—“’")
WESTERN_LATIN = frozenset("àáâãäåçèéêëìíîïñòóôõöøùúûüýÿßœæ–—’‘“”«»…©€·")
ABOVE_ASCII = re.compile(r"[^\x00-\x7f]")
BESIDE_PLAIN = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])")


def decode(body: bytes, content_type: str = "", *, xml: bool = False) -> tuple[str, str]:
    """The text of a body and the charset it was read in, by its WHATWG name.

    `content_type` is the answer's header. The order: byte-order mark; text that is valid UTF-8 whatever is said of it; header, then the
    page's declaration, each checked against the content; a guess from letter frequencies. Bytes that fit nowhere become U+FFFD.
    """
    body = body[:LIMIT]
    for mark, name in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name.replace("utf-16", "utf-16-"), "replace"), name
    try:
        text: str | None = body.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is not None:
        if text.isascii() and declarations(body, content_type, xml)[:1] == ["iso-2022-jp"]:
            return body.decode("iso2022_jp", "replace"), "iso-2022-jp"
        if "\0" in text and text.count("\0") > len(text) // 4:
            return utf16_without_mark(body)
        return text, "utf-8"
    for name in declarations(body, content_type, xml):
        if name.startswith("utf-16"):
            continue  # a page whose ASCII declaration could be read is not UTF-16 (HTML standard, "prescan")
        text, broken = decode_as(body, name)
        if fits(text, broken, body, name):
            return text, name
    if body.count(b"\0") > len(body) // 5:
        return utf16_without_mark(body)
    name = guess(body)
    return decode_as(body, name)[0], name


def declarations(body: bytes, content_type: str, xml: bool) -> list[str]:
    """The charsets that header and page name, without repetition, the header's first."""
    found = []
    if match := HEADER.search(content_type):
        found.append(match.group(1))
    head = body[:HEAD]
    if match_bytes := XML.search(head):
        found.append(match_bytes.group(1).decode())
    if not xml and (match_bytes := META.search(head)):
        found.append(match_bytes.group(1).decode())
    return list(dict.fromkeys(name for label in found if (name := charset_named(label))))


# codecs that Python has and no page may name: some raise, UTF-7 lets scripts through filters (WHATWG Encoding, 4.2 has none of them)
PYTHONS_OWN = frozenset(
    {"undefined", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7", "unicode_escape", "raw_unicode_escape"}
)


@lru_cache(256)
def charset_named(label: str) -> str:
    """A charset's WHATWG name; "" for a label that names none."""
    name = LABELS.get(label.lower().strip(), label.lower().strip())
    try:
        codec = codecs.lookup(DECODERS.get(name, name))
    except LookupError:
        return ""
    return name if codec._is_text_encoding and codec.name not in PYTHONS_OWN else ""


def decode_as(body: bytes, name: str) -> tuple[str, int]:
    """The text and how many letters of it are broken. GB18030 and the others never raise with "replace"."""
    text = body.decode(DECODERS.get(name, name), "replace")
    return text, text.count("\ufffd")


def fits(text: str, broken: int, body: bytes, name: str) -> bool:
    """Whether a declared charset may be believed: few broken letters, and for a charset of single bytes letters that words are made of."""
    high = len(HIGH.findall(body, 0, 200_000)) or 1
    if name == "utf-8":
        return broken * 12 < high
    if broken * 20 > high:
        return False
    if name in NARROW:
        return word_share(sample_text(body, name), name) > 0.35 or high < 12
    return True


def utf16_without_mark(body: bytes) -> tuple[str, str]:
    name = "utf-16be" if body[0:1] == b"\0" else "utf-16le"
    return body.decode(DECODERS[name], "replace"), name


def sample_bytes(body: bytes) -> bytes:
    """The parts of a body that hold non-ASCII bytes, lines whole, at most SAMPLE bytes."""
    taken: list[bytes] = []
    size = 0
    for line in LINE.split(body[: 40 * SAMPLE]):
        if not line.isascii():
            taken.append(line[:4000])
            size += len(taken[-1])
            if size > SAMPLE:
                break
    return b"\n".join(taken)[:SAMPLE]


def sample_text(body: bytes, name: str) -> str:
    return sample_bytes(body).decode(DECODERS.get(name, name), "replace")


def guess(body: bytes) -> str:
    """The charset in which the body's non-ASCII letters look most like a language."""
    sample = sample_bytes(body)
    scores = {name: likeness(sample.decode(DECODERS.get(name, name), "replace"), name) for name in ("utf-8", *WIDE, *NARROW)}
    return max(scores, key=lambda name: scores[name])


def likeness(text: str, name: str) -> float:
    """From 0 to 1, how much of the non-ASCII text is common letters of the charset's languages."""
    letters = Counter(ABOVE_ASCII.findall(text))
    total = letters.total()
    if not total:
        return 0.0
    broken = letters["\ufffd"] / total
    if name == "utf-8":
        return max(0.0, 0.9 - 4 * broken)

    def share(kept: Callable[[str], bool]) -> float:
        return sum(count for letter, count in letters.items() if kept(letter)) / total

    if name in ("gbk", "big5"):
        common = COMMON_LETTERS[name]
        return share(common.__contains__) - 3 * broken
    if name in ("shift_jis", "euc-jp"):
        # half-width katakana is what other charsets become when they are read as Shift_JIS
        kana, half = share(lambda letter: "\u3040" <= letter <= "\u30ff"), share(lambda letter: "\uff61" <= letter <= "\uff9f")
        return min(1.0, 1.6 * kana) - half - 3 * broken
    if name == "euc-kr":
        return share(lambda letter: "\uac00" <= letter <= "\ud7a3") - 3 * broken
    return word_share(text, name) * 0.8 - 3 * broken


def word_share(text: str, name: str) -> float:
    """Of the non-ASCII letters, the share that stands where the charset's languages put them."""
    letters = Counter(ABOVE_ASCII.findall(text))
    total = sum(count for letter, count in letters.items() if not letter.isspace())
    if not total:
        return 1.0

    def share(kept: Callable[[str], bool]) -> float:
        return sum(count for letter, count in letters.items() if kept(letter)) / total

    if name in ("windows-1251", "koi8-r", "iso-8859-5"):
        return min(1.0, (share(RUSSIAN.__contains__) + share(FREQUENT_RUSSIAN.__contains__)) / 1.6)
    if name in ("windows-1253", "iso-8859-7"):
        return share(lambda letter: "ά" <= letter <= "ώ")
    if name == "windows-1256":
        return share(lambda letter: "\u0621" <= letter <= "\u064a") * 0.95
    if name == "windows-1255":
        return share(lambda letter: "\u05d0" <= letter <= "\u05ea")
    # Latin: an accented letter is small and has a plain one beside it; typographic marks count as well
    beside = Counter(BESIDE_PLAIN.findall(text))
    placed = sum(count for letter, count in beside.items() if letter.islower() and letter.isalpha())
    marks = sum(count for letter, count in letters.items() if not letter.isalpha() and not letter.isspace())
    known = CENTRAL_LATIN if name in ("windows-1250", "iso-8859-2") else WESTERN_LATIN
    return (placed + marks) / total * share(known.__contains__)
