"""The lead image: what the page names for sharing and what it shows; the same picture in both is what its readers see."""

# ruff: noqa: E501 - tables and patterns read better in one line each

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from crawler.extraction.classes import COMMENT, FOOT, NAVIGATION, RELATED
from crawler.extraction.fields.candidates import Candidates, bucket
from crawler.extraction.repair import image_source, pixels
from crawler.extraction.tags import NUMBER

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


def path_of(url: str) -> str:
    """The path of an image's address; of one nested in it (a resizing proxy's) that one's."""
    text = url
    for _ in range(3):
        decoded = unquote(text) if "%" in text else text
        starts = [match.start() for match in re.finditer(r"https?:/{1,2}", decoded)]
        if len(starts) > 1 and EXTENSION.search(decoded[starts[-1] :]):
            text = re.split(r"[&?]", decoded[starts[-1] :])[0]
            continue
        break
    text = re.sub(r"^(?:https?:)?//[^/]*", "", text.split("?")[0].split("#")[0])
    return re.sub(r"/+", "/", unquote(text)).rstrip("/")


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
    body_at, body_ends = view.body_begins, view.body_ends
    shown = large = 0
    for place in blocks.pictures:
        if tree.tags[place] != IMG:
            continue
        at = blocks.block_before.get(place, 0)
        if at < body_at - 25 or at > body_ends + 2:
            continue
        attributes = tree.attributes(place)
        address = image_source(attributes, links)
        if not address:
            continue
        shown += 1
        if shown > MOST:
            break
        width, height = pixels(attributes.get("width")), pixels(attributes.get("height"))
        inherited = view.inherited_at(place)
        traits = [bucket("before body", body_at - at, -30, -6, -1, 0, 1, 3, 8, 15)]
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
        if view.stands_in(place, "figure"):
            traits.append("in figure")
        small = (width or 999) < 150 or (height or 999) < 100
        if not small and not BAD.search(address):
            large += 1
            traits.append("large first" if large == 1 else "large second" if large == 2 else "large later")
        if (attributes.get("itemprop") or "") in ("image", "contentUrl", "url"):
            traits.append("itemprop")
        if attributes.get("fetchpriority") == "high" or attributes.get("loading") == "eager":
            traits.append("hurried")
        add(address, "shown", 5, *traits)
    finish(found)
    return found


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
            near = bool({"before body<0", "before body<1", "before body<3", "before body<8"} & traits)
            if lead and near:
                traits.add("lead shown" + (" og" if og is not None and not og_shown else " og shown" if og_shown else ""))
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
