"""Hard articles: what a headline or a body can hold that some site builder trips over. All written for these tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count

from crawler.article import Article, Image, Moment
from crawler.documents import document_path
from crawler.entry import Entry
from crawler.extraction.clean import clean_html
from crawler.identity import guid_of

BEIJING = timezone(timedelta(hours=8))
PICTURE = "https://pictures.example/{}.png"
EVIL = '" data-evil="1" onerror="alert(1)"><evil-tag></script><script>window.evil = 1</script>'
TITLES = [
    "",
    "Bridge opens: both banks ten minutes apart",
    "It's open",
    'She said "open"',
    'She said "it\'s open"',
    'evil " data-evil="1',
    "evil ' data-evil='1",
    'evil " onerror="alert(1)',
    "<b>Bold</b> claim",
    "<evil-tag>loud</evil-tag>",
    "<script>window.evil = 1</script>",
    "5 < 6 > 4",
    "back\\slash \\n \\",
    "Q&A: what now?",
    "AT&T and R&D",
    "&#039;twice&#039; &lt;escaped&gt; &quot;x&quot; &copy",
    "{{ page.title }}",
    "{% raw %} or {% endraw %}",
    "{# comment #} {{< figure >}} {{% shortcode %}}",
    "---",
    "--- not a header ---",
    "...",
    "```js",
    "`code` and *stars* and _lines_",
    "# not a heading",
    "- not a list",
    "a: b: c",
    "a #b",
    "!!python/object x",
    "&anchor *alias",
    "%percent @at",
    "| pipe > fold",
    "[link](https://evil.example/)",
    "yes",
    "No",
    "null",
    "~",
    "0123",
    "1e3",
    "0x1F",
    "12:30:45",
    "2022",
    "2022-03-22",
    "2022-03-22T10:00:00Z",
    "nul\x00 and bell\x07 and \x85 next",
    "line one\nline two\u2028line three",
    "half \ud83d pair",
    "\ufeffmark in front",
    "emoji 😀 family 👩\u200d👩\u200d👧 flag 🇨🇳",
    "عنوان بالعربية: خبر «عاجل»",
    "כותרת בעברית",
    "हिन्दी में समाचार: क्षत्रिय",
    "ข่าวภาษาไทยวันนี้ น้ำท่วมใหญ่",
    "软通动力副总裁：“数字化”转型‘破局’",
    "标题" * 150,
    "Same title on one day",
    "Same title on one day",
    "same Title on one Day",
    "index",
    "_draft",
    ".hidden",
    "con",
    " " + "spaces  inside " + " ",
    "\u3000全角空格",
    "-" * 40,
    "𝒳 astral 𠮷野家",
]
BODIES = [
    "<p>One paragraph.</p>",
    "<p>One.</p>\n\n\n<p>Two.</p>\n\n    <p>Indented by four.</p>\n\n\tTabbed text",
    "<pre>first\n\n\nfourth\n    indented\n\n</pre><p>after</p>",
    "<pre><code>if (a &lt; b &amp;&amp; c) {\n\n    return `{{ x }}`;\n}\n</code></pre><p>after code</p>",
    "<p>{{ page.title }} {% include x %} {# no #} {{< figure src='x' >}} {{% x %}} { } }} %}</p>",
    "<p>\n```js\nlet a = 1;\n```\n~~~\ntilde\n~~~\n    four\n</p>",
    "<p>Unclosed <b>bold <i>italic <p>next </b> stray </i></div></span> end",
    '<div markdown="1"><p>*not* emphasised</p></div><p>*stars* _lines_ [x](y) # no</p>',
    "<p>a</p><!-- more --><p>b</p><script>alert(1)</script><style>p{}</style><p>c</p>",
    f'<p><img src="{PICTURE.format("body")}" alt=\'an "alt" {{{{ x }}}}\' title="line\n\n    two" width="530"></p><p>picture above</p>',
    "<p>\u3000\u3000全角缩进的段落。</p><p>第二段</p>",
    "<table><tr><td>a</td><td>b</td></tr></table><blockquote><p>said</p></blockquote><ul><li>x</li><li>y</li></ul>",
    "<p>--- <br>---</p>\n---\n<p>title: x</p>\n---\n",
    "<p>&lt;!--swig\ufffc0--&gt; &lt;!--code\ufffc1--&gt; \ufffc</p>",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &amp;#123; &copy; &nbsp;x</p>",
    "<p>`one tick and ``two`` ticks</p><p>~tilde~ ~~two~~ ==mark== ^sup^ $$math$$ \\(x\\) \\[y\\]</p>",
    "<p>:smile: @someone #tag https://bare.example/ www.bare.example a@b.example</p>",
    "<p>" + "很长的段落。" * 400 + "</p>",
    "<h2>Heading</h2><p>text</p><h2>Heading</h2><p>again {#id} {:.class} [toc] {:toc}</p>",
    "<p>{::nomarkdown} {:/} {% raw %} {{ '{{' }} </p><p>&lt;% erb %&gt; ${x} #{x} &lt;?php x ?&gt;</p>",
    "",
]
# HTML that is clean, but that our cleaner would not lay out so: what a document may hold all the same
LAID_OUT = [
    "<pre>first\n\n\nfourth\n    indented\n  \n    after a blank line\n\tand a tab\n\n\n</pre>\n<p>after</p>",
    "<pre><code>if (a &lt; b &amp;&amp; c) {\n\n    return `{{ x }}`;\n}\n\n```js\nlet a = 1;\n```\n</code></pre>\n<p>after code</p>",
    "<p>\n```js\nlet a = 1;\n```\n</p>\n<p>\n~~~\ntilde\n~~~\n</p>",
    '<p title="line\n\n    two">attribute</p>\n\n\n    <p>indented by four</p>\n\n\n'
    "# not a heading\n\n- not a list\n\n    not code\n\n<p>---</p>\n---\n",
    "<p>one\n\n\ntwo</p><blockquote>\n\n<p>\n\n    quoted\n\n</p></blockquote><ul>\n\n<li>a\n\n</li></ul>",
    '<p>\n<img src="https://pictures.example/1.png" title="a\n\n```\nb" referrerpolicy="no-referrer">\n</p>\n<p>\nafter\n</p>',
    "<pre>\n\n# heading?\n\n* list?\n\n[a]: https://a.example/\n\n</pre>text after\n\n<p>end</p>",
    "<p>\u3000\n\u3000\n\u3000全角</p>\n\u3000\n<p>\xa0</p>\n\xa0\n<p>a\u2028b\x85c</p>",
    "<p>~~~~~</p>\n~~~\n&gt; ```\n```\n<p>a</p>",
]
# what else can be wrong with an entry: (changes of the article, changes of the entry)
NAMES = [
    {"authors": ("Ann O'Hara", 'B "B" Lee')},
    {"authors": ('x" data-evil="1',)},
    {"authors": ("yes",)},
    {"authors": ("0123",)},
    {"authors": ("王晓", "Li Na")},
    {"authors": ("观察者网",)},
    {"tags": ("it's", '" data-evil="1', "<evil-tag>", "yes", "2022", "C++", "all", "constructor", "__proto__", "{{ x }}", "a/b", "标签")},
    {"tags": ("constructor", "..", "../x", "a/../b", ".<.", "index.html", "index.xml", "!", "/", "x" * 300, "标签" * 100)},
    {"tags": ('"same"', "“same”", "Same", "same"), "authors": ("</title><script>window.evil = 1</script>",)},
    {"image_files": {"https://pictures.example/" + "a" * 3000: "aa/bb.png", PICTURE.format("it's:x"): "aa/cc.png"}},
    {"categories": ("constructor", "__proto__", "分类" * 100)},
    {"categories": ("..", "index.html", "a/..")},
    {"description": "[x](javascript:alert(1)) <img src=x onerror=alert(1)> *a* _b_ `c` ~~d~~ &lt;evil-tag&gt; <evil-tag> \\ x"},
    {"description": "1. first"},
    {"description": "# heading"},
    {"tags": ("all",), "description": '" data-evil="1 <evil-tag> {{ x }}'},
    {"image": Image(PICTURE.format("a b\"c'd{e}%20"))},
    {"image": None},
    {"published": None, "date_from": ""},
    {"published": Moment(datetime(2022, 3, 22, tzinfo=BEIJING), "day")},
    {"published": Moment(datetime(2022, 3, 22, 0, 30, tzinfo=BEIJING), "minute")},
    {"published": Moment(datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC))},
    {"published": Moment(datetime(2099, 1, 1, 8, tzinfo=UTC))},
    {"updated": Moment(datetime(2022, 3, 25, 1, 2, 3, tzinfo=UTC))},
    {"categories": ('The "Echo"', "Editor's <Pick>", '" data-evil="1')},
    {"categories": ("yes", "2022", "null")},
    {"categories": ("{{ x }}", "a/b", "C#")},
    {"language": "no"},
    {"sections": ("24", "yes"), "also_at": ("https://m.news.example/a?b='c'&d={e}",)},
    {"url": 'https://news.example/it\'s/{a}?x="1"'},
]


def hard_entries() -> list[Entry]:
    """Every title, every body, every odd name once; each with its own guid."""
    number = count()
    made = [entry(next(number), title=title) for title in TITLES]
    made += [entry(next(number), title=f"Body {n}", body=clean_html(body, "https://news.example/a/")) for n, body in enumerate(BODIES)]
    made += [entry(next(number), title=f"Laid out {n}", body=body) for n, body in enumerate(LAID_OUT)]
    made += [entry(next(number), **{"title": f"Name {n}", **changes}) for n, changes in enumerate(NAMES)]
    return made


def entry(number: int, **changes: object) -> Entry:
    of_entry = {key: changes.pop(key) for key in list(changes) if key in ("sections", "also_at", "categories", "image_files")}
    url = f"https://news.example/{number}.html"
    article = Article(
        url=url,
        title="A bridge",
        authors=("Wang Xiao",),
        published=Moment(datetime(2022, 3, 22, 16, number % 60, 35, tzinfo=BEIJING)),
        date_from="page",
        language="en",
        body=f'<p>Text of number {number}.</p><p><img src="{PICTURE.format(number)}" referrerpolicy="no-referrer"></p>',
        image=Image(PICTURE.format(number)),
    )
    article = replace(article, **changes)  # type: ignore[arg-type]
    guid = guid_of("hard", f"news.example/{number}")
    day = (article.published.at.astimezone(BEIJING) if article.published else datetime(2022, 3, 24, tzinfo=UTC)).date()
    made = Entry(
        article=article,
        guid=guid,
        source="hard",
        sections=("home",),
        also_at=(),
        first_seen=datetime(2022, 3, 24, 6, 0, tzinfo=UTC),
        path=document_path("hard", article.title, guid, day),
        categories=("Group", "Hard News", "Home"),
    )
    return replace(made, **of_entry)  # type: ignore[arg-type]
