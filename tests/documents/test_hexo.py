"""The default profile: the sample's header, and nothing in it that a theme could read as HTML."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from documents.shelf import ARTICLE, BEIJING, PICTURE, entry
from shared import SHARED, needs_shared

from crawler.article import Article, Image, Moment
from crawler.documents import DocumentOptions, profile_named
from crawler.entry import Entry

HEXO = profile_named("hexo")
GOLDEN = Path(__file__).parent / "golden" / "bridge.md"


def header(entry: Entry, **options: str) -> dict[str, str]:
    text = profile_named("hexo", DocumentOptions(**options)).write(entry).decode()  # type: ignore[arg-type]
    return dict(line.split(": ", 1) for line in text.split("\n---\n")[0].splitlines() if ": " in line)


def test_whole_document_is_as_the_sample_is_written() -> None:
    written = HEXO.write(entry()).decode()
    stated = header(entry())["content_hash"].strip("'")
    assert len(stated) == 64
    assert written.replace(stated, "@") == GOLDEN.read_text("utf-8")


@needs_shared
def test_sample_header_is_met_byte_for_byte_but_for_its_false_date() -> None:
    assert SHARED
    sample = (SHARED / "sample" / "guancha-2022-03-22.md").read_text("utf-8")
    head, body = sample.lstrip("\n").split("\n---\n", 1)
    lines = head.split("\n")
    title = lines[1].removeprefix("title: '").removesuffix("'")
    picture = lines[6].removeprefix("headimg: '").removesuffix("'")
    article = Article(
        url="https://www.guancha.cn/xinmeiti/2022_03_22_631379.shtml",
        title=title,
        published=Moment(datetime(2022, 3, 22, 16, 37, 35, tzinfo=BEIJING)),
        date_from="page",
        body=body.strip().removeprefix("<div>").removesuffix("</div>"),
        image=Image(picture),
    )
    categories = tuple(line.removeprefix(" - ") for line in lines[3:6])
    written = HEXO.write(replace(entry(), article=article, source="guancha", sections=("home",), categories=categories)).decode()
    expected = [line if not line.startswith("date:") else "date: Tue, 22 Mar 2022 08:37:35 GMT" for line in lines]
    assert written.split("\n")[: len(expected)] == expected
    assert expected[-1].startswith("thumbnail:")
    # and the body: the sample's, but for its one blank line before the end
    assert written.split("\n---\n", 1)[1] == body.rstrip().replace("\n  \n</div>", "  \n</div>\n")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ('evil " onerror="alert(1)', "title: 'evil “ onerror=”alert(1)'"),
        ("evil ' onmouseover='alert(1)", "title: 'evil ’ onmouseover=’alert(1)'"),
        ('He said "yes" (or "no")', "title: 'He said “yes” (or “no”)'"),
        ("It's 5 < 6", "title: 'It’s 5 ＜ 6'"),
        ("<b>Bold</b> claim", "title: 'Bold claim'"),
        ("<b></b>", "title: '＜b＞＜/b＞'"),
        ("<script>alert(1)</script>", "title: 'alert(1)'"),
        ("&#039;megablaze&#039; &amp; &quot;x&quot; &copy2", "title: '＆#039;megablaze＆#039; ＆amp; ＆quot;x＆quot; ＆copy2'"),
    ],
)
def test_title_that_a_theme_could_read_as_html_is_changed_and_the_true_one_kept(title: str, shown: str) -> None:
    text = HEXO.write(entry(title=title)).decode()
    assert text.split("\n")[1] == shown
    assert "\nsource_title: " in text
    assert HEXO.read(text.encode(), "a.md").article.title == title


def test_title_that_can_be_shown_has_no_second_one() -> None:
    assert "source_title" not in header(entry(title="Q&A: what {{ now }} — #1 AT&T a & b; &#;"))


def test_author_tags_and_categories_hold_no_quotes_and_keep_the_true_ones() -> None:
    written = entry(authors=("Ann <b>O'Hara</b>", 'B "B" B'), tags=("it's", "plain"), categories=('The "Echo"', "a<b"))
    text = HEXO.write(written).decode()
    assert "\nauthor: 'Ann ＜b＞O’Hara＜/b＞, B “B” B'\n" in text
    assert "\ntags: \n - 'it’s'\n - plain\n" in text
    assert "\ncategories: \n - 'The “Echo”'\n - 'a＜b'\n" in text
    read = HEXO.read(text.encode(), written.path)
    assert (read.article.authors, read.article.tags, read.categories) == (written.article.authors, written.article.tags, written.categories)


def test_without_picture_neither_image_key_is_there() -> None:
    assert not {"headimg", "thumbnail"} & set(header(entry(image=None)))


def test_address_of_a_picture_can_stand_in_any_attribute() -> None:
    assert header(entry(image=Image("https://a.example/a b\"c'd{e}.png")))["headimg"] == "'https://a.example/a%20b%22c%27d%7Be%7D.png'"


def test_byline_is_the_authors_or_the_sources_name() -> None:
    assert header(entry(authors=("王晓", "Li Na")))["author"] == "王晓, Li Na"
    assert header(entry())["author"] == "桥报"
    assert header(entry(categories=()))["author"] == "bridge"


def test_without_date_the_first_seen_time_is_shown_and_marked() -> None:
    undated = entry(published=None, date_from="")
    assert header(undated)["date"] == "Tue, 22 Mar 2022 09:00:00 GMT"
    assert header(undated)["date_from"] == "first_seen"
    assert HEXO.read(HEXO.write(undated), undated.path).article.published is None


def test_updated_is_written_even_where_nothing_changed() -> None:
    later = Moment(ARTICLE.published.at + timedelta(hours=1)) if ARTICLE.published else None
    assert header(entry())["updated"] == "Tue, 22 Mar 2022 08:37:35 GMT"
    assert header(entry(updated=later))["updated"] == "Tue, 22 Mar 2022 09:37:35 GMT"
    assert header(entry(updated=later))["updated_at"] == "'2022-03-22T09:37:35Z'"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Asia/Shanghai", "'2022-03-22 16:37:35'"), ("", "'2022-03-22 08:37:35'"), ("America/New_York", "'2022-03-22 04:37:35'")],
)
def test_wallclock_is_that_of_the_blogs_zone(zone: str, shown: str) -> None:
    assert header(entry(), date_style="wallclock", blog_zone=zone)["date"] == shown
    assert header(entry(), date_style="wallclock", blog_zone=zone)["published_at"] == "'2022-03-22T08:37:35Z'"


def test_an_edit_of_the_shown_title_wins_over_the_kept_one() -> None:
    text = HEXO.write(entry(title="It's here", tags=("it's",))).decode()
    assert HEXO.read(text.encode(), "a.md").article.title == "It's here"
    edited = text.replace("title: 'It’s here'", "title: 'It is here'").replace(" - 'it’s'", " - it is")
    assert HEXO.read(edited.encode(), "a.md").article.title == "It is here"
    assert HEXO.read(edited.encode(), "a.md").article.tags == ("it is",)


def test_pictures_of_the_body_are_read_back_with_their_size() -> None:
    image = HEXO.read(HEXO.write(entry()), "a.md").article.images[0]
    assert (image.url, image.width, image.height) == (PICTURE, 530, None)


def test_a_time_before_the_year_1000_keeps_four_digits() -> None:
    assert header(entry(published=Moment(datetime(987, 1, 5, tzinfo=UTC))))["date"] == "Fri, 05 Jan 0987 00:00:00 GMT"
