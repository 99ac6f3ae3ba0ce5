"""Newspapers on loopback for tests: front page, sections, articles, feed and sitemap, each as a test wants them."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
from pathlib import Path
from typing import Any

from conftest import COMMAND, clean_environment
from local_site import Answer, Site, article

TITLES = (
    "The harbour opens again in spring",
    "Night ferry stays for another year",
    "Fog signal falls silent after a century",
    "Crane nest found on the old tower",
    "Salt market moves to the north quay",
    "Tide clock runs backwards for a day",
    "Bread treaty signed after long night",
    "Steam tram returns to the city line",
)
HTML = {"Content-Type": "text/html; charset=utf-8"}


def path_of(section: str, place: int) -> str:
    return f"/{section}/2026-03-{place + 1:02d}/{TITLES[place].lower().replace(' ', '-')}/{10312844 + place}"


def story(section: str, place: int) -> str:
    headline = f'<h3><a href="{path_of(section, place)}">{TITLES[place]}</a></h3>'
    return f'<li class="story">{headline}<p>By <a href="/author/jane-doe">Jane Doe</a></p></li>'


def front(stories: str, *, head: str = "", lang: str = "en-GB", more: str = "") -> str:
    nav = "".join(f'<li><a href="/{name}/">{name.title()}</a></li>' for name in ("world", "sport", "culture"))
    return (
        f'<!doctype html><html lang="{lang}"><head><meta property="og:site_name" content="Harbour News">'
        f"<title>Harbour News</title>{head}</head>"
        f'<body><header><nav class="menu"><ul>{nav}</ul></nav></header><main><ul class="stories">{stories}</ul>{more}</main>'
        '<footer><a href="/about-us">About us</a><a href="/privacy">Privacy</a></footer></body></html>'
    )


def paper(*, head: str = "") -> dict[str, Any]:
    """A front page with eight stories of two sections, their pages, the sections, and what is told to crawlers."""
    pages: dict[str, Any] = {"/robots.txt": Answer(b"User-agent: *\nDisallow: /private/\n", headers={"Content-Type": "text/plain"})}
    pages["/"] = front("".join(story(("world", "sport")[at % 2], at) for at in range(8)), head=head)
    for name, places in (("world", range(0, 8, 2)), ("sport", range(1, 8, 2))):
        pages[f"/{name}/"] = front("".join(story(name, at) for at in places), more=f"<p>All of {name}</p>")
        for at in places:
            pages[path_of(name, at)] = article(TITLES[at], day=f"2026-03-{at + 1:02d}", words=TITLES[at].split()[-1].lower())
    return pages


def feed(site: Site, places: range = range(8)) -> Answer:
    """An RSS feed with summaries and times."""
    items = "".join(
        f"<item><title>{TITLES[at]}</title><link>{site.address}{path_of(('world', 'sport')[at % 2], at)}</link>"
        f"<pubDate>{at + 1:02d} Mar 2026 10:00:00 +0000</pubDate><description>Boats may come back.</description></item>"
        for at in places
    )
    text = (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour News</title><link>{site.address}/</link>{items}</channel></rss>'
    )
    return Answer(text.encode(), headers={"Content-Type": "application/rss+xml"})


def sitemap(site: Site, paths: list[str], *, news: bool = False) -> Answer:
    """A sitemap; `news`: one of news, with titles and times."""
    extra = (
        "<news:news><news:publication><news:name>Harbour News</news:name><news:language>en</news:language></news:publication>"
        "<news:publication_date>2026-03-08T10:00:00Z</news:publication_date><news:title>A story</news:title></news:news>"
    )
    entries = "".join(f"<url><loc>{site.address}{path}</loc>{extra if news else ''}</url>" for path in paths)
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return Answer(f'<?xml version="1.0"?><urlset {spaces}>{entries}</urlset>'.encode(), headers={"Content-Type": "application/xml"})


def add(workspace: Path, url: str, *options: str, code: int = 0, stdin: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
    """Runs `broadsheet add --private` in a workspace without delay."""
    settings = workspace / "broadsheet.yaml"
    if not settings.exists():
        settings.write_text("delay: 0\n", "utf-8")
    command = [*COMMAND, "-C", str(workspace), "add", url, "--private", *options]
    done = subprocess.run(command, env=clean_environment(**extra), input=stdin, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def add_as_json(workspace: Path, url: str, *options: str, **extra: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(add(workspace, url, "--json", *options, **extra).stdout)
    return found


def on_terminal(command: list[str], typed: str, cwd: Path) -> str:
    """What a command prints on a terminal, with these keys typed."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        command, stdin=child, stdout=child, stderr=child, cwd=cwd, env=clean_environment(TERM="xterm", COLUMNS="160")
    )
    os.close(child)
    os.write(parent, typed.encode())
    out = b""
    while True:
        ready, _, _ = select.select([parent], [], [], 0.2)
        if ready:
            try:
                piece = os.read(parent, 65536)
            except OSError:
                break
            if not piece:
                break
            out += piece
        elif process.poll() is not None:
            break
    process.wait(60)
    os.close(parent)
    return out.decode("utf-8", "replace")


__all__ = ["HTML", "TITLES", "Answer", "Site", "add", "add_as_json", "feed", "front", "on_terminal", "paper", "path_of", "sitemap", "story"]
