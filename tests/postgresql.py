"""A PostgreSQL server of one's own: in a temporary folder, on a socket there, as a user without rights, gone afterwards."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

NAME = "broadsheet"


@dataclass(slots=True)
class Server:
    """A server that runs; each `new_store` is an address of an empty place in it."""

    folder: Path
    process: subprocess.Popen[bytes]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def connection(self) -> str:
        return f"host={self.folder} user={NAME} dbname=postgres"

    def new_store(self) -> str:
        """What `store:` in broadsheet.yaml may hold: a schema of its own in the one database."""
        name = f"place_{next(self.numbers)}"
        with psycopg.connect(self.connection, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        return f"postgresql://{NAME}@/postgres?host={quote(str(self.folder), safe='')}&options=-csearch_path%3D{name}"


def programs() -> Path | None:
    """Where initdb and postgres lie: Debian keeps them out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def running() -> Iterator[Server]:
    """Starts a server and ends it. Raises FileNotFoundError where PostgreSQL is not installed."""
    bin_folder = programs()
    if bin_folder is None:
        raise FileNotFoundError("PostgreSQL's server is not here; on Debian: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has 107 bytes at most
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        nobody = pwd.getpwnam("nobody")
        as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    place = {"cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, **as_user}
    data = folder / "data"
    # a locale that sorts as people do, not by bytes: what relies on the order of bytes must say so
    made = [bin_folder / "initdb", "-D", data, "-U", NAME, "-A", "trust", "-E", "UTF8", "--locale-provider=icu", "--icu-locale=en-US", "-N"]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL, **place)
    quiet = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "log_min_messages=fatal", "-c", "shared_buffers=32MB"]
    with subprocess.Popen([bin_folder / "postgres", "-D", data, "-k", folder, *quiet], **place) as process:
        server = Server(folder, process)
        try:
            wait_for(server)
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # fast shutdown: connections are cut
            process.wait(30)
            shutil.rmtree(folder, ignore_errors=True)


def wait_for(server: Server) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(server.connection).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline or server.process.poll() is not None:
                raise
            time.sleep(0.05)
