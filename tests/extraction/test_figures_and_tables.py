"""What stands between the paragraphs of a body: pictures keep their captions, tables of data stay, and neither counts as running text."""

from __future__ import annotations

from extraction.newspage import SENTENCES, html, page

from crawler.extraction import extract
from crawler.extraction.clean import text_of

PARAGRAPHS = [f"<p>{text}</p>" for text in SENTENCES]
CAPTION = "The bridge on the morning of its opening."
FIGURE = f'<figure><img src="/img/opening.jpg" width="900" height="600" alt="Cars"><figcaption>{CAPTION}</figcaption></figure>'
TABLE = (
    "<table><caption>Crossings a day</caption><thead><tr><th>Year</th><th>Cars</th><th>Lorries</th></tr></thead><tbody>"
    "<tr><td>2019</td><td>41,200</td><td>3,100</td></tr><tr><td>2024</td><td>22,900</td><td>900</td></tr></tbody></table>"
)
LINKS = "<table><tr><td><a href='/a'>Bus lines of the north</a></td><td><a href='/b'>Bus lines of the south</a></td></tr><tr><td><a href='/c'>Trams</a></td><td><a href='/d'>Ferries</a></td></tr></table>"  # fmt: skip  # noqa: E501


def body(*inside: str) -> str:
    return extract([page(html("".join([*PARAGRAPHS[:3], *inside, *PARAGRAPHS[3:]])))]).body


def test_a_kept_picture_keeps_its_caption() -> None:
    found = body(FIGURE)
    assert f"<figcaption>{CAPTION}</figcaption>\n</figure>" in found
    assert CAPTION not in text_of(found)


def test_a_table_of_data_between_paragraphs_stays() -> None:
    found = body(TABLE)
    for said in ("Crossings a day", "41,200", "900", "<thead>"):
        assert said in found


def test_a_table_of_links_is_no_data() -> None:
    assert "Trams" not in body(LINKS)


def test_a_table_behind_the_article_is_not_taken_in() -> None:
    found = extract([page(html("".join(PARAGRAPHS)).replace("</main>", f"</main>{TABLE}"))]).body
    assert "41,200" not in found
