"""No address leads out of the output, or to what is ours alone: over raw sockets, for a client would tidy the path first."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from web.newsroom import Newsroom, raw, serving

from crawler.web.places import find, is_plain
from crawler.workspace import open_workspace

SECRET = b"SECRET-d41d8cd9"


def planted(tmp_path: Path) -> Newsroom:
    """A workspace with something to steal at every place that an escape could reach."""
    inner = tmp_path / "outer" / "news"
    inner.mkdir(parents=True)
    room = Newsroom(inner, title=SECRET.decode())
    (inner / "output/feeds").mkdir(parents=True)
    (inner / "output/feeds/all.rss").write_bytes(b"<rss/>")
    (inner / ".broadsheet").mkdir(exist_ok=True)
    for place in (tmp_path, tmp_path / "outer", inner, inner / "output", inner / ".broadsheet", inner / "output/feeds"):
        for name in (".env", ".hidden.html", ".secret/page.html", "secret.yaml", "secret.sqlite", "secret.py", "no-suffix"):
            (place / name).parent.mkdir(exist_ok=True)
            (place / name).write_bytes(SECRET)
    for name in ("secret.html", "secret.rss", "secret.md", "hubs.json"):
        for place in (tmp_path, tmp_path / "outer", inner, inner / ".broadsheet", inner / "sources"):
            (place / name).write_bytes(SECRET)
    output = inner / "output"
    (output / "link.html").symlink_to(inner / "secret.html")
    (output / "relative.html").symlink_to("../secret.html")
    (output / "folder").symlink_to(inner)
    (output / "own").symlink_to(inner / ".broadsheet")
    (output / "feeds/link.rss").symlink_to("../../secret.rss")
    (output / "feeds/hidden.html").symlink_to("../.hidden.html")
    (output / "fine.html").write_bytes(b"fine")
    (output / "inside.html").symlink_to("fine.html")
    (output / "folder.html").mkdir()
    os.mkfifo(output / "pipe.html")
    return room


PATHS = [
    "/../secret.html",
    "/../../secret.html",
    "/feeds/../../secret.html",
    "/feeds/../secret.html",
    "/%2e%2e/secret.html",
    "/..%2fsecret.html",
    "/%2e%2e%2fsecret.html",
    "/feeds/%2e%2e/%2e%2e/secret.rss",
    "/%252e%252e/secret.html",
    "/%252e%252e%252fsecret.html",
    "/..%5csecret.html",
    "/..\\secret.html",
    "/feeds\\..\\..\\secret.html",
    "/%c0%ae%c0%ae/secret.html",
    "/%uff0e%uff0e/secret.html",
    "/．．/secret.html",
    "/..;/secret.html",
    "/./../secret.html",
    "/feeds//../../secret.html",
    "//../secret.html",
    "/secret.html%00.rss",
    "/feeds/all.rss%00",
    "/%00/etc/passwd",
    "/etc/passwd",
    "//etc/passwd",
    "/file:///etc/passwd",
    "/.broadsheet/store.sqlite",
    "/.broadsheet/secret.html",
    "/../.broadsheet/hubs.json",
    "/%2ebroadsheet/hubs.json",
    "/broadsheet.yaml",
    "/sources/paper.yaml",
    "/secret.yaml",
    "/secret.sqlite",
    "/secret.py",
    "/no-suffix",
    "/.env",
    "/.hidden.html",
    "/.secret/page.html",
    "/feeds/.hidden.html",
    "/link.html",
    "/relative.html",
    "/folder/secret.html",
    "/folder/sources/secret.html",
    "/folder/.broadsheet/secret.html",
    "/own/secret.html",
    "/own/hubs.json",
    "/feeds/link.rss",
    "/feeds/hidden.html",
    "/folder.html",
    "/pipe.html",
    "/index.html/../../secret.html",
    "/feeds/all.rss/../../../secret.html",
    "http://localhost/../secret.html",
    "../secret.html",
    "/%ff%fe",
    "/" + "a/" * 3000 + "secret.html",
    "/" + "%2e%2e/" * 20 + "etc/passwd",
]


@pytest.mark.parametrize("prefix", ["", "/news"])
def test_no_path_leads_to_what_is_not_the_outputs(tmp_path: Path, prefix: str) -> None:
    room = planted(tmp_path)
    with serving(room.workspace, root_path=prefix) as address:
        for path in PATHS:
            for asked in dict.fromkeys((path, prefix + path)):
                answer = raw(address, b"GET " + asked.encode() + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                status = answer[:15]
                assert SECRET not in answer, asked
                assert b"root:" not in answer, asked
                assert status.split(b" ")[1] in (b"400", b"404", b"414"), (asked, status)
        assert b"\r\n\r\nfine" in raw(address, b"GET /inside.html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")


@given(
    st.lists(st.sampled_from(["..", ".", "/", "\\", "feeds", "own", "folder", "secret.html", "%2e", "\0", ".broadsheet", "a"]), max_size=8)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
def test_what_is_found_lies_in_the_output(tmp_path: Path, parts: list[str]) -> None:
    if not (tmp_path / "outer").exists():
        planted(tmp_path)
    workspace = open_workspace(tmp_path / "outer/news")
    for name in ("".join(parts), "/".join(parts)):
        place = find(workspace, name)
        assert place is None or Path(place.path).is_relative_to(workspace.output)
        assert place is None or b"SECRET" not in Path(place.path).read_bytes()


@pytest.mark.parametrize("name", ["feeds/all.atom", "paper/2024/05/2024-05-01-观察者网-0a1b2c3d.md", "index.html", "a..b.html"])
def test_plain_paths(name: str) -> None:
    assert is_plain(name)


@pytest.mark.parametrize("settings_", [{"feeds": "."}, {"documents": "."}, {"feeds": ".broadsheet"}])
def test_settings_that_point_at_the_workspace_itself_open_nothing(tmp_path: Path, settings_: dict[str, str]) -> None:
    room = Newsroom(tmp_path, server_key=SECRET.decode(), **settings_)
    (tmp_path / ".broadsheet").mkdir(exist_ok=True)
    (tmp_path / ".broadsheet/page.rss").write_bytes(SECRET)
    with serving(room.workspace) as address:
        for path in (
            "/feeds/broadsheet.yaml",
            "/broadsheet.yaml",
            "/feeds/sources/paper.yaml",
            "/feeds/.broadsheet/page.rss",
            "/feeds/page.rss",
        ):
            assert SECRET not in raw(address, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
