"""`broadsheet serve`: the output over HTTP."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from types import FrameType
from typing import Annotated

import typer
from rich.text import Text

from crawler.cli.app import app, debugging, workspace
from crawler.cli.terminal import out
from crawler.errors import WorkspaceError

VARIABLE = "BROADSHEET_KEY"
PATIENCE = 10
"""Seconds in which answers under way are finished when the server stops."""


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", metavar="ADDR", help="Address to listen on; 0.0.0.0: all of them.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 8026,
    root_path: Annotated[str, typer.Option("--root-path", metavar="PATH", help="What a reverse proxy puts before it: /news.")] = "",
    trusted_proxy: Annotated[
        list[str] | None, typer.Option("--trusted-proxy", metavar="ADDR", help="Whose X-Forwarded-For is believed, in the log.")
    ] = None,
    key: Annotated[str, typer.Option("--key", metavar="KEY", help=f"Ask for this key; better in the environment: {VARIABLE}.")] = "",
) -> None:
    """Serve the feeds, the front page, documents and kept pictures, until Ctrl+C.

    What a crawl writes meanwhile is seen at once. Settings are read at the start.

    Examples:

        broadsheet -C news serve

        broadsheet -C news serve --host 0.0.0.0 --root-path /news --trusted-proxy 10.0.0.2

        BROADSHEET_KEY=… broadsheet -C news serve       private: every reader has to bring the key
    """
    import uvicorn

    from crawler.web import make_app

    place = workspace()
    secret = key or os.environ.get(VARIABLE, "") or place.settings.server_key
    listening = listen(host, port)
    served = make_app(place, key=secret, root_path=checked_root(root_path))
    config = uvicorn.Config(
        served,
        log_level="info" if debugging() else "error",
        access_log=debugging() and not secret,  # an address may hold the key
        server_header=False,
        ws="none",
        proxy_headers=bool(trusted_proxy),
        forwarded_allow_ips=list(trusted_proxy or []),
        timeout_keep_alive=20,
        timeout_graceful_shutdown=PATIENCE,
    )
    own = f"http://{shown_host(host)}:{listening.getsockname()[1]}/"
    console = out()
    console.print(Text(f"Serving {place.shown(place.output)}/ on {own}   (Ctrl+C stops)"))
    console.print(Text(f"Open    {own}" + ("   with the key as password" if secret else "")))
    if not (place.output / "index.html").exists() and not place.feeds.exists():
        console.print(Text("Nothing is there yet: crawl first."))
    if not secret and not is_loopback(host):
        console.print(Text(f"Everybody who reaches this machine can read it; {VARIABLE} asks for a key."))
    for number in (signal.SIGINT, signal.SIGTERM):  # uvicorn stops gracefully, then raises what it caught once more
        signal.signal(number, stop_quietly)
    uvicorn.Server(config).run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises WorkspaceError naming the address where it can't."""
    subject = f"{host}:{port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        opened = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise WorkspaceError(subject, f"is no address to listen on ({error})") from None
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(512)
    except OSError as error:
        opened.close()
        raise WorkspaceError(subject, f"can't be listened on ({error.strerror}); name another one with --port or --host") from None
    return opened


def checked_root(path: str) -> str:
    """A prefix as paths begin with it. Raises WorkspaceError for what is none."""
    if path.strip("/") and (not path.startswith("/") or "//" in path or "?" in path or "#" in path or not path.isprintable()):
        raise WorkspaceError("--root-path", f"{path!r}: a path such as /news is expected")
    return path.rstrip("/")


def shown_host(host: str) -> str:
    """A host as it stands in an address: what listens everywhere is opened here."""
    if host in ("0.0.0.0", "::", ""):
        return "localhost"
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def stop_quietly(number: int, frame: FrameType | None) -> None:
    """The stop was asked for and is done: exit code 0."""
