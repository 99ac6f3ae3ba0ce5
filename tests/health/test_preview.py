"""The preview: what was taken is outlined, what is dangerous is gone, nothing is asked of any network."""

# ruff: noqa: E501 - hostile markup stands in one line each

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from conftest import Broadsheet, write_recipe
from local_site import Answer, Site, article, listing, recipe
from selectolax.lexbor import LexborHTMLParser

from crawler.extraction import extract
from crawler.health.preview import Shown, preview_page, wanted_beside
from crawler.health.preview.safe import safe_style
from crawler.page import Page
from crawler.recipes import Recipe

AT = datetime(2026, 4, 1, tzinfo=UTC)
SITE = "https://www.example.com"
HOSTILE = """<!doctype html><html lang="en" onload="evil()" class='x" onclick="evil()'><head><title>The ferry returns</title>
<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/"><link rel=stylesheet href="/site.css">
<style>@import "https://evil.example/a.css"; body { background: url(https://evil.example/b.png) } </style><style>p::before{content:"</style><script>evil()</script>"}</style>
<script>evil()</script></head><body onload="evil()" style="background:url(https://evil.example/c.png)">
<h1 onclick="evil()">The ferry returns</h1><p class="by">By Ann Lee</p><time datetime="2026-03-30T10:00:00+00:00">30 March</time>
<img src="https://evil.example/pixel.gif" onerror="evil()"><img src="/ferry.jpg" srcset="https://evil.example/x.jpg 2x" alt="The ferry" width=600 height=400>
<article>STORY</article><div class="ad">Buy now</div>
<iframe src="https://evil.example/"></iframe><iframe srcdoc="<script>evil()</script>"></iframe><object data="https://evil.example/"></object>
<svg><image href="https://evil.example/d.png"/><script>evil()</script></svg><form action="https://evil.example/"><input autofocus onfocus="evil()"></form>
<a href="javascript:evil()">x</a><a href="https://evil.example/">y</a><video src="https://evil.example/v.mp4" poster="https://evil.example/p.jpg"></video>
<math><mtext><table><mglyph><style><img src=x onerror=evil()></style></table></mtext></math><noscript><p title="</noscript><img src=x onerror=evil()>"></noscript>
</body></html>""".replace(
    "STORY",
    "".join(
        f"<p>Paragraph {number}: the harbour office said that the quay would be open to everyone by spring.</p>" for number in range(5)
    ),
)
RUNNING = {"script", "iframe", "object", "embed", "svg", "math", "link", "base", "video", "audio", "source", "noscript", "input", "frame"}
ASKING = {"src", "href", "srcset", "action", "poster", "background", "data", "formaction", "ping"}
RULES = {"authors": ".by", "remove": [".ad"], "body": "article"}


def page(html: str = HOSTILE, path: str = "/news/1") -> Page:
    return Page(html.encode(), SITE + path, headers={"content-type": "text/html; charset=utf-8"}, fetched_at=AT)


def written(pages: tuple[Page, ...] = (), rules: dict[str, Any] = RULES, **values: Any) -> str:
    made = Recipe.model_validate({"id": "here", "name": "Here <b>", "url": f"{SITE}/", "article": rules})
    pages = pages or (page(),)
    return preview_page(Shown(made, pages, extract(pages, made), **values))


def framed(html: str) -> list[str]:
    return [unescape(srcdoc) for srcdoc in re.findall(r'srcdoc="([^"]*)"', html)]


def bodies(html: str) -> list[str]:
    """The frames without our own style."""
    return [frame.partition("</head>")[2] for frame in framed(html)]


def test_what_was_taken_is_outlined_with_its_name() -> None:
    (frame,) = bodies(written())
    assert re.search(r'<h1[^>]* data-bs="title"[^>]*>The ferry returns', frame)
    assert re.search(r'<p[^>]* data-bs="authors"[^>]*>By Ann Lee', frame)
    assert re.search(r'<time[^>]* data-bs="published"', frame)
    assert re.search(r'<div[^>]* data-bs="removed"[^>]*>Buy', frame)
    assert frame.count('data-bs="body"') == 6  # the element of the selector, and its five paragraphs
    assert frame.count('data-bs-said="body"') == 1


def test_each_field_says_where_it_came_from() -> None:
    html = written()
    rows = dict(re.findall(r'<tr class="(\w+)[^"]*">.*?<code>(.*?)</code>', html))
    assert rows["authors"] == ".by"
    assert rows["body"] == "article"
    assert rows["title"]
    assert '<tr class="tags">' in html
    assert "nothing" in html


