"""Keys that several recipes share."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import RecipeError
from crawler.recipes import find_sources, load_recipe

URL = "url: https://a.example/\n"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder / "a.yaml"


def told(path: Path) -> str:
    with pytest.raises(RecipeError) as caught:
        load_recipe(path)
    return str(caught.value)


def test_own_keys_go_before_shared_ones_and_the_first_file_before_the_second(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        a=URL + "use: [_one.yaml, _two.yaml]\ndelay: 1\nexpect: {items: 3}\nheaders: {X-A: own}\n",
        _one="delay: 2\nlanguage: en\nexpect: {items: 4, body: 100}\nheaders: {X-A: one, X-B: one}\n",
        _two="language: fr\ngroup: Two\nsections: [{id: home, list: https://a.example/}]\n",
    )
    recipe = load_recipe(path)
    assert (recipe.delay, recipe.language, recipe.group) == (1, "en", "Two")
    assert (recipe.expect.items, recipe.expect.body) == (3, 100)
    assert recipe.headers == {"X-A": "own", "X-B": "one"}
    assert recipe.sections[0].id == "home"


def test_a_key_without_value_takes_nothing_from_the_shared_file(tmp_path: Path) -> None:
    assert load_recipe(write(tmp_path, a=URL + "use: _one.yaml\ngroup:\n", _one="group: One\n")).group == ""


def test_a_change_of_the_shared_file_changes_the_fingerprint(tmp_path: Path) -> None:
    path = write(tmp_path, a=URL + "use: _one.yaml\n", _one="delay: 2\n")
    before = load_recipe(path).fingerprint()
    write(tmp_path, _one="delay: 3\n")
    assert load_recipe(path).fingerprint() != before


def test_a_shared_file_is_no_source(tmp_path: Path) -> None:
    write(tmp_path, a=URL + "use: _one.yaml\n", _one="delay: 2\n")
    assert list(find_sources(tmp_path).sources) == ["a"]


@pytest.mark.parametrize(
    ("own", "shared", "said"),
    [
        ("use: _one.yaml\n", "dealy: 2\n", "_one.yaml, line 1: unknown key 'dealy'; did you mean 'delay'?"),
        ("use: _one.yaml\n", "group: x\narticle:\n  title: 'h1['\n", "_one.yaml, line 3: title: h1[: a [ is not closed"),
        ("use: _one.yaml\n", "id: b\n", "_one.yaml, line 1: id can't be shared"),
        ("use: _one.yaml\n", "use: _two.yaml\n", "_one.yaml, line 1: use can't be shared"),
        ("use: _one.yaml\n", "a: [\n", "a.yaml, line 2: use: "),
        ("use: _none.yaml\n", "", "a.yaml, line 2: use: "),
        ("use: one.yaml\n", "", "a.yaml, line 2: use: the name of a file beside the recipe is expected that begins with _"),
        ("use: ../_one.yaml\n", "", "a.yaml, line 2: use: the name of a file beside the recipe"),
        ("use: _one.yaml\nzzz: 1\n", "yyy: 2\n", "2 mistakes"),
    ],
)
def test_mistakes_are_told_with_their_own_file_and_line(tmp_path: Path, own: str, shared: str, said: str) -> None:
    assert said in told(write(tmp_path, a=URL + own, _one=shared or "delay: 2\n"))


def test_a_python_source_may_share_too(tmp_path: Path) -> None:
    write(tmp_path, _one="group: One\n")
    (tmp_path / "p.py").write_text(
        'from crawler.recipes import Source\nclass A(Source):\n    recipe = {"url": "https://a.example/", "use": "_one.yaml"}\n'
    )
    assert find_sources(tmp_path).get("p").recipe.group == "One"
