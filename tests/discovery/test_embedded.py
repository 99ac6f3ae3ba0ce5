from __future__ import annotations

import json

from crawler.discovery.anchors import soup_of
from crawler.discovery.embedded import anchors_in, documents_in, embedded_lists, lists_in
from crawler.discovery.ranking import rank

URL = "https://www.example.com/"
TITLES = (
    "The harbour opens again in spring",
    "Night ferry stays for another year",
    "Fog signal falls silent after a century",
    "Crane nest found on the tower",
)
STORIES = [
    {
        "url": f"/world/2026/03/0{at + 1}/{title.lower().replace(' ', '-')}.html",
        "headline": title,
        "publishedAt": "2026-03-01T10:00:00Z",
        "abstract": "Boats.",
    }
    for at, title in enumerate(TITLES)
]


def page(script: str, links: str = "") -> str:
    return f'<!doctype html><html><body><div id="root">{links}</div>{script}</body></html>'


def test_assigned_json_is_found_with_the_recipes_words_for_where_it_is() -> None:
    blocks = [{"type": "top", "assets": STORIES[:2]}, {"type": "river", "assets": STORIES[2:]}]
    state = json.dumps({"items": blocks, "nav": [{"url": "/world", "name": "World"}]})
    (found,) = embedded_lists(soup_of(page(f"<script>window.__STATE__ = {state};</script>")), URL)
    assert (found.place, found.path) == (r"regex:window\.__STATE__\s*=\s*", "items[].assets[]")
    assert found.keys == {"link": "url", "title": "headline", "published": "publishedAt", "description": "abstract"}
    assert [item.title for item in found.found] == list(TITLES)


def test_json_in_a_script_of_its_own_is_named_by_its_id() -> None:
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"props": {"pageProps": {"articles": STORIES}}})}</script>'
    (found,) = embedded_lists(soup_of(page(script)), URL)
    assert (found.place, found.path) == ("script#__NEXT_DATA__", "props.pageProps.articles[]")


def test_keys_with_odd_letters_are_quoted_in_a_path() -> None:
    (found,) = lists_in({"story.list": {"a b": STORIES}}, URL)
    assert found.path == '["story.list"]["a b"][]'


def test_things_on_other_sites_and_lists_of_two_are_no_list() -> None:
    partners = [{"url": f"https://other.example.org/{number}", "title": "X"} for number in range(9)]
    assert lists_in({"partners": partners, "two": STORIES[:2]}, URL) == []


def test_links_of_a_page_that_only_holds_json_are_taken_in_its_order() -> None:
    html = page(f"<script>window.__STATE__ = {json.dumps({'stories': STORIES})};</script>", '<a href="/world">World</a>')
    taken = [one.url for one in rank(anchors_in(html, URL), URL) if one.is_article]
    assert taken == [f"https://www.example.com{story['url']}" for story in STORIES]


def test_json_is_not_asked_where_the_page_shows_its_headlines() -> None:
    shown = "".join(f'<h3><a href="{story["url"]}">{story["headline"]}</a></h3>' for story in STORIES)
    old = "An old story of the harbour"
    more = [{"url": f"/archive/2019/03/0{number}/an-old-story-of-the-harbour.html", "headline": old} for number in range(1, 5)]
    html = page(f"<script>window.__STATE__ = {json.dumps({'stories': more})};</script>", shown)
    assert not any(anchor.embedded for anchor in anchors_in(html, URL))


def test_broken_and_deep_json_is_passed_over() -> None:
    broken = '<script>window.__STATE__ = {"a": [1, 2' + "[" * 5000 + "</script>"
    html = page(f"{broken}<script>var x = {{b: function(){{}}}};{' ' * 100}</script>")
    assert embedded_lists(soup_of(html), URL) == []
    assert all(document is None or isinstance(document, (dict, list)) for _, document in documents_in(soup_of(html)))
