"""Jekyll: every hard article as a post, as it was written."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import feedparser
import pytest
from builders.articles import hard_entries
from builders.sites import (
    assert_nothing_came_alive,
    assert_same_body,
    main_part,
    needs,
    only,
    page_at,
    page_text,
    parsed,
    run,
    shown,
    words,
    write_documents,
)
from documents.documented import blocks

from crawler.documents.text import attribute_url
from crawler.entry import Entry

CONFIG = """\
title: Blog
url: https://blog.example
timezone: {timezone}
"""
POST = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ page.title | escape }}</title></head><body>
<h1 id="headline">{{ page.title | escape }}</h1><time datetime="{{ page.date | date_to_xmlschema }}"></time>
<main>{{ content }}</main></body></html>"""
DUMP = """---
layout: null
permalink: /dump.json
---
[{% for post in site.posts %}{
"guid": {{ post.guid | jsonify }}, "title": {{ post.title | jsonify }}, "source_title": {{ post.source_title | jsonify }},
"date": {{ post.date | date_to_xmlschema | jsonify }}, "modified": {{ post.last_modified_at | jsonify }},
"categories": {{ post.categories | jsonify }}, "tags": {{ post.tags | jsonify }}, "sections": {{ post.sections | jsonify }},
"author": {{ post.author | jsonify }}, "image": {{ post.image | jsonify }}, "canonical_url": {{ post.canonical_url | jsonify }},
"source_url": {{ post.source_url | jsonify }}, "url": {{ post.url | jsonify }}, "content": {{ post.content | jsonify }}
}{% unless forloop.last %},{% endunless %}{% endfor %}]
"""


@pytest.mark.timeout(900)
@needs("jekyll")
@pytest.mark.parametrize(
    ("articles", "timezone"),
    [("hard", "UTC"), ("hard", "Asia/Shanghai"), ("corpus", "UTC"), ("zhaoqi", "Asia/Shanghai")],
    indirect=["articles"],
)
def test_every_article_is_a_post_as_it_was_written(articles: list[Entry], tmp_path: Path, timezone: str) -> None:
    (tmp_path / "_config.yml").write_text(CONFIG.format(timezone=timezone) + blocks("consumers/jekyll.md", "yaml", "_config.yml")[0])
    (tmp_path / "_layouts").mkdir()
    (tmp_path / "_layouts" / "post.html").write_text(POST)
    (tmp_path / "dump.json").write_text(DUMP)
    written = write_documents(tmp_path / "_posts", "jekyll", articles)
    run(["jekyll", "build", "--quiet"], tmp_path)
    posts = {post["guid"]: post for post in json.loads((tmp_path / "_site" / "dump.json").read_text("utf-8"))}
    profile = shown("jekyll")
    assert sorted(posts) == sorted(written)
    for guid, expected in written.items():
        post, article = posts[guid], expected.article
        assert post["title"] == profile.shown_title(article.title)
        assert (post["source_title"] or post["title"]) == article.title
        assert datetime.fromisoformat(post["date"]) == expected.published.at
        assert datetime.fromisoformat(post["modified"]) == expected.updated.at
        assert tuple(post["categories"]) == profile.shown_categories(expected.categories)
        assert tuple(post["tags"]) == profile.shown_tags(article.tags)
        assert post["author"] == profile.author(expected)
        assert (post["image"] or "") == (article.image.url if article.image else "")
        assert (post["source_url"], tuple(post["sections"])) == (article.url, expected.sections)
        assert_same_body(post["content"], expected)
        tree = page_at(tmp_path / "_site", post["url"])
        assert words(only(tree, "h1#headline").text()) == words(post["title"])
        assert_same_body(main_part(tmp_path / "_site", post["url"]), expected)
    assert len(list((tmp_path / "_site" / "posts").iterdir())) == len(written)
    assert_nothing_came_alive(tmp_path / "_site")


@needs("jekyll")
def test_default_theme_shows_every_article_and_runs_nothing(tmp_path: Path) -> None:
    config = CONFIG.format(timezone="UTC") + blocks("consumers/jekyll.md", "yaml", "_config.yml")[0]
    (tmp_path / "_config.yml").write_text(config + "theme: minima\nshow_excerpts: true\n")
    (tmp_path / "index.md").write_text("---\nlayout: home\n---\n")
    (tmp_path / "dump.json").write_text(DUMP)
    written = write_documents(tmp_path / "_posts", "jekyll", hard_entries())
    run(["jekyll", "build", "--quiet"], tmp_path)
    posts = json.loads((tmp_path / "_site" / "dump.json").read_text("utf-8"))
    assert len(posts) == len(written)
    for post in posts:
        expected = written[post["guid"]]
        tree = page_at(tmp_path / "_site", post["url"])
        assert words(only(tree, "h1.post-title").text()) == words(post["title"])
        assert datetime.fromisoformat(str(only(tree, "time.dt-published").attributes["datetime"])) == expected.published.at
        assert words(only(tree, "[itemprop=author] [itemprop=name]").text()) == words(parsed(post["author"]).text())
        assert only(tree, "link[rel=canonical]").attributes["href"] == attribute_url(expected.article.url)
        shown_text = page_text(tmp_path / "_site", post["url"]).partition('itemprop="articleBody">')[2]
        assert_same_body(shown_text.rpartition('<a class="u-url"')[0].strip().removesuffix("</div>"), expected)
    feed = feedparser.parse((tmp_path / "_site" / "feed.xml").read_bytes())
    assert len(feed.entries) == 10
    assert not feed.bozo
    assert_nothing_came_alive(tmp_path / "_site")
