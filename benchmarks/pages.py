"""Pages for the benchmarks that look like those of real newspapers: 60 to 100 KB, most of it menus, boxes, scripts and comments; or real ones."""

# ruff: noqa: E501 - HTML reads better in one line each

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

from newspaper import WORDS, Newspaper, listing, title

MENU = "".join(
    f'<li class="menu-item menu-item-{n}" data-track="nav-{n}"><a href="/topics/{WORDS[n % len(WORDS)]}-{n}/" class="nav__link" '
    f'aria-label="Go to {WORDS[n % len(WORDS)]}">{WORDS[n % len(WORDS)].capitalize()}</a></li>'
    for n in range(90)
)
STYLE = "".join(f".card--{n}>.card__title:hover{{color:#0{n % 10}{n % 7}a{n % 9};margin:0 {n}px}}" for n in range(90))
SCRIPT = "window.dataLayer=window.dataLayer||[];" + "".join(f"dataLayer.push({{event:'slot_{n}',size:[{n},250]}});" for n in range(70))
REAL_SIZES = range(20_000, 200_001)  # bytes


def write_site(folder: Path, articles: int) -> int:
    """Lists and articles as files for a web server; gives the bytes of all articles together."""
    write_lists(folder, articles)
    size = 0
    for number in range(articles):
        content = page(number).encode()
        (folder / "news" / str(number)).write_bytes(content)
        size += len(content)
    return size


def write_real_site(folder: Path, corpus: Path) -> tuple[int, int]:
    """The corpus's real pages of 20 to 200 KB as one site's articles, bytes as they are; gives their number and bytes."""
    contents = [
        content for path in sorted(corpus.glob("dev/*/*.html.gz")) if len(content := gzip.decompress(path.read_bytes())) in REAL_SIZES
    ]
    write_lists(folder, len(contents))
    for number, content in enumerate(contents):
        (folder / "news" / str(number)).write_bytes(content)
    return len(contents), sum(map(len, contents))


def write_lists(folder: Path, articles: int) -> None:
    (folder / "list").mkdir(parents=True)
    (folder / "news").mkdir()
    (folder / "robots.txt").write_text("User-agent: *\nAllow: /\n", "utf-8")
    for number in range(1, Newspaper(articles).lists + 1):
        (folder / "list" / str(number)).write_text(listing(number, articles), "utf-8")


def words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(WORDS, k=count))


def sentence(chance: random.Random) -> str:
    return f"{words(chance, chance.randint(9, 18)).capitalize()}, the council said, and {words(chance, chance.randint(6, 12))}."


def card(chance: random.Random, kind: str) -> str:
    other = chance.randrange(100_000)
    return (
        f'<div class="card card--{other % 90} {kind}__item" data-id="{other}" data-pos="{other % 7}"><a class="card__link" href="/news/x{other}">'
        f'<picture><source srcset="/pictures/{other}-320.webp 320w, /pictures/{other}-640.webp 640w" type="image/webp"><img class="card__image lazy" '
        f'src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="/pictures/{other}-320.jpg" alt="{words(chance, 4)}" width="320" height="180">'
        f'</picture><h3 class="card__title">{words(chance, 7).capitalize()}</h3></a><p class="card__text">{sentence(chance)}</p>'
        f'<span class="card__meta"><time datetime="2026-02-{1 + other % 28:02}T10:00:00Z">{1 + other % 28} February</time> · {other % 90} comments</span></div>'
    )


def comment(chance: random.Random) -> str:
    number = chance.randrange(100_000)
    return (
        f'<li class="comment depth-{number % 3}" id="comment-{number}"><div class="comment__author vcard"><img class="avatar" src="/avatars/{number}.png" '
        f'width="48" height="48" alt=""><b class="fn">{words(chance, 2)}</b> <a class="comment__date" href="#comment-{number}">2 March 2026 at 10:{number % 60:02}'
        f'</a></div><div class="comment__text"><p>{sentence(chance)} {sentence(chance)}</p></div><a class="reply" href="?reply={number}">Reply</a></li>'
    )


def page(number: int) -> str:
    """One article: 60 to 100 KB, the same for the same number."""
    chance = random.Random(number)
    name = title(number)
    day = f"2026-{1 + number % 3:02}-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:00+00:00"
    paragraphs = []
    for place in range(chance.randint(9, 26)):
        text = " ".join(sentence(chance) for _ in range(chance.randint(2, 5)))
        paragraphs.append(f'<p class="article__paragraph">{text} <a href="/topics/{words(chance, 1)}/">{words(chance, 2)}</a>.</p>')
        if place % 7 == 3:
            paragraphs.append(
                f'<div class="ad ad--inline" id="slot-{place}"><script>slot({place})</script></div><h2>{words(chance, 4).capitalize()}</h2>'
            )
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": name,
        "datePublished": day,
        "author": [{"@type": "Person", "name": "Ann Lee"}],
        "image": [f"http://127.0.0.1/pictures/{number}.jpg"],
        "publisher": {"@type": "Organization", "name": "Newspaper"},
    }
    head = (
        f'<meta charset="utf-8"><title>{name} - Newspaper</title><meta name="description" content="{sentence(chance)}">'
        f'<meta property="og:title" content="{name}"><meta property="og:image" content="/pictures/{number}.jpg"><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{day}"><style>{STYLE}</style><script>{SCRIPT}</script>'
        f'<script type="application/ld+json">{json.dumps(data)}</script>'
    )
    related = "".join(card(chance, "related") for _ in range(chance.randint(12, 22)))
    beside = "".join(card(chance, "sidebar") for _ in range(chance.randint(7, 13)))
    said = "".join(comment(chance) for _ in range(chance.randint(0, 18)))
    return (
        f'<!doctype html><html lang="en"><head>{head}</head><body class="single post-{number}"><header class="site-header"><nav class="nav"><ul>{MENU}</ul>'
        f'</nav></header><main><article class="article" id="post-{number}"><header><h1 class="article__title">{name}</h1><div class="byline">By <a rel="author" '
        f'href="/people/ann-lee">Ann Lee</a> <time datetime="{day}">{day[:10]}</time></div></header><figure><img src="/pictures/{number}.jpg" width="1200" '
        f'height="675" alt="{words(chance, 5)}"><figcaption>{sentence(chance)}</figcaption></figure><div class="article__body">{"".join(paragraphs)}</div>'
        f'<div class="share"><a href="https://social.example/?u={number}">Share</a><a href="mailto:?body={number}">Mail</a></div></article>'
        f'<section class="related"><h2>Related stories</h2>{related}</section><section id="comments"><h2>Comments</h2><ol>{said}</ol></section></main>'
        f'<aside class="sidebar">{beside}</aside><footer class="footer"><ul>{MENU}</ul><p>© 2026 Newspaper. All rights reserved.</p></footer>'
        f"<script>{SCRIPT}</script></body></html>"
    )
