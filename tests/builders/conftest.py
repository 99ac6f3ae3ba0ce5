"""The articles that every builder gets: hard ones, and those of real pages where they are here."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders.articles import hard_entries
from conftest import COMMAND, Replay, clean_environment, write_recipe
from replayed import ZHAOQI
from shared import SHARED

from crawler.documents import Documents, document_path, profile_named
from crawler.entry import Entry
from crawler.errors import ExtractionError
from crawler.extraction import extract
from crawler.identity import guid_of
from crawler.page import Page

SEEN = datetime(2026, 4, 1, 6, tzinfo=UTC)


@pytest.fixture(params=["hard", "corpus", "zhaoqi"])
def articles(request: pytest.FixtureRequest) -> list[Entry]:
    if request.param == "hard":
        return hard_entries()
    if SHARED is None:
        pytest.skip("../shared is not here")
    found: list[Entry] = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def corpus() -> list[Entry]:
    """Every page of the corpus that holds an article."""
    assert SHARED
    made = []
    for path in sorted((SHARED / "corpus" / "dev").glob("*/*.json")):
        case = json.loads(path.read_text("utf-8"))
        url = case["url"] or f"https://corpus.example/{case['id']}"  # one page's address is not recorded
        page = Page(gzip.decompress(path.with_name(f"{case['id']}.html.gz").read_bytes()), url, fetched_at=SEEN)
        try:
            article = extract([page])
        except ExtractionError:
            continue
        guid = guid_of("corpus", case["id"])
        published = article.published.at.date() if article.published else SEEN.date()
        path_of = document_path("corpus", article.title, guid, published)
        made.append(Entry(article, guid, "corpus", (path.parent.name,), (), SEEN, path_of, ("Corpus", path.parent.name)))
    assert len(made) > 1200
    return made


@pytest.fixture(scope="session")
def zhaoqi(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """The documents of a whole crawl."""
    assert SHARED
    workspace: Path = tmp_path_factory.mktemp("zhaoqi")
    write_recipe(workspace, "zhaoqi", ZHAOQI)
    command = [sys.executable, str(SHARED / "replay" / "serve.py"), "--port", "0", "--map-https", "--max-seconds", "900"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        replay = Replay(int(server.stdout.readline().rsplit(":", 1)[1]))
        try:
            environment = clean_environment(**replay.environment)
            subprocess.run([*COMMAND, "crawl", "zhaoqi"], cwd=workspace, env=environment, check=True, capture_output=True, timeout=240)
        finally:
            server.kill()
    read = [found for _, found in Documents(workspace / "output", profile_named("hexo")).all()]
    entries = [found for found in read if isinstance(found, Entry)]
    assert len(entries) == len(read) >= 46
    return entries
