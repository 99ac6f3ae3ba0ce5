"""What the demo newspaper promises a first crawl: its counts, and each of the oddities that a crawler has to stand."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.demo.masthead import ADDRESS
from crawler.demo.site import answer, edition, scenes
from crawler.demo.stories import Story, stories

LISTS = {"city": ("/city/", "/city/page/2/"), "world": ("/world/list_1.html", "/world/list_2.html")}
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def page(path: str) -> LexborHTMLParser:
    found = answer(path)
    return LexborHTMLParser(found.body.decode("gbk" if b"charset=gbk" in found.body else "utf-8"))


def links(path: str) -> list[str]:
    return [link.attributes["href"] or "" for link in page(path).css("ul.stories > li > h2 > a")]


def listed(section: str) -> list[str]:
    return [link for path in LISTS[section] for link in links(path)]


def by_address(path: str) -> Story:
    return next(story for story in stories() if story.address == path)


def texts(path: str, selector: str) -> list[str]:
    return [node.text(strip=True) for node in page(path).css(selector)]


def test_thirty_articles_are_listed_and_one_fails() -> None:
    assert [len(links(path)) for section in LISTS.values() for path in section] == [10, 7, 8, 6]
    addresses = {urlsplit(link).path for section in LISTS for link in listed(section)}
    assert len(addresses) == 30
    assert Counter(answer(address).status for address in addresses) == {200: 29, 500: 1}
    assert answer("/news/broken.html").status == 500


def test_one_article_is_on_both_lists_once_with_a_tracking_parameter() -> None:
    both = {urlsplit(link).path for link in listed("city")} & {urlsplit(link).path for link in listed("world")}
    assert both == {"/news/ships-bell.html"}
    tracked = [link for section in LISTS for link in listed(section) if "?" in link]
    assert tracked == ["/news/ships-bell.html?utm_source=world"]


def test_second_pages_are_linked_or_numbered() -> None:
    assert [link.attributes["href"] for link in page("/city/").css("a.next[rel=next]")] == ["/city/page/2/"]
    assert page("/city/page/2/").css("a.next, a[rel=next]") == []
    assert answer("/world/list_3.html").status == 404


@pytest.mark.parametrize("path", [path for section in LISTS.values() for path in section])
def test_each_entry_has_a_title_and_a_time_newest_first(path: str) -> None:
    shown = []
    for item in page(path).css("ul.stories > li"):
        title, time = item.css("h2 > a")[0], item.css("time")
        assert title.text() == by_address(urlsplit(title.attributes["href"] or "").path).title
        assert len(time) == 1
        shown.append(time[0].attributes.get("datetime") or time[0].text())
    assert shown == sorted(shown, reverse=True)


def test_dateless_article_has_its_day_on_the_list_alone() -> None:
    story = next(story for story in stories() if story.dateless)
    assert story.address == "/news/ice-house.html"
    html = answer(story.address).body.decode()
    assert not re.search(r"\b(?:2026-|\d{1,2} (?:January|February|March)\b)", html)
    times = [item.css("time")[0] for item in page("/city/page/2/").css("ul.stories > li") if story.title in item.text()]
    assert [(time.attributes["datetime"], time.text()) for time in times] == [("2026-01-09", "9 January 2026")]
    assert story.address not in answer("/feed.xml").body.decode()


def test_feed_has_the_ten_newest_and_one_full_text() -> None:
    channel = ElementTree.fromstring(answer("/feed.xml").body).find("channel")
    assert channel is not None
    items = channel.findall("item")
    assert [item.findtext("link") for item in items] == [ADDRESS.rstrip("/") + link for link in links("/city/")]
    full = [item for item in items if item.find(CONTENT) is not None]
    assert [item.findtext("title") for item in full] == ["What the Library Boat Lent in Its First Winter"]
    assert "<li><em>Diseases of the Goose</em></li>" in (full[0].findtext(CONTENT) or "")
    assert items[1].findtext("title") == "“Fish & Chips” Kiosk Wins the Old Pier's Longest-Running Argument"
    assert items[0].findtext("pubDate") == "Sun, 29 Mar 2026 07:40:00 +0800"


def test_news_sitemap_has_the_twelve_newest_of_the_world() -> None:
    urls = ElementTree.fromstring(answer("/news-sitemap.xml").body).findall(f"{SITEMAP}url")
    own = [link for link in listed("world") if link.startswith("/world/")]
    assert [url.findtext(f"{SITEMAP}loc") for url in urls] == [ADDRESS.rstrip("/") + link for link in own[:12]]
    assert len(own) == 13
    titles = {url.findtext(f"{NEWS}news/{NEWS}title") for url in urls}
    assert titles == {by_address(link).title for link in own[:12]}
    assert urls[0].findtext(f"{NEWS}news/{NEWS}publication_date") == "2026-03-30T09:12:00+08:00"


def test_index_and_robots_lead_to_the_sitemap() -> None:
    locations = [place.text for place in ElementTree.fromstring(answer("/sitemap.xml").body).iter(f"{SITEMAP}loc")]
    assert locations == [ADDRESS + "news-sitemap.xml"]
    lines = answer("/robots.txt").body.decode().splitlines()
    assert {"Crawl-delay: 0", "Disallow: /private/", f"Sitemap: {ADDRESS}sitemap.xml"} <= set(lines)
    assert answer("/private/").status == 200


def test_front_page_links_both_sections() -> None:
    front = {link.attributes["href"] for link in page("/").css("a[href]")}
    assert {"/city/", "/world/list_1.html", "/about.html", *links("/city/")[:6]} <= front


def test_one_page_is_gbk_and_says_so_in_its_meta_alone() -> None:
    (story,) = [story for story in stories() if story.charset == "gbk"]
    found = answer(story.address)
    assert found.content_type == "text/html"
    assert b'content="text/html; charset=gbk"' in found.body[:1024]
    with pytest.raises(UnicodeDecodeError):
        found.body.decode("utf-8")
    assert story.title in found.body.decode("gbk")
    others = {answer(other.address).content_type for other in stories() if other is not story}
    assert others == {"text/html; charset=utf-8"}


def test_article_in_two_parts_links_the_second_which_no_list_shows() -> None:
    assert [link.attributes["href"] for link in page("/news/tide-clock.html").css("a.next-part")] == ["/news/tide-clock-2.html"]
    second = page("/news/tide-clock-2.html")
    assert second.css("a.next-part") == []
    assert "Samuel Orr" in second.css(".story-body")[0].text()
    assert "Samuel Orr" not in answer("/news/tide-clock.html").body.decode()
    assert not any("tide-clock-2" in link for section in LISTS for link in listed(section))
    assert [story.address for story in stories() if len(story.parts) > 1] == ["/news/tide-clock.html"]


def test_one_canonical_is_another_address_that_works() -> None:
    differing = {}
    for story in stories():
        for link in page(story.address).css("link[rel=canonical]"):
            if link.attributes["href"] != ADDRESS.rstrip("/") + story.address:
                differing[story.address] = link.attributes["href"]
    assert differing == {"/news/harbour-museum.html": ADDRESS + "news/2026/03/museum-opens-the-cellar.html"}
    assert answer("/news/2026/03/museum-opens-the-cellar.html") == answer("/news/harbour-museum.html")


def test_three_kinds_of_markup() -> None:
    assert Counter((story.layout, story.language) for story in stories()) == {
        ("modern", "en"): 9,
        ("microdata", "en"): 7,
        ("failed", "en"): 1,
        ("modern", "zh-CN"): 5,
        ("bare", "zh-CN"): 8,
    }


@pytest.mark.parametrize("story", [story for story in stories() if story.layout == "modern"], ids=lambda story: story.address)
def test_modern_page_tells_its_article_in_json_ld_and_opengraph(story: Story) -> None:
    told = json.loads(texts(story.address, 'script[type="application/ld+json"]')[0])
    assert (told["headline"], told["datePublished"]) == (story.title, story.published.isoformat())
    assert [author["name"] for author in told.get("author", [])] == list(story.authors)
    graph = {node.attributes["property"]: node.attributes["content"] for node in page(story.address).css("meta[property]")}
    assert graph["og:title"] == story.title
    assert graph["article:published_time"] == story.published.isoformat()
    assert graph.get("article:modified_time") == (story.updated.isoformat() if story.updated else None)
    assert texts(story.address, "h1") == [story.title]


@pytest.mark.parametrize("story", [story for story in stories() if story.layout == "microdata"], ids=lambda story: story.address)
def test_microdata_page_has_itemprops_and_a_wall_clock_without_zone(story: Story) -> None:
    assert texts(story.address, "[itemprop=headline]") == [story.title]
    assert texts(story.address, "[itemprop=author]") == ["By " + story.authors[0]]
    expected = [] if story.dateless else [story.published.strftime("%Y-%m-%d %H:%M")]
    assert texts(story.address, "[itemprop=datePublished]") == expected
    assert page(story.address).css("script[type], link[rel=canonical], meta[property]")[:-1] == []


@pytest.mark.parametrize("story", [story for story in stories() if story.layout == "bare"], ids=lambda story: story.address)
def test_bare_page_has_classes_and_no_metadata(story: Story) -> None:
    assert texts(story.address, "div.info span.time") == [story.published.strftime("%Y-%m-%d %H:%M")]
    assert texts(story.address, "div.info span.source") == ["来源：" + story.agency]
    assert texts(story.address, "div.info span.author") == ["记者 " + " ".join(story.authors)]
    assert page(story.address).css("meta[property], meta[name], [itemprop], link[rel=canonical], script[type], html[lang]") == []


def test_one_article_has_no_byline() -> None:
    anonymous = [story.address for story in stories() if not story.authors]
    assert anonymous == ["/news/bus-route-seven.html"]
    assert page(anonymous[0]).css(".byline") == []
    assert "By " not in page(anonymous[0]).css(".story-header")[0].text()


def test_two_articles_were_updated_later() -> None:
    later = {story.address for story in stories() if story.updated and story.updated > story.published}
    assert later == {"/news/fog-signal.html", "/world/2026/0318-2.html"}


def test_every_kind_of_content_occurs() -> None:
    whole = "".join(part for story in stories() for part in story.parts)
    for kind in (
        "<table",
        "<ul>",
        "<ol>",
        "<blockquote",
        "<figcaption",
        "<iframe",
        "data-poster=",
        "data-src=",
        "data-original=",
        "<picture>",
    ):
        assert kind in whole, kind


def test_every_local_address_on_every_page_works() -> None:
    broken = set()
    for path in edition():
        if not answer(path).content_type.startswith("text/html"):
            continue
        for node in page(path).css("[href], [src], [data-src], [data-original], [data-poster]"):
            for name in ("href", "src", "data-src", "data-original", "data-poster"):
                target = (node.attributes.get(name) or "").replace(ADDRESS, "/")
                if target.startswith("/"):
                    where = target.partition("?")[0]
                    if answer(where).status != 200:
                        broken.add((path, where))
                else:
                    assert target.startswith(("#", "data:image/gif")) or not target, (path, target)
    assert {where for _, where in broken} == {"/news/broken.html"}


def test_stories_are_of_one_quarter_and_of_reading_length() -> None:
    for story in stories():
        assert date(2026, 1, 1) <= story.published.date() <= date(2026, 3, 31)
        assert story.published.utcoffset() is not None
        text = re.sub(r"<[^>]+>", " ", " ".join(story.parts))
        if story.status == 200:
            if story.language == "en":
                assert 150 <= len(text.split()) <= 900, story.address
            else:
                assert 300 <= len(re.findall(r"[\u4e00-\u9fff]", text)) <= 900, story.address


def test_titles_differ_and_so_do_addresses() -> None:
    assert len({story.title for story in stories()}) == len({story.address for story in stories()}) == 30


def test_every_picture_belongs_to_one_story_and_is_shown_there() -> None:
    assert len(scenes()) == sum(len(story.pictures) for story in stories())
    for story in stories():
        assert all(f"/images/{name}.png" in "".join(story.parts) for name, _ in story.pictures), story.address
        assert not story.picture or story.picture in dict(story.pictures)
