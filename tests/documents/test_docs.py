"""What the documentation of documents says is so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from documents.documented import DOCS, blocks
from documents.shelf import entry

from crawler.documents import PROFILES, DocumentOptions, Documents, content_hash, normalise, profile_named
from crawler.documents.index import index_line, index_path
from crawler.workspace import Settings


@pytest.mark.parametrize("name", PROFILES)
def test_settings_on_a_consumers_page_are_taken(name: str) -> None:
    settings = [Settings.model_validate(yaml.safe_load(block)) for block in blocks(f"consumers/{name}.md", "yaml", "broadsheet.yaml")]
    assert settings
    assert {setting.profile for setting in settings} == {name}


def test_table_of_profiles_has_their_keys() -> None:
    text = (DOCS / "documents.md").read_text("utf-8")
    full = entry(authors=("a",), tags=("b",))
    for name in PROFILES:
        header = yaml.load(profile_named(name).write(full).decode()[4:].split("\n---\n")[0], Loader=yaml.BaseLoader)
        keys = list(header)
        assert f"`{', '.join(keys[: keys.index('guid')])}`" in next(line for line in text.splitlines() if line.startswith(f"| `{name}`"))


def test_example_of_an_own_profile_keeps_everything(tmp_path: Path) -> None:
    (example,) = blocks("documents.md", "python")
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "mine.py").write_text(example)
    profile = profile_named("profiles/mine.py", DocumentOptions(), tmp_path)
    content = profile.write(entry())
    assert b"\npubDate: '2022-03-22T08:37:35Z'\nheroImage: 'https://pictures.example/" in content
    assert profile.read(content, entry().path) == normalise(entry(), profile)
    assert profile.write(profile.read(content, entry().path)) == content


def test_programs_on_the_page_for_programs_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile = profile_named("plain")
    documents = Documents(tmp_path / "output", profile)
    documents.write([entry(1), entry(2)])
    index = tmp_path / "index"
    for n in (1, 2):
        file = index / index_path(entry(n), "Asia/Shanghai")
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as out:
            out.write(index_line(documents.read(entry(n).path), content_hash(documents.encode(entry(n)))))
    one, every = blocks("consumers/plain.md", "python")
    scope = {"path": documents.root / entry(1).path, "index": str(index)}
    exec(one, scope)
    assert capsys.readouterr().out == f"{entry().article.title} 2022-03-22T08:37:35Z {entry().article.url}\n"
    assert str(scope["html"]).startswith("<div>")
    exec(every, scope)
    assert [line["id"][-2:] for line in scope["lines"]] == ["01", "02"]  # type: ignore[index]
    assert json.dumps(scope["newest"])
