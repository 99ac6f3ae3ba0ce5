"""Five hundred hostile articles, always the same ones: whatever pages may put into a title, a text, an address or a name."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from feeds.entries import SITE, START, entry

from crawler.article import Image, Moment
from crawler.entry import Entry

PIECES = (
    "<b>bold</b>",
    "<script>alert(1)</script>",
    "&amp; &lt; &#0; &nosuch;",
    "]]>",
    "<![CDATA[ x ]]>",
    "<!-- comment",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>",
    "\x00\x01\x0b\x1f\x7f\x85",
    "\ud800 lone \udfff",
    "\ufffe\uffff\ufdd0",
    "\u202e right to left \u2066",
    "\u2028\u2029",
    "观察者网：标题",
    "👩‍👩‍👧‍👦",
    "a" * 3000,
    "word " * 400,
    "\r\n\t\v\f",
    "\"quotes\" and 'apostrophes'",
    '<a href="javascript:alert(1)" onclick="x">link</a>',
    '<a href="java\x03script:alert(1)">link</a>',
    '<img src="/p.jpg" srcset="a.jpg 1x, b.jpg 2x" onerror="x" class="y" style="z">',
    '<iframe src="https://video.example/1"></iframe>',
    "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
    "<math><mi>x</mi></math><svg><script>1</script></svg>",
    "<p><div><p></span></b></p>",
    "<base href='http://evil.example/'>",
    "%s {0} {{ x }} {% y %}",
    "",
)
ADDRESSES = ("", "桥 1.html", "a b.html?q=1&r=<2>", "%zz/%E6%A1", "x.html#fragment", "?a='\"", "\u202e.html")
DATES = (None, START, datetime(1, 1, 2, tzinfo=UTC), datetime(1969, 7, 20, 20, 17, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))


def hostile_entries(count: int = 500) -> list[Entry]:
    chance = random.Random(4287)

    def text(most: int = 4) -> str:
        return "".join(chance.choice(PIECES) for _ in range(chance.randrange(most)))

    made = []
    for number in range(count):
        at = chance.choice(DATES)
        made.append(
            entry(
                number,
                source="hostile",
                seen=START + timedelta(days=400, hours=number),
                url=f"{SITE}/{number}/{chance.choice(ADDRESSES)}",
                title=text(),
                body=text(8),
                description=text(),
                authors=tuple(text(2) for _ in range(chance.randrange(3))),
                tags=tuple(text(2) for _ in range(chance.randrange(4))),
                language=chance.choice(("", "en", "zh-CN", "en_US", "x y", text(2))),
                published=Moment(at) if at else None,
                updated=Moment(START + timedelta(days=number)) if number % 3 == 0 else None,
                image=Image(chance.choice(("data:,x", f"{SITE}/p.jpg", f"{SITE}/桥.png", "javascript:x")), alt=text())
                if number % 2
                else None,
            )
        )
    return made
