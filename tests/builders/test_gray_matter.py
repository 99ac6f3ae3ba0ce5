"""gray-matter and js-yaml, which Obsidian, Astro, Docusaurus and many others read headers with: they see the strings that were written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builders.articles import hard_entries
from builders.sites import MODULES, needs, run, shown, write_documents

READ = """
const matter = require('gray-matter'), fs = require('fs'), path = require('path');
const all = fs.readdirSync('documents', { recursive: true }).filter(name => name.endsWith('.md'));
const read = name => matter(fs.readFileSync(path.join('documents', name), 'utf8'));
console.log(JSON.stringify(all.map(read).map(({ data, content }) => ({ data, content }))));
"""


@needs("gray-matter")
@pytest.mark.parametrize("name", ["hexo", "hugo", "jekyll", "eleventy", "obsidian", "plain"])
def test_every_string_of_a_header_is_read_as_it_was_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "node_modules").symlink_to(MODULES)
    (tmp_path / "read.js").write_text(READ)
    written = write_documents(tmp_path / "documents", name, hard_entries())
    read = {one["data"]["guid"]: one for one in json.loads(run(["node", "read.js"], tmp_path))}
    profile = shown(name)
    assert sorted(read) == sorted(written)
    for guid, expected in written.items():
        data, article = read[guid]["data"], expected.article
        assert data["title"] == profile.shown_title(article.title)
        assert data.get("source_title", data["title"]) == article.title
        assert tuple(data.get("source_categories", data["categories"])) == expected.categories
        assert tuple(data.get("source_tags", data.get("tags", ()))) == article.tags
        assert tuple(data.get("authors", ())) == article.authors
        assert tuple(data["sections"]) == expected.sections
        assert (data["source_url"], data["published_at"], data["updated_at"]) == (
            article.url,
            expected.published.zulu(),
            expected.updated.zulu(),
        )
        assert json.loads(data.get("provenance", "{}")) == article.provenance
        assert profile.read_body(read[guid]["content"]) == article.body, article.title
