"""What is read in a quick way is read as in the plain one: each is compared with the pattern, the loop or the whole that it stands for."""

# ruff: noqa: E501 - pieces that pages are made of stand on one line

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.extraction import reading
from crawler.extraction.article import WORD, word_count
from crawler.extraction.features import bits_of
from crawler.extraction.fields import bylines, names
from crawler.extraction.fields.author import AUTHOR_PATH
from crawler.extraction.fields.bylines import BETWEEN, HAN_AUTHOR, HAN_END, names_said, parts_of
from crawler.extraction.fields.names import like_person, shape_of_all, split_byline
from crawler.extraction.letters import DIGIT, HAN, KINDS, LOWER, SYLLABLE, TABLE, UPPER, count_letters
from crawler.extraction.lines import FORBIDDEN, SPACE, WIDE_SPACE, allowed, one_space
from crawler.extraction.models import LEAF, Trees
from crawler.extraction.reading import PIECE, folded, pieces_of, read
from crawler.extraction.start_tags import Elements, link_element
from crawler.extraction.tags import TEXT
from crawler.extraction.written import CANONICAL, SHOUTED, WRITTEN, canonical_links, written_in_source

SPACES = " \t\n\r\f\v\x1c\x85\xa0\u2003\u3000\u2028"
TEXTS = st.text(st.one_of(st.sampled_from(SPACES + "  ab.|-–/_·1é你\x00\x7f\ud800\ufffe"), st.characters()), max_size=80)
TAGS = st.lists(
    st.sampled_from(
        ["<p>", "</p>", '<a href="x" class="b">', "</a>", "<br>", "<x<y>", "</x<y>", '<i a<b="">', "</i>", "a", "b &lt; c", ""]
    ),
    max_size=30,
)


@settings(deadline=None)
@given(TEXTS)
@example("a   b")
def test_texts_are_folded_counted_and_cut_as_the_patterns_do(text: str) -> None:
    assert folded(text) == " ".join(text.split())
    assert allowed(text) == FORBIDDEN.sub("", text)
    assert one_space(text) == WIDE_SPACE.sub(" ", SPACE.sub(" ", text))
    assert word_count(text) == len(WORD.findall(text))
    assert parts_of(text) == BETWEEN.split(text)


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=127), max_size=90))
def test_words_of_ascii_are_counted_as_the_pattern_does_and_no_chinese_byline_is_in_them(text: str) -> None:
    assert word_count(text) == len(WORD.findall(text))
    assert HAN_AUTHOR.search(text) is None
    assert HAN_END.search(text) is None


@settings(deadline=None)
@given(TAGS)
@example(["<x<y>", "a", "<p>"])
def test_a_page_is_cut_at_its_tags_as_the_pattern_does(tags: list[str]) -> None:
    assert pieces_of("".join(tags)) == PIECE.split("".join(tags))


@settings(deadline=None)
@given(TAGS, st.integers(1, 12))
def test_of_a_page_with_too_many_nodes_the_first_are_read(tags: list[str], most: int) -> None:
    html = "<body>" + "".join(tags)
    whole, _ = read(html)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "MAX_NODES", most)
        tree, _ = read(html)
    assert tree.tags == whole.tags[:most]
    assert tree.items == whole.items[:most]
    assert tree.parents == whole.parents[:most]
    assert tree.ends == [min(end, most) for end in whole.ends[:most]]


