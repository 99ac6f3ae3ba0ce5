"""A page's serialised text becomes a tree and blocks, whatever stands in its comments, attributes and frames."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.document import element_places, parse, strip
from crawler.extraction.reading import read
from crawler.extraction.tags import NAME, TEXT


def blocks_of(html: str) -> list[str]:
    parser = parse(html)
    strip(parser)
    assert parser.body is not None
    return read(parser.body.html or "")[1].texts


CASES = [
    ("<p>One</p><p>two<br>three</p>", ["One", "two", "three"]),
    ("<p>a <b>b</b> <a href=x>c</a></p>", ["a b c"]),
    ("<div>before<p>in</p>after</div>", ["before", "in", "after"]),
    ("<p>1 &lt; 2 &amp; 3&nbsp;x</p>", ["1 < 2 & 3 x"]),
    ("<p>a<!-- b <p> c --> d</p>", ["a d"]),
    ("<p>a<!-- b <!-- c --> d</p>", ["a d"]),
    ('<p title="a > b <p>">c</p>', ["c"]),
    ("<p>a</p><iframe src=x><p>raw</p><!-- </iframe><p>b</p>", ["a", "b"]),
    ("<p>a</p><noscript><p>off</p></noscript><p>b</p>", ["a", "b"]),
    ("<math><iframe>x</iframe><mi>y</mi></math><p>b</p>", ["b"]),
    ("<table><tr><td>a</td><td>b</td></tr></table>", ["a", "b"]),
]


@pytest.mark.parametrize(("html", "texts"), CASES)
def test_blocks_of_a_page(html: str, texts: list[str]) -> None:
    assert blocks_of(html)[-len(texts) :] == texts


def test_what_a_block_holds_is_counted() -> None:
    parser = parse(
        '<ul class="nav"><li><a href="/a">four</a> and <b>bold</b><img src="i.png"></li><li>next</li></ul><h2>Title</h2><time>2026</time>'
    )
    assert parser.body is not None
    tree, blocks = read(parser.body.html or "")
    assert blocks.texts == ["four and bold", "next", "Title", "2026"]
    assert (blocks.link_lengths[0], blocks.link_counts[0], blocks.bold_lengths[0], blocks.images) == (4, 1, 4, [1, 0, 0, 0])
    assert [blocks.names[container] for container in blocks.containers][:2] == ["", ""]
    assert blocks.names[blocks.parents[blocks.containers[0]]] == "nav"
    assert [NAME[tree.tags[place]] for place in (*blocks.headings, *blocks.pictures, *blocks.times)] == ["h2", "img", "time"]
    assert tree.attributes(blocks.pictures[0]) == {"src": "i.png"}


def test_attributes_come_back_as_they_were_given() -> None:
    parser = parse("<p title='&quot;a&quot; &amp; &lt;b&gt;' data-x=1 hidden>t</p>")
    assert parser.body is not None
    tree, _ = read(parser.body.html or "")
    assert tree.attributes(1) == {"title": '"a" & <b>', "data-x": "1", "hidden": ""}


PIECES = """<p>|</p>|<div class='a>b'>|</div>|<a href='x'>|</a>|<!--|-->|<br>|<iframe>|</iframe>|text| |&lt;p&gt;|<table>|<td>|<math>
<noscript>|</noscript>|<li>|<b>|<svg>|<x-y>|</x-y>|<img src=a>|\0|"|'|>|<""".replace("\n", "|").split("|")
SOUP = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(SOUP)
def test_any_page_is_read_as_its_parser_sees_it(html: str) -> None:
    parser = parse(html)
    strip(parser)
    if parser.body is None:
        return
    tree, blocks = read(parser.body.html or "")
    parser.strip_tags(["iframe"])
    # read in the order of the page, nothing lost, nothing twice
    shown = "".join(text for place, text in enumerate(tree.items) if tree.tags[place] == TEXT)
    assert "".join(shown.split()) == "".join((parser.body.text() or "").split())
    assert "".join("".join(blocks.texts).split()) == "".join(shown.split())
    for place, (parent, end) in enumerate(zip(tree.parents, tree.ends, strict=True)):
        assert parent < place < end <= len(tree.tags)
        assert parent < 0 or end <= tree.ends[parent]


@settings(max_examples=100, deadline=None)
@given(SOUP)
def test_a_parsers_elements_are_found_in_the_tree(html: str) -> None:
    parser = parse(html)
    strip(parser)
    if parser.body is None:
        return
    tree, _ = read(parser.body.html or "")
    places = element_places(parser.body, tree)
    for element in parser.css("p, a, div, table, x-y"):
        if element.mem_id in places:
            place = places[element.mem_id]
            assert (tree.names.get(place) or NAME[tree.tags[place]]) == element.tag
