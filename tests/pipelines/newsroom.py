"""A workspace that settles entries without a crawl, for the tests of publishing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from crawler.article import Article, Moment, zulu
from crawler.entry import Entry
from crawler.feeds import PublishReport
from crawler.identity import title_key
from crawler.pipelines.publishing import publish_feeds
from crawler.pipelines.run import documents_of
from crawler.store import KnownEntry, Store
from crawler.workspace import open_workspace

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
BASE = "https://e.example/news/"
SENTENCE = "The harbour office said on Monday that quay number {} would be open to everyone again by spring, weather permitting. "


def story(
    number: int, *, source: str = "here", sections: Sequence[str] = ("home",), guid: str = "", run: int = 0, title: str = "", text: str = ""
) -> Entry:
    """Article `number` of a source, first seen in run `run`."""
    day = START + timedelta(hours=number)
    return Entry(
        article=Article(
            f"https://{source}.example/{guid or number}",
            title or f"Quay {number} opens",
            ("Ann Lee",),
            Moment(day),
            "page",
            language="en",
            body=f"<p>{text or SENTENCE.format(number) * 4}</p>",
        ),
        guid=f"urn:uuid:{uuid5(NAMESPACE_URL, f'{source} {guid or number}')}",
        source=source,
        sections=tuple(sections),
        also_at=(),
        first_seen=START + timedelta(days=60 + run),
        path=f"{source}/2026/03/{number:05}-{guid or 'first'}.md",
    )


def known(entry: Entry) -> KnownEntry:
    return KnownEntry(
        guid=entry.guid,
        source=entry.source,
        path=entry.path,
        url=entry.article.url,
        first_seen=zulu(entry.first_seen),
        published=entry.published.zulu(),
        title_key=title_key(entry.article.title),
        day=entry.published.at.date().isoformat(),
        sections=entry.sections,
        also_at=entry.also_at,
        categories=entry.categories,
        written=True,
        rank=0,
        run=1,
    )


class Newsroom:
    """A workspace in a folder, its store open."""

    def __init__(self, root: Path, settings: str = f"base_url: {BASE}\n", sources: Sequence[str] = ("here",)) -> None:
        self.root = root
        (root / "sources").mkdir(parents=True, exist_ok=True)
        for name in sources:
            self.recipe(name, name.title())
        self.settings(settings)
        self.store = Store(self.workspace.store_url)

    def settings(self, text: str) -> None:
        (self.root / "broadsheet.yaml").write_text(text, "utf-8")
        self.workspace = open_workspace(self.root)
        self.documents = documents_of(self.workspace)

    def recipe(self, name: str, title: str, *, sections: Sequence[str] = ("home", "sea"), language: str = "") -> None:
        lists = "".join(f"  - id: {section}\n    list: {{url: https://{name}.example/{section}, link: a}}\n" for section in sections)
        tongue = f"language: {language}\n" if language else ""
        text = f"url: https://{name}.example/\nname: {title}\n{tongue}sections:\n{lists}"
        (self.root / "sources" / f"{name}.yaml").write_text(text, "utf-8")

    def settle(self, entries: Iterable[Entry]) -> None:
        """What `pipelines.settle` does at the end of a page."""
        written = list(entries)
        self.documents.write(written)
        with self.store.begin() as transaction:
            for entry in written:
                transaction.entries.put(known(entry), [entry.article.url])
                transaction.entries.mark_stale(entry.source, entry.sections)
                transaction.publications.note(entry.guid, entry.source)

    def take_down(self, entry: Entry) -> None:
        self.documents.delete(entry.path)
        with self.store.begin() as transaction:
            transaction.entries.put(replace(known(entry), removed=True, written=False), [entry.article.url])
            transaction.entries.mark_stale(entry.source, entry.sections)
            transaction.publications.note(entry.guid, entry.source)

    def publish(self, *, everything: bool = False, force: bool = False) -> PublishReport:
        return publish_feeds(self.store, self.documents, self.workspace, everything=everything, force=force)

    def told(self, report: PublishReport) -> list[str]:
        return [str(problem) for problem in report.problems]

    def ids(self, feed: str) -> set[str]:
        return {item["id"] for item in json.loads((self.workspace.feeds / f"{feed}.json").read_bytes())["items"]}

    def written(self, report: PublishReport) -> set[str]:
        """Paths under the feeds without suffix."""
        feeds = self.workspace.feeds
        return {path.relative_to(feeds).with_suffix("").as_posix() for path in report.written if path.is_relative_to(feeds)}

    def chain(self, feed: str) -> dict[str, set[str]]:
        """The live feed and all its archives, as a reader follows them: file → ids."""
        found = {}
        path = f"{feed}.json"
        while path:
            content = json.loads((self.workspace.feeds / path).read_bytes())
            found[path] = {item["id"] for item in content["items"]}
            path = content.get("next_url", "").removeprefix(f"{BASE}feeds/")
        return found
