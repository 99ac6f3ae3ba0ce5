from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from crawler.errors import SourceBusy
from crawler.frontier import SourceLock

HOLD = """
import sys, time
from pathlib import Path
from crawler.frontier import SourceLock
lock = SourceLock(Path(sys.argv[1]), "demo")
print("held", flush=True)
time.sleep(60)
"""


def test_a_lock_is_held_once_and_dies_with_its_process(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(SourceBusy, match="demo"):
            SourceLock(tmp_path, "demo")
        SourceLock(tmp_path, "other").release()
        other.kill()
        other.wait()
    with SourceLock(tmp_path, "demo"), pytest.raises(SourceBusy):
        SourceLock(tmp_path, "demo")
    SourceLock(tmp_path, "demo").release()
