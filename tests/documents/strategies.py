"""Any entry, for hypothesis: wild strings wherever free text stands."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from crawler.article import Article, Image, Moment
from crawler.entry import Entry

TRICKY = [
    "",
    " ",
    "'",
    '"',
    "''",
    "\"'",
    "\\",
    "it's",
    'say "hi"',
    "both ' and \"",
    "back\\slash's",
    "yes",
    "No",
    "0123",
    "1e3",
    "null",
    "~",
    "2022",
    "2022-03-22",
    "12:30:45",
    "0x1F",
    ".inf",
    "-",
    "- x",
    "a: b",
    "#x",
    "a #b",
    "x:",
    "Q&A: x",
    "---",
    "...",
    "{{ x }}",
    "{% raw %}",
    "{# c #}",
    "{{< fig >}}",
    "```",
    "~~~",
    "`code`",
    "<b>bold</b>",
    "<b>",
    "a < b",
    '" onerror="alert(1)',
    "' onmouseover='x",
    "&#123;",
    "&#10;",
    "&amp;",
    "\x00",
    "\x03",
    "\ud800",
    "\udc00",
    "\ufeff",
    "\ufffe",
    "\u2028",
    "\u2029",
    "\x85",
    "\r\n",
    "\n\n",
    "\t",
    "\v",
    "\u3000",
    "\xa0",
    "\ufffc",
    "😀",
    "👩‍👩‍👧",
    "שלום",
    "هذا",
    "हिन्दी",
    "ไทย",
    "𝒳",
    "!!str x",
    "&a",
    "*a",
    "%x",
    "@x",
    "|",
    ">",
    "[a]",
    "{a: b}",
    "= ",
    "<<",
    "a, b",
    "观察者网",
    "content_hash: 'x'",
    "\u202eabc",
]
short = st.lists(st.sampled_from(TRICKY) | st.text(st.characters(codec=None), max_size=8) | st.text(max_size=8), max_size=4).map("".join)
# longer than YAML lets a key be, than a folder's name, than a line that some reader cuts
long = st.builds(str.__mul__, st.sampled_from(["x", "标", "😀", "'", '"', "\\", "&#10;", "a/b "]), st.sampled_from([100, 990, 1100, 3000]))
wild = st.one_of(*[short] * 9, long)
# what a cleaner gives, and also what it would not
bodies = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<pre>",
            "</pre>",
            "<pre><code>",
            "\n",
            "\n\n",
            "\n \n",
            "    indented",
            "<br>",
            '<img src="https://a.example/{b}.jpg" alt="x" width="5">',
            '<img src="https://a.example/c.png"\n\n title="a\n\n b">',
            "&#10;",
            "&#123;",
            "&amp;#123;",
            "<div>",
            "</div>",
            "<",
            ">",
            '"',
            "'",
            "<a",
            "&lt;!--\ufffc0--&gt;",
            "<prefix>",
            '<p title="',
            "```js\n",
            "~~~~\n",
        ]
    )
    | wild,
    max_size=12,
).map("".join)
zones = st.sampled_from(
    [UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-3, minutes=-30)), ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")]
) | st.integers(-86399, 86399).map(lambda seconds: timezone(timedelta(seconds=seconds)))
times = st.datetimes(timezones=zones)
moments = st.builds(Moment, times, st.sampled_from(["day", "minute", "second"]))
images = st.builds(Image, wild.map("https://a.example/".__add__), st.none() | st.integers(1, 5000), st.none() | st.integers(1, 5000), wild)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | wild,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(wild, inner, max_size=3),
    max_leaves=5,
)
texts = st.lists(wild, max_size=4).map(tuple)
articles = st.builds(
    Article,
    url=st.just("") | wild.map("https://a.example/".__add__),
    title=wild,
    authors=texts,
    published=st.none() | moments,
    date_from=st.sampled_from(["", "page", "url", "listing", "first_seen"]),
    updated=st.none() | moments,
    language=st.sampled_from(["", "zh-CN", "no", "nan", "en"]),
    description=wild,
    body=bodies,
    image=st.none() | images,
    images=st.lists(images, max_size=2).map(tuple),
    tags=texts,
    provenance=st.dictionaries(wild, json_values, max_size=3),
)
names = st.integers(0, 255).map("{:02x}.jpg".format)
addresses = st.sampled_from(["https://a.example/{b}.jpg", "https://a.example/c.png"]) | wild.map("https://a.example/".__add__)
entries = st.builds(
    Entry,
    article=articles,
    guid=st.uuids().map(lambda uuid: f"urn:uuid:{uuid}"),
    source=st.sampled_from(["guancha", "no", "n-tv", "404"]),
    sections=st.lists(st.sampled_from(["home", "yes", "24", "1e3"]) | wild, max_size=40).map(tuple),
    also_at=texts.map(lambda values: tuple("https://b.example/" + value for value in values)),
    first_seen=times,
    path=st.just("guancha/2022/03/2022-03-22-a-0a1b2c3d.md"),
    categories=texts,
    image_files=st.dictionaries(addresses, names, max_size=3),
)
