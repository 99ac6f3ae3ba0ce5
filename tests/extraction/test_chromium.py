"""The cleaner before a real Chromium that tells every script it reads: nothing starts, and harmless articles keep everything.

Needs Chromium (Debian) and puppeteer-core (npm: `npm ci` in tests/node, or $NODE_MODULES).
"""

# ruff: noqa: E501 - attacks and articles stand on one line each

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from html import unescape
from pathlib import Path

import pytest
from extraction.hostile_html import SCRIPTS, VECTORS, hostile
from hypothesis import HealthCheck, Phase, given, settings
from selectolax.lexbor import LexborHTMLParser
from shared import SHARED

from crawler.extraction.clean import clean_html

MODULES = Path(os.environ.get("NODE_MODULES", Path(__file__).parents[1] / "node" / "node_modules"))
CHROMIUM = shutil.which("chromium") or ""
BASE = "https://www.example.com/news/1.html"
GENERATED = 400

pytestmark = [
    pytest.mark.needs("chromium, puppeteer-core"),
    pytest.mark.skipif(
        not CHROMIUM or not (MODULES / "puppeteer-core").is_dir(), reason="chromium, axe-core or puppeteer-core is not installed"
    ),
]
# ways to start a script, as they come: the hook has to see each of them
ALIVE = {
    "element": "<script>window.x = 1</script>",
    "module": "<script type=module>window.x = 1</script>",
    "failed picture": "<img src=x onerror='window.x = 1'>",
    "svg": "<svg onload='window.x = 1'></svg>",
    "script in svg": "<svg><script>window.x = 1</script></svg>",
    "link": "<a href='javascript:window.x = 1'>x</a>",
    "link with a tab": "<a href='java&#9;script:window.x = 1'>x</a>",
    "svg link": "<svg><a href='javascript:window.x = 1'><text>x</text></a></svg>",
    "frame": "<iframe src='javascript:window.x = 1'></iframe>",
    "frame's own page": "<iframe srcdoc='<script>window.x = 1</script>'></iframe>",
    "object": "<object data='javascript:window.x = 1'></object>",
    "focus": "<input autofocus onfocus='window.x = 1'>",
    "toggle": "<details open ontoggle='window.x = 1'>x</details>",
    "animation": "<style>@keyframes k{}</style><p style='animation: k 1ms' onanimationstart='window.x = 1'>x</p>",
    "body": "<body onload='window.x = 1'>",
    "form": "<form action='javascript:window.x = 1'><button>x</button></form>",
    "button": "<form><button formaction='javascript:window.x = 1'>x</button></form>",
    "data": "<iframe src='data:text/html,<script>window.x = 1</script>'></iframe>",
    "shadow": "<div><template shadowrootmode=open><img src=x onerror='window.x = 1'></template></div>",
    "video": "<video><source src=x onerror='window.x = 1'></video>",
    "refresh": "<meta http-equiv=refresh content='0;url=data:text/html,x'>",
}
HARMLESS = {
    "paragraphs": "<p>First <b>bold</b>, <i>italic</i> and <a href='https://a.example/x?y=1&amp;z=2#w'>a link</a>.</p><p>Second.</p>",
    "headings": "<h2>Part one</h2><p>Text of it.</p><h3>A smaller one</h3><p>Text of that.</p>",
    "lists": "<ul><li>one</li><li>two<ol start='3'><li>three</li><li>four</li></ol></li></ul><dl><dt>term</dt><dd>meaning</dd></dl>",
    "table": "<table><caption>Votes</caption><thead><tr><th>Party</th><th>Seats</th></tr></thead><tbody><tr><td>A</td><td>1</td></tr><tr><td colspan='2'>none</td></tr></tbody></table>",
    "figure": "<figure><img src='https://a.example/p.jpg' alt='a harbour' width='800' height='600'><figcaption>The harbour, <cite>A. Photographer</cite></figcaption></figure>",
    "quotation": "<blockquote><p>“We waited,” she said.</p><p>And then: <q>nothing</q>.</p></blockquote><p>H<sub>2</sub>O, x<sup>2</sup>, <s>gone</s> <ins>new</ins> <mark>seen</mark></p>",
    "code": "<p>Type <code>ls &lt;dir&gt; &amp;&amp; echo \"ok\"</code> or <kbd>Ctrl</kbd>:</p><pre>if a &lt; b:<br>    print(1)</pre>",
    "chinese": "<p>软通动力副总裁刘雅表示，<ruby>汉<rt>hàn</rt>字<rt>zì</rt></ruby>“数字化”转型。</p><p>第二段，<b>强调</b>。</p>",
    "arabic": "<p dir='rtl'>قال المتحدث إن <b>الميناء</b> سيفتح <a href='https://a.example/%D8%B9'>غداً</a>.</p>",
    "film and formula": "<p><video src='https://a.example/v.mp4' poster='https://a.example/v.jpg' controls></video></p><p><math><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></math>, <time datetime='2026-03-01'>1 March</time>, <abbr title='World Health Organization'>WHO</abbr></p>",
}  # fmt: skip


