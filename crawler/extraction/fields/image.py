"""The lead image: what the page names for sharing and what it shows; the same picture in both is what its readers see."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from crawler.extraction.body import common
from crawler.extraction.classes import CAPTION, COMMENT, FOOT, NAVIGATION, RELATED
from crawler.extraction.document import LINK, Attributes
from crawler.extraction.fields.candidates import Candidates, bucket
from crawler.extraction.repair import PLACEHOLDER, image_source, largest, pixels
from crawler.extraction.tags import NAME, NUMBER

if TYPE_CHECKING:
    from crawler.extraction.view import View

BAD = re.compile(
    r"logo|avatar|icon|sprite|placeholder|default|1x1|pixel|gravatar|blank|spacer|loading|emoji|badge|button|/ads?/|banner|favicon|noimage|no-image|fallback|generic|share[-_]?image|opengraph|og[-_]image",
    re.I,
)
SIZE = re.compile(r"[-_@]?(?:\d{2,4}x\d{2,4}|scaled|\d{2,4}w|large|small|medium|thumb|big)$|-\d{2,4}$", re.I)
EXTENSION = re.compile(r"\.(?:jpe?g|png|webp|gif|avif|bmp|svg)", re.I)
IDENTITY = re.compile(r"\d{6,}|[0-9a-f]{16,}", re.I)
IMG = NUMBER["img"]
MOST = 40
CAPTIONED = 12
"""Characters of text beside a picture in one link: that link is a teaser's."""


@lru_cache(1024)
def path_of(url: str) -> str:
    """The path of an image's address; of one nested in it (a resizing proxy's) that one's."""
    text = url
    for _ in range(3) if "%" in url or url.find("http", 8) > 0 else ():
        decoded = unquote(text) if "%" in text else text
        starts = [match.start() for match in re.finditer(r"https?:/{1,2}", decoded)]
        if len(starts) > 1 and EXTENSION.search(decoded[starts[-1] :]):
            text = re.split(r"[&?]", decoded[starts[-1] :])[0]
            continue
        break
    text = text.partition("?")[0].partition("#")[0]
    if "//" in text[:9]:
        _, slash, text = text[text.index("//") + 2 :].partition("/")
        text = slash + text
    if "%" in text:
        text = unquote(text)
    while "//" in text:
        text = text.replace("//", "/")
    return text.rstrip("/")


def stem_of(path: str) -> str:
    """The file's name without type and size: what the same picture's other sizes share."""
    name = EXTENSION.sub("", path.rsplit("/", 1)[-1].lower())
    for _ in range(2):
        name = SIZE.sub("", name)
    if len(name) < 6 and (match := IDENTITY.search(path)):
        return match.group()
    return name if len(name) >= 5 else ""


