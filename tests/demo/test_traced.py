"""The main job seen from the kernel: with a root that can't be written and no home, it asks nobody but the demo's server and writes nowhere
but in its workspace.

Needs strace (Debian). The read-only root needs `unshare` and the right to use it; without that the trace alone tells.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

STRACE = shutil.which("strace") or ""
WRITING = (
    "openat,open,creat,mkdir,mkdirat,unlink,unlinkat,rmdir,rename,renameat,renameat2,link,linkat,symlink,symlinkat,truncate,chmod,"
    "fchmodat,mknod"
)
SENDING = "connect,sendto,sendmsg,sendmmsg"
# $1: the workspace. Whatever else is mounted can only be read; /proc and /dev stay
SEALED = """
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
mount -o remount,bind,ro /
awk '$5 != "/" {print $5}' /proc/self/mountinfo | while read -r place; do
  case "$place" in /proc* | /dev* | "$1") ;; *) mount -o remount,bind,ro "$place" 2>/dev/null || true ;; esac
done
if touch /tmp/.broadsheet-seal 2>/dev/null; then echo "the root can still be written" >&2; exit 99; fi
shift
exec "$@"
"""
# multiprocessing's locks are POSIX semaphores: memory that has a name (sem_overview(7))
MEMORY = re.compile(r"^/dev/(?:null|tty|shm/(?:sem\.|psm_)[\w.-]+)$")
PATHS = re.compile(r"AT_FDCWD<([^>]*)>|\"((?:[^\"\\]|\\.)*)\"")

pytestmark = [pytest.mark.needs("strace"), pytest.mark.skipif(not STRACE, reason="strace is not installed")]


def may_seal() -> bool:
    unshare = shutil.which("unshare")
    return unshare is not None and subprocess.run([unshare, "-rm", "true"], capture_output=True, check=False).returncode == 0


def traced_crawl(workspace: Path) -> list[str]:
    """Crawls the demo under strace; gives the calls that did not fail, those that were interrupted put together."""
    trace = workspace / "trace.txt"
    crawl = [sys.executable, "-m", "crawler", "crawl", "demo"]
    strace = [STRACE, "-f", "-qq", "-y", "-s", "1000", "-e", f"trace={WRITING},{SENDING}", "-o", str(trace)]
    seal = ["unshare", "-rm", "bash", "-c", SEALED, "seal", str(workspace)] if may_seal() else []
    environment = {"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*seal, *strace, *crawl], cwd=workspace, env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "29 new" in done.stdout
    begun: dict[str, str] = {}
    calls = []
    for line in trace.read_text("utf-8", "replace").splitlines():
        process, _, call = line.partition(" ")
        if call.endswith("<unfinished ...>"):
            begun[process] = call.removesuffix("<unfinished ...>")
            continue
        if match := re.match(r"\s*<\.\.\. \w+ resumed>(.*)", call):
            call = begun.pop(process, "") + match.group(1)
        if " = -1 " not in call or "EINPROGRESS" in call:
            calls.append(call.strip())
    return calls


def places_written(call: str, workspace: Path) -> list[str]:
    """The absolute paths that a call changes."""
    name = call.partition("(")[0]
    if name in ("open", "openat") and not re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", call):
        return []
    at, found = str(workspace), []
    for folder, path in PATHS.findall(call):
        if folder:
            at = folder
        else:
            found.append(os.path.normpath(os.path.join(at, path)))  # noqa: PTH118 - a path of the trace, not of this process
    return found


def test_the_demo_asks_its_own_server_alone_and_writes_in_its_workspace_alone(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    calls = traced_crawl(workspace)
    asked = {match for call in calls for match in re.findall(r'sin6?_port=htons\((\d+)\).*?"([0-9a-f.:]+)"', call)}
    assert {address for _, address in asked} == {"127.0.0.1"}
    assert len(asked) == 1, "one server: the demo's"
    assert not any("sun_path" in call and "nscd" not in call for call in calls)
    written = {place for call in calls if call.partition("(")[0] in WRITING.split(",") for place in places_written(call, workspace)}
    assert any(place.endswith(".md") for place in written)
    assert {place for place in written if not place.startswith(f"{workspace}/") and not MEMORY.match(place)} <= {str(workspace)}
