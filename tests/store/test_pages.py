"""Whatever a site says goes into the store and comes out again: one odd page must not end a run, on either store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.page import Hints
from crawler.store import KnownEntry, PageRow, Store
from crawler.urls import address_key

ODD = ["\0", "a\0b", "\ud800", "\udfff tail", "\x85\u2028", "😀 𝔘", "'\"\\%:name{}", "x" * 100_000]
PAGE = PageRow("demo", "article", "e.example/1", "http://e.example/1", "e.example", 1, run=1)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_text_is_no_error(store: Store, text: str) -> None:
    with store.begin() as transaction:
        hints = Hints(title=text, authors=(text,), tags=(text,), summary=text)
        transaction.pages.add([replace(PAGE, hints=((1, hints),), etag=text, reason=text, also=(text,), links=((text,), (text,)))])
        transaction.hosts.robots_read("e.example", text, 200, 1.0, 0.0)
        transaction.runs.end(transaction.runs.begin(["demo"], "2026-01-01T00:00:00Z"), text, {"demo": {"reason": text}})
    with store.read() as transaction:
        (found,) = transaction.pages.queued("demo", "article", 1.0, 9)
    said = text.replace("\0", "").replace("\ud800", "").replace("\udfff", "")
    assert (found.etag, found.reason) == (said, said)
    assert found.hints[0][1].title in (text, said)


@pytest.mark.parametrize("length", [900, 2_700, 7_900])
def test_an_address_of_any_length_is_found_again(store: Store, length: int) -> None:
    import random

    chance = random.Random(length)
    tail = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=length))  # no database packs this any tighter
    one, other = (f"http://e.example/{tail}{end}" for end in ("a", "b"))
    entry = KnownEntry("urn:uuid:1", "demo", "demo/1.md", one, "", "", "", "", (), (), (), True, 1, 1)
    with store.begin() as transaction:
        for url in (one, other):
            transaction.pages.add([replace(PAGE, address=address_key(url), url=url)])
        transaction.entries.put(entry, [address_key(one)])
        transaction.images.put(one, "p.png")
    with store.read() as transaction:
        rows = transaction.pages.at_all("demo", "article", [address_key(one), address_key(other)])
        assert {key: row.url for key, row in rows.items()} == {address_key(one): one, address_key(other): other}
        assert transaction.entries.guids_at("demo", [address_key(one), address_key(other)]) == {address_key(one): "urn:uuid:1"}
        assert transaction.images.at([one, other]) == {one: "p.png"}


def test_more_values_than_a_statement_takes(store: Store) -> None:
    keys = [f"e.example/{number}" for number in range(40_000)]
    with store.begin() as transaction:
        transaction.pages.add(replace(PAGE, address=key) for key in keys[::1000])
        assert len(transaction.pages.at_all("demo", "article", keys)) == 40
        assert transaction.entries.guids_at("demo", keys) == {}


def test_pages_change_together_each_in_its_own_way(store: Store) -> None:
    with store.begin() as transaction:
        transaction.pages.add(
            [replace(PAGE, address=f"e.example/{n}", sections=("city",), also=("http://e.example/old",)) for n in range(4)]
        )
        ids = {row.address[-1]: row.id for row in transaction.pages.queued("demo", "article", 1.0, 9)}
        changes = [
            (ids["0"], {"state": "done", "etag": '"a"'}),
            (ids["1"], {"state": "failed", "reason": "HTTP 500", "next_try": 9.0}),
            (ids["2"], {"etag": '"b"', "state": "done"}),
        ]
        transaction.pages.change_all(changes)
        rows = {name: row for name, number in ids.items() if (row := transaction.pages.get(number))}
        led_to = transaction.pages.led_to([ids["3"], ids["1"], -1])
    assert [(rows[name].state, rows[name].etag, rows[name].reason, rows[name].next_try) for name in "0123"] == [
        ("done", '"a"', "", 0.0),
        ("failed", "", "HTTP 500", 9.0),
        ("done", '"b"', "", 0.0),
        ("queued", "", "", 0.0),
    ]
    assert led_to == dict.fromkeys([ids["3"], ids["1"]], (("city",), ("http://e.example/old",)))