def image_candidates(view: View) -> Candidates[str]:
    found: Candidates[str] = Candidates()
    structured, blocks, tree, links = view.structured, view.blocks, view.tree, view.links

    def add(value: str, source: str, rank: int, *traits: str) -> None:
        address = links.picture(value) if value and len(value) < 2000 else ""
        path = path_of(address) if address else ""
        if len(path) > 1:
            found.add(path, address, source, rank, *traits)

    for name, source in (("og:image", "og"), ("og:image:url", "og"), ("og:image:secure_url", "og"), ("twitter:image", "twitter"), ("twitter:image:src", "twitter"), ("thumbnail", "meta thumbnail"), ("image", "meta image"), ("sailthru.image.full", "sailthru"), ("parsely-image-url", "parsely"), ("thumbnailurl", "meta thumbnail"), ("msapplication-tileimage", "tile")):  # fmt: skip
        for number, value in enumerate(structured.meta.get(name, ())[:3]):
            add(value, source if number == 0 else source + " later", 0 if number == 0 else 3)
    for node in structured.articles[:2]:
        for number, value in enumerate(addresses_in(node.get("image"))[:4]):
            add(value, "jsonld" if number == 0 else "jsonld later", 1)
        for value in addresses_in(node.get("thumbnailUrl"))[:1]:
            add(value, "jsonld thumbnail", 2)
    for node in structured.pages[:1]:
        for value in addresses_in(node.get("primaryImageOfPage"))[:1]:
            if value.startswith("#") or "#primaryimage" in value:
                value = next(
                    (str(other.get("contentUrl") or other.get("url") or "") for other in structured.nodes if other.get("@id") == value), ""
                )
            add(value, "jsonld page", 2)
    declared = set(found.groups)
    body_at, body_ends = view.body_begins, view.body_ends
    title_at = view.title_block
    low, high = body_container(view)
    shown = large = behind_title = 0
    sources: list[str] = []
    for place in blocks.pictures:
        if tree.tags[place] != IMG:
            continue
        at = blocks.block_before.get(place, 0)
        if at < min(body_at, title_at if title_at >= 0 else body_at) - 25 or at > body_ends + 2:
            continue
        attributes = tree.attributes(place)
        sources = picture_sources(attributes, place, view)
        if not sources or sources[0].lower().split("?")[0].endswith((".svg", ".gif")):
            continue
        shown += 1
        if shown > MOST:
            break
        width, height = pixels(attributes.get("width")), pixels(attributes.get("height"))
        inherited = view.inherited_at(place)
        traits = [bucket("before body", body_at - at, -30, -6, -1, 0, 1, 3, 8, 15)]
        if title_at >= 0:
            traits.append(bucket("behind title", at - title_at, -8, 0, 1, 3, 6, 12))
        if width is not None:
            traits.append(bucket("width", width, 60, 150, 300, 500, 800))
        if height is not None and width and height and width / height > 4:
            traits.append("strip")
        if inherited & (RELATED | COMMENT):
            traits.append("in related")
        if inherited & NAVIGATION:
            traits.append("in navigation")
        if inherited & FOOT:
            traits.append("in foot")
        if inherited & CAPTION:
            traits.append("in caption box")
        if figure := view.stands_in(place, "figure"):
            traits.append("in figure")
        inside = low <= place < high
        traits.append("in the body's box" if inside else "outside the body's box")
        leads = leads_on(view, place, inside)
        if leads:
            traits.append("leads on")
        small = (width or 999) < 150 or (height or 999) < 100
        if len(sources) > 1:
            traits.append("has sizes")
        if not small and not BAD.search(sources[0]) and not leads:
            large += 1
            traits.append("large first" if large == 1 else "large second" if large == 2 else "large later")
            if at >= title_at >= 0 or inside:
                behind_title += 1
                if behind_title == 1:
                    traits.append("first behind the title")
                    if at <= body_at + 2:
                        traits.append("first behind the title, before the text" + (", figure" if figure else ""))
        if (attributes.get("itemprop") or "") in ("image", "contentUrl", "url"):
            traits.append("itemprop")
        if attributes.get("fetchpriority") == "high" or attributes.get("loading") == "eager":
            traits.append("hurried")
        # a picture that is declared too is that one, whichever of its sizes
        address = next((one for one in sources if path_of(one) in declared), sources[0])
        add(address, "shown", 5, *traits)
    finish(found)
    return found


def body_container(view: View) -> tuple[int, int]:
    """Where the smallest element begins and ends that holds the body."""
    if not view.chosen:
        return 0, 0
    tree, blocks = view.tree, view.blocks
    place = common(tree.parents, tree.ends, blocks.first[view.chosen[0]], blocks.last[view.chosen[-1]])
    return place, tree.ends[place]


def picture_sources(attributes: Attributes, place: int, view: View) -> list[str]:
    """The addresses of a shown picture, the best first: the widest of its sizes, else its own source."""
    links = view.links
    own = image_source(attributes, links)
    sized = [largest(value) for name in ("srcset", "data-srcset", "data-lazy-srcset") if (value := attributes.get(name))]
    tree = view.tree
    other: list[str] = []
    parent = tree.parents[place]
    if parent >= 0 and NAME.get(tree.tags[parent]) == "picture":
        for at in range(parent + 1, place):
            if NAME.get(tree.tags[at]) == "source":
                given = tree.attributes(at)
                if value := given.get("srcset") or given.get("data-srcset"):
                    (other if "webp" in (given.get("type") or "") or "avif" in (given.get("type") or "") else sized).append(largest(value))
    found = [address for value in sized if value and not PLACEHOLDER.search(value) and (address := links.picture(value))]
    if own and not PLACEHOLDER.search(own):
        found.append(own)
    found += [address for value in other if value and (address := links.picture(value))]
    return list(dict.fromkeys(found))


