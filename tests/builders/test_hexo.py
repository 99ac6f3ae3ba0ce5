"""Hexo, with its default theme and with volantis: every hard article as a post, as it was written."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from builders.articles import entry
from builders.sites import MODULES, NODE, assert_nothing_came_alive, assert_same_body, needs, only, page, run, shown, words, write_documents
from conftest import Broadsheet
from documents.documented import blocks
from shared import needs_shared
from spiders.test_sample import crawl_sample

from crawler.article import Moment
from crawler.entry import Entry
from crawler.workspace import Settings

CONFIG = """\
title: Blog
url: https://blog.example
timezone: {timezone}
theme: {theme}
date_format: YYYY-MM-DD HH:mm
per_page: 0
"""
# what the blog's own generators see: the model, before any theme
DUMP = """
hexo.extend.generator.register('dump', locals => ({ path: 'dump.json', data: JSON.stringify(locals.posts.toArray().map(post => ({
  guid: post.guid, title: post.title, date: post.date.toISOString(), updated: post.updated.toISOString(), path: post.path,
  categories: post.categories.toArray().map(category => category.name), tags: post.tags.toArray().map(tag => tag.name),
  author: post.author, headimg: post.headimg, source_title: post.source_title, source_url: post.source_url, authors: post.authors,
  sections: post.sections, language: post.language, published_at: post.published_at, content: post.content
}))) }));
"""


def set_up(folder: Path, theme: str, timezone: str) -> None:
    """A blog, configured as docs/consumers/hexo.md says."""
    (folder / "node_modules").symlink_to(MODULES)
    package = json.loads((NODE / "package.json").read_text())
    (folder / "package.json").write_text(json.dumps(package | {"hexo": {"version": ""}}))
    plain, for_volantis = blocks("consumers/hexo.md", "yaml", "_config.yml")
    (folder / "_config.yml").write_text(CONFIG.format(theme=theme, timezone=timezone) + (for_volantis if theme == "volantis" else plain))
    (folder / "source" / "_data").mkdir(parents=True)
    (folder / "source" / "_data" / "author.yml").write_text(blocks("consumers/hexo.md", "yaml", "source/_data/author.yml")[0])


def build(
    folder: Path, entries: list[Entry], theme: str, timezone: str = "UTC", machine: str = "UTC", **options: str
) -> tuple[dict[str, Entry], dict[str, dict[str, object]]]:
    set_up(folder, theme, timezone)
    (folder / "scripts").mkdir()
    (folder / "scripts" / "dump.js").write_text(DUMP)
    written = write_documents(folder / "source" / "_posts", "hexo", entries, **options)
    run(["hexo", "generate"], folder, TZ=machine)
    posts = json.loads((folder / "public" / "dump.json").read_text("utf-8"))
    return written, {post["guid"]: post for post in posts}


@pytest.mark.timeout(900)
@needs("hexo")
@pytest.mark.parametrize("theme", ["landscape", "volantis"])
def test_every_article_is_a_post_as_it_was_written(articles: list[Entry], tmp_path: Path, theme: str) -> None:
    written, posts = build(tmp_path, articles, theme)
    profile = shown("hexo")
    assert sorted(posts) == sorted(written)
    for guid, expected in written.items():
        post, article = posts[guid], expected.article
        assert post["title"] == profile.shown_title(article.title)
        assert (post["source_title"] if post["title"] != article.title else post["title"]) == article.title
        assert at(post["date"]) == expected.published.at
        assert at(post["updated"]) == expected.updated.at
        assert post["categories"] == list(profile.shown_categories(expected.categories))
        assert set(post["tags"]) == set(profile.shown_tags(article.tags))
        assert post["author"] == profile.author(expected)
        assert post.get("headimg", "") == (article.image.url if article.image else "")
        assert (post["source_url"], tuple(post["sections"]), tuple(post.get("authors", ()))) == (
            article.url,
            expected.sections,
            article.authors,
        )
        assert_same_body(str(post["content"]), expected)
        assert_page(tmp_path / "public" / str(post["path"]) / "index.html", expected, str(post["title"]), theme)
    assert len(list((tmp_path / "public" / "posts").iterdir())) == len(written)
    assert_nothing_came_alive(tmp_path / "public")


def assert_page(path: Path, entry: Entry, title: str, theme: str) -> None:
    tree = page(path)
    if title:
        headline = only(tree, "h1.article-title" if theme == "landscape" else "h1.title")
        assert words(headline.text()) == words(title)
    container = only(tree, ".article-entry" if theme == "landscape" else "#post-body")
    originals = [image.url for image in entry.article.images]
    assert [image.attributes["src"] for image in container.css("img")] == originals
    assert all(image.attributes.get("referrerpolicy") == "no-referrer" for image in container.css("img"))
    text = tree.html or ""
    if theme == "landscape":
        assert at(str(only(tree, "time.dt-published").attributes["datetime"])) == entry.published.at
    else:
        assert only(tree, 'meta[name="referrer"]').attributes["content"] == "no-referrer"
        bylines = [name.text() for name in tree.css('.new-meta-item.author [itemprop="name"]')]
        assert (bylines[:1] == ["观察者网"]) == (entry.article.authors == ("观察者网",))
        assert bylines or not title
        linked = [json.loads(script.text()) for script in tree.css("script[type='application/ld+json']")]
        posting = next(item for data in linked for item in (data if isinstance(data, list) else [data]) if item["@type"] == "BlogPosting")
        assert at(posting["datePublished"]) == entry.published.at
        assert at(posting["dateModified"]) == entry.updated.at
    assert f"{datetime.now(UTC):%Y-%m-%d}" not in text


@needs("hexo")
@pytest.mark.parametrize(
    ("machine", "timezone", "style", "clock"),
    [
        ("UTC", "Asia/Shanghai", "wallclock", "2022-03-22 16:37"),
        ("Asia/Shanghai", "Asia/Shanghai", "wallclock", "2022-03-22 16:37"),
        ("Asia/Shanghai", "Asia/Shanghai", "gmt", "2022-03-22 16:37"),
        ("Asia/Shanghai", "''", "gmt", "2022-03-22 16:37"),
        ("UTC", "''", "gmt", "2022-03-22 08:37"),
    ],
)
def test_page_shows_the_time_that_the_docs_promise(tmp_path: Path, machine: str, timezone: str, style: str, clock: str) -> None:
    sample = entry(1, published=Moment(datetime.fromisoformat("2022-03-22T16:37:35+08:00")))
    plain, wallclock, _ = [
        Settings.model_validate(yaml.safe_load(block)) for block in blocks("consumers/hexo.md", "yaml", "broadsheet.yaml")
    ]
    settings = wallclock if style == "wallclock" else plain
    assert settings.date_style == style
    _, posts = build(tmp_path, [sample], "landscape", timezone, machine, date_style=settings.date_style, blog_zone=settings.blog_zone)
    assert at(posts[sample.guid]["date"]) == sample.published.at
    assert at(posts[sample.guid]["updated"]) == sample.published.at
    shown_time = only(page(tmp_path / "public" / str(posts[sample.guid]["path"]) / "index.html"), "time.dt-published")
    assert shown_time.text() == clock


@needs("hexo")
@needs_shared
def test_the_sample_crawled_and_built_as_the_docs_say_shows_its_own_time(broadsheet: Broadsheet, tmp_path: Path) -> None:
    """The page that the sample was made of, crawled with the settings of docs/consumers/hexo.md, in a blog that is built in UTC."""
    settings = next(block for block in blocks("consumers/hexo.md", "yaml", "broadsheet.yaml") if "wallclock" in block)
    (tmp_path / "broadsheet.yaml").write_text(settings)
    said = crawl_sample(broadsheet, tmp_path)
    blog = tmp_path / "blog"
    assert len(list((blog / "source" / "_posts").rglob("*.md"))) == 1, said
    set_up(blog, "landscape", "Asia/Shanghai")
    run(["hexo", "generate"], blog, TZ="UTC")
    (built,) = (blog / "public" / "posts").rglob("index.html")
    tree = page(built)
    assert only(tree, "h1.article-title").text().strip() == "软通动力副总裁刘雅：钉钉，企业数字化转型破局中的平台支撑"
    assert only(tree, "time.dt-published").text() == "2022-03-22 16:37"


def at(value: object) -> datetime:
    return datetime.fromisoformat(re.sub(r"\.\d+", "", str(value)))
