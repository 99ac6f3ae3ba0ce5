"""A recipe's file, and each mistake in it with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import RecipeError
from crawler.recipes import Recipe, load_recipe, parse_recipe

FULL = """\
id: example
name: 2024
url: https://www.example.com/
language: no
every: 15m
delay: 0.5
robots: no
sections:
  - id: home
    name: Home
    list: {url: 'https://www.example.com/{page}', link: h2 a, pages: 3}
  - id: wire
    feed: https://www.example.com/feed.xml
article:
  url: '/(?P<id>\\d+)'
  title: [h1, "meta:og:title"]
  single_page: {replace: '\\.html$', with: _all.html}
expect: {items: 5, require: [title]}
headers: {Accept-Language: en}
icon:
"""


def told(text: str) -> RecipeError:
    with pytest.raises(RecipeError) as caught:
        parse_recipe(text, "sources/x.yaml")
    return caught.value


def test_a_full_recipe() -> None:
    recipe = parse_recipe(FULL, "x")
    assert (recipe.id, recipe.delay, recipe.robots, recipe.icon) == ("example", 0.5, False, "")
    assert recipe.sections[0].list is not None
    assert recipe.sections[0].list.pages == 3
    assert recipe.article.single_page is not None
    assert recipe.article.single_page.with_ == "_all.html"


def test_yaml_takes_no_for_false_but_a_recipe_does_not() -> None:
    recipe = parse_recipe(FULL, "x")
    assert (recipe.language, recipe.name) == ("no", "2024")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("url: https://a.example/\narticle:\n  titel: h1\n", 3, "unknown key 'titel'; did you mean 'title'?"),
        ("url: https://a.example/\nlangauge: en\n", 2, "unknown key 'langauge'; did you mean 'language'?"),
        ("url: https://a.example/\nzzz: 1\n", 2, "unknown key 'zzz'; known here: id, first_id, url"),
        ("sections:\n- id: a\n  list:\n    url: https://a.example/\n    lnk: a\nurl: https://a.example/\n", 5, "did you mean 'link'?"),
        ("name: x\n", 1, "the key 'url' is missing"),
        ("url: example.com\n", 1, "url: an address that begins with http:// or https:// is expected, found 'example.com'"),
        ("url: https://a.example/\ndelay: soon\n", 2, "delay: a number is expected, found 'soon'"),
        ("url: https://a.example/\ndelay: -1\n", 2, "delay: a number of at least 0 is expected, found '-1'"),
        ("url: https://a.example/\nrobots: maybe\n", 2, "robots: true or false is expected, found 'maybe'"),
        ("url: https://a.example/\nsections: home\n", 2, "sections: a list is expected, found 'home'"),
        ("url: https://a.example/\nname: [a]\n", 2, "name: text is expected, found a list"),
        ("url: https://a.example/\nexpect: {items: few}\n", 2, "items: a whole number is expected, found 'few'"),
        ("url: https://a.example/\nexpect: {require: [headline]}\n", 2, "one of 'title'"),
        ("url: https://a.example/\nid: Foo\n", 2, "id: a word of small letters, digits, - and _ is expected, found 'Foo'"),
        ("url: https://a.example/\nsections:\n  - id: a\n", 3, "section 'a' needs a way in"),
        ("url: https://a.example/\narticle:\n  title:\n    - h1\n    - 'h2['\n", 5, "title: h2[: a [ is not closed"),
        ("url: https://a.example/\nurl: https://b.example/\n", 2, "'url' stands in line 1 already"),
        ("url: https://a.example/\narticle: {title: h1, title: h2}\n", 2, "'title' stands in line 2 already"),
        ("url: https://a.example/\n<<: {a: b}\n", 2, "merge keys"),
        ("url: https://a.example/\n[a]: b\n", 2, "a key is a word"),
        ("url: https://a.example/\n\tname: x\n", 2, "a tab stands here; YAML is indented with spaces"),
        ('article:\n  url: "\\d+"\nurl: https://a.example/\n', 2, "put the pattern in single quotes"),
        ("url: https://a.example/\nname: a: b\n", 2, "a second `: ` in one line"),
        ("url: https://a.example/\nname: 'x\n", 3, "is no YAML"),
        ("- url: https://a.example/\n", 1, "`key: value` lines are expected, found a list"),
        ("https://a.example/\n", 1, "`key: value` lines are expected, found 'https://a.example/'"),
        ("url: https://a.example/\nname: \x07\n", 2, "holds a character that YAML forbids (U+0007)"),
        ("a: b\n---\nc: d\n", 2, "is no YAML"),
    ],
)
def test_mistake_is_told_with_its_line(text: str, line: int, said: str) -> None:
    error = told(text)
    assert error.subject == f"sources/x.yaml, line {line}"
    assert said in error.problem


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "~\n"])
def test_empty_file(text: str) -> None:
    assert "is empty; the smallest recipe is" in str(told(text))


def test_all_mistakes_are_told_at_once() -> None:
    text = "url: nowhere\nlangauge: en\nsections:\n  - id: A\n    feed: https://a.example/feed\n    feed: x\narticle:\n  title: 'h1['\n"
    assert str(told(text)).splitlines() == [
        "sources/x.yaml: 5 mistakes",
        "  line 1: url: an address that begins with http:// or https:// is expected, found 'nowhere'",
        "  line 2: unknown key 'langauge'; did you mean 'language'?",
        "  line 4: id: a word of small letters, digits, - and _ is expected, found 'A'",
        "  line 6: 'feed' stands in line 5 already",
        "  line 8: title: h1[: a [ is not closed",
    ]


def test_nothing_behind_a_key_is_as_if_it_were_not_there() -> None:
    recipe = parse_recipe("url: https://a.example/\nname:\narticle:\nlanguage: ~\n", "x")
    assert (recipe.name, recipe.language) == ("", "")


def test_anchors_are_read() -> None:
    recipe = parse_recipe("url: &home https://a.example/\nsections:\n  - {id: a, list: *home}\n", "x")
    assert recipe.sections[0].list is not None
    assert recipe.sections[0].list.url == "https://a.example/"


def test_aliases_do_not_grow_without_bound() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{name}: &{name} [{', '.join(['*' + before] * 10)}]" for before, name in zip("abcdefgh", "bcdefghi", strict=True)]
    assert "too many" in str(told("\n".join(lines)))


def test_recursive_alias_is_told() -> None:
    assert "nested" in str(told("url: &u [*u]\n"))


@pytest.mark.parametrize("text", ["[" * 5_000, "{a: " * 5_000, "- " * 5_000 + "a"])
def test_deep_nesting_is_told(text: str) -> None:
    assert told(text).problem


def test_id_of_a_file_is_its_name(tmp_path: Path) -> None:
    path = tmp_path / "guardian.yaml"
    path.write_text("url: https://www.example.com/\n")
    assert load_recipe(path).id == "guardian"


def test_file_name_that_is_no_id_is_told(tmp_path: Path) -> None:
    path = tmp_path / "The Guardian.yaml"
    path.write_text("url: https://www.example.com/\n")
    with pytest.raises(RecipeError, match="id: a word of small letters"):
        load_recipe(path)


def test_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes("url: https://a.example/\nname: 观察者网\n".encode("gbk"))
    with pytest.raises(RecipeError) as caught:
        load_recipe(path)
    assert caught.value.subject.endswith("x.yaml, line 2")
    assert "is not in UTF-8" in caught.value.problem


def test_byte_order_mark_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfurl: https://a.example/\r\n")
    assert load_recipe(path).url == "https://a.example/"


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="there is no such file"):
        load_recipe(tmp_path / "x.yaml")
    with pytest.raises(RecipeError, match="can't be read"):
        load_recipe(tmp_path)


def test_huge_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("# " + "x" * 1_000_001)
    with pytest.raises(RecipeError, match="larger than"):
        load_recipe(path)


def test_path_is_shown_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "x.yaml").write_text("zzz: 1\nurl: https://a.example/\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RecipeError) as caught:
        load_recipe(tmp_path / "sources" / "x.yaml")
    assert caught.value.subject == "sources/x.yaml, line 1"


def read(text: str) -> Recipe | RecipeError:
    try:
        return parse_recipe(text, "x")
    except RecipeError as error:
        return error


@given(st.text())
def test_any_text_is_a_recipe_or_an_error_that_says_something(text: str) -> None:
    found = read(text)
    assert isinstance(found, Recipe) or found.problem


KEYS = st.sampled_from(["id", "url", "sections", "article", "expect", "list", "title", "headers", "pages", "x", "with"])
VALUES = st.recursive(
    st.sampled_from(["", "a", "1", "h1[", "https://a.example/", "~", "yes"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_any_structure_is_a_recipe_or_an_error_with_a_line(values: dict[str, object]) -> None:
    found = read(yaml.safe_dump(values, sort_keys=False))
    assert isinstance(found, Recipe) or "line" in str(found)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("url: https://a.example/\narticle:\n  - until: 2026-05-01\n    titel: h1\n  - title: h1\n", 4, "did you mean 'title'?"),
        ("url: https://a.example/\narticle:\n  - title: h1\n  - title:\n      - select: 'h1['\n", 5, "select: h1[: a [ is not closed"),
        ("url: https://a.example/\narticle:\n  title:\n    - {selct: h1}\n", 4, "unknown key 'selct'; did you mean 'select'?"),
        ("url: https://a.example/\narticle:\n  title: {replace: {'(': x}, select: h1}\n", 3, "missing )"),
        ("url: https://a.example/\narticle:\n  authors: {capture: x}\n", 3, "the key 'select' is missing"),
        ("url: https://a.example/\narticle:\n  published: {select: p, date: '%d'}\n", 3, "date: %d: day and month are expected"),
        ("url: https://a.example/\narticle:\n  url: 'a(?<=b)'\n", 3, "looking behind"),
        ("url: https://a.example/\nfilters:\n  exclude:\n    title: [a, '(?!b)']\n", 4, "looking ahead"),
        ("url: https://a.example/\nfilters: {exclude: {titel: a}}\n", 2, "did you mean 'title'?"),
        ("url: https://a.example/\nsections:\n  - id: a\n    json: {url: https://a.example/, items: 'a b'}\n", 4, "a path is expected"),
        ("url: https://a.example/\nsections:\n  - id: a\n    json:\n      url: https://a.example/\n      item: a\n", 6, "mean 'items'?"),
        ("url: https://a.example/\nsections:\n  - id: a\n    list:\n      - https://a.example/\n      - https://a.example/\n", 4, "until"),
        ("url: https://a.example/\nheaders: {X-A: '${'}\n", 2, "names no variable"),
        ("url: https://a.example/\nuse: _x.yaml\n", 2, "sources/ folder alone"),
    ],
)  # fmt: skip
def test_mistake_in_a_nested_or_short_form_is_told_with_its_line(text: str, line: int, said: str) -> None:
    error = told(text)
    assert error.subject == f"sources/x.yaml, line {line}"
    assert said in error.problem


def test_blocks_of_a_list_and_its_address_alone() -> None:
    text = (
        "url: https://a.example/\nsections:\n  - id: a\n    list:\n"
        "      - {url: https://a.example/old, until: 2026-05-01}\n      - https://a.example/new\n"
    )
    section = parse_recipe(text, "x").sections[0]
    assert [block.url for block in section.lists] == ["https://a.example/old", "https://a.example/new"]
