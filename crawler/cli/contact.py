"""Asks a person once for an address that sites can write to; it goes into every request's user agent."""

from __future__ import annotations

import sys

from rich.text import Text
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from crawler.cli.terminal import err, plain
from crawler.files import write_durably
from crawler.workspace import SETTINGS_FILE, Workspace, open_workspace

KEY = "contact"


def ask_for_contact(place: Workspace) -> Workspace:
    """On a terminal, in a workspace that says nothing of it, asks for the contact; the answer, none too, is kept in broadsheet.yaml.

    Gives the workspace as it is then.
    """
    if place.settings.contact or place.settings.user_agent or KEY in place.settings.model_fields_set:
        return place
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return place
    console = err()
    console.print(Text("Sites see who crawls them. An address that their owners can write to or look up (Enter: none):"))
    try:
        answer = plain(console.input("  contact: ")).strip()
    except (EOFError, KeyboardInterrupt):
        return place
    remember(place, answer)
    return open_workspace(place.root)


def remember(place: Workspace, contact: str) -> None:
    """Writes the answer into broadsheet.yaml, whose other lines and comments stay."""
    path = place.root / SETTINGS_FILE
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    values = yaml.load(path.read_text("utf-8")) if path.exists() else None
    if not isinstance(values, CommentedMap):  # none, or comments alone: they stay
        line = CommentedMap({KEY: contact})
        text = path.read_text("utf-8") if path.exists() else ""
        write_durably(path, (text + ("\n" if text and not text.endswith("\n") else "") + dumped(yaml, line)).encode())
        return
    values[KEY] = contact
    write_durably(path, dumped(yaml, values).encode())


def dumped(yaml: YAML, values: CommentedMap) -> str:
    import io

    out = io.StringIO()
    yaml.dump(values, out)
    return out.getvalue()
