"""The same entries give the same bytes in any time zone, locale and hash seed, from any thread."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from feeds.entries import GATHERED, ORIGIN, SHOWN, entry

from crawler.feeds.build import build
from crawler.feeds.item import FeedEntry, prepare

ROOT = Path(__file__).parents[2]
WRITE = "import sys; from feeds.test_determinism import digest; sys.stdout.write(digest())"


def digest() -> str:
    items = [prepare(SHOWN), *(prepare(FeedEntry(entry(n, tags=("a", "b", "c")), ("City",), ORIGIN)) for n in range(30))]
    built = build(GATHERED, items)
    return hashlib.sha256(b"".join(built.documents[suffix] for suffix in ("rss", "atom", "json"))).hexdigest()


@pytest.mark.parametrize(
    "environ",
    [
        {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "PYTHONHASHSEED": "2", "LC_ALL": "C"},
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8", "PYTHONUTF8": "0"},
    ],
)
def test_zone_locale_and_hash_seed_do_not_matter(environ: dict[str, str]) -> None:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "TZ", "PYTHONHASHSEED"))}
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests"), inherited.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", WRITE], env=inherited | {"PYTHONPATH": paths} | environ, capture_output=True, text=True, check=True
    )
    assert done.stdout == digest()


def test_threads_do_not_disturb_each_other() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: digest(), range(16)))) == 1
