"""Eleventy: every hard article as a page, as it was written."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from builders.sites import (
    MODULES,
    assert_nothing_came_alive,
    assert_same_body,
    main_part,
    needs,
    only,
    page_at,
    run,
    shown,
    words,
    write_documents,
)
from documents.documented import blocks

from crawler.entry import Entry

POST = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<h1 id="headline">{{ title }}</h1><time datetime="{{ page.date.toISOString() }}"></time><main>{{ content | safe }}</main></body></html>"""
DUMP = """
module.exports = class {
  data() { return { permalink: "/dump.json", layout: null, eleventyExcludeFromCollections: true }; }
  render(data) {
    return JSON.stringify(data.collections.all.map(post => ({
      guid: post.data.guid, title: post.data.title, source_title: post.data.source_title, date: post.date.toISOString(),
      categories: post.data.categories, tags: post.data.tags, author: post.data.author, image: post.data.image,
      source_url: post.data.source_url, sections: post.data.sections, url: post.url, content: post.templateContent
    })));
  }
};
"""


@pytest.mark.timeout(900)
@needs("@11ty/eleventy")
def test_every_article_is_a_page_as_it_was_written(articles: list[Entry], tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(MODULES)
    (tmp_path / "eleventy.config.js").write_text(blocks("consumers/eleventy.md", "js", "eleventy.config.js")[0])
    source = tmp_path / "src"
    (source / "_includes").mkdir(parents=True)
    (source / "_includes" / "post.njk").write_text(POST)
    (source / "dump.11ty.js").write_text(DUMP)
    written = write_documents(source / "posts", "eleventy", articles)
    run(["eleventy", "--quiet"], tmp_path, TZ="America/New_York")
    posts = {post["guid"]: post for post in json.loads((tmp_path / "_site" / "dump.json").read_text("utf-8"))}
    profile = shown("eleventy")
    assert sorted(posts) == sorted(written)
    for guid, expected in written.items():
        post, article = posts[guid], expected.article
        assert post["title"] == profile.shown_title(article.title)
        assert post.get("source_title", post["title"]) == article.title
        assert datetime.fromisoformat(post["date"]) == expected.published.at
        assert tuple(post["categories"]) == profile.shown_categories(expected.categories)
        assert tuple(post.get("tags", ())) == profile.shown_tags(article.tags)
        assert post["author"] == profile.author(expected)
        assert post.get("image", "") == (article.image.url if article.image else "")
        assert (post["source_url"], tuple(post["sections"])) == (article.url, expected.sections)
        assert_same_body(post["content"], expected)
        tree = page_at(tmp_path / "_site", post["url"])
        assert words(only(tree, "h1#headline").text()) == words(post["title"])
        assert_same_body(main_part(tmp_path / "_site", post["url"]), expected)
    assert len({post["url"] for post in posts.values()}) == len(written)
    assert_nothing_came_alive(tmp_path / "_site")
