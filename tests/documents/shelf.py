"""Entries written by hand, for the tests of documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from crawler.article import Article, Image, Moment
from crawler.documents import document_path
from crawler.entry import Entry

BEIJING = timezone(timedelta(hours=8))
PICTURE = "https://pictures.example/2022/03/22/bridge.png"
ARTICLE = Article(
    url="https://news.example/2022/03/22/bridge.html",
    title="城西新桥通车：两岸居民步行十分钟可达",
    published=Moment(datetime(2022, 3, 22, 16, 37, 35, tzinfo=BEIJING)),
    date_from="page",
    language="zh-CN",
    body=f'<p>\n桥长六百米。\n</p>\n<p>\n<img src="{PICTURE}" title="点击查看大图" class="bigimg" width="530"'
    ' referrerpolicy="no-referrer">\n</p>',
    image=Image(PICTURE),
    provenance={"title": "meta:og:title", "published": "selector"},
)
GUID = "urn:uuid:5a0b1c9e-3a52-5d6c-9d0e-0c7f1a2b3c4d"


def entry(n: int = 1, **changes: Any) -> Entry:
    """An entry of the source `bridge`; changes name fields of the article or of the entry."""
    of_entry = {key: changes.pop(key) for key in list(changes) if key in Entry.__dataclass_fields__}
    article = Article(**({field: getattr(ARTICLE, field) for field in Article.__dataclass_fields__} | changes))
    guid = f"{GUID[:-2]}{n:02x}"
    published = article.published.at.date() if article.published else datetime(2022, 3, 22, tzinfo=UTC).date()
    values = {
        "guid": guid,
        "source": "bridge",
        "sections": ("city",),
        "also_at": ("https://m.news.example/bridge",),
        "first_seen": datetime(2022, 3, 22, 9, tzinfo=UTC),
        "path": document_path("bridge", article.title, guid, published),
        "categories": ("城市", "桥报", "要闻"),
    }
    return Entry(article=article, **(values | of_entry))
