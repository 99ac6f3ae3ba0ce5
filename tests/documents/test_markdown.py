"""Bodies for Obsidian: Markdown that means the same, and nothing that a vault reads besides."""

from __future__ import annotations

import pytest
from documents.strategies import bodies
from hypothesis import given, settings

from crawler.documents.markdown import to_html, to_markdown
from crawler.extraction.clean import clean_html, text_of


@pytest.mark.parametrize(
    ("body", "markdown"),
    [
        ("<p>One <b>two</b> <em>three</em>.</p><p>Four</p>", "One **two** *three*.\n\nFour"),
        ("<h2>Head</h2><ul><li>a</li><li>b</li></ul>", "## Head\n\n- a\n- b"),
        ('<p><a href="https://a.example/(x) y">a</a></p>', "[a](https://a.example/%28x%29%20y)"),
        ('<p><img src="https://a.example/b.png" alt="c [d]" width="5"></p>', "![c \\[d\\]](https://a.example/b.png)"),
        ("<p>a #tag, [[link]], $x$, %%hidden%%, ==mark==</p>", "a \\#tag, \\[\\[link\\]\\], \\$x\\$, \\%\\%hidden\\%\\%, \\=\\=mark\\=\\="),
        ("<p>\u3000\u3000段落</p>", "\u3000\u3000段落"),
    ],
)
def test_body_becomes_markdown(body: str, markdown: str) -> None:
    assert to_markdown(body) == markdown


@pytest.mark.parametrize(
    ("code", "markdown"),
    [
        ("a\n\n  {{ b }}", "```\na\n\n  {{ b }}\n```"),
        ("a<br><br><br><br>  b", "```\na\n\n\n\n  b\n```"),
        ("a\n```js\nb\n```", "````\na\n```js\nb\n```\n````"),
    ],
)
def test_code_keeps_its_lines_and_ends_where_it_ended(code: str, markdown: str) -> None:
    body = f"<pre><code>{code}</code></pre><p>after</p>"
    assert to_markdown(body) == markdown + "\n\nafter"
    assert to_html(to_markdown(body)).endswith("</pre>\n<p>after</p>")
    assert words(to_html(to_markdown(body))) == words(body)


def test_table_and_quote_come_back() -> None:
    body = (
        "<blockquote><p>q</p></blockquote>"
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    )
    back = to_html(to_markdown(body))
    assert "<blockquote>" in back
    assert text_of(back) == text_of(clean_html(body))


def test_raw_html_in_an_edited_note_is_text() -> None:
    assert "<script" not in to_html("a <script>alert(1)</script> [x](javascript:alert(1))")


@settings(max_examples=300, deadline=None)
@given(bodies)
def test_text_of_paragraphs_is_kept(body: str) -> None:
    clean = "".join(f"<p>{line}</p>" for line in text_of(clean_html(body)).replace("&", "&amp;").replace("<", "&lt;").split("\n"))
    assert words(to_html(to_markdown(clean))) == words(clean_html(clean))


def words(body: str) -> list[str]:
    return text_of(body).split()


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p># x #tag</p>", "\\# x \\#tag"),
        ("<h3>#h</h3>", "### \\#h"),
        ("<p>他说<b>“数字化”</b>很重要</p>", "他说“数字化”很重要"),
        ("<p>他说：<b>“数字化”</b>。</p>", "他说：**“数字化”**。"),
        ("<p><strong>重点</strong>是<em>（这样）</em></p>", "**重点**是（这样）"),
        ("<p><b>a</b><i>b</i></p>", "**a***b*"),
        ("<p><b>a</b><i>!b</i></p>", "**a**!b"),
        ("<dl><dt>Term</dt><dd>Meaning</dd></dl>", "Term\n\nMeaning"),
    ],
)
def test_no_sign_of_markdown_is_shown_as_text(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown
    assert "".join(text_of(to_html(markdown)).split()) == "".join(text_of(html).split())
