"""Documents a second, written and read, beside plain python-frontmatter on the same header and body.

Run: .venv/bin/python benchmarks/documents.py [--number 2000] [--profile hexo]
Entries are made of words of two languages by a fixed rule, so that every run has the same ones; figures hold for one machine only.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import frontmatter

from crawler.article import Article, Image, Moment
from crawler.documents import PROFILES, Documents, document_path, profile_named
from crawler.entry import Entry
from crawler.identity import guid_of

ENGLISH = ["the council voted", "on a new bridge", "after years of delay", "and its mayor said", "that work would begin", "before winter"]
CHINESE = ["城西新桥", "今日通车", "两岸居民", "步行十分钟", "可达对岸", "市长表示", "工程历时三年", "预算没有超支"]
PARAGRAPHS = 18  # of some 50 words: the median of a news article is around 700 words


def entries(number: int) -> Iterator[Entry]:
    for n in range(number):
        words = itertools.cycle(CHINESE if n % 2 else ENGLISH)
        joint = "" if n % 2 else " "
        paragraphs = [joint.join(itertools.islice(words, 14 - i % 3)) for i in range(PARAGRAPHS)]
        picture = f"https://pictures.example/{n}.jpg"
        body = (
            "\n".join(f"<p>{text}.</p>" for text in paragraphs) + f'\n<p><img src="{picture}" width="800" referrerpolicy="no-referrer"></p>'
        )
        published = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n)
        guid = guid_of("bench", f"news.example/{n}")
        article = Article(
            url=f"https://news.example/{n}.html",
            title=f"{joint.join(itertools.islice(words, 3))} {n}",
            authors=("Ann O'Hara",),
            published=Moment(published),
            date_from="page",
            language="zh-CN" if n % 2 else "en",
            description=paragraphs[0][:150],
            body=body,
            image=Image(picture),
            tags=("bridge", "city"),
            provenance={"title": "meta:og:title", "published": "json-ld", "body": "model"},
        )
        path = document_path("bench", article.title, guid, published.date())
        yield Entry(article, guid, "bench", ("home",), (), published, path, ("News", "Bench", "Home"))


def rate(number: int, work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return number / (time.perf_counter() - started)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--number", type=int, default=2000)
    options.add_argument("--profile", default="", help="only this one; otherwise all")
    chosen = options.parse_args()
    made = list(entries(chosen.number))
    print(f"{chosen.number} documents of {len(profile_named('hexo').write(made[0])):,} bytes\n")
    print(f"{'':34}{'documents a second':>20}")
    for name in [chosen.profile] if chosen.profile else list(PROFILES):
        profile = profile_named(name)
        contents = [profile.write(entry) for entry in made]
        row(f"{name}: entry to bytes", rate(len(made), lambda: [profile.write(entry) for entry in made]))  # noqa: B023
        row(f"{name}: bytes to entry", rate(len(made), lambda: [profile.read(content, "a.md") for content in contents]))  # noqa: B023
        posts = [frontmatter.loads(content.decode()) for content in contents]
        row("  python-frontmatter: dumps", rate(len(made), lambda: [frontmatter.dumps(post).encode() for post in posts]))  # noqa: B023
        row("  python-frontmatter: loads", rate(len(made), lambda: [frontmatter.loads(content.decode()) for content in contents]))  # noqa: B023
    with tempfile.TemporaryDirectory() as folder:
        documents = Documents(Path(folder), profile_named("hexo"))
        groups = [made[i : i + 100] for i in range(0, len(made), 100)]
        row("hexo: to disk, durable, by 100", rate(len(made), lambda: [documents.write(group) for group in groups]))
        row("hexo: again, nothing changed", rate(len(made), lambda: [documents.write(group) for group in groups]))
        row("hexo: all read from disk", rate(len(made), lambda: sum(1 for _ in documents.all())))


def row(name: str, value: float) -> None:
    print(f"{name:34}{value:>20,.0f}")


if __name__ == "__main__":
    main()
