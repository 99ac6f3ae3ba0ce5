"""Where the shared test data of others lies, if it is here: tests that need it skip where it is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_candidates = [os.environ.get("BROADSHEET_SHARED", ""), str(Path(__file__).resolve().parents[2] / "shared")]
SHARED: Path | None = next((Path(c) for c in _candidates if c and (Path(c) / "corpus").is_dir()), None)

needs_shared = pytest.mark.skipif(SHARED is None, reason="../shared is not here")