def test_nothing_of_the_page_runs_or_asks_for_anything() -> None:
    html = written(failure="<script>evil()</script>", document="<script>evil()</script>", command="<script>evil()</script>")
    (frame,) = framed(html)
    for text in (html, frame):
        assert "default-src 'none'" in unescape(text)
        for node in LexborHTMLParser(text).css("*"):
            assert node.tag not in RUNNING or (node.tag == "iframe" and node.attributes["sandbox"] == "")
            for name, value in node.attributes.items():
                assert not name.startswith("on")
                assert name not in ASKING or (value or "").startswith("data:")
    assert "url(" not in frame
    assert "evil.example" not in re.sub(r"<(?:p|code)\b.*?</(?:p|code)>", "", frame)


@pytest.mark.parametrize(
    "css",
    [
        "a{b:url(http://e.example/)}", "a{b:URL( 'http://e.example/' )}", r"a{b:\75\72\6c(http://e.example/)}", r"a{b:u\rl(http://e.example/)}",
        '@import "http://e.example/a.css";', "@IMPORT url(http://e.example/)", "a{b:image-set('http://e.example/x' 1x)}", "@font-face{src:url(//e.example/f)}",
        "a{behavior:url(#x)}", "a{b:expression(evil())}", "</style><script>evil()</script>", "a{b:url(http://e.example/",
    ],
)  # fmt: skip
def test_style_sheets_ask_for_nothing(css: str) -> None:
    safe = safe_style([css])
    assert "e.example/" not in re.sub(r"none['\"]?[^;{}]*", "", safe) or "url" not in safe.lower()
    assert "url(" not in safe.lower()
    assert "@import" not in safe.lower()
    assert "<" not in safe
    assert "expression(" not in safe


def test_style_sheets_and_pictures_that_were_fetched_are_put_in() -> None:
    made = Recipe.model_validate({"url": f"{SITE}/", "article": {"image": "img[alt]::attr(src)"}})
    plain = page(HOSTILE.replace('<base href="https://evil.example/">', ""))
    taken = extract([plain], made)
    wanted = wanted_beside([plain], taken)
    assert wanted == [f"{SITE}/site.css", f"{SITE}/ferry.jpg"]
    css = Page(b"h1 { color: red }", wanted[0], headers={"content-type": "text/css"}, fetched_at=AT)
    jpeg = Page(b"\xff\xd8\xff\xe0rest", wanted[1], headers={"content-type": "text/html"}, fetched_at=AT)
    (frame,) = framed(preview_page(Shown(made, [plain], taken, others={wanted[0]: css, wanted[1]: jpeg})))
    assert "h1 { color: red }" in frame
    assert "data:image/jpeg;base64," in frame
    html = Page(b"<script>evil()</script>", wanted[1], headers={"content-type": "image/jpeg"}, fetched_at=AT)
    (frame,) = framed(preview_page(Shown(made, [plain], taken, others={wanted[1]: html})))
    assert "base64" not in frame


def test_each_part_has_a_frame_and_the_link_to_the_next_is_outlined() -> None:
    first = page(article("Story").replace("</article>", "</article><p>1 <a href='/1_2'>2</a></p>"), "/1")
    html = written((first, page(article("Story", words="pier"), "/1_2")), {})
    one, two = bodies(html)
    assert 'data-bs="next part"' in one
    assert 'data-bs="next part"' not in two
    assert "Part 2 of 2" in html


def test_a_page_that_is_no_article_is_shown_with_the_reason() -> None:
    made = Recipe.model_validate({"id": "here", "url": f"{SITE}/"})
    html = preview_page(Shown(made, (page("<p>Hello</p>"),), failure="the page holds no title and no text"))
    assert "the page holds no title and no text" in html
    assert "Hello" in framed(html)[0]


@pytest.mark.parametrize(
    "html", ["", "\x00", "<p>" * 3_000 + "x", "<!--", "<body", '{"a": 1}', "<frameset><frame src=x></frameset>", "<p>x" * 20_000]
)
def test_any_page_can_be_shown(html: str) -> None:
    made = Recipe.model_validate({"id": "here", "url": f"{SITE}/"})
    assert "</html>" in preview_page(Shown(made, (page(html),), failure="none"))


