"""Documents a second, written and read, beside plain python-frontmatter on the same header and body.

Run: .venv/bin/python benchmarks/documents.py [--number 2000] [--rounds 3] [--profile hexo]
Entries are made of words of two languages by a fixed rule, so that every run has the same ones. Of several rounds, in which both take
turns, the best counts; what needs no disk is measured in the process's own time. Figures hold for one machine only, the ratio for more.
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


Work = Callable[[], object]


def rates(number: int, rounds: int, clock: Callable[[], float], *works: Work) -> list[float]:
    """Of each work how many documents a second, in its best round; they take turns."""
    best = [0.0] * len(works)
    for _ in range(rounds):
        for place, work in enumerate(works):
            started = clock()
            work()
            best[place] = max(best[place], number / (clock() - started))
    return best


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--number", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--profile", default="", help="only this one; otherwise all")
    chosen = options.parse_args()
    made = list(entries(chosen.number))
    print(f"{chosen.number} documents of {len(profile_named('hexo').write(made[0])):,} bytes; documents a second\n")
    print(f"{'':22}{'Broadsheet':>14}{'python-frontmatter':>22}{'ratio':>9}")
    for name in [chosen.profile] if chosen.profile else list(PROFILES):
        profile = profile_named(name)
        contents = [profile.write(entry) for entry in made]
        posts = [frontmatter.loads(content.decode()) for content in contents]
        pairs: dict[str, tuple[Work, Work]] = {
            "written": (lambda: [profile.write(entry) for entry in made], lambda: [frontmatter.dumps(post).encode() for post in posts]),  # noqa: B023
            "read": (
                lambda: [profile.read(content, "a.md") for content in contents],  # noqa: B023
                lambda: [frontmatter.loads(content.decode()) for content in contents],  # noqa: B023
            ),
        }
        for verb, works in pairs.items():
            ours, theirs = rates(len(made), chosen.rounds, time.process_time, *works)
            print(f"{f'{name}: {verb}':22}{ours:>14,.0f}{theirs:>22,.0f}{ours / theirs:>9.2f}")
    print()
    groups = [made[i : i + 100] for i in range(0, len(made), 100)]
    for what, again in (("durable, by 100", False), ("nothing changed", True)):
        best = 0.0
        for _ in range(chosen.rounds):
            with tempfile.TemporaryDirectory() as folder:
                documents = Documents(Path(folder), profile_named("hexo"))

                def write() -> None:
                    for group in groups:
                        documents.write(group)  # noqa: B023

                if again:
                    write()
                best = max(best, *rates(len(made), 1, time.perf_counter, write))
                read = rates(len(made), 1, time.perf_counter, lambda: sum(1 for _ in documents.all()))[0]  # noqa: B023
        print(f"{f'to disk, {what}':22}{best:>14,.0f}")
    print(f"{'all read from disk':22}{read:>14,.0f}")


if __name__ == "__main__":
    main()
