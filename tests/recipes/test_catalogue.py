"""All sources of a workspace, and the shipped ones."""

from __future__ import annotations

import multiprocessing
import pickle
from pathlib import Path

import pytest

from crawler.errors import RecipeError, UnknownSource
from crawler.recipes import Source, SourceRef, find_sources, load_source

URL = "url: https://www.example.com/\n"
PYTHON = 'from crawler.recipes import Source\nclass A(Source):\n    recipe = {"url": "https://www.example.com/"}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "sources"
    path.mkdir()
    return path


def test_sources_are_found_by_id_in_order(folder: Path) -> None:
    (folder / "zebra.yaml").write_text(URL)
    (folder / "ant.yml").write_text("id: beetle\n" + URL)
    (folder / "python.py").write_text(PYTHON)
    (folder / "_base.py").write_text("raise ValueError")
    (folder / "notes.txt").write_text("-")
    (folder / "zebra").mkdir()
    found = find_sources(folder)
    assert list(found.sources) == ["beetle", "python", "zebra"]
    assert found.errors == []


def test_without_a_folder_there_are_the_shipped_ones(tmp_path: Path) -> None:
    found = find_sources(tmp_path / "none")
    assert found.sources == {}
    assert set(found.shipped) >= {"demo", "guancha"}
    assert found.get("demo").ref.kind == "shipped"


def test_broken_recipe_never_hides_the_others(folder: Path) -> None:
    (folder / "good.yaml").write_text(URL)
    (folder / "bad.yaml").write_text("url: [\n")
    (folder / "worse.py").write_text("import nosuchmodule\n")
    (folder / "worst.yaml").write_bytes(b"\xff\xfe\xff")
    found = find_sources(folder)
    assert list(found.sources) == ["good"]
    assert len(found.errors) == 3
    with pytest.raises(RecipeError, match=r"bad\.yaml"):
        found.get("bad")


def test_two_files_of_one_id_are_both_refused(folder: Path) -> None:
    (folder / "a.yaml").write_text("id: same\n" + URL)
    (folder / "b.yaml").write_text("id: same\n" + URL)
    (folder / "c.yaml").write_text(URL)
    found = find_sources(folder)
    assert list(found.sources) == ["c"]
    assert "a.yaml and" in str(found.errors[0])
    with pytest.raises(RecipeError, match="both have the id 'same'"):
        found.get("same")


def test_python_class_takes_over_the_recipe_that_it_names(folder: Path) -> None:
    (folder / "site.yaml").write_text(URL)
    (folder / "site.py").write_text('from crawler.recipes import Source\nclass A(Source):\n    recipe_file = "site.yaml"\n')
    found = find_sources(folder)
    assert found.errors == []
    assert found.get("site").ref.kind == "python"


def test_own_recipe_wins_over_the_shipped_one(folder: Path) -> None:
    (folder / "demo.yaml").write_text(URL)
    assert find_sources(folder).get("demo").recipe.url == "https://www.example.com/"


def test_broken_own_recipe_is_not_replaced_by_the_shipped_one(folder: Path) -> None:
    (folder / "demo.yaml").write_text("zzz: 1\n" + URL)
    with pytest.raises(RecipeError, match="zzz"):
        find_sources(folder).get("demo")


def test_unknown_source_names_the_nearest_and_what_there_is(folder: Path) -> None:
    (folder / "example.yaml").write_text(URL)
    with pytest.raises(UnknownSource) as caught:
        find_sources(folder).get("exmaple")
    assert str(caught.value) == "exmaple: there is no such source; did you mean 'example'?; there are: demo, example, guancha"


@pytest.mark.parametrize("name", ["recipe.yaml", "python.py"])
def test_source_is_loaded_by_its_reference(folder: Path, name: str) -> None:
    (folder / name).write_text(PYTHON if name.endswith(".py") else URL)
    (source,) = find_sources(folder).sources.values()
    ref = pickle.loads(pickle.dumps(source.ref))
    assert ref == source.ref
    assert hash(ref) == hash(source.ref)
    again = load_source(ref)
    assert again.recipe == source.recipe
    assert again.recipe.fingerprint() == source.recipe.fingerprint()


def test_python_source_is_loaded_in_a_spawned_process(folder: Path) -> None:
    (folder / "python.py").write_text(PYTHON)
    (source,) = find_sources(folder).sources.values()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(fingerprint_of, (source.ref,)) == source.recipe.fingerprint()


def fingerprint_of(ref: SourceRef) -> str:
    return load_source(ref).recipe.fingerprint()


def test_plain_source_reads_by_the_recipe(folder: Path) -> None:
    (folder / "a.yaml").write_text(URL)
    source = find_sources(folder).get("a")
    assert type(source) is Source
    assert source.links("page", lambda page: (page, "read")) == ("page", "read")  # type: ignore[arg-type, comparison-overlap, return-value]
    assert source.article(["page"], lambda pages: pages[0]) == "page"  # type: ignore[arg-type, comparison-overlap, list-item, return-value]
