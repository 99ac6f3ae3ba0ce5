from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from feeds.entries import FULL, ORIGIN, SHOWN, SITE, START, entry
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.article import Image, Moment
from crawler.entry import Entry
from crawler.feeds.feed import Item, Picture
from crawler.feeds.item import (
    FORBIDDEN,
    SPACES,
    SUMMARY,
    FeedEntry,
    KeptPicture,
    body_text,
    full_text,
    one_line,
    prepare,
    shorten,
    without_text,
)

PICTURE = f"{SITE}/pictures/bridge.jpg"


def item(of: Entry) -> Item:
    return prepare(FeedEntry(of))


def test_everything_of_a_full_entry() -> None:
    assert prepare(SHOWN) == Item(
        guid=FULL.guid,
        url=f"{SITE}/city/%E6%A1%A5%201.html?a=1&b=2",
        title="Bridge & tunnel: <b>both</b> open ]]> “at last”",
        published=datetime(2024, 5, 1, 8, 37, 35, tzinfo=UTC),
        updated=datetime(2024, 5, 2, 1, 0, tzinfo=UTC),
        summary="A < B, and C & D.",
        content=prepare(SHOWN).content,
        authors=("Ann Lee", "鲍勃"),
        categories=("City", "Front page", "bridges"),
        language="zh-CN",
        image=Picture(PICTURE, "image/jpeg", None, 1200, 800),
        origin=ORIGIN,
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\x00b\x0bc", "abc"),
        ("a\ud800b", "ab"),
        ("a\uffffb\ufffe", "ab"),
        ("two\r\nlines\t and more ", "two lines and more"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),  # plain text: what looks like markup is text
        ("𝄞 你好 👩‍👩‍👧", "𝄞 你好 👩‍👩‍👧"),
    ],
)
def test_a_title_is_one_line_that_xml_can_hold(written: str, shown: str) -> None:
    assert item(entry(1, title=written)).title == shown


def test_without_a_title_the_first_words_serve_and_without_words_the_address() -> None:
    assert item(entry(1, title=" \x01", body="<p>First words.</p><p>More.</p>")).title == "First words. More."
    assert len(item(entry(1, title="", body=f"<p>{'word ' * 100}</p>")).title) <= 80
    assert item(entry(1, title="", body="")).title == f"{SITE}/city/1.html"


@pytest.mark.parametrize(("field", "value"), [("url", "ftp://x.example/"), ("url", ""), ("url", "javascript:alert(1)")])
def test_an_entry_without_address_is_refused_by_name(field: str, value: str) -> None:
    with pytest.raises(ValueError, match="no http"):
        item(entry(1, **{field: value}))


def test_an_entry_without_guid_is_refused() -> None:
    with pytest.raises(ValueError, match="guid"):
        item(replace(entry(1), guid=" "))


def test_nothing_is_dated_after_it_was_seen() -> None:
    seen = START + timedelta(days=1)
    shown = item(entry(1, seen=seen, published=Moment(datetime(2099, 1, 1, tzinfo=UTC))))
    assert shown.published == shown.updated == seen


def test_without_a_date_the_first_seen_time_stands() -> None:
    shown = item(entry(1, seen=START, published=None))
    assert shown.published == shown.updated == START


def test_times_before_1970_and_of_a_day_are_kept_as_they_are() -> None:
    day = Moment(datetime.fromisoformat("1955-03-01T00:00+08:00"), "day")
    assert item(entry(1, published=day)).published == datetime(1955, 2, 28, 16, 0, tzinfo=UTC)


def test_updated_is_never_before_published() -> None:
    shown = item(entry(5, updated=Moment(START - timedelta(days=3))))
    assert shown.updated == shown.published


def test_a_summary_is_the_pages_own_or_the_first_words_without_captions() -> None:
    body = (
        "<figure><img src='x.jpg'><figcaption><p>Caption</p></figcaption></figure>"
        "<table><tr><td><p>cell</p></td></tr></table><p>观察<b>者</b>网.</p>"
    )
    assert item(entry(1, description=" Its own\n words ")).summary == "Its own words"
    assert item(entry(1, body=body)).summary == "观察者网."
    assert item(entry(1, body="<ul><li>one</li><li>two</li></ul>")).summary == "one two"
    assert item(entry(1, body="")).summary == ""


@settings(deadline=None)
@given(st.text(), st.integers(20, 100))
def test_shortening_keeps_to_the_length_and_the_beginning(text: str, letters: int) -> None:
    short = shorten(text, letters)
    assert len(short) <= letters
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]) and 2 * len(text) > letters)
    assert short == text or len(text) > letters or not text.isascii()


def test_chinese_is_cut_at_any_letter_english_at_a_word() -> None:
    assert shorten("字" * 100, 20) == "字" * 9 + "…"
    assert shorten("seven letters and seven more", 20) == "seven letters and…"


@pytest.mark.parametrize(
    ("language", "source", "shown"), [("zh-CN", "en", "zh-CN"), ("", "en", "en"), ("", "", ""), ("en_US; drop", "", ""), ("x" * 9, "", "")]
)
def test_a_language_is_a_tag_or_left_out(language: str, source: str, shown: str) -> None:
    assert prepare(FeedEntry(entry(1, language=language), language=source)).language == shown


# the full text


