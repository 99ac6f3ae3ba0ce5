"""Looks at a site and finds out what a recipe has to say: asks its front page, feeds, sitemaps, sections, and a few of its articles."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from crawler.discovery.asking import Ask, Desk
from crawler.discovery.choice import choose_way
from crawler.discovery.first_page import first_page
from crawler.discovery.found import Discovery, ListPage, Paging
from crawler.discovery.front import ListRead, read_list
from crawler.discovery.locale import zone_of
from crawler.discovery.machine_ways import for_feeds, for_interfaces, for_sitemaps
from crawler.discovery.pattern import UrlPattern, infer_pattern
from crawler.discovery.proving import Proofs
from crawler.discovery.sections import FEWEST, FoundSection, is_new, name_sections, section_candidates
from crawler.discovery.selectors import link_selector, paging_of
from crawler.discovery.site import feed_tags
from crawler.discovery.ways import WayIn, feed_of, json_way
from crawler.discovery.why_nothing import why_nothing
from crawler.errors import BroadsheetError, DiscoveryError
from crawler.extraction.document import parse
from crawler.filters import Pattern, compile_pattern
from crawler.outcome import Link
from crawler.page import Page
from crawler.recipes import Recipe
from crawler.urls import address_key, host_of, join, same_site

PROOFS, ENOUGH_PROOFS = 8, 4
"""Articles that are asked for at most, and how many of them are enough."""
FAILED_ALIKE = 6
"""So many failures without one success end the proving."""
SECTIONS = 6
"""Section pages that are asked for."""
JSON_LISTS = 3
"""Lists in one page's JSON that are read."""
FURTHER = 9
"""Further pages of a list that are asked for."""
SURE = 0.9
"""How likely a section's link must be an article's that hasn't the form of the front page's."""
PRECISE = 0.9
"""Precision from which on a pattern says alone what an article is."""
KEEP = {"proofs": 8, "sections": 4, "further": 1}
"""Requests that must be left for what comes after."""


async def discover(url: str, ask: Ask, *, now: datetime, given: Recipe | None = None, name_id: bool = True) -> Discovery:
    """Looks at the site of an address, in at most 40 requests.

    `now`: the run's time, which ages are counted from. `given`: a recipe that says some things already. `name_id`: whether the pattern
    of addresses may name what identifies an article. Raises DiscoveryError that says why nothing can be made of the site, and what helps.
    """
    look = Look(url, Desk(ask), now, given or Recipe(url=url), name_id)
    await look.at_first_page()
    await for_feeds(look)
    await for_sitemaps(look)
    await for_interfaces(look)
    await look.prove()
    await look.for_sections()
    look.choose()
    await look.follow()
    look.infer()
    return look.found()


