"""The body: single characters escaped and turned back, no blank line outside where it means one."""

from __future__ import annotations

import re

import nh3
import pytest
from documents.strategies import bodies
from hypothesis import given, settings

from crawler.article import Image
from crawler.documents.body import FORBIDDEN, normal_body, pictures, read_body, write_body


def inner(body: str) -> str:
    return write_body(normal_body(body)).removeprefix("<div>   \n").removesuffix("  \n</div>")


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("<p>{{ x }}</p>", "<p>&#123;&#123; x &#125;&#125;</p>"),
        ("<p>{% raw %}</p>", "<p>&#123;% raw %&#125;</p>"),
        ("<p>a</p>\n\n\n<p>b</p>", "<p>a</p>\n<p>b</p>"),
        ("<p>a</p>\n  \t\n    <p>b</p>", "<p>a</p>\n<p>b</p>"),
        ("<pre>a\n\nb\n\n\nc</pre>", "<pre>a\n&#10;b\n&#10;&#10;c</pre>"),
        ("<pre>a\n  \n    b</pre>", "<pre>a\n  &#10;    b</pre>"),
        ('<p title="a\n\nb">x</p>', '<p title="a\n&#10;b">x</p>'),
        ("<p>a\n```js\nb</p>", "<p>a\n&#96;&#96;&#96;js\nb</p>"),
        ("<p>a\n~~~\nb</p>", "<p>a\n&#126;&#126;&#126;\nb</p>"),
        ("<p><code>`x`</code> ``</p>", "<p><code>`x`</code> ``</p>"),
        ("<p>a&amp;#123;b</p>", "<p>a&amp;#123;b</p>"),
        ("\n <p>a</p> \n", "<p>a</p>"),
        ("<p>\u3000\u3000段落</p>", "<p>\u3000\u3000段落</p>"),
        ('<a href="java\x03script:x">a</a>', '<a href="java\ufffdscript:x">a</a>'),
        ("<p>&lt;!--\ufffc0--&gt;</p>", "<p>&lt;!--&#65532;0--&gt;</p>"),
    ],
)
def test_what_a_consumer_would_read_otherwise_is_escaped(body: str, written: str) -> None:
    assert inner(body) == written


def test_body_stands_in_its_div_as_in_the_sample() -> None:
    assert write_body("<p>a</p>") == "<div>   \n<p>a</p>  \n</div>"
    assert write_body("") == "<div>   \n</div>"
    assert read_body(write_body("")) == ""


@settings(max_examples=500)
@given(bodies)
def test_a_reader_of_html_sees_no_difference(body: str) -> None:
    clean = nh3.clean(FORBIDDEN.sub("", body.replace("\f", " ")))
    shown = inner(clean)
    # the one change: white space around line breaks, outside of pre and of attributes
    assert nh3.clean(shown).split() == nh3.clean(clean).split()
    assert re.findall("<pre>.*?</pre>", nh3.clean(shown), re.DOTALL) == re.findall("<pre>.*?</pre>", nh3.clean(clean), re.DOTALL)
    assert read_body(write_body(normal_body(clean))) == normal_body(clean)


def test_what_a_person_edited_needs_no_div() -> None:
    assert read_body("Just *text*") == "Just *text*"
    assert read_body("<div>\n\n<p>a</p></div>\n") == "<p>a</p>"


def test_pictures_come_in_their_order_with_size_and_text() -> None:
    body = (
        '<p><img src="https://a.example/1.png?a=1&amp;b=2" width="530" height="99%" alt="&quot;q&quot;\nx">'
        '<imgx src="no"><img alt="none"><img src="https://a.example/2.png"></p>'
    )
    assert pictures(body) == (Image("https://a.example/1.png?a=1&b=2", 530, None, '"q" x'), Image("https://a.example/2.png"))