def test_preview_of_a_source_of_an_address_of_a_recording_and_of_a_file(broadsheet: Broadsheet, tmp_path: Path) -> None:
    styled = article("Story 1").replace("<title>", '<link rel=stylesheet href="/s.css"><title>')
    css = Answer(b".byline { color: teal }", headers={"Content-Type": "text/css"})
    with Site({"/": listing("/1", "/2"), "/1": styled, "/2": article("Story 2"), "/s.css": css, "/login": "<input type=password>"}) as site:
        write_recipe(tmp_path, "here", recipe(site))
        told = broadsheet("preview", "here").stdout
        assert told.startswith("wrote   .broadsheet/preview.html")
        html = (tmp_path / ".broadsheet" / "preview.html").read_text("utf-8")
        assert "Story 1" in html
        assert "teal" in framed(html)[0]
        assert f"record here {site.address}/1" in html
        assert re.search(r"^guid: \W?urn:uuid:", unescape(html), re.MULTILINE)  # the document, as a crawl would write it
        broadsheet("preview", f"{site.address}/2", "-o", "two.html", "--plain")
        assert "Story 2" in (tmp_path / "two.html").read_text("utf-8")
        assert site.paths().count("/s.css") == 1
        broadsheet("preview", f"{site.address}/login", "-o", "login.html")
        assert 'class="failed"' in (tmp_path / "login.html").read_text("utf-8")
        assert "HTTP 404" in broadsheet("preview", f"{site.address}/none", code=2).stderr
        broadsheet("record", "here", f"{site.address}/1")
    (recording,) = (tmp_path / "sources" / "here").glob("*.json")
    broadsheet("preview", str(recording), "-o", "recorded.html")
    assert "Story 1" in (tmp_path / "recorded.html").read_text("utf-8")
    (tmp_path / "saved.html").write_text(article("Story 3"), "utf-8")
    assert "--url" in broadsheet("preview", "saved.html", code=2).stderr
    broadsheet("preview", "saved.html", "--url", "https://other.example/3", "-o", "three.html")
    assert "Story 3" in (tmp_path / "three.html").read_text("utf-8")
    assert "did you mean 'here'" in broadsheet("preview", "hree", code=2).stderr


MODULES = Path(os.environ.get("NODE_MODULES", Path(__file__).parents[1] / "node" / "node_modules"))
CHROMIUM = shutil.which("chromium") or ""
VISIT = """
const puppeteer = require('puppeteer-core'), fs = require('fs');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [chromium, path] = process.argv.slice(1);
(async () => {
  const browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  const seen = [];
  for (const scheme of ['light', 'dark']) for (const width of [390, 1400]) {
    const page = await browser.newPage(), asked = [], said = [];
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    page.on('request', r => asked.push(r.url()));
    page.on('console', m => said.push(m.text()));
    page.on('dialog', d => { said.push('dialog'); d.dismiss(); });
    await page.goto('file://' + path);
    await new Promise(done => setTimeout(done, 500));
    const frame = page.frames()[1];
    const outlined = frame ? await frame.evaluate(() => getComputedStyle(document.querySelector('[data-bs=title]')).outlineStyle) : '';
    const label = frame ? await frame.evaluate(() => getComputedStyle(document.querySelector('[data-bs=title]'), '::before').content) : '';
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    const tall = await page.evaluate(() => document.querySelector('iframe').clientHeight);
    await page.close();
    const context = await browser.newPage();
    await context.setBypassCSP(true);
    await context.setViewport({ width, height: 900 });
    await context.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await context.goto('file://' + path);
    await context.evaluate(() => document.querySelectorAll('iframe').forEach(f => f.remove()));
    await context.evaluate(axe);
    const found = await context.evaluate('axe.run(document, { preload: false })');
    seen.push({ asked, said, outlined, label, wide, tall, violations: found.violations.map(v => v.id + ': ' + v.nodes[0].html) });
    await context.close();
  }
  console.log(JSON.stringify(seen));
  await browser.close();
})();
"""


@pytest.mark.needs("chromium, axe-core, puppeteer-core")
@pytest.mark.skipif(
    not CHROMIUM or not (MODULES / "axe-core").is_dir() or not (MODULES / "puppeteer-core").is_dir(),
    reason="chromium, axe-core or puppeteer-core is not installed",
)
def test_in_a_real_browser_it_asks_for_nothing_and_shows_the_outlines(tmp_path: Path) -> None:
    path = tmp_path / "preview.html"
    path.write_text(written(document="---\ntitle: x\n---", command="broadsheet record here"), "utf-8")
    done = subprocess.run(["node", "-e", VISIT, CHROMIUM, str(path)], cwd=MODULES.parent, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    for visit in json.loads(done.stdout):
        assert [url for url in visit["asked"] if not url.startswith(("data:", "about:"))] == [path.as_uri()]
        assert not any("evil" in text or "dialog" in text for text in visit["said"])
        assert visit["outlined"] == "solid"
        assert visit["label"] in ("attr(data-bs-said)", '"title"')
        assert not visit["wide"]
        assert visit["tall"] > 500
        assert visit["violations"] == []