@dataclass
class Look:
    """One look at a site, step by step."""

    asked: str
    desk: Desk
    now: datetime
    given: Recipe
    name_id: bool
    front: ListRead = field(init=False)
    ways: list[WayIn] = field(default_factory=list)
    lists: list[ListPage] = field(default_factory=list)
    sections: list[FoundSection] = field(default_factory=list)
    section_pages: list[ListRead] = field(default_factory=list)
    proofs: Proofs = field(default_factory=Proofs)
    pattern: UrlPattern = field(default_factory=lambda: UrlPattern("", "its address"))
    paging: Paging = field(default_factory=Paging)
    notes: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.front.url

    @property
    def matches(self) -> Pattern | None:
        """The pattern of articles' addresses, where it can be relied on."""
        good = self.pattern.text and self.pattern.precision >= PRECISE
        return compile_pattern(self.pattern.text) if good else None

    async def at_first_page(self) -> None:
        """The given address; where a feed or a sitemap is there, also the site's front page."""
        self.front, way, self.notes = await first_page(self.desk, self.asked)
        self.pattern = infer_pattern([link.url for link in self.front.articles], self.front.others, name_id=self.name_id)
        links = self.front.taken(self.matches)
        if way is not None:
            self.ways.append(way)
            self.lists.append(ListPage(self.asked, "", way.links))
        self.lists.append(ListPage(self.asked if way is None else self.url, "", links))
        if self.front.in_json:
            lists = [found for items in self.front.held if (found := json_way(items, self.url, self.url, self.matches))]
            self.ways += sorted(lists, key=lambda found: -len(found.links))[:JSON_LISTS]
        else:
            self.ways.append(WayIn("front page", self.url, links, problem="" if links else "no link of it looks like an article's"))

    async def prove(self) -> None:
        """Fetches a few articles, such as many ways lead to first; a way whose links fail while others' don't is refused."""
        recipe = self.reader
        while len(self.proofs.all) < PROOFS and (link := self.next_to_prove()) is not None:
            if self.desk.left <= KEEP["proofs"]:
                break
            await self.proofs.prove(self.desk, link, recipe, keep=KEEP["sections"])
        sound = {address_key(proof.url) for proof in self.proofs.sound}
        tried = {address_key(proof.url) for proof in self.proofs.all}
        for way in self.ways:
            way.proved, way.failed = len(way.keys & sound), len(way.keys & (tried - sound))
            if way.failed and not way.proved and not way.problem and (sound or way.kind in ("sitemap", "news sitemap")):
                reasons = Counter(proof.problem for proof in self.proofs.all if address_key(proof.url) in way.keys and proof.problem)
                way.problem = f"its links fail: {reasons.most_common(1)[0][0]}" if reasons else "its links all give the same page"

    @property
    def reader(self) -> Recipe:
        """What articles are read with while the site is looked at."""
        site = self.front.site
        return Recipe(url=self.url, language=self.given.language or site.language, zone=self.given.zone or self.zone([])[0])

    def next_to_prove(self) -> Link | None:
        """The link that says most: of the way with the fewest verdicts, and there the one that most other ways have too."""
        tried = {address_key(proof.url) for proof in self.proofs.all}
        if len(self.proofs.sound) >= ENOUGH_PROOFS or (len(tried) >= FAILED_ALIKE and not self.proofs.sound):
            return None
        wanting = sorted((way for way in self.ways if way.works and len(way.keys & tried) < 2), key=lambda way: len(way.keys & tried))
        pool = wanting or [way for way in self.ways if way.works]
        common = Counter(key for way in self.ways for key in way.keys)
        for way in pool:
            rest = [link for link in way.links[:60] if address_key(link.url) not in tried]
            if rest:
                return max(rest, key=lambda link: (common[address_key(link.url)], -way.links.index(link)))
        return None

    async def for_sections(self) -> None:
        """The pages that the navigation leads to, as far as they list articles that another list doesn't."""
        for section in section_candidates(self.front.ranked, self.url)[:SECTIONS]:
            page = await self.desk.page(section.url, keep=KEEP["sections"])
            if not isinstance(page, Page):
                section.problem = page.reason
                continue
            try:
                read = read_list(page)
            except BroadsheetError:
                continue
            links = read.taken(self.matches, sure=SURE)
            if len(links) < FEWEST or not is_new(links, [one.links for one in self.lists]):
                continue
            section.links = links
            self.sections.append(section)
            self.section_pages.append(read)
            section.feed = await self.feed_of_section(read)
        name_sections(self.sections, {"home"})
        self.lists += [ListPage(section.url, section.id, section.links) for section in self.sections]

    async def feed_of_section(self, read: ListRead) -> str:
        """A section's own feed, where its page names one that the front page doesn't."""
        known = {address_key(link.url) for link in self.front.site.feeds}
        for link in feed_tags(read.soup, read.url):
            if address_key(link.url) in known:
                continue
            page = await self.desk.page(link.url, keep=KEEP["sections"] + len(self.sections))
            way = feed_of(page, self.url) if isinstance(page, Page) else None
            if isinstance(way, WayIn) and way.works:
                return way.url
        return ""

    def choose(self) -> None:
        """The best way in. Raises DiscoveryError where there is none."""
        if choose_way(self.ways, self.now) is None:
            raise DiscoveryError(self.asked, why_nothing(self.front, self.ways))

    @property
    def best(self) -> WayIn:
        return next(way for way in self.ways if way.chosen)

    def infer(self) -> None:
        """What the addresses of all articles seen have in common."""
        urls = [link.url for one in self.lists for link in one.links]
        urls += [
            link.url for way in self.ways if way.works and way.kind != "sitemap" for link in way.links if same_site(link.url, self.url)
        ]
        if self.best.kind == "sitemap":
            urls += [link.url for link in self.best.links[:500]]
        others = {address: kind for read in (self.front, *self.section_pages) for address, kind in read.others.items()}
        known = {address_key(url) for url in urls}
        others = {address: kind for address, kind in others.items() if address_key(address) not in known}
        self.pattern = infer_pattern(dict.fromkeys(urls), others, name_id=self.name_id)

    async def follow(self) -> None:
        """Further pages of the list, where a list is the way in."""
        best = self.best
        self.paging = paging_of(self.front.soup, self.url) if best.kind == "front page" else Paging()
        read, seen = self.front, best.keys
        for number in range(2, min(self.paging.pages, FURTHER + 1) + 1):
            url = next_address(read, self.paging, number)
            page = await self.desk.page(url, keep=KEEP["further"]) if url else None
            if not isinstance(page, Page):
                break
            try:
                read = read_list(page)
            except BroadsheetError:
                break
            links = read.taken(self.matches)
            if not {address_key(link.url) for link in links} - seen:
                break
            seen |= {address_key(link.url) for link in links}
            self.lists.append(ListPage(read.url, "home", links))

    def zone(self, times: list[datetime]) -> tuple[str, str]:
        site = self.front.site
        return zone_of(host_of(self.url), self.given.language or site.language, site.region, times)

    def found(self) -> Discovery:
        """All that was found out."""
        best = self.best
        sound = self.proofs.sound
        times = [
            proof.article.published.at for proof in sound if proof.article and proof.article.published and proof.article.date_from == "page"
        ]
        zone, zone_from = self.zone(times)
        said = Counter(proof.article.language for proof in sound if proof.article and proof.article.language)
        if best.kind in ("feed", "sitemap", "news sitemap", "json") and best.url not in {one.url for one in self.lists}:
            self.lists.append(ListPage(best.url, "home", best.links))
        selector = (
            ""
            if best.kind == "json"
            else link_selector(parse(self.front.text), self.front.soup, self.url, self.front.ranked, self.pattern.text)
        )
        return Discovery(
            self.asked,
            self.front.site,
            self.ways,
            self.lists,
            self.sections,
            self.pattern,
            self.proofs.all,
            unproved="" if sound else self.proofs.reason if self.proofs.all else "none was asked for",
            link=selector,
            paging=self.paging,
            language=self.given.language or self.front.site.language or (said.most_common(1)[0][0] if said else ""),
            zone=self.given.zone or zone,
            zone_from=zone_from,
            parts=max((len(proof.pages) for proof in sound), default=1),
            requests=self.desk.ask.sent,
            notes=self.notes,
        )


def next_address(read: ListRead, paging: Paging, number: int) -> str:
    """Where a list's next page is."""
    if paging.numbered:
        return paging.numbered.replace("{page}", str(number))
    tag = read.soup.select_one(paging.next) if paging.next else None
    return join(read.url, str(tag.get("href") or "")) if tag is not None else ""
