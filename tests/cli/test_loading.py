"""No garbage is looked for among what the command loads, and all that comes later is looked at."""

from __future__ import annotations

import subprocess
import sys

from conftest import clean_environment

CODE = """
import gc
begun = []
gc.callbacks.append(lambda phase, about: begun.append(phase == "start"))
from crawler.cli import main
from crawler.cli.commands import load
load("feeds")
assert sum(begun) < 50, f"{sum(begun)} searches while modules were loaded"  # some before the command's own; else hundreds
assert gc.isenabled() and gc.get_threshold()[0] > 0
assert gc.get_freeze_count() > 50_000, gc.get_freeze_count()
made = [[] for _ in range(100_000)]
assert any(begun)
from crawler.cli.loading import loading
gc.disable()
with loading():
    pass
assert not gc.isenabled(), "who wants none has none"
"""


def test_no_garbage_is_looked_for_while_modules_are_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], env=clean_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
