from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import WorkspaceError
from crawler.workspace import open_workspace


def test_a_folder_without_settings_has_all_defaults(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    assert workspace.documents == tmp_path / "output"
    assert workspace.feeds == tmp_path / "output" / "feeds"
    assert workspace.store_url == f"sqlite:///{tmp_path}/.broadsheet/store.sqlite"
    assert workspace.shown(workspace.feeds) == "output/feeds"


def test_settings_are_read(tmp_path: Path) -> None:
    (tmp_path / "broadsheet.yaml").write_text(
        "title: 早报\nbase_url: https://e.example/news\ndocuments: /srv/blog/source/_posts\n", "utf-8"
    )
    workspace = open_workspace(tmp_path)
    assert workspace.settings.title == "早报"
    assert workspace.settings.base_url == "https://e.example/news/"
    assert workspace.documents == Path("/srv/blog/source/_posts")
    assert workspace.shown(workspace.documents) == "/srv/blog/source/_posts"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tilte: x", "unknown key 'tilte'; did you mean 'title'?"),
        ("delay: fast", "delay"),
        ("base_url: example.org", "http"),
        ("a: [", "line 1"),
        ("- a\n- b\n", "key: value"),
        ('contact: "a\\nb"', "contact"),
        ("blog_zone: Asia/Shangai", "did you mean 'Asia/Shanghai'?"),
        ("documents: blog/_posts\nfeeds: blog/_posts/feeds", "feeds: lies in the folder of the documents"),
        ("documents: blog/_posts\nassets: ./blog//_posts", "assets: lies in the folder of the documents"),
    ],
)
def test_a_mistake_is_told_with_file_and_key(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "broadsheet.yaml").write_text(text, "utf-8")
    with pytest.raises(WorkspaceError) as error:
        open_workspace(tmp_path)
    assert "broadsheet.yaml" in str(error.value)
    assert told in str(error.value)


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="broadsheet init"):
        open_workspace(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "text", ["", "documents: .", "documents: output", "documents: output/posts", "feeds: public\ndocuments: blog/_posts"]
)
def test_documents_may_lie_beside_other_folders_and_above_the_output(tmp_path: Path, text: str) -> None:
    (tmp_path / "broadsheet.yaml").write_text(text, "utf-8")
    open_workspace(tmp_path)
