"""Documentation that can't go stale: what the command offers is told, what the documentation names is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.cli.commands import COMMANDS, load

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands() -> dict[str, set[str]]:
    """Command → its long options."""
    found: dict[str, set[str]] = {}
    for name in COMMANDS:
        command = load(name)
        inner = getattr(command, "commands", {name: command})
        found[name] = {option for one in inner.values() for parameter in one.params for option in parameter.opts if option.startswith("--")}
    return found


def test_every_command_stands_in_the_readme_or_the_docs() -> None:
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    assert [name for name in commands() if f"broadsheet {name}" not in text and f"`{name}`" not in text] == []


def test_every_command_named_is_there() -> None:
    known = set(commands())
    for page in PAGES:
        for name in re.findall(r"^(?:\$ )?(?:\.venv/bin/)?broadsheet (?:-C \S+ )?([a-z]+)", page.read_text("utf-8"), re.MULTILINE):
            assert name in known, f"{page.name}: broadsheet {name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_the_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_make_target_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for path in (ROOT / "tools").glob("*.mk"):
        targets |= set(re.findall(r"^([a-z-]+):", path.read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        code = "\n".join(re.findall(r"^```\w*\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL))
        for name in re.findall(r"^make ([a-z-]+)", code, re.MULTILINE):
            assert name in targets, f"{page.name}: make {name}"


def test_every_benchmark_loads() -> None:
    """They run by hand alone: what they import has to be there still."""
    load = (
        "import importlib.util, sys\n"
        "for path in sys.argv[1:]:\n"
        "    spec = importlib.util.spec_from_file_location('loaded', path)\n"
        "    sys.modules['loaded'] = module = importlib.util.module_from_spec(spec)\n"
        "    spec.loader.exec_module(module)\n"
    )
    folder = ROOT / "benchmarks"
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{folder}"}
    done = subprocess.run(
        [sys.executable, "-c", load, *sorted(folder.glob("*.py"))],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