def scripts_started(pieces: list[str]) -> list[list[str]]:
    """For each piece of HTML what started a script in Chromium."""
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("chromium_runs.js")), CHROMIUM],
        input=json.dumps(pieces),
        env={**os.environ, "NODE_PATH": str(MODULES)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[list[str]] = json.loads(done.stdout)
    assert len(found) == len(pieces)
    return found


def hostile_pieces() -> list[str]:
    """The saved ones, the known ones, and some hundreds put together by hypothesis, the same each time."""
    pieces = [
        *VECTORS,
        *(f'<a href="{address}">x</a><img src="{address}"><video poster="{address}" src="{address}">' for address in SCRIPTS),
    ]
    for file in sorted((SHARED / "hostile").glob("*.json")) if SHARED else ():
        pieces += json.loads(file.read_text("utf-8"))["inputs"]

    @settings(max_examples=GENERATED, database=None, derandomize=True, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(hostile)
    def generate(html: str) -> None:
        pieces.append(html)

    generate()
    return pieces


def test_the_hook_sees_every_way_in_which_a_script_starts() -> None:
    found = dict(zip(ALIVE, scripts_started(list(ALIVE.values())), strict=True))
    assert [name for name, told in found.items() if not told] == []
    seen_by_v8 = {name for name, told in found.items() if any(one.startswith("script") for one in told)}
    assert seen_by_v8 >= {"element", "module", "failed picture", "svg", "script in svg", "link", "focus", "toggle"}


def test_of_all_that_is_hostile_nothing_runs() -> None:
    pieces = hostile_pieces()
    assert len(pieces) > GENERATED
    cleaned = [clean_html(piece, BASE) for piece in pieces]
    assert sum(bool(piece) for piece in cleaned) > len(cleaned) / 3  # a cleaner that leaves nothing is none
    found = scripts_started(cleaned)
    assert [(piece, clean, told) for piece, clean, told in zip(pieces, cleaned, found, strict=True) if told] == []


def test_ten_harmless_articles_keep_everything() -> None:
    cleaned = {name: clean_html(html, BASE) for name, html in HARMLESS.items()}
    assert len(cleaned) == 10
    assert not any(scripts_started(list(cleaned.values())))
    for name, html in HARMLESS.items():
        before, after = kept(html), kept(cleaned[name])
        assert after == before, name


def kept(html: str) -> tuple[str, Counter[str]]:
    """An article's text without white space, and its elements with their attributes; paragraphs that items get around their text don't count."""
    root = LexborHTMLParser(html).body
    assert root is not None
    elements = [node for node in root.traverse() if node.tag not in ("p", "body", "tbody")]
    told = Counter(
        f"{node.tag} {sorted((key, value or '') for key, value in node.attributes.items() if key != 'referrerpolicy')}" for node in elements
    )
    return re.sub(r"\s", "", unescape(root.text())), told
