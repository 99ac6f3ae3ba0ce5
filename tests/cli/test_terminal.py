"""What pages and files of others say reaches a terminal as letters: no command for it, whatever is shown, logged or told."""

from __future__ import annotations

import json
import logging
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import COMMAND, clean_environment, write_recipe
from evil_site import EvilSite, answer, redirect
from hypothesis import given
from hypothesis import strategies as st
from local_site import article, listing

from crawler.shown import PlainFormatter, plain, plain_lines, to_json

HTML = "Content-Type: text/html; charset=utf-8"
# clear the screen, set the window's title, a colour in C1, a bell, a backspace, text turned round, a line that is none
EVIL = "\x1b[2J\x1b]0;owned\x07\x9b31m\x08\u202eEVIL\u2066\u2028\x85x"
COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def ours_taken_out(shown: str) -> str:
    """The colours that we set ourselves, and a terminal's own line ends."""
    return re.sub(r"\x1b\[\d*(?:;\d+)*m", "", shown).replace("\r\n", "\n")


def on_a_terminal(workspace: Path, *arguments: str, code: int = 0) -> str:
    """What the command shows where stdout and stderr are a terminal."""
    main, side = pty.openpty()
    command = [*COMMAND, *arguments]
    environment = clean_environment(TERM="dumb", COLUMNS="200")
    with subprocess.Popen(command, cwd=workspace, env=environment, stdin=subprocess.DEVNULL, stdout=side, stderr=side) as process:
        os.close(side)
        shown = b""
        try:
            while piece := os.read(main, 65536):
                shown += piece
        except OSError:  # the other side is closed: Linux says EIO
            pass
        os.close(main)
    assert process.returncode == code, shown
    return ours_taken_out(shown.decode("utf-8"))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("terminal")
    evil = EVIL.encode("utf-8")
    page = article("Title here").replace("Title here", f"Title {EVIL}").encode()
    pages = {
        "/": answer(listing("/good", "/login", "/coded", "/status", "/away", "/gone").encode(), HTML),
        "/good": answer(page, HTML),
        "/login": answer(b"<html><head><title>" + evil + b"</title></head><body><form><input type=password></form></body></html>", HTML),
        "/coded": answer(b"\xff\xfe\xfd" * 99, HTML, f"Content-Encoding: {EVIL[:12]}".replace("\x1b", "\x9b").encode().decode("latin-1")),
        "/status": answer(b"", status="599 \x9b31m no"),
        "/away": redirect("http://\x9b31m.example/\x9b"),
        "/gone": answer(b"", status="404 Not Found"),
    }
    with EvilSite(pages) as site:
        text = f"url: {site.address}/\nname: Site\nallow_private: true\ndelay: 0\nsections:\n"
        text += f"  - {{id: home, list: {{url: {site.address}/, link: h2 a}}}}\n  - {{id: other, list: {{url: {site.address}/login}}}}\n"
        write_recipe(folder, "here", text)
        (folder / "first.txt").write_text(on_a_terminal(folder, "--debug", "crawl"), "utf-8")
    (folder / "evil.html").write_bytes(page)
    (folder / "evil.opml").write_bytes(b'<opml><body><outline text="a&#x9b;31m&#x202e;b" xmlUrl="http://f.example/x"/></body></opml>')
    return folder


def test_a_crawl_with_its_log_shows_letters_alone(workspace: Path) -> None:
    shown = (workspace / "first.txt").read_text("utf-8")
    assert "EVIL" in shown
    assert "1 new" in shown
    assert COMMANDS.findall(shown) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("extract", "evil.html", "--url", "http://e.example/1"), 0),
        (("extract", "evil.html", "--url", "http://e.example/1", "--format", "text"), 0),
        (("extract", "evil.html", "--url", "http://e.example/1", "--format", "md"), 0),
        (("extract", "evil.html", "--url", "http://e.example/1", "--format", "html"), 0),
        (("extract", "evil.html", "--url", "http://e.example/1", "--explain"), 0),
        (("extract", f"no{EVIL[:4]}.html"), 1),
        (("import", "opml", "evil.opml", "--dry-run"), 0),
        (("export", "--format", "csv"), 0),
        (("export", "--format", "jsonl"), 0),
        (("sources",), 0),
        (("history", f"http://e.example/{EVIL}"), 2),
        (("crawl", EVIL), 2),
    ],
    ids=lambda value: " ".join(value)[:30].encode("ascii", "replace").decode() if isinstance(value, tuple) else "",
)  # fmt: skip
def test_a_command_shows_letters_alone(arguments: tuple[str, ...], code: int, workspace: Path) -> None:
    shown = on_a_terminal(workspace, *arguments, code=code)
    assert shown.strip()
    assert COMMANDS.findall(shown) == [], shown


def test_json_for_another_program_is_the_same_values(workspace: Path) -> None:
    command = [*COMMAND, "extract", "evil.html", "--url", "http://e.example/1"]
    done = subprocess.run(command, cwd=workspace, env=clean_environment(), capture_output=True, check=True)
    assert COMMANDS.findall(done.stdout.decode()) == []
    assert "EVIL" in json.loads(done.stdout)["title"]


@given(st.text())
def test_text_is_made_plain(text: str) -> None:
    assert COMMANDS.findall(plain(text)) == []
    assert plain(plain(text)) == plain(text)
    assert plain_lines(text).count("\n") == text.count("\n")
    assert plain("中文, עברית, ไทย, 😀") == "中文, עברית, ไทย, 😀"


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5))
def test_json_reads_back_as_it_was(value: object) -> None:
    assert json.loads(to_json(value)) == value
    assert COMMANDS.findall(to_json(value)) == []


def test_a_log_s_lines_are_made_plain() -> None:
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "%s failed", (EVIL,), None)
    try:
        raise ValueError(EVIL)
    except ValueError:
        record.exc_info = sys.exc_info()
    shown = PlainFormatter(logging.Formatter("%(message)s")).format(record)
    assert "EVIL" in shown
    assert "ValueError" in shown
    assert COMMANDS.findall(shown) == []
