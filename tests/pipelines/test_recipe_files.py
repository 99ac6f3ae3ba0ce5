"""Of many recipes those alone are read that changed, and never one too few."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from crawler.pipelines import recipe_files
from crawler.pipelines.recipe_files import RecipeFiles
from crawler.recipes.inferred import MARK, inferred_path
from crawler.recipes.load import load_recipe

OURS = {"one", "two", "three", "four", "second"}


class Folder:
    """A folder of recipes that counts which of them are read."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.remembered: Mapping[str, str] = {}
        self.read: list[str] = []
        self.now = 0
        sources_of = recipe_files.sources_of

        def counted(path: Path) -> object:
            self.read.append(path.name)
            return sources_of(path)

        monkeypatch.setattr(recipe_files, "sources_of", counted)
        monkeypatch.setattr("crawler.pipelines.recipe_files.time.time_ns", lambda: self.now)

    def write(self, name: str, text: str = "url: https://e.example/\n") -> None:
        (self.root / name).write_text(text, "utf-8")
        self.settle()

    def settle(self) -> None:
        self.now = max(path.stat().st_ctime_ns for path in self.root.iterdir()) + 10**9

    def look(self) -> tuple[set[str], list[str], RecipeFiles]:
        """Ids that are affected, files of the workspace that were read for it."""
        self.read.clear()
        files = RecipeFiles(self.root, lambda name: self.remembered.get(name, ""))
        affected = files.affected()
        self.remembered = {**self.remembered, **files.to_remember()}
        return {name for name in affected if name in OURS}, [name for name in self.read if (self.root / name).exists()], files


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    (tmp_path / "sources").mkdir()
    made = Folder(tmp_path / "sources", monkeypatch)
    for name in ("one", "two", "three"):
        made.write(f"{name}.yaml", f"url: https://{name}.example/\nname: {name.title()}\n")
    made.look()
    return made


def test_nothing_is_read_while_nothing_changes(folder: Folder) -> None:
    affected, read, files = folder.look()
    assert (affected, read, folder.read) == (set(), [], [])
    assert files.to_remember() == {}


def test_of_what_changed_came_or_went_only_that_is_read(folder: Folder) -> None:
    folder.write("two.yaml", "url: https://two.example/\nname: Again\n")
    folder.write("four.yaml")
    (folder.root / "one.yaml").unlink()
    affected, read, files = folder.look()
    assert (affected, read) == ({"one", "two", "four"}, ["four.yaml", "two.yaml"])
    assert [recipe.title for name in ("two", "three") if (recipe := files.recipe(name))] == ["Again", "Three"]
    assert files.recipe("one") is None
    assert not files.exists("one")
    assert folder.look()[:2] == (set(), [])


def test_a_change_in_place_of_the_same_size_is_seen(folder: Folder) -> None:
    before = (folder.root / "two.yaml").stat()
    folder.write("two.yaml", "url: https://two.example/\nname: Owt\n")
    os.utime(folder.root / "two.yaml", ns=(before.st_atime_ns, before.st_mtime_ns))
    folder.settle()
    assert folder.look()[:2] == ({"two"}, ["two.yaml"])


def test_what_was_written_this_very_moment_is_read_the_next_time_too(folder: Folder) -> None:
    folder.write("two.yaml", "url: https://two.example/\nname: Fresh\n")
    folder.now = (folder.root / "two.yaml").stat().st_ctime_ns
    folder.look()
    folder.settle()
    assert folder.look()[1] == ["two.yaml"]
    assert folder.look()[1] == []


def test_another_id_in_a_file_affects_both(folder: Folder) -> None:
    folder.write("two.yaml", "id: second\nurl: https://two.example/\n")
    affected, _, files = folder.look()
    assert affected == {"two", "second"}
    assert files.recipe("two") is None
    assert files.recipe("second") is not None


def test_a_broken_recipe_keeps_its_id_until_it_is_mended(folder: Folder) -> None:
    folder.write("two.yaml", "url: [")
    affected, _, files = folder.look()
    assert affected == {"two"}
    assert files.exists("two")
    assert files.recipe("two") is None
    assert folder.look()[:2] == (set(), [])
    folder.write("two.yaml", "url: https://two.example/\n")
    assert folder.look()[0] == {"two"}


def test_of_two_files_with_one_id_neither_counts_until_one_goes(folder: Folder) -> None:
    folder.write("twin.yaml", "id: two\nurl: https://twin.example/\n")
    assert folder.look()[2].recipe("two") is None
    (folder.root / "two.yaml").unlink()
    affected, _, files = folder.look()
    assert affected == {"two"}
    assert (recipe := files.recipe("two"))
    assert recipe.url == "https://twin.example/"


MODULE = """\
from crawler.recipes import Source

class Two(Source):
    recipe_file = "two.yaml"
"""


def test_a_python_source_is_asked_each_time_and_its_recipe_is_its_own(folder: Folder) -> None:
    folder.write("other.py", MODULE)
    for _ in range(2):
        affected, read, files = folder.look()
        assert "two" in affected
        assert "other.py" in read
        assert (recipe := files.recipe("two"))
        assert recipe.title == "Two"


def test_what_was_found_out_about_a_recipe_that_is_only_an_address_counts(folder: Folder) -> None:
    recipe = load_recipe(folder.root / "two.yaml")
    kept = inferred_path(folder.root / "two.yaml", "two")
    kept.parent.mkdir(parents=True)
    text = (
        f"{MARK}{recipe.fingerprint()}\nurl: https://two.example/\nname: Two found\nsections: [{{id: home, feed: https://two.example/x}}]\n"
    )
    kept.write_text(text, "utf-8")
    folder.now = kept.stat().st_ctime_ns + 10**9
    affected, read, files = folder.look()
    assert (affected, read) == ({"two"}, ["two.yaml"])
    assert (found := files.recipe("two"))
    assert found.title == "Two found"
    assert folder.look()[:2] == (set(), [])
    kept.unlink()
    assert folder.look()[0] == {"two"}


def test_what_recipes_share_is_in_all_of_them(folder: Folder) -> None:
    folder.write("_shared.yaml", "language: en\n")
    assert folder.look()[0] == {"one", "two", "three"}
    assert folder.look()[0] == set()
    folder.write("_shared.yaml", "language: de\n")
    assert folder.look()[0] == {"one", "two", "three"}


def test_a_shipped_recipe_is_known_and_the_workspaces_goes_before_it(folder: Folder) -> None:
    _, _, files = folder.look()
    assert (recipe := files.recipe("guancha"))
    assert recipe.title == "观察者网"
    folder.write("guancha.yaml", "url: https://www.guancha.cn/\nname: Mine\n")
    assert (recipe := folder.look()[2].recipe("guancha"))
    assert recipe.title == "Mine"


@pytest.mark.parametrize("damage", ["", "[", "[]", '{"two.yaml": 3}', '{"two.yaml": [1, 2, 3]}'])
def test_what_is_remembered_wrongly_is_read_anew(folder: Folder, damage: str) -> None:
    folder.remembered = {"/recipes": damage, "/digest": "x"}
    assert folder.look()[0] == {"one", "two", "three"}


def test_no_folder_no_recipes(tmp_path: Path) -> None:
    remembered: Callable[[str], str] = {}.get("", lambda name: "")
    files = RecipeFiles(tmp_path / "none", remembered)
    assert files.recipe("one") is None
