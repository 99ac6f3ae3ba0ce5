"""Python sources in a workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import RecipeError
from crawler.recipes.modules import source_in, sources_in

HEAD = "from crawler.recipes import Recipe, Source\n"
MODULE = HEAD + (
    'class Example(Source):\n    recipe = Recipe(id="example", url="https://www.example.com/")\n'
    "    def links(self, page, read):\n        return 'changed'\n"
)


def module(folder: Path, text: str, name: str = "foo.py") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_subclass_is_found_and_its_method_used(tmp_path: Path) -> None:
    (source,) = sources_in(module(tmp_path, MODULE))
    assert source.recipe.id == "example"
    assert source.links(None, None) == "changed"  # type: ignore[arg-type, comparison-overlap]
    assert (source.ref.kind, source.ref.name) == ("python", "Example")


def test_recipe_may_be_a_dict_and_then_its_id_is_the_files_name(tmp_path: Path) -> None:
    (source,) = sources_in(module(tmp_path, HEAD + 'class A(Source):\n    recipe = {"url": "https://www.example.com/"}\n'))
    assert source.recipe.id == "foo"


def test_recipe_may_be_a_file_beside_the_module(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text("url: https://www.example.com/\n")
    (source,) = sources_in(module(tmp_path, HEAD + 'class A(Source):\n    recipe_file = "site.yaml"\n'))
    assert source.recipe.id == "site"


def test_changed_code_changes_the_fingerprint(tmp_path: Path) -> None:
    before = sources_in(module(tmp_path, MODULE))[0].recipe.fingerprint()
    after = sources_in(module(tmp_path, MODULE + "# changed\n"))[0].recipe.fingerprint()
    assert before != after


def test_imported_and_private_classes_are_no_sources(tmp_path: Path) -> None:
    text = MODULE + 'class _Base(Source):\n    recipe = {"url": "https://b.example/"}\n'
    assert len(sources_in(module(tmp_path, text))) == 1


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("x = 1\nraise ValueError('no luck')\n", 2, "ValueError: no luck"),
        ("def f(:\n", 1, "is no Python"),
        ("import nosuchmodule\n", 1, "ModuleNotFoundError"),
        (HEAD + "class A(Source):\n    recipe = Recipe(id='x', url='nowhere')\n", 3, "url: an address that begins with http"),
        (HEAD + "class A(Source):\n    recipe = {'url': 'https://a.example/', 'titel': 1}\n", 0, "unknown key 'titel'"),
        (HEAD + "class A(Source):\n    pass\n", 0, "needs recipe = Recipe"),
        (HEAD + "class A(Source):\n    recipe = 3\n", 0, "needs recipe = Recipe"),
        (HEAD + "class A(Source):\n    recipe_file = 'nosuch.yaml'\n", 0, "there is no such file"),
        (HEAD + "class A(Source):\n    recipe = {'url': 'https://a.example/'}\n    def __init__(self): pass\n", 0, "TypeError"),
        ("x = 1\n", 0, "defines no subclass"),
        ("def f():\n    raise SystemExit(3)\nf()\n", 2, "SystemExit: 3"),
    ],
)
def test_mistake_names_file_and_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(RecipeError) as caught:
        sources_in(module(tmp_path, text))
    assert said in caught.value.problem
    assert ("foo.py" if "nosuch.yaml" not in text else "nosuch.yaml") in caught.value.subject
    assert caught.value.subject.endswith(f", line {line}") or not line


def test_class_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="no subclass of Source named 'Gone'"):
        source_in(module(tmp_path, MODULE), "Gone")
