"""The command starts with what it needs alone, and knows its subcommands without loading them."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Broadsheet, clean_environment, write_recipe
from local_site import Site, listing

from crawler.cli.app import app
from crawler.cli.commands import COMMANDS, load

HEAVY = {"scrapy", "twisted", "sqlalchemy", "numpy", "pydantic", "feedgen", "lxml", "jinja2", "selectolax", "dateparser", "bs4"}


def test_every_command_is_listed_with_the_first_lines_of_its_help() -> None:
    said = {name: " ".join(inspect.cleandoc(load(name).help).split("\n\n")[0].split()) for name in COMMANDS}
    assert said == {name: entry.line for name, entry in COMMANDS.items()}
    files = {path.stem for path in Path(inspect.getfile(load)).parent.glob("*.py")}
    assert {module for entry in COMMANDS.values() for module in entry.modules.split()} <= files


def test_what_a_module_registers_is_listed() -> None:
    for name in COMMANDS:
        load(name)
    registered = {info.name or str(getattr(info.callback, "__name__", "")) for info in app.registered_commands}
    assert registered | {str(group.name) for group in app.registered_groups} == set(COMMANDS)


def test_a_misspelt_command_is_guessed(broadsheet: Broadsheet) -> None:
    assert "Did you mean 'crawl'" in broadsheet("crwl", code=2).stderr


def loaded(*arguments: str, cwd: Path) -> set[str]:
    """The heavy packages that a command loads."""
    code = "import sys, atexit; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); from crawler.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=cwd, env=clean_environment(), capture_output=True, text=True, timeout=60
    )
    return HEAVY & set(done.stderr.split())


def test_help_loads_no_heavy_package(tmp_path: Path) -> None:
    assert loaded("--help", cwd=tmp_path) == set()


@pytest.mark.parametrize("name", ["sources", "init"])
def test_what_crawls_nothing_loads_no_crawler(name: str, tmp_path: Path) -> None:
    assert not loaded(name, cwd=tmp_path) & {"scrapy", "twisted", "numpy", "feedgen"}


def test_a_paused_sources_site_is_not_looked_at(broadsheet: Broadsheet, tmp_path: Path) -> None:
    with Site({"/": listing("/a")}) as site:
        write_recipe(tmp_path, "quiet", f"url: {site.address}/\nallow_private: true\n")
        broadsheet("pause", "quiet")
        assert "paused" in broadsheet("crawl").stdout
        assert site.asked == []
        broadsheet("resume", "quiet")
        broadsheet("crawl", code=None)
        assert site.asked
