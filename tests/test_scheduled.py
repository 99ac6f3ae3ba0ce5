"""What docs/scheduled.md shows is tried: cron's lines in cron's environment, the units by systemd, the workflow's steps in a repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from conftest import PROXIES, tree, write_recipe
from local_site import Site, article, listing, recipe

PAGE = Path(__file__).parents[1] / "docs" / "scheduled.md"
PLACE = "/srv/news"
OURS = Path(sys.executable).parent / "broadsheet"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def site() -> Site:
    return Site({"/": listing("/1", "/2"), "/1": article("First"), "/2": article("Second")})


def here(text: str, workspace: Path) -> str:
    """The text with this machine's paths."""
    return text.replace(f"{PLACE}/.venv/bin/broadsheet", str(OURS)).replace(PLACE, str(workspace))


def cron_lines() -> list[tuple[str, str]]:
    """Times and command of each line."""
    lines = [line for line in blocks("crontab")[0].splitlines() if line and "=" not in line.split()[0]]
    return [(" ".join(line.split()[:5]), line.split(None, 5)[5]) for line in lines]


def as_cron(command: str, home: Path) -> subprocess.CompletedProcess[str]:
    """As cron runs a line (crontab(5)): by /bin/sh, at home, with hardly an environment."""
    environment = {"HOME": str(home), "LOGNAME": "news", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}
    return subprocess.run(["/bin/sh", "-c", command], cwd=home, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_each_cron_line_runs_as_cron_runs_it_and_is_silent_when_all_is_well(tmp_path: Path) -> None:
    (tmp_path / "broadsheet.yaml").write_text("workers: 0\nprune: {runs: 90d}\n", "utf-8")
    home = tmp_path / "home"
    home.mkdir()
    with site() as running:
        write_recipe(tmp_path, "here", recipe(running))
        said = {command: as_cron(here(command, tmp_path), home) for _, command in cron_lines()}
    assert [done.returncode for done in said.values()] == [0, 0, 0], said
    crawl, prune, doctor = said.values()
    assert (crawl.stdout, crawl.stderr, prune.stdout, prune.stderr, doctor.stderr) == ("", "", "", "", "")
    assert doctor.stdout.startswith("2 articles\n")
    assert len(list((tmp_path / "output" / "here").rglob("*.md"))) == 2
    assert not list(home.iterdir())


def test_cron_times_are_times() -> None:
    for times, _ in cron_lines():
        assert re.fullmatch(r"[\d,*]+ [\d,*]+ [\d,*]+ [\d,*]+ [\d,*]+", times)


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here; on Debian: apt-get install systemd")
    (tmp_path / "news").mkdir()
    service, timer = blocks("ini")
    user = service.replace("User=news\n", "")
    (tmp_path / "broadsheet.service").write_text(here(user, tmp_path / "news"), "utf-8")
    (tmp_path / "broadsheet.timer").write_text(timer, "utf-8")
    units = [str(tmp_path / name) for name in ("broadsheet.service", "broadsheet.timer")]
    checked = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    assert (checked.returncode, [line for line in checked.stderr.splitlines() if "broadsheet" in line]) == (0, []), checked.stderr
    calendar = re.search(r"^OnCalendar=(.*)$", timer, re.MULTILINE)
    assert calendar
    subprocess.run(["systemd-analyze", "calendar", calendar[1]], check=True, capture_output=True)


class Host:
    """What a workflow's host does of it: a fresh machine for each run, a copy of the repository, what was kept of the last run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept = folder / "kept"
        self.remote = folder / "remote.git"
        self.git("init", "-q", "--bare", "-b", "main", str(self.remote))
        self.runs = 0
        self.steps = yaml.safe_load(blocks("yaml")[0])["jobs"]["crawl"]["steps"]

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        identity = ["-c", "user.name=x", "-c", "user.email=x@e.example"]
        return subprocess.run(["git", *identity, *arguments], cwd=cwd, check=True, capture_output=True, text=True).stdout

    def push_workspace(self, files: Mapping[str, str]) -> None:
        first = self.folder / "first"
        self.git("clone", "-q", str(self.remote), str(first))
        for name, content in files.items():
            (first / name).parent.mkdir(parents=True, exist_ok=True)
            (first / name).write_text(content, "utf-8")
        self.git("add", "--all", ".", cwd=first)
        self.git("commit", "-q", "-m", "A workspace", cwd=first)
        self.git("push", "-q", "origin", "HEAD:main", cwd=first)

    def run(self) -> Path:
        """One run of the workflow: gives the copy it ran in. What pip installs is here already."""
        self.runs += 1
        copy = self.folder / f"run-{self.runs}"
        self.git("clone", "-q", str(self.remote), str(copy))
        if self.kept.exists():  # actions/cache
            shutil.copytree(self.kept, copy / ".broadsheet", dirs_exist_ok=True)
        output = self.folder / "outputs"
        output.write_text("", "utf-8")
        for step in self.steps:
            if "run" not in step or step["name"] == "install":
                continue
            outputs = dict(line.split("=", 1) for line in output.read_text("utf-8").splitlines())
            given = {name: outputs[value.split(".")[-1].split(" ")[0]] for name, value in step.get("env", {}).items()}
            environment = {name: value for name, value in os.environ.items() if name not in PROXIES} | given
            environment |= {"GITHUB_OUTPUT": str(output), "PATH": f"{OURS.parent}:{os.environ['PATH']}", "CI": "true"}
            done = subprocess.run(["bash", "-e", "-c", step["run"]], cwd=copy, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, (step["name"], done.stdout, done.stderr)
        self.kept.exists() and shutil.rmtree(self.kept)
        shutil.copytree(copy / ".broadsheet", self.kept)
        return copy


def test_the_workflow_commits_what_is_new_and_loses_nothing_with_an_old_store_or_none(tmp_path: Path) -> None:
    from crawler.cli.init import IGNORED

    host = Host(tmp_path)
    with site() as running:
        host.push_workspace({"broadsheet.yaml": "workers: 0\n", ".gitignore": IGNORED, "sources/here.yaml": recipe(running)})
        first = host.run()
        documents = tree(first / "output" / "here")
        assert len(documents) == 2
        assert host.git("log", "--format=%s", cwd=host.remote).startswith("Articles of 20")
        assert ".broadsheet" not in host.git("ls-tree", "-r", "--name-only", "main", cwd=host.remote)
        old = tmp_path / "old"
        shutil.copytree(host.kept, old)
        running.pages |= {"/": listing("/1", "/2", "/3"), "/3": article("Third")}
        second = host.run()
        newer = tree(second / "output")
        assert len(tree(second / "output" / "here")) == 3
        shutil.rmtree(host.kept)
        old.rename(host.kept)  # the store of the first run, beside the documents of the second
        running.asked.clear()
        third = host.run()
        assert "/3" not in running.paths()
        assert tree(third / "output") == newer
        shutil.rmtree(host.kept)
        running.asked.clear()
        fourth = host.run()
        assert running.paths().count("/1") == 0
        assert tree(fourth / "output") == newer
    assert host.git("log", "--format=%s", cwd=host.remote).count("Articles of") == 2
