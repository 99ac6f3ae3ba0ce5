"""Hugo: every hard article as a page, as it was written."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from builders.sites import (
    assert_nothing_came_alive,
    assert_same_body,
    main_part,
    needs,
    only,
    page_at,
    run,
    shown,
    text_of,
    words,
    write_documents,
)
from documents.documented import blocks

from crawler.entry import Entry

CONFIG = """\
baseURL = "https://blog.example/"
title = "Blog"
timeZone = "America/New_York"
"""
SINGLE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title>
<meta name="author" content="{{ .Params.author }}"><meta name="description" content="{{ .Summary }}"></head><body>
<h1 id="headline" title="{{ .Title }}">{{ .Title }}</h1><time datetime="{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}"></time>
{{ range .Params.tags }}<a class="tag" title="{{ . }}">{{ . }}</a>{{ end }}
<main>{{ .Content }}</main></body></html>"""
LETTERS = re.compile(r"\w+|[<>&#*_`~\[\]\\]")
LIST = "<!DOCTYPE html><html><body>{{ range .Pages }}<h2>{{ .Title }}</h2>{{ .Summary }}{{ end }}</body></html>"
DUMP = """{{ $posts := slice }}{{ range .Site.RegularPages }}{{ $post := dict
"guid" .Params.guid "title" .Title "source_title" .Params.source_title "permalink" .RelPermalink "content" .Content
"date" (.Date.Format "2006-01-02T15:04:05Z07:00") "lastmod" (.Lastmod.Format "2006-01-02T15:04:05Z07:00")
"categories" .Params.categories "tags" .Params.tags "author" .Params.author "images" .Params.images
"source_url" .Params.source_url "sections" .Params.sections "summary" .Summary
}}{{ $posts = $posts | append $post }}{{ end }}{{ $posts | jsonify }}"""


@pytest.mark.timeout(900)
@needs("hugo")
def test_every_article_is_a_page_as_it_was_written(articles: list[Entry], tmp_path: Path) -> None:
    (tmp_path / "hugo.toml").write_text(CONFIG + blocks("consumers/hugo.md", "toml", "hugo.toml")[0])
    layouts = tmp_path / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (layouts / "single.html").write_text(SINGLE)
    (layouts / "list.html").write_text(LIST)
    (tmp_path / "layouts" / "index.html").write_text(DUMP)
    written = write_documents(tmp_path / "content" / "posts", "hugo", articles, zones={"hard": "Asia/Shanghai"})
    run(["hugo", "--config", "hugo.toml", "--destination", "public"], tmp_path, TZ="Asia/Tokyo")
    dump = tmp_path / "public" / "index.html"
    posts = {post["guid"]: post for post in json.loads(dump.read_text("utf-8"))}
    dump.unlink()
    profile = shown("hugo")
    assert sorted(posts) == sorted(written)
    for guid, expected in written.items():
        post, article = posts[guid], expected.article
        assert post["title"] == profile.shown_title(article.title)
        assert (post["source_title"] or post["title"]) == article.title
        assert datetime.fromisoformat(post["date"]) == expected.published.at
        assert post["date"][:10] == expected.path.rsplit("/", 1)[1][:10] or expected.source != "hard"
        assert datetime.fromisoformat(post["lastmod"]) == expected.updated.at
        assert tuple(post["categories"]) == profile.shown_categories(expected.categories)
        assert tuple(post["tags"] or ()) == profile.shown_tags(article.tags)
        assert post["author"] == profile.author(expected)
        if article.description:  # Hugo makes dashes and quotes of it that are nicer to see
            assert LETTERS.findall(text_of(post["summary"])) == LETTERS.findall(article.description)
        assert (post["images"] or []) == ([article.image.url] if article.image else [])
        assert (post["source_url"], tuple(post["sections"])) == (article.url, expected.sections)
        assert_same_body(post["content"], expected)
        tree = page_at(tmp_path / "public", post["permalink"])
        assert words(only(tree, "h1#headline").text()) == words(post["title"])
        assert_same_body(main_part(tmp_path / "public", post["permalink"]), expected)
    assert_nothing_came_alive(tmp_path / "public")
