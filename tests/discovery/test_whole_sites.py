"""The two whole sites that are saved: all their articles are found, with what they make for machines and without it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Broadsheet, Replay
from discovery.refusing import FEEDS, SITEMAPS, Refusing
from shared import SHARED, needs_shared

from crawler.urls import address_key

PRECISION = 0.95


def saved_articles(domain: str, snapshot: int) -> set[str]:
    """Keys of the articles that are saved in this state of the site and that one of its lists links to."""
    assert SHARED is not None
    latest: dict[str, dict[str, Any]] = {}
    for one in json.loads((SHARED / "replay" / "manifest.json").read_text("utf-8")):
        if one["domain"] == domain and one.get("snapshot", 0) <= snapshot:
            old = latest.get(one["url"])
            latest[one["url"]] = one if old is None or one.get("snapshot", 0) >= old.get("snapshot", 0) else old
    linked = {address_key(url) for one in latest.values() if isinstance(one.get("links_saved"), list) for url in one["links_saved"]}
    saved = {address_key(url) for url, one in latest.items() if one["kind"] == "article" and one.get("status") != 404}
    return saved & linked


@needs_shared
@pytest.mark.parametrize("machines", [True, False], ids=["with feeds and sitemaps", "with both refused"])
@pytest.mark.parametrize("domain", ["zhaoqi.vip", "miaohancheng.com"])
@pytest.mark.parametrize(("replay", "snapshot"), [(["--snapshot", "0"], 0), (["--snapshot", "1"], 1)], indirect=["replay"])
def test_all_saved_and_linked_articles_are_found(
    replay: Replay, snapshot: int, domain: str, machines: bool, tmp_path: Path, broadsheet: Broadsheet
) -> None:
    (tmp_path / "broadsheet.yaml").write_text("delay: 0\n", "utf-8")
    with Refusing(f"http://127.0.0.1:{replay.port}", *(() if machines else (FEEDS, SITEMAPS))) as proxy:
        found = json.loads(broadsheet("add", f"http://{domain}/", "--json", **proxy.environment).stdout)
    taken = {address_key(link) for one in found["lists"] for link in one["links"]}
    wanted = saved_articles(domain, snapshot)
    assert len(wanted) >= 5
    assert wanted <= taken
    assert len(wanted) >= PRECISION * len(taken)
    assert found["articles"]
