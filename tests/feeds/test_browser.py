"""The pages in a real Chromium without a network: nothing but our own files is asked for, and axe finds nothing.

Needs Chromium (Debian), and axe-core and puppeteer-core (npm: `npm ci` in tests/node, or $NODE_MODULES).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import Broadsheet
from feeds.entries import FULL, SITE, entry
from feeds.shelves import Documents

from crawler.feeds import FeedSettings, PagesAt, SectionInfo, SourceInfo, publish

MODULES = Path(os.environ.get("NODE_MODULES", Path(__file__).parents[1] / "node" / "node_modules"))
CHROMIUM = shutil.which("chromium") or ""
VISIT = """
const puppeteer = require('puppeteer-core'), fs = require('fs');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [chromium, ...pages] = process.argv.slice(1);
(async () => {
  const browser = await puppeteer.launch({ executablePath: chromium, args: [
    '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--blink-settings=lazyLoadEnabled=true'] });
  const seen = [];
  for (const scheme of ['light', 'dark']) for (const width of [390, 1100]) for (const path of pages) {
    const page = await browser.newPage(), asked = [], wrong = [];
    await page.setOfflineMode(true);
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    page.on('request', r => asked.push(r.url()));
    page.on('requestfailed', r => wrong.push(r.url()));
    page.on('console', m => wrong.push(m.text()));
    await page.goto('file://' + path);
    const first = { asked: [...asked], wrong: [...wrong] };
    const styled = await page.evaluate(() => getComputedStyle(document.querySelector('main')).maxWidth);
    const pictures = await page.evaluate(async () => {  // all of ours, those too that are only loaded once somebody comes near
      const ours = [...document.images].filter(i => i.src.startsWith('file:'));
      return await Promise.all(ours.map(i => { i.loading = 'eager'; return i.decode().then(() => i.naturalWidth, e => String(e)); }));
    });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    await page.evaluate(() => document.querySelectorAll('details').forEach(d => d.open = true));
    const context = await browser.newPage();  // axe is a script, which the pages' policy forbids: the same page again without it
    await context.setBypassCSP(true);
    await context.setViewport({ width, height: 900 });
    await context.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await context.goto('file://' + path);
    await context.evaluate(() => document.querySelectorAll('details').forEach(d => d.open = true));
    await context.evaluate(axe);
    const found = await context.evaluate('axe.run(document, { preload: false })');
    seen.push({ ...first, pictures, styled, wide, violations: found.violations.map(v => v.id + ': ' + v.nodes[0].html) });
    await page.close(); await context.close();
  }
  console.log(JSON.stringify(seen));
  await browser.close();
})();
"""

pytestmark = [
    pytest.mark.needs("chromium, axe-core, puppeteer-core"),
    pytest.mark.skipif(
        not CHROMIUM or not (MODULES / "axe-core").is_dir() or not (MODULES / "puppeteer-core").is_dir(),
        reason="chromium, axe-core or puppeteer-core is not installed",
    ),
]


def visits(*pages: Path) -> list[dict[str, Any]]:
    """What Chromium and axe saw: each page in light and dark, on a phone and a desk."""
    done = subprocess.run(["node", "-e", VISIT, CHROMIUM, *pages], cwd=MODULES.parent, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    seen: list[dict[str, Any]] = json.loads(done.stdout)
    assert len(seen) == 4 * len(pages)
    for visit in seen:
        assert visit["wrong"] == []
        assert visit["styled"].endswith("px")  # the stylesheet is in force under the page's own policy
        assert not visit["wide"]
        assert visit["violations"] == []
    return seen


def test_offline_nothing_is_missing_and_axe_finds_nothing(tmp_path: Path) -> None:
    hebrew = entry(3, source="hebrew", sections=(), title="כותרת", language="he", body="<p>טקסט</p>")
    tables = entry(2, body="<h2>Part</h2><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>" + "<p>word</p>" * 50)
    documents = Documents([FULL, tables, hebrew])
    sources = [
        SourceInfo("demo", "Demo", f"{SITE}/", language="en", sections=(SectionInfo("city", "City"),), zone="Asia/Shanghai"),
        SourceInfo("hebrew", "חדשות", "https://he.example/", language="he"),
    ]
    publish(
        None,
        sources=sources,
        membership=documents,
        read_document=documents.read_document,
        folder=tmp_path / "feeds",
        settings=FeedSettings(),
        pages=PagesAt(tmp_path, tmp_path),
    )
    for visit in visits(tmp_path / "index.html", tmp_path / "feeds/all.html"):
        assert [url.rsplit("/", 1)[1] for url in visit["asked"]][1:] == ["broadsheet.css"]


def test_the_crawled_demo_newspaper_is_read_from_the_disk_with_its_pictures(broadsheet: Broadsheet, tmp_path: Path) -> None:
    broadsheet("crawl", "demo", "-q")
    seen = visits(tmp_path / "output/index.html", tmp_path / "output/feeds/demo/world.html")
    for visit in seen:
        assert all(url.startswith(f"file://{tmp_path}/output/") for url in visit["asked"])
        assert len(visit["pictures"]) > 10
        assert set(visit["pictures"]) == {800}
