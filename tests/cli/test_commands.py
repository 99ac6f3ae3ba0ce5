from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Broadsheet, tree, write_recipe

PAGE = """<!doctype html><html lang="en"><head><title>Ferry returns — Harbour Times</title>
<link rel="canonical" href="https://harbour.example/news/1.html">
<meta property="og:title" content="Ferry returns"><meta property="article:published_time" content="2026-02-03T10:20:30+01:00"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Ferry returns</h1><p class="byline">By Ann Example</p>
<p>After eleven weeks in dry dock the old ferry is back on the short crossing, and the queue on the quay was longer than the boat.</p>
<p>The harbour office says that it will run every twenty minutes until midnight, weather permitting, with a smaller boat on Sundays.</p>
<p>“We have missed it more than we thought,” said the baker on the far side, who opens at five and had rowed across all winter.</p>
</article><footer>All rights reserved</footer></body></html>"""


def test_extract_gives_an_article_as_json(broadsheet: Broadsheet, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    found = json.loads(broadsheet("extract", "page.html").stdout)
    assert found["title"] == "Ferry returns"
    assert found["url"] == "https://harbour.example/news/1.html"
    assert found["published"] == "2026-02-03T10:20:30+01:00"
    assert "dry dock" in found["text"]
    assert "All rights reserved" not in found["text"]
    assert found["html"].startswith("<p>")


@pytest.mark.parametrize(("form", "expected"), [("text", "dry dock"), ("html", "<p>"), ("md", "# Ferry returns")])
def test_extract_in_other_formats(broadsheet: Broadsheet, form: str, expected: str) -> None:
    assert expected in broadsheet("extract", "-", "--url", "https://harbour.example/news/1.html", "--format", form, stdin=PAGE).stdout


def test_explain_says_what_was_taken_from_where(broadsheet: Broadsheet, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    lines = broadsheet("extract", "page.html", "--explain").stdout.splitlines()
    title = next(line for line in lines if line.startswith("title"))
    assert "Ferry returns" in title
    assert title.split()[-1] != "–"
    assert any(line.startswith("body") and "confidence" in line for line in lines)


def test_extract_lines_never_stops_at_a_bad_one(broadsheet: Broadsheet, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    (tmp_path / "empty.html").write_text("", "utf-8")
    lines = ['{"id": 1, "url": "https://harbour.example/news/1.html", "file": "page.html"}', "no json", '{"id": 3, "file": "missing.html"}']
    lines += ['{"id": "4", "url": "https://harbour.example/x", "file": "empty.html"}', "[]", '{"id": 6, "file": "page.html"}']
    answers = [json.loads(line) for line in broadsheet("extract", "--jsonl", stdin="\n".join(lines)).stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [1, "line 2", 3, "4", "line 5", 6]
    assert [("error" in answer) for answer in answers] == [False, True, True, True, True, False]
    keys = {"id", "title", "authors", "published", "updated", "language", "image", "description", "text", "html", "provenance"}
    assert set(answers[0]) == keys
    (tmp_path / "pages.jsonl").write_text("\n".join(lines), "utf-8")
    assert [json.loads(line) for line in broadsheet("extract", "--jsonl", "pages.jsonl").stdout.splitlines()] == answers
    assert "nowhere.jsonl: no such file" in broadsheet("extract", "--jsonl", "nowhere.jsonl", code=2).stderr


def test_extract_tells_a_missing_file(broadsheet: Broadsheet) -> None:
    done = broadsheet("extract", "nowhere.html", code=1)
    assert "nowhere.html" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_private_address_is_refused(broadsheet: Broadsheet) -> None:
    done = broadsheet("extract", "http://127.0.0.1:1/", code=1)
    assert "private address" in done.stderr


def test_an_unknown_source_is_named_and_the_others_go_on(broadsheet: Broadsheet) -> None:
    done = broadsheet("crawl", "dmeo", "demo", code=2)
    assert "dmeo" in done.stderr
    assert "demo" in done.stderr
    assert "29 new" in done.stdout


def test_a_recipe_with_a_mistake_is_told_with_its_line(broadsheet: Broadsheet, tmp_path: Path) -> None:
    write_recipe(tmp_path, "harbour", "url: https://harbour.example/\nname: Harbour\ntitel: x\n")
    done = broadsheet("crawl", code=2)
    assert "harbour.yaml, line 3" in done.stderr
    assert "titel" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_workspace_says_what_to_do(broadsheet: Broadsheet) -> None:
    done = broadsheet("crawl", code=2)
    assert "broadsheet crawl demo" in done.stderr


def test_init_makes_a_workspace_and_keeps_what_is_there(broadsheet: Broadsheet, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "broadsheet.yaml").write_text("title: Mine\n", "utf-8")
    broadsheet("init", "news")
    assert (tmp_path / "news" / "broadsheet.yaml").read_text("utf-8") == "title: Mine\n"
    assert json.loads((tmp_path / "news" / "recipe.schema.json").read_text("utf-8"))["properties"]["url"]
    assert "never" not in broadsheet("-C", "news", "sources").stdout.splitlines()[0]


def test_schema_is_json(broadsheet: Broadsheet) -> None:
    assert json.loads(broadsheet("schema").stdout)["$schema"].startswith("https://json-schema.org/")


def test_sources_shows_sections_and_state(broadsheet: Broadsheet) -> None:
    broadsheet("crawl", "demo", "-q")
    rows = json.loads(broadsheet("sources", "--json").stdout)
    demo = next(row for row in rows if row["id"] == "demo")
    assert demo["articles"] == 29
    assert [section["id"] for section in demo["sections"]] == ["city", "world"]
    assert demo["last_run"] == "2026-04-01T06:00:00Z"
    assert "guancha" in broadsheet("sources").stdout


def test_feeds_are_written_again_from_the_documents(broadsheet: Broadsheet, tmp_path: Path) -> None:
    broadsheet("crawl", "demo", "-q")
    feeds = tmp_path / "output" / "feeds"
    before = {path: path.read_bytes() for path in feeds.rglob("*.*")}
    assert broadsheet("feeds").stdout.startswith("0 files written")
    for path in before:
        path.unlink()
    broadsheet("feeds", "--all")
    assert {path: path.read_bytes() for path in feeds.rglob("*.*")} == before


def test_a_file_where_the_output_should_be_is_named(broadsheet: Broadsheet, tmp_path: Path) -> None:
    (tmp_path / "output").write_text("in the way", "utf-8")
    done = broadsheet("crawl", "demo", code=2)
    assert str(tmp_path / "output") in done.stderr
    assert (tmp_path / "output").read_text("utf-8") == "in the way"


def test_a_broken_store_is_told_and_kept_and_the_crawl_goes_on(broadsheet: Broadsheet, tmp_path: Path) -> None:
    broadsheet("crawl", "demo", "-q")
    store = tmp_path / ".broadsheet" / "store.sqlite"
    for extra in store.parent.glob("store.sqlite-*"):
        extra.unlink()
    store.write_bytes(b"no database at all " * 100)
    before = tree(tmp_path / "output")
    done = broadsheet("crawl", "demo", "-q")
    assert "damaged" in done.stderr
    (aside,) = store.parent.glob("store.sqlite.damaged-*Z")
    assert aside.name in done.stderr
    assert tree(tmp_path / "output") == before


def test_help_has_examples(broadsheet: Broadsheet) -> None:
    assert "--limit 20" in broadsheet("crawl", "--help").stdout


def test_version(broadsheet: Broadsheet) -> None:
    assert broadsheet("--version").stdout.startswith("broadsheet 0.")
