"""`python -m crawler.demo [--port N]` serves the demo newspaper for a person to look at."""

from __future__ import annotations

import argparse
import time

from crawler.demo import ADDRESS, DemoServer

LOOK = 0.5  # seconds


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m crawler.demo", description="Serves the demo newspaper on this machine until Ctrl-C.")
    parser.add_argument("--port", type=int, default=8025, help="0 takes a free one (default: %(default)s)")
    wanted = parser.parse_args().port
    try:
        server = DemoServer(wanted)
        server.__enter__()
    except OSError as error:
        raise SystemExit(f"port {wanted} can't be had ({error.strerror}); try --port 0") from None
    print(f"The demo newspaper: {server.proxy}/   (a crawl knows it as {ADDRESS}; Ctrl-C ends it)", flush=True)
    try:
        while True:  # not one wait without end: a signal that comes just before it begins would be noticed by nobody
            time.sleep(LOOK)
    except KeyboardInterrupt:
        print()
    finally:
        server.__exit__(None, None, None)


if __name__ == "__main__":
    main()