TOLD = ["by", "von", "par", "por", "and", "und", "et", "y", "e", "i", "och", "og", "en", ";", "|", "/", ",", "+", "&", "is", "was", "has", "ist", "war", "on", "am", "le", "el", "at", "um", "in", "mit", "im", "behalf", "of", "to", "for", "special", "staff-writer", "contributing", "writer", "reporter", "correspondent", "contributor", "editor", "columnist", "journalist", "redakteur", "redakteurin", "autor", "autorin", "author", "updated", "published", "posted", "modified", "aktualisiert", "publicado", "illustration", "fotos", "photos", "monday", "Tuesday", "friday", "march", "2", "1.", "2026", "10:36", "3.4.2026", "2026-01-04", "15min", "(", "[", "-", "(dpa)", "x@y.example", "@z", "www.z.example", "http://a.example", "redaktion", "redakcja", "AP", "AFP", "dpa", "team", "agentur", "agency", "press", "news", "magazin", "magazine", "zeitung", "times", "office", "ministry", "universität", "university", "gmbh", "inc", "Inc.", "desk", "reuters", "editorial", "media", "director", "manager", "senior", "content", "marketing", "institute", "department", "PhD", "ph.d", "md", "m.d.", "llc", "group", "online", "a.com", "Müller", "ſtaff", "Ann"]  # fmt: skip


def check_byline(text: str, patch: pytest.MonkeyPatch) -> None:
    """Reads a line with the quick tests, and once more with all of them saying that the patterns must be tried."""
    ways = split_byline.__wrapped__, names_said.__wrapped__, like_person, lambda line: shape_of_all.__wrapped__((line,))
    found = [way(text) for way in ways]
    with patch.context() as plainly:
        for module in (names, bylines):
            plainly.setattr(module, "holds", lambda low, pieces: True)
        for pattern in ("SEVERAL", "ENDED", "DIGIT"):
            plainly.setattr(names, pattern, re.compile(""))
        plainly.setattr(bylines, "MAY_DATE", re.compile(""))
        assert found == [way(text) for way in ways], text


def test_names_of_a_byline_are_those_without_the_quick_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    for told in TOLD:
        for word in (told, told.upper(), told.title(), told.replace("-", " ")):
            for line in (
                f"Ann Lee {word}", f"Ann Lee, {word}", f"Ann Lee {word} 3", f"Ann Lee {word} Bob Ray", f"Ann Lee{word} Bob", f"Ann Lee {word} behalf of Bob", f"{word} Ann Lee", f"Ann {word} Lee",
                f"Dr Ann Lee photo {word} Bob", f"Ann Lee {word} to Bob",
            ):  # fmt: skip
                check_byline(line, monkeypatch)


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from([*TOLD, "Ann", "Lee", "O'Neil", ", ", " "]), st.text(max_size=4)), min_size=1, max_size=9),
    st.sampled_from([" ", ""]),
)
def test_names_of_any_line_are_those_without_the_quick_tests(words: list[str], space: str) -> None:
    if line := space.join(words).strip():
        check_byline(line, pytest.MonkeyPatch())


@settings(deadline=None)
@given(TAGS)
def test_the_text_of_a_small_element_is_read_as_that_of_any(tags: list[str]) -> None:
    tree, _ = read("<body>" + "".join(tags))
    for place, end in enumerate(tree.ends):
        inside = [item for tag, item in zip(tree.tags[place:end], tree.items[place:end], strict=True) if tag == TEXT]
        assert tree.text(place) == " ".join("".join(inside).split())


ATTRIBUTES = ['href="/a?b=1&amp;c"', 'title="b"', 'aria-label="c"', 'data-x="d"', 'class="byline"', 'rel="author"', 'id="e"', 'hreflang="f"', 'style="display: none"']  # fmt: skip


@settings(deadline=None)
@given(st.permutations(ATTRIBUTES), st.integers(0, len(ATTRIBUTES)))
def test_a_link_says_the_same_without_what_is_cut_out(attributes: list[str], count: int) -> None:
    written = " ".join(["a", *attributes[:count]]) + (" " if not count else "")
    assert link_element(written) == Elements()[written]


