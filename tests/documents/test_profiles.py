"""What each profile writes differently for its consumer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from documents.shelf import PICTURE, entry

from crawler.article import Image, Moment
from crawler.documents import DocumentOptions, normalise, profile_named
from crawler.entry import Entry
from crawler.errors import WorkspaceError

MIDNIGHT = Moment(datetime.fromisoformat("2022-03-22T00:30:00+08:00"))


def header(name: str, entry: Entry, options: DocumentOptions = DocumentOptions()) -> dict[str, object]:  # noqa: B008 - frozen
    text = profile_named(name, options).write(entry).decode()
    read: dict[str, object] = yaml.load(text[4:].split("\n---\n")[0], Loader=yaml.BaseLoader)
    return read


def own_keys(name: str, entry: Entry) -> list[str]:
    keys = list(header(name, entry))
    return keys[: keys.index("guid")]


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("hexo", ["title", "categories", "headimg", "author", "comments", "date", "thumbnail", "updated", "title_display"]),
        ("hugo", ["title", "date", "lastmod", "categories", "author", "images"]),
        ("jekyll", ["layout", "title", "date", "last_modified_at", "categories", "author", "image", "canonical_url"]),
        ("eleventy", ["title", "date", "categories", "author", "image"]),
        ("obsidian", ["title", "date", "updated", "categories", "author", "image"]),
        ("plain", ["title", "date", "updated", "categories", "author", "image"]),
    ],
)
def test_own_keys_come_first_and_the_shared_ones_follow_in_one_order(name: str, keys: list[str]) -> None:
    full = entry(tags=("a",), authors=("b",), description="c", image_files={PICTURE: "ab.png"})
    assert own_keys(name, full) == keys
    assert list(header(name, full))[len(keys) :] == [
        *["guid", "source_id", "sections", "source_url", "also_at", "authors", "published_at", "updated_at", "date_precision", "date_from"],
        *["first_seen", "language", "tags", "summary", "image_files", "provenance", "content_hash"],
    ]


@pytest.mark.parametrize("name", ["hexo", "hugo", "jekyll", "eleventy", "obsidian", "plain"])
def test_keys_that_break_a_consumer_are_never_written(name: str) -> None:
    breaking = {
        "content",
        "_id",
        "permalink",
        "url",
        "aliases",
        "published",
        "markup",
        "outputs",
        "cascade",
        "page",
        "collections",
        "pagination",
        "link",
        "copyright",
    }
    assert not (breaking | ({"layout"} if name != "jekyll" else set())) & set(header(name, entry(tags=("a",), description="b")))


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("hexo", "Mon, 21 Mar 2022 16:30:00 GMT"),
        ("hugo", "2022-03-22T00:30:00+08:00"),
        ("jekyll", "2022-03-21T16:30:00Z"),
        ("eleventy", "2022-03-21T16:30:00Z"),
        ("obsidian", "2022-03-22T00:30:00"),
        ("plain", "2022-03-21T16:30:00Z"),
    ],
)
def test_date_is_in_the_form_that_the_consumer_reads_right(name: str, date: str) -> None:
    early = entry(published=MIDNIGHT)
    assert header(name, early)["date"] == date
    # from the header alone: the offset that is shown is not lost
    profile = profile_named(name)
    assert header(name, profile.read(profile.write(early), early.path))["date"] == date
    assert header(name, early)["published_at"] == "2022-03-21T16:30:00Z"


@pytest.mark.parametrize("name", ["hugo", "obsidian"])
def test_a_source_whose_zone_is_known_has_its_offset_whatever_the_page_said(name: str) -> None:
    options = DocumentOptions(zones={"bridge": "Asia/Shanghai"})
    said_in_utc = entry(published=Moment(MIDNIGHT.at.astimezone(UTC)))
    assert str(header(name, said_in_utc, options)["date"]).startswith("2022-03-22T00:30:00")
    assert str(header(name, said_in_utc)["date"]).startswith("2022-03-21T16:30:00")


def test_hugo_dates_have_whole_minutes_of_offset() -> None:
    local_mean_time = entry(published=Moment(datetime.fromisoformat("1899-05-01T12:00:00+08:05:43")))
    assert header("hugo", local_mean_time)["date"] == "1899-05-01T12:00:17+08:06"


def test_hugo_and_jekyll_name_the_lead_image_as_their_themes_read_it() -> None:
    assert header("hugo", entry())["images"] == [PICTURE]
    assert header("jekyll", entry())["image"] == PICTURE
    assert "images" not in header("hugo", entry(image=None))


def test_eleventy_never_has_the_collection_of_all_nor_a_name_of_every_object() -> None:
    tagged = entry(tags=("all", "news", "constructor", "__proto__"))
    assert header("eleventy", tagged)["tags"] == ["All", "news", "Constructor", "Proto"]
    eleventy = profile_named("eleventy")
    assert eleventy.read(eleventy.write(tagged), "a.md").article.tags == tagged.article.tags


@pytest.mark.parametrize(
    ("tag", "shown"),
    [("World Cup", "World-Cup"), ("2022", "_2022"), ("C++", "C"), ("a/b", "a/b"), ("数据 科学", "数据-科学"), ("!!", "_"), ("#x", "x")],
)
def test_obsidian_tags_have_no_space_and_are_no_number(tag: str, shown: str) -> None:
    assert header("obsidian", entry(tags=(tag,)))["tags"] == [shown]
    obsidian = profile_named("obsidian")
    assert obsidian.read(obsidian.write(entry(tags=(tag,))), "a.md").article.tags == (tag,)


def test_obsidian_properties_are_flat() -> None:
    kept = entry(image_files={PICTURE: "ab/c.png"}, provenance={"a": {"b": [1]}})
    assert all(
        isinstance(value, str) or all(isinstance(item, str) for item in value)
        for value in header("obsidian", kept).values()
        if not isinstance(value, dict)
    )
    assert not any(isinstance(value, dict) for value in header("obsidian", kept).values())
    obsidian = profile_named("obsidian")
    assert obsidian.read(obsidian.write(kept), kept.path).image_files == kept.image_files


def test_plain_strings_are_json() -> None:
    text = profile_named("plain").write(entry(title='It\'s "so" \\ <b>')).decode()
    assert text.startswith('---\ntitle: "It\'s \\"so\\" \\\\ <b>"\ndate: "2022-03-22T08:37:35Z"\n')
    assert "source_title" not in text
    assert "'" not in text.split("\n---\n")[0].replace("It's", "")


@pytest.mark.parametrize("name", ["hugo", "jekyll", "eleventy", "obsidian"])
def test_quotes_of_a_title_stay_where_templates_escape_them(name: str) -> None:
    assert header(name, entry(title='He said "it\'s 5 < 6"'))["title"] == 'He said "it\'s 5 < 6"'
    assert header(name, entry(title="<b>Bold</b> claim"))["source_title"] == "<b>Bold</b> claim"


KEPT = {PICTURE: "ab/cd.png", "https://pictures.example/2.png?a=1&b=2": "ab/cd.png", "https://pictures.example/3.png": "ef/01.jpg"}
TWO = f'<p><img src="{PICTURE}" alt="one"><img src="https://pictures.example/2.png?a=1&amp;b=2"><a href="{PICTURE}">big</a></p>'


def test_kept_pictures_are_referred_to_and_the_originals_read_back() -> None:
    profile = profile_named("hexo", DocumentOptions(assets_url="/assets/"))
    kept = entry(body=TWO, image_files=KEPT, image=Image("https://pictures.example/3.png"))
    text = profile.write(kept).decode()
    assert "headimg: '/assets/ef/01.jpg'" in text
    # both are the same picture: the fragment tells which address it had
    assert f'<img src="/assets/ab/cd.png#2" alt="one"><img src="/assets/ab/cd.png"><a href="{PICTURE}">' in text
    read = profile.read(text.encode(), kept.path)
    assert read == normalise(kept, profile)
    assert read.article.body == TWO
    assert read.article.image == Image("https://pictures.example/3.png")
    # wherever the assets lie by now
    assert profile_named("hexo", DocumentOptions(assets_url="https://cdn.example/")).read(text.encode(), kept.path) == read


def test_unknown_profile_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"'hugoo' is none of hexo, .*did you mean 'hugo'"):
        profile_named("hugoo")


OWN = """
from crawler.documents import FrontMatter

