"""A document is whole under its name or not there, whatever ends the writing: kill -9, a full disk, a folder that is read-only."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from documents.shelf import entry

from crawler.documents import Documents, profile_named
from crawler.documents.sealing import hash_fits
from crawler.entry import Entry
from crawler.files import TEMPORARY, sweep

ROOT = Path(__file__).resolve().parents[2]
HEXO = profile_named("hexo")
WRITE_FOR_EVER = """
import itertools, sys
from pathlib import Path
sys.path[:0] = ["tests"]
from documents.shelf import entry
from crawler.documents import Documents, profile_named
documents = Documents(Path(sys.argv[1]), profile_named("hexo"))
for round in itertools.count():
    documents.write([entry(n, body=f"<p>round {round}</p>" + "<p>text</p>" * 20_000) for n in range(4)])
    print(round, flush=True)
"""
WRITE_ONCE = """
import sys
from pathlib import Path
sys.path[:0] = ["tests"]
from documents.shelf import entry
from crawler.documents import Documents, profile_named
documents = Documents(Path(sys.argv[1]), profile_named("hexo"))
try:
    documents.write([entry(1, body="<p>new</p>"), entry(2, body="<p>text</p>" * 20_000)])
except OSError as error:
    print(error.strerror)
"""


def child(program: str, folder: Path, *prefix: str) -> subprocess.Popen[str]:
    command = [*prefix, sys.executable, "-c", program, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def found(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_kill_at_any_moment_leaves_whole_documents(tmp_path: Path) -> None:
    chance, seen = random.Random(5), 0
    for number in range(200):
        if seen and number >= 8:
            break
        with child(WRITE_FOR_EVER, tmp_path) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "0\n"
            time.sleep(chance.uniform(0, 0.1))
            writer.kill()
        documents = [path for path in found(tmp_path) if path.suffix == ".md"]
        assert len(documents) == 4
        for path in documents:
            content = path.read_bytes()
            assert hash_fits(content)
            assert isinstance(HEXO.read(content, path.name), Entry)
        seen += sum(path.name.startswith(TEMPORARY) for path in found(tmp_path))
        sweep(tmp_path)
        assert len(found(tmp_path)) == 4
    assert seen, "no kill hit a write: they prove nothing"


def test_disk_that_takes_no_more_leaves_the_old_document_and_nothing_torn(tmp_path: Path) -> None:
    """The limit on a file's size (setrlimit(2), RLIMIT_FSIZE) ends a write in its middle, as a full disk does."""
    documents = Documents(tmp_path, HEXO)
    documents.write([entry(1), entry(2)])
    before = {path: path.read_bytes() for path in found(tmp_path)}
    with child(WRITE_ONCE, tmp_path, "prlimit", "--fsize=65536") as writer:
        assert writer.communicate()[0] == "File too large\n"
    assert {path: path.read_bytes() for path in found(tmp_path)} == before


def test_folder_that_cannot_be_written_leaves_the_old_document(tmp_path: Path) -> None:
    documents = Documents(tmp_path, HEXO)
    documents.write([entry(1), entry(2)])
    before = {path: path.read_bytes() for path in found(tmp_path)}
    folder = next(iter(before)).parent
    folder.chmod(0o555)
    try:  # root may write everywhere: what lets it is dropped for the writer
        drop = ["setpriv", "--bounding-set", "-dac_override", "--inh-caps", "-dac_override"] if os.geteuid() == 0 else []
        with child(WRITE_ONCE, tmp_path, *drop) as writer:
            assert writer.communicate()[0] == "Permission denied\n"
    finally:
        folder.chmod(0o755)
    assert {path: path.read_bytes() for path in found(tmp_path)} == before


@pytest.mark.parametrize("names", [[TEMPORARY + "0123"], []])
def test_sweeping_takes_temporary_files_alone(tmp_path: Path, names: list[str]) -> None:
    Documents(tmp_path, HEXO).write([entry(1)])
    kept = found(tmp_path)
    for name in names:
        (kept[0].parent / name).write_bytes(b"torn")
    (tmp_path / ".mine").write_bytes(b"x")
    assert sweep(tmp_path) == len(names)
    assert sorted(found(tmp_path)) == sorted([*kept, tmp_path / ".mine"])
