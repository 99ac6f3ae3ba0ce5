"""Candidates are weighed alike in every process."""

from __future__ import annotations

import os
import subprocess
import sys

from crawler.extraction.fields.candidates import Candidates, bucket

SCRIPT = """
from crawler.extraction.fields.candidates import Candidates
found = Candidates()
found.add("a", "a", "x", 0, *(f"t{n}" for n in range(40)))
found.add("b", "b", "x", 0, *(f"t{n}" for n in reversed(range(40))))
group, probability = found.choose({f"t{n}": 0.1 * (n % 7) - 0.3 for n in range(40)})
print(group.value, repr(probability))
"""


def test_the_likeliest_wins_and_the_lowest_rank_spells_it() -> None:
    found: Candidates[str] = Candidates()
    found.add("k", "KEY", "shown", 5)
    found.add("k", "Key", "declared", 1)
    found.add("other", "Other", "shown", 0)
    group, probability = found.choose({"declared": 2.0})
    assert group is not None
    assert group.value == "Key"
    assert 0.5 < probability < 1
    assert Candidates[str]().choose({})[0] is None


def test_equal_candidates_are_chosen_alike_whatever_the_hash_seed() -> None:
    answers = set()
    for seed in ("1", "2", "3", "4"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        answers.add(subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True).stdout)
    assert len(answers) == 1
    assert answers.pop().startswith("a ")


def test_buckets() -> None:
    assert [bucket("n", value, 1, 5) for value in (0, 1, 4, 5)] == ["n<1", "n<5", "n<5", "n+"]