class Mine(FrontMatter):
    name = "mine"

    def own_keys(self, entry):
        return {"title": entry.article.title, "date": entry.published.zulu(), "weight": "7"}
"""


@pytest.mark.parametrize("suffix", ["", ":Mine"])
def test_workspace_has_a_profile_of_its_own(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "mine.py").write_text(OWN)
    profile = profile_named("mine.py" + suffix, DocumentOptions(), tmp_path)
    assert profile.name == "mine"
    text = profile.write(entry(title="0123")).decode()
    assert text.startswith("---\ntitle: '0123'\ndate: '2022-03-22T08:37:35Z'\nweight: '7'\nsource_categories: ")
    assert profile.read(text.encode(), entry().path).guid == entry().guid


@pytest.mark.parametrize(
    ("source", "name", "message"),
    [
        (None, "mine.py", "there is no file mine.py"),
        ("x = (", "mine.py", r"mine\.py, line 1: doesn't run \(SyntaxError"),
        ("x = 1\n1 / 0\n", "mine.py", r"mine\.py, line 2: doesn't run \(ZeroDivisionError"),
        ("x = 1\n", "mine.py", "one class with name, write and read is expected, not 0"),
        (OWN, "mine.py:Yours", "has no class 'Yours'"),
        (OWN + "class Two(Mine): pass\n", "mine.py", "expected, not 2; name it as mine.py:CLASS"),
        (OWN.replace('"mine"', "7"), "mine.py", "`name` is expected to be a string"),
    ],
)
def test_profile_with_a_mistake_is_told_with_its_file(tmp_path: Path, source: str | None, name: str, message: str) -> None:
    if source is not None:
        (tmp_path / "mine.py").write_text(source)
    with pytest.raises(WorkspaceError, match=message):
        profile_named(name, DocumentOptions(), tmp_path)


def test_hugo_makes_no_path_of_a_term() -> None:
    tags = ("..", "../posts", "a/../b", ".<.", "index.html", "Index.XML", "a/b", "3.5", "node.js", "index")
    shown = header("hugo", entry(tags=tags, categories=("..",)))
    assert shown["tags"] == ["．．", "．．/posts", "a/．．/b", "．<．", "index．html", "Index．XML", "a/b", "3.5", "node.js", "index"]
    assert shown["source_tags"] == list(tags)
    assert (shown["categories"], shown["source_categories"]) == (["．．"], [".."])


def test_hugo_shows_a_summary_as_text() -> None:
    shown = header("hugo", entry(description="<script>alert(1)</script> *x*"))
    assert shown["summary"] == "\\<script\\>alert(1)\\</script\\> \\*x\\*"
    assert shown["source_summary"] == "<script>alert(1)</script> *x*"
    assert "source_summary" not in header("hugo", entry(description="A bridge & a road."))


@pytest.mark.parametrize("name", ["hexo", "hugo", "jekyll", "eleventy"])
def test_name_that_a_builder_makes_a_folder_of_is_no_longer_than_a_folder_may_be(name: str) -> None:
    shown = header(name, entry(tags=("标签" * 100,), categories=("x" * 300,)))
    assert all(len(str(value).encode()) <= 120 for key in ("tags", "categories") for value in shown[key])  # type: ignore[attr-defined]
    assert (shown["source_tags"], shown["source_categories"]) == (["标签" * 100], ["x" * 300])


def test_tags_that_are_shown_alike_are_one() -> None:
    shown = header("hexo", entry(tags=('"x"', "“x”", "y")))
    assert (shown["tags"], shown["source_tags"]) == (["“x”", "y"], ['"x"', "“x”", "y"])


def test_picture_with_an_address_longer_than_a_yaml_key_is_read_back() -> None:
    long = "https://pictures.example/" + "a" * 3000
    with_long = entry(image_files={long: "ab/cd.png", PICTURE: "ef/01.png"})
    for name in ("hexo", "hugo", "plain", "obsidian"):
        profile = profile_named(name)
        assert profile.read(profile.write(with_long), "x").image_files == with_long.image_files
        assert PICTURE in str(header(name, with_long)["image_files"])
