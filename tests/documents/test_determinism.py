"""The same bytes on any machine: other zones, locales, hash seeds, orders."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRINT_ALL = """
import hashlib, sys
sys.path[:0] = ["tests"]
from documents.shelf import entry
from crawler.article import Moment
from crawler.documents import PROFILES, DocumentOptions, normalise, profile_named
from crawler.documents.index import index_line
from datetime import datetime, UTC
order = [1, 2, 3] if sys.argv[1] == "up" else [3, 2, 1]
files = {"https://a.example/%d.png" % n: "ab.png" for n in order}
tricky = entry(title="It's \\"\\u0130\\" <b>\\u00df</b>", tags=("x", "y"), image_files=files, also_at=tuple(files),
    provenance={str(n): {"a": n, "b": [n]} for n in order}, published=Moment(datetime(2022, 3, 27, 1, 30, tzinfo=UTC)))
for name in PROFILES:
    options = DocumentOptions(date_style="wallclock", blog_zone="Europe/Berlin", zones={"bridge": "Asia/Shanghai"}, assets_url="/a/")
    sys.stdout.buffer.write(profile_named(name, options).write(tricky))
    sys.stdout.buffer.write(profile_named(name).write(tricky))
sys.stdout.buffer.write(index_line(normalise(tricky, profile_named("hexo")), "").encode())
"""
ENVIRONMENTS = [
    ("up", {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"}),
    ("up", {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}),
    ("down", {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "12345"}),
    (
        "down",
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "POSIX", "PYTHONHASHSEED": "7", "PYTHONUTF8": "0", "BROADSHEET_NOW": "2030-01-01T00:00:00Z"},
    ),
]


def written(order: str, environ: dict[str, str]) -> bytes:
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "TZ", "PYTHON"))}
    return subprocess.run([sys.executable, "-c", PRINT_ALL, order], cwd=ROOT, env=plain | environ, capture_output=True, check=True).stdout


@pytest.mark.parametrize(("order", "environ"), ENVIRONMENTS[1:], ids=lambda value: value["TZ"] if isinstance(value, dict) else value)
def test_zone_locale_hash_seed_and_order_change_no_byte(order: str, environ: dict[str, str]) -> None:
    first = written(*ENVIRONMENTS[0])
    assert first.count(b"\ncontent_hash: ") == 12
    assert written(order, environ) == first
