from __future__ import annotations

from datetime import datetime

import pytest

from crawler.discovery.locale import zone_of


def times(*texts: str) -> list[datetime]:
    return [datetime.fromisoformat(text) for text in texts]


@pytest.mark.parametrize(
    ("host", "language", "region", "said", "zone"),
    [
        ("www.example.co.uk", "en-GB", "GB", (), "Europe/London"),
        ("www.example.de", "de", "", (), "Europe/Berlin"),
        ("news.example.cn", "zh-CN", "CN", (), "Asia/Shanghai"),
        ("example.vip", "zh-Hans", "", (), "Asia/Shanghai"),  # .vip is sold to everyone
        ("example.com", "en-AU", "AU", (), "Australia/Sydney"),
        ("example.ca", "en", "", ("2018-10-25T10:00:00-07:00",), "America/Vancouver"),
        ("example.ca", "en", "US", (), "America/Toronto"),  # the domain says more than a locale that nobody set
        ("example.com", "en", "", ("2018-11-08T10:00:00-05:00", "2018-07-08T10:00:00-04:00"), "America/New_York"),
        ("example.com", "en", "", ("2018-11-08T10:00:00+08:00",), "Asia/Shanghai"),
        ("example.com", "en", "", ("2018-11-08T10:00:00+00:00",), ""),  # UTC tells nothing
        ("example.com", "en", "", (), ""),
        ("example.de", "de", "", ("2018-07-08T10:00:00+02:00", "2018-12-08T10:00:00+01:00"), "Europe/Berlin"),
        ("example.de", "de", "", ("2018-07-08T10:00:00+11:30",), ""),  # no zone of news has that
        ("127.0.0.1:8000", "en", "", (), ""),
    ],
)
def test_zone_is_the_countrys_as_far_as_the_articles_times_allow(
    host: str, language: str, region: str, said: tuple[str, ...], zone: str
) -> None:
    found, why = zone_of(host, language, region, times(*said))
    assert found == zone
    assert bool(why) == bool(zone)
