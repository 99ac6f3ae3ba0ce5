"""What many tests stand on: the command in a process of its own, and the saved sites behind their replay server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from postgresql import Server, running
from shared import SHARED

NOW = "2026-04-01T06:00:00Z"
LACKING = ("../shared is not here", "no disk can be mounted here")
COMMAND = [sys.executable, "-m", "crawler"]
PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY")
Broadsheet = Callable[..., "subprocess.CompletedProcess[str]"]

# hundreds of commands and workers start in processes of their own: their modules are compiled once, and not beside the code
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["PYTHONPYCACHEPREFIX"] = str(Path(sys.prefix, "bytecode"))


def clean_environment(**extra: str) -> dict[str, str]:
    """The environment without proxies of this machine, with a fixed start of the run."""
    kept = {name: value for name, value in os.environ.items() if name not in PROXIES}
    return kept | {"BROADSHEET_NOW": NOW, "PYTHONWARNINGS": "default"} | extra


@pytest.fixture
def broadsheet(tmp_path: Path) -> Broadsheet:
    """Runs the broadsheet command in `tmp_path` (or `cwd`) and gives what it printed; `code`: the exit code that is expected.

    A crawl has one worker process: that tests' few pages are read by several takes longer to start than to do.
    """

    def run(*arguments: str, code: int | None = 0, cwd: Path = tmp_path, stdin: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
        workers = ["-s", "BROADSHEET_WORKERS=1"] if "crawl" in arguments and "-s" not in arguments else []
        done = subprocess.run(
            [*COMMAND, *arguments, *workers],
            cwd=cwd,
            env=clean_environment(**extra),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        if code is not None:
            assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    return run


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server for all tests that ask for one."""
    try:
        with running() as server:
            yield server
    except FileNotFoundError as error:
        pytest.skip(str(error))


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store's address: a test that asks for it runs on SQLite and on PostgreSQL."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql").new_store())
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@dataclass(frozen=True, slots=True)
class Replay:
    """The replay server: https links of the saved sites are turned into http, so that all of a crawl stays with it."""

    port: int

    @property
    def environment(self) -> dict[str, str]:
        proxy = f"http://127.0.0.1:{self.port}"
        return {"http_proxy": proxy, "https_proxy": proxy}

    def snapshot(self, number: int) -> None:
        self._get(f"snapshot?n={number}")

    def requests(self) -> list[tuple[str, int]]:
        """Address and status of each request so far."""
        return [(url, status) for _, _, url, status in self._get("log")["requests"] if "__replay__" not in url]

    def reset(self) -> None:
        self._get("reset")

    def _get(self, what: str) -> Any:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}/__replay__/{what}", timeout=30) as answer:
            return json.load(answer)


@pytest.fixture
def replay(request: pytest.FixtureRequest) -> Iterator[Replay]:
    """A replay server of its own for each test; `@pytest.mark.parametrize("replay", [...], indirect=True)` gives it options."""
    if SHARED is None:
        pytest.skip("../shared is not here")
    options = list(getattr(request, "param", ["--snapshot", "0"]))
    command = [sys.executable, str(SHARED / "replay" / "serve.py"), "--port", "0", "--map-https", "--max-seconds", "900", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        try:
            yield Replay(int(line.rsplit(":", 1)[1]))
        finally:
            server.kill()


def write_recipe(workspace: Path, name: str, text: str) -> None:
    """Puts a recipe into a workspace."""
    (workspace / "sources").mkdir(exist_ok=True)
    (workspace / "sources" / f"{name}.yaml").write_text(text, "utf-8")


def tree(folder: Path) -> dict[str, bytes]:
    """All files of a folder: relative path → content."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI everything that a test needs is installed: a skip there is a hole, but for the test data of others and rights that lack."""
    if os.environ.get("CI") != "true" or session.exitstatus != 0:
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    reasons = {str(report.longrepr[2]) for report in skipped if isinstance(report.longrepr, tuple)}
    holes = sorted(reason for reason in reasons if not any(lack in reason for lack in LACKING))
    if holes:
        print("\nskipped in CI:", *holes, sep="\n  ")
        session.exitstatus = 1
