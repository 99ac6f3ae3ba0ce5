"""The benchmark of faults, with one sequence of them: what a failing site gives in the end is what a healthy one gives."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from shared import SHARED, needs_shared

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "faults.py"


@needs_shared
def test_a_failing_site_gives_the_same_bytes_in_the_end() -> None:
    command = [sys.executable, str(BENCHMARK), "--seeds", "1", "--shared", str(SHARED)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r": 0 of [5-9]\d files differ, 0 pending", done.stdout), done.stdout
