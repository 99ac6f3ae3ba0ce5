from __future__ import annotations

from crawler.web.cache import Bounded


def test_what_was_asked_for_last_stays_within_the_bound() -> None:
    cache: Bounded[str, str] = Bounded(100)
    for name in "abcdefgh":
        cache.put(name, 1, name.upper(), 20)
        cache.get("a", 1)
    assert cache.held <= 100
    assert cache.get("a", 1) == "A"
    assert cache.get("h", 1) == "H"
    assert cache.get("b", 1) is None


def test_another_mark_is_another_value() -> None:
    cache: Bounded[str, str] = Bounded(100)
    cache.put("a", 1, "old", 10)
    assert cache.get("a", 2) is None
    cache.put("a", 2, "new", 10)
    assert cache.get("a", 2) == "new"
    assert cache.held == 10


def test_what_would_drive_out_all_the_others_is_not_kept() -> None:
    cache: Bounded[str, str] = Bounded(100)
    cache.put("a", 1, "a", 20)
    cache.put("large", 1, "large", 60)
    assert cache.get("large", 1) is None
    assert cache.get("a", 1) == "a"