@settings(deadline=None)
@given(
    st.lists(st.text(st.one_of(st.sampled_from("aB3 .,é你か"), st.characters()), min_size=1, max_size=12), min_size=1, max_size=8),
    st.booleans(),
)
def test_letters_are_counted_as_one_by_one(texts: list[str], western: bool) -> None:
    if western:
        texts = [text.encode("latin-1", "replace").decode("latin-1") for text in texts]
    counts, tokens, head, tail = count_letters(texts)
    for number, text in enumerate(texts):
        # a lone surrogate is read as a question mark
        kinds = [int(TABLE[min(ord(letter), 65535)]) for letter in re.sub("[\ud800-\udfff]", "?", text)]
        found = Counter(kinds)
        assert counts[:, number].tolist() == [found[kind] for kind in range(KINDS)]
        wordlike = "".join("w" if kind in (LOWER, UPPER, DIGIT) else " " for kind in kinds)
        assert tokens[number] == len(wordlike.split()) + found[HAN] + found[SYLLABLE]
        assert (head[number], tail[number]) == (kinds[0], kinds[-1])


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=6))
def test_bits_of_numbers(numbers: list[int]) -> None:
    assert bits_of(numbers).T.tolist() == [[number >> bit & 1 for bit in range(32)] for number in numbers]


def test_trees_are_walked_as_one_by_one() -> None:
    chance = np.random.default_rng(5)
    count, nodes, features, rows = 7, 15, 9, 11
    trees = Trees(
        chance.integers(0, features, count * nodes).astype(np.intp),
        chance.random(count * nodes, np.float32),
        chance.integers(1, 65536, count * nodes).astype(np.uint16) | np.uint16(0x8000),
        chance.random((count, 16), np.float32),
    )
    matrix = chance.random((rows, features), np.float32)
    scores = trees.score(matrix)
    for row in range(rows):
        total = 0.0
        for tree in range(count):
            left = 0xFFFF
            for node in range(tree * nodes, (tree + 1) * nodes):
                if matrix[row, trees.columns[node]] > trees.thresholds[node]:
                    left &= int(trees.masks[node])
            assert left >> int(LEAF[left]) & 1
            total += float(trees.leaves[tree, (left & -left).bit_length() - 1])
        assert scores[row] == pytest.approx(total, rel=1e-5)


SOURCES = st.lists(
    st.sampled_from([b"href=", b"HREF=", b"location.href='", b"location=", b'"', b"'", b" ", b"/a_2.html", b"/b-12", b"?page=2", b"1", b"<a "]), max_size=12
).map(b"".join)  # fmt: skip


@settings(deadline=None)
@given(SOURCES)
def test_addresses_with_a_parts_number_are_found_as_by_trying_each(body: bytes) -> None:
    found = [written for pattern in (WRITTEN, SHOUTED) for written in pattern.findall(body) if re.search(rb"(?<!\d)[12](?!\d)", written)]
    assert list(written_in_source(body, 2)) == [written.decode() for written in dict.fromkeys(found)]


LINKS = st.lists(
    st.sampled_from([b"<link", b"<LINK ", b" rel=", b"canonical", b"Canonical", b' href="', b" href=/a", b'"', b">", b" ", b"/b", b"x" * 290]), max_size=12
).map(b"".join)  # fmt: skip


@settings(deadline=None)
@given(LINKS)
@example(b'<link <link rel="canonical" href="/a"><LINK HREF=/b REL=CANONICAL>')
def test_canonical_links_are_found_as_by_the_pattern(body: bytes) -> None:
    assert [match.span() for match in canonical_links(body)] == [match.span() for match in CANONICAL.finditer(body)]


@settings(deadline=None)
@given(st.sampled_from(["/author/a&b", '/people/"x"', "/by/\xa0\xa0\xa0", "/staff/<x>", "/news/1"]))
def test_an_authors_address_is_found_in_its_tag_as_written_too(href: str) -> None:
    written = href.replace("&", "&amp;").replace("\xa0", "&nbsp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    assert not AUTHOR_PATH.search(href) or AUTHOR_PATH.search(f'a href="{written}"')