def leads_on(view: View, place: int, inside: bool) -> bool:
    """Whether the picture stands in a link to another page, with that page's headline, not to its own larger self."""
    tree = view.tree
    above = tree.parents[place]
    for _ in range(4):
        if above < 0:
            return False
        if tree.tags[above] == LINK:
            href = tree.attributes(above).get("href") or ""
            return (
                bool(href) and not href.startswith("#") and not EXTENSION.search(href) and (len(tree.text(above)) > CAPTIONED or not inside)
            )
        above = tree.parents[above]
    return False


def addresses_in(value: Any) -> list[str]:
    """Addresses in a JSON-LD image: strings, ImageObjects, lists of them."""
    found: list[str] = []
    for one in value[:6] if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            one = one.get("url") or one.get("contentUrl") or one.get("@id")
            if isinstance(one, list) and one:
                one = one[0]
        if isinstance(one, str) and one:
            found.append(one)
    return found


def finish(found: Candidates[str]) -> None:
    groups = list(found)
    stems: dict[str, list[Any]] = {}
    for group in groups:
        if stem := stem_of(str(group.key)):
            stems.setdefault(stem, []).append(group)
    og = next((group for group in groups if "og" in group.traits), None)
    og_shown = og is not None and (
        "shown" in og.traits or any(other is not og and "shown" in other.traits for other in stems.get(stem_of(str(og.key)), []))
    )
    for group in groups:
        traits = group.traits
        if og is None:
            traits.add("no og")
        elif "shown" in traits and og_shown:
            traits.add("shown, og is shown too")
        if "shown" in traits:
            lead = bool({"large first", "in figure", "hurried", "itemprop"} & traits)
            near = bool({"before body<0", "before body<1", "before body<3", "before body<8", "first behind the title"} & traits)
            if lead and near:
                traits.add("lead shown" + (" og" if og is not None and not og_shown else " og shown" if og_shown else ""))
            if lead and near and og is not None:
                traits.add(
                    f"lead shown, og{' shown' if og_shown else ''}{', sizes' if 'has sizes' in traits else ''}{', jsonld' if any('jsonld' in other.traits for other in groups) else ''}"
                )
            if "large first" in traits and near:
                traits.add("first near")
        if group is og and not og_shown:
            traits.add("og not shown")
        declared = [source for source in group.sources if source != "shown"]
        traits.add(f"declared {min(len({source.split(' ')[0] for source in declared}), 3)}")
        if "shown" in traits:
            traits.add(f"shown & declared {int(bool(declared))}")
        alike = stems.get(stem_of(str(group.key)), [])
        if len(alike) > 1:
            others = {source for other in alike if other is not group for source in other.sources}
            traits.add("same as declared" if others - {"shown"} else "same as shown")
            if "shown" in others and declared:
                traits.add("declared, shown in another size")
            if "shown" in traits and others - {"shown"}:
                traits.add("shown, declared in another size")
                first = next(other for other in alike if "shown" in other.traits)
                traits.add("first size shown" if first is group else "later size shown")
        if BAD.search(str(group.key)):
            traits.add("bad name")
        low = str(group.key).lower()
        traits.add("type " + next((kind for kind in ("jpg", "jpeg", "png", "webp", "gif", "svg") if low.endswith(kind)), "other"))
        if len(group.sources) == 1:
            traits.add("only " + group.sources[0])
        if any("og" in other.traits for other in groups):
            traits.add("page has og")
            if "og" not in traits:
                traits.add("not og")
