"""Keys of a recipe: from the environment, to the one site, and nowhere else."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import COMMAND, clean_environment, tree, write_recipe
from evil_site import EvilSite, answer, redirect
from local_site import article, listing

from crawler.fetching.credentials import may_have, secrets_in, without
from crawler.recipes import Recipe

HTML = "Content-Type: text/html; charset=utf-8"
TOKEN = "tok-3f9a&71/c2"
ESCAPED = "tok-3f9a%2671%2Fc2"
RECIPE = """\
url: SITE/
allow_private: true
delay: 0
images: keep
keep_pages: true
headers: {Authorization: 'Bearer ${NEWS_TOKEN}', X-Plain: open}
article: {next_page: a.next}
sections:
  - {id: home, list: {url: SITE/, link: h2 a}}
"""


def crawl(workspace: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *arguments]
    return subprocess.run(
        command, cwd=workspace, env=clean_environment(**environment), capture_output=True, text=True, timeout=240, check=False
    )


def echo(_: int, head: str) -> bytes:
    """A page that says all that it was told, as an error page for developers does."""
    sent = head.partition("Authorization: Bearer ")[2].split("\r\n")[0]
    told = article(f"You sent {sent}").replace("</article>", f"<p>Your key is {sent}, or {ESCAPED}.</p></article>")
    return answer(told.encode(), HTML, f"X-Echo: {sent}", f'ETag: "{sent}"', f"Set-Cookie: session={sent}; HttpOnly")


def test_a_key_goes_to_its_own_site_alone_and_is_kept_nowhere(tmp_path: Path) -> None:
    with EvilSite() as other, EvilSite() as site:
        second = f"</article><a class=next href='{other.address}/part'>2</a>"
        picture = f'<p><img src="{other.address}/x.png" width="600" height="400"></p></article>'
        site.pages |= {
            "/": answer(listing("/echo", "/go", "/parts", "/picture", "/loops", "/broken").encode(), HTML),
            "/echo": echo,
            "/go": redirect(f"{other.address}/there"),
            "/parts": answer(article("In parts").replace("</article>", second).encode(), HTML),
            "/picture": answer(article("With a picture").replace("</article>", picture).encode(), HTML),
            "/loops": lambda _, head: redirect(f"/in?key={ESCAPED}"),
            "/broken": lambda _, head: answer(b"", f"X-Why: {head}".replace("\r\n", " "), status=f"500 no {TOKEN}"),
            "/robots.txt": redirect(f"{other.address}/robots"),
        }
        other.pages |= {"/there": answer(article("There").encode(), HTML), "/part": answer(article("In parts").encode(), HTML)}
        write_recipe(tmp_path, "here", RECIPE.replace("SITE", site.address))
        done = crawl(tmp_path, "--debug", "crawl", "--json", NEWS_TOKEN=TOKEN)
        found: dict[str, Any] = json.loads(done.stdout)["sources"]["here"]
    asked = [head for head in site.asked if not head.startswith("GET /robots.txt")]
    assert len(asked) >= 6
    assert all(f"Authorization: Bearer {TOKEN}\r\n" in head and "X-Plain: open\r\n" in head for head in asked)
    assert {path for path in other.paths() if path != "/robots.txt"} == {"/there", "/part", "/x.png", "/robots"}
    assert not any(TOKEN in head or "authorization" in head.lower() or "x-plain" in head.lower() for head in other.asked)
    assert found["new"] == 4
    for name, content in tree(tmp_path).items():
        readable = gzip.decompress(content) if name.endswith(".warc.gz") else content
        for secret in (TOKEN, ESCAPED):
            assert secret.encode() not in readable, name
        assert b"session=" not in readable, name
    assert TOKEN not in done.stdout + done.stderr
    assert ESCAPED not in done.stdout + done.stderr
    echoed = next(content for name, content in tree(tmp_path).items() if b"Your key is ***, or ***." in content and name.endswith(".md"))
    assert b"You sent ***" in echoed


def test_a_key_that_is_not_there_is_told_and_nothing_is_asked(tmp_path: Path) -> None:
    with EvilSite() as site:
        write_recipe(tmp_path, "here", RECIPE.replace("SITE", site.address))
        done = crawl(tmp_path, "crawl", "--json")
        assert site.connections == 0
    assert "need the environment's variable NEWS_TOKEN" in done.stderr
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("url", "site", "may"),
    [
        ("https://e.example/a", "https://e.example/", True),
        ("http://e.example/a", "http://e.example/", True),
        ("https://e.example/a", "http://e.example/", True),
        ("http://e.example/a", "https://e.example/", False),
        ("https://e.example:8443/a", "https://e.example/", False),
        ("https://www.e.example/a", "https://e.example/", False),
        ("https://e.example.evil.example/a", "https://e.example/", False),
        ("https://E.example/a", "https://e.example/", True),
    ],
)
def test_who_gets_the_headers(url: str, site: str, may: bool) -> None:
    recipe = Recipe.model_validate({"id": "e", "url": site, "sections": [{"id": "s", "feed": "https://feeds.example/x"}]})
    assert may_have(url, recipe) is may
    assert may_have("https://feeds.example/other", recipe)


def test_what_is_too_short_to_be_a_secret_is_not_taken_out_of_texts() -> None:
    values = {"id": "e", "url": "https://e.example/", "headers": {"A": "${SHORT}"}, "cookies": {"B": "${LONG}"}}
    secrets = secrets_in(Recipe.model_validate(values), {"SHORT": "news", "LONG": "a-long-secret"})
    assert without(secrets, b"news of a-long-secret") == b"news of ***"
