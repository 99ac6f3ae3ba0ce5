"""`python -m crawler.demo` serves the newspaper to a person until Ctrl-C."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys

from crawler.demo import DemoServer


def test_it_tells_its_address_serves_and_ends_on_ctrl_c() -> None:
    command = [sys.executable, "-m", "crawler.demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
            assert port
            connection = http.client.HTTPConnection("127.0.0.1", int(port[1]), timeout=10)
            connection.request("GET", "/")
            assert b"The Lanwan Packet" in connection.getresponse().read()
            connection.close()
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=20)[1] == ""
            assert process.returncode == 0
        finally:
            process.kill()


def test_port_that_is_taken_is_told_in_one_line() -> None:
    with DemoServer() as server:
        command = [sys.executable, "-m", "crawler.demo", "--port", str(server.port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.strip() == f"port {server.port} can't be had (Address already in use); try --port 0"