def test_addresses_in_the_text_are_absolute() -> None:
    html = full_text(
        '<p><a href="../more?a=1&amp;b=2">m</a></p><img src="/p/a.jpg" srcset="/p/b.jpg 2x"><blockquote cite="/c">q</blockquote>',
        f"{SITE}/city/1.html",
    )
    assert f'href="{SITE}/more?a=1&amp;b=2"' in html
    assert f'src="{SITE}/p/a.jpg"' in html
    assert '"/' not in html
    assert '"../' not in html


def test_class_style_scripts_frames_and_forms_do_not_reach_a_reader() -> None:
    html = full_text(
        '<div class="a"><p class="b" style="color:red" onclick="x()">t<img class="c" src="/a.jpg"></p>'
        '<script>alert(1)</script><style>p{}</style><iframe src="https://v.example/"></iframe><form><input></form><svg><a/></svg></div>',
        f"{SITE}/",
    )
    for word in ("class", "style", "onclick", "script", "alert", "iframe", "form", "input", "svg"):
        assert word not in html
    assert "t<img" in html


def test_what_xml_forbids_is_dropped_before_cleaning_not_after() -> None:
    shown = item(entry(1, body='<p>a\x00b\uffff<a href="java\x03script:alert(1)">c</a></p>'))
    assert "javascript" not in shown.content
    assert not FORBIDDEN.search(shown.content)
    assert "ab" in shown.content


def test_the_lead_image_is_put_into_the_text_once() -> None:
    lead = Image(PICTURE, 1200, 800, 'The "new" bridge')
    with_it = full_text("<p>Text</p>", f"{SITE}/city/1.html", lead)
    assert with_it.count(f'src="{PICTURE}"') == 1
    assert with_it.index("<img") < with_it.index("Text")
    assert 'alt="The &quot;new&quot; bridge"' in with_it
    assert full_text(with_it, f"{SITE}/city/1.html", lead) == with_it


@pytest.mark.parametrize(
    "shown", [PICTURE, "/pictures/bridge.jpg", f"{SITE}/pictures/bridge-300x200.jpg", f"{SITE}/pictures/bridge.jpg?w=640"]
)
def test_the_lead_image_is_not_repeated_in_another_size(shown: str) -> None:
    html = full_text(f'<p>Text</p><p><img src="{shown}"></p>', f"{SITE}/city/1.html", Image(PICTURE))
    assert html.count("<img") == 1


def test_the_poster_of_a_video_counts_as_shown() -> None:
    html = full_text(f'<video poster="{PICTURE}" src="/v.mp4" controls></video>', f"{SITE}/", Image(PICTURE))
    assert "<img" not in html


def test_a_lead_image_without_usable_address_is_left_out() -> None:
    assert item(entry(1, image=Image("data:image/png;base64,AAAA"))).image is None
    assert "<img" not in full_text("<p>t</p>", f"{SITE}/", Image("data:image/png;base64,AAAA"))


def test_kept_pictures_come_from_us_with_type_and_length() -> None:
    copy = KeptPicture("https://news.example/assets/ab/abcd.jpg", "image/jpeg", 4711)
    shown = prepare(FeedEntry(entry(1, image=Image(PICTURE, 10, 20), body=f'<p><img src="{PICTURE}"></p>'), kept={PICTURE: copy}))
    assert shown.image == Picture(copy.url, "image/jpeg", 4711, 10, 20)
    assert f'src="{copy.url}"' in shown.content
    assert PICTURE not in shown.content


def test_an_oversized_text_becomes_summary_and_link() -> None:
    html = without_text(item(entry(1, title="A & B", description="In <short>")))
    assert "In &lt;short&gt;" in html
    assert f'href="{SITE}/city/1.html"' in html
    assert ">A &amp; B</a>" in html


def test_the_running_text_is_read_only_as_far_as_needed() -> None:
    assert SUMMARY < len(body_text("<p>twelve words</p>" * 10_000)) < 10 * SUMMARY


WILD = st.text(
    st.one_of(st.characters(), st.sampled_from("\x00\x0b\x1b\x7f\x85\ud800\udfff\ufffe\uffff<>&\"']]>\u2028\u202e")), max_size=40
)


@settings(deadline=None)
@given(title=WILD, description=WILD, body=WILD, alt=WILD, author=WILD, tag=WILD, language=WILD)
def test_whatever_an_entry_holds_its_item_fits_xml(
    title: str, description: str, body: str, alt: str, author: str, tag: str, language: str
) -> None:
    wild = entry(
        1,
        title=title,
        description=description,
        body=f"<p>{body}</p>",
        image=Image(PICTURE, alt=alt),
        authors=(author,),
        tags=(tag, tag),
        language=language,
    )
    shown = item(wild)
    for text in (shown.title, shown.summary, shown.content, shown.language, *shown.authors, *shown.categories):
        assert not FORBIDDEN.search(text)
    assert shown.title
    assert all(shown.authors)
    assert shown.content.count(f'src="{PICTURE}"') == 1


@given(st.text(st.sampled_from("a字 \t\n\xa0\u3000\x00\x1c\x85\ud800\ufffe\u200b") | st.characters(codec=None)))
def test_visible_letters_are_known_to_be_one_line(text: str) -> None:
    assert one_line(text) == SPACES.sub(" ", FORBIDDEN.sub("", text)).strip()
