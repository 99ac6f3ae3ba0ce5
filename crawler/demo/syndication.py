"""What the demo newspaper tells machines: its RSS feed, its sitemaps, its robots.txt."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape

from crawler.demo.layouts import stories_of
from crawler.demo.masthead import ADDRESS, PRINTED, SECTIONS
from crawler.demo.stories import Story

NEWEST_IN_FEED = 10
NEWEST_IN_SITEMAP = 12


def feed() -> str:
    """RSS 2.0 of the city's newest; one item carries its full text."""
    items = "".join(feed_item(story) for story in stories_of(SECTIONS["city"])[:NEWEST_IN_FEED])
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>The Lanwan Packet: City</title>
<link>{ADDRESS}city/</link>
<description>News of the harbour city of Lanwan</description>
<language>en</language>
<lastBuildDate>{format_datetime(PRINTED)}</lastBuildDate>
<atom:link href="{ADDRESS}feed.xml" rel="self" type="application/rss+xml"/>
{items}</channel>
</rss>
"""


def feed_item(story: Story) -> str:
    address = absolute(story.address)
    full = f"<content:encoded><![CDATA[{''.join(story.parts)}]]></content:encoded>\n" if story.full_text_in_feed else ""
    return f"""<item>
<title>{escape(story.title, quote=False)}</title>
<link>{address}</link>
<guid isPermaLink="true">{address}</guid>
<pubDate>{format_datetime(story.published)}</pubDate>
{"".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in story.authors)}
<description>{escape(story.description, quote=False)}</description>
{full}</item>
"""


def news_sitemap() -> str:
    """Google's news sitemap of the world section's newest."""
    own = [story for story in stories_of(SECTIONS["world"]) if story.sections[0] == "world"]
    entries = "".join(
        f"""<url>
<loc>{absolute(story.address)}</loc>
<news:news>
<news:publication><news:name>岚湾邮报</news:name><news:language>zh-cn</news:language></news:publication>
<news:publication_date>{story.published.isoformat()}</news:publication_date>
<news:title>{escape(story.title, quote=False)}</news:title>
</news:news>
</url>
"""
        for story in own[:NEWEST_IN_SITEMAP]
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
{entries}</urlset>
"""


def sitemap_index() -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{ADDRESS}news-sitemap.xml</loc><lastmod>{PRINTED.isoformat()}</lastmod></sitemap>
</sitemapindex>
"""


def robots() -> str:
    return f"""User-agent: *
Crawl-delay: 0
Disallow: /private/

Sitemap: {ADDRESS}sitemap.xml
"""


def absolute(path: str) -> str:
    return ADDRESS + path.removeprefix("/")
