from __future__ import annotations

import pytest

from crawler.fetching.robots import Robots

TEXT = "User-agent: *\nDisallow: /private/\nCrawl-delay: 2\n\nUser-agent: Broadsheet\nDisallow: /ours/\nCrawl-delay: 500\n"


def test_rules_are_those_of_the_agents_own_group() -> None:
    robots = Robots(200, TEXT)
    assert robots.allows("http://e.example/private/x", "Broadsheet/0.1 (news crawler)")
    assert not robots.allows("http://e.example/ours/x", "Broadsheet/0.1 (news crawler)")
    assert not robots.allows("http://e.example/private/x", "Other/1")


def test_crawl_delay_is_kept_within_reason() -> None:
    assert Robots(200, TEXT).crawl_delay("Other/1") == 2.0
    assert Robots(200, TEXT).crawl_delay("Broadsheet/0.1") == 120.0
    assert Robots(404, TEXT).crawl_delay("Other/1") == 0.0


@pytest.mark.parametrize(
    ("status", "allowed"), [(200, False), (404, True), (403, True), (401, True), (500, False), (503, False), (429, False), (0, False)]
)
def test_what_a_status_means(status: int, allowed: bool) -> None:
    """RFC 9309, 2.3.1: 4xx is no file, 5xx and no answer mean that nothing may be asked."""
    robots = Robots(status, "User-agent: *\nDisallow: /\n")
    assert robots.allows("http://e.example/", "Broadsheet/0.1") is allowed
    if not allowed:
        assert "robots.txt" in robots.why_not()
