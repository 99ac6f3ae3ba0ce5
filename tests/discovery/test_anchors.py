from __future__ import annotations

from crawler.discovery.anchors import Anchor, anchors_of, candidates_of, soup_of, word_count

URL = "https://www.example.com/news/"


def anchors(body: str) -> list[Anchor]:
    return anchors_of(soup_of(f"<!doctype html><html><head><title>x</title></head><body>{body}</body></html>"), URL)


def test_links_to_other_sites_and_to_no_pages_are_left_out() -> None:
    found = anchors(
        '<a href="/a">A</a><a href="https://other.example.org/b">B</a><a href="mailto:x@example.com">C</a><a href="javascript:go()">D</a>'
        '<a href="https://sport.example.com/e#top">E</a><a>F</a>'
    )
    assert [anchor.url for anchor in found] == ["https://www.example.com/a", "https://sport.example.com/e"]


def test_base_element_moves_relative_links() -> None:
    soup = soup_of('<html><head><base href="https://www.example.com/x/"></head><body><a href="y">Y</a></body></html>')
    assert anchors_of(soup, URL)[0].url == "https://www.example.com/x/y"


def test_heading_is_seen_around_a_link_and_in_it() -> None:
    around, within, none = anchors(
        '<h2><a href="/a">A</a></h2><a href="/b"><div><h3>B</h3><p>teaser</p></div></a><p><a href="/c">C</a></p>'
    )
    assert around.in_heading
    assert within.in_heading
    assert not none.in_heading
    assert within.text == "B"


def test_picture_speaks_by_its_alternative_text() -> None:
    (one,) = anchors('<a href="/a"><img src="x.jpg" alt="Fog over the harbour"></a>')
    assert one.text == "Fog over the harbour"
    assert one.picture_only


def test_text_of_scripts_and_styles_is_none_of_a_links() -> None:
    (one,) = anchors('<a href="/a"><style>.x{}</style>Fog <script>go()</script>again</a>')
    assert one.text == "Fog again"


def test_a_list_of_short_links_and_a_list_of_headlines_are_told_by_their_neighbours() -> None:
    found = anchors(
        '<ul class="menu"><li><a href="/world">World</a></li><li><a href="/sport">Sport</a></li></ul>'
        '<ul class="stories"><li><a href="/1">The harbour opens again in spring</a></li>'
        '<li><a href="/2">The night ferry stays another year</a></li></ul>'
    )
    assert found[0].group_words == 1.0
    assert found[2].group_words == 6.0
    assert {anchor.group for anchor in found} == {2}


def test_byline_stands_beside_a_heading() -> None:
    headline, author = anchors(
        '<article><h2><a href="/1">The harbour opens again</a></h2><a rel="author" href="/by/jane">Jane</a></article>'
    )
    assert not headline.group_heading
    assert author.group_heading
    assert "author" in author.in_link


def test_time_and_teaser_of_an_entry_are_seen() -> None:
    entry = '<li><a href="/1">The harbour opens</a> <span>2 hours ago</span><p>Boats may come back in spring.</p></li>'
    one, *others = anchors("<ul>" + entry + "".join(f'<li><a href="/{number}">Fog</a></li>' for number in range(2, 8)) + "</ul>")
    assert one.entry_time
    assert one.entry_text >= 6
    assert not any(other.entry_time for other in others)


def test_header_of_an_entry_is_no_navigation() -> None:
    post, page = anchors(
        '<article class="post"><header class="post-header"><a href="/1">Fog</a></header></article><header><a href="/">Home</a></header>'
    )
    assert "header" not in post.names
    assert "header" in page.names


def test_one_address_is_one_candidate_whatever_leads_to_it() -> None:
    found = candidates_of(anchors('<a href="/1"><img src="x"></a><a href="/1?utm_source=front">Fog over the harbour</a><a href="/2">B</a>'))
    assert [(one.url, len(one.anchors)) for one in found] == [("https://www.example.com/1", 2), ("https://www.example.com/2", 1)]
    assert found[0].text == "Fog over the harbour"


def test_words_of_any_script_are_counted() -> None:
    assert word_count("The harbour opens") == 3
    assert word_count("港口今天开放") == 3
