"""A workspace: its settings (broadsheet.yaml) and where everything in it lies."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from zoneinfo import available_timezones

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from crawler import __version__
from crawler.errors import WorkspaceError, did_you_mean

SETTINGS_FILE = "broadsheet.yaml"
OWN_FOLDER = ".broadsheet"


class Prune(BaseModel):
    """How much is kept beside the documents: `90d` (age), `2GB` (size), or both. Empty: all of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pages: str = ""
    """Of kept pages."""
    revisions: str = ""
    """Of earlier revisions of documents."""
    runs: str = ""
    """Of the records of runs: an age, a number (`1000`), or both."""


class Settings(BaseModel):
    """What broadsheet.yaml may hold; everything is optional."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = "Broadsheet"
    """Of the feed of all articles."""
    base_url: str = ""
    """Where `output/` will be served, a sub-path allowed: `https://example.org/news/`. Needed for absolute addresses in feeds."""
    profile: Literal["hexo", "hugo", "jekyll", "eleventy", "obsidian", "plain"] | str = "hexo"
    """For whom the documents are written."""
    documents: str = "output"
    """Folder of the documents, relative to the workspace or absolute; a blog's `source/_posts` holds nothing but documents."""
    feeds: str = "output/feeds"
    """Folder of the feeds."""
    feeds_at: str = ""
    """Where the feeds are served under `base_url`, if `feeds:` lies outside of `output/`; empty: under `feeds/`."""
    feed_limit: int = Field(50, ge=1, le=1000)
    """Articles of a feed, at most; older ones are in its archives (with `base_url`)."""
    feed_bytes: int = Field(512 * 1024, ge=32 * 1024)
    """Bytes of a feed in each format, at most."""
    own_feeds: dict[str, dict[str, Any]] = {}
    """Feeds of one's own (docs/feeds.md): name → title, sources, filters, limit, language."""
    keep_pages: bool = False
    """Whether fetched article pages are kept, so that a better recipe can read them again; a recipe may say otherwise."""
    images: Literal["keep", "remote"] = "remote"
    """Whether an article's pictures are downloaded and shown from here; a recipe may say otherwise."""
    assets: str = "output/assets"
    """Folder of kept pictures; a blog's `source/assets` or `static/assets`."""
    assets_url: str = ""
    """What stands in front of a kept picture's name in documents; empty: `/assets/`, and `assets/` for obsidian and plain."""
    date_style: Literal["gmt", "wallclock"] = "gmt"
    """How the `hexo` profile writes dates."""
    blog_zone: str = ""
    """The blog's zone (IANA) for `date_style: wallclock`."""
    store: str = ""
    """`postgresql://…`; empty: an SQLite file in `.broadsheet/`."""
    user_agent: str = ""
    """Sent with every request; empty: Broadsheet's own name with `contact`."""
    contact: str = ""
    """An address that a site's owner can write to or look up: `https://example.org/about-our-crawler`."""
    delay: float = Field(1.0, ge=0, le=3600)
    """Seconds between two requests to one host, where the recipe and robots.txt say nothing else."""
    concurrency: int = Field(2, ge=1, le=32)
    """Requests under way to one host at the same time, at most."""
    budget: int = Field(0, ge=0)
    """Requests to one host in 24 hours, by all sources together; 0: any number. What is left over waits for a later run."""
    paused: tuple[str, ...] = ()
    """Sources that are not crawled until they are resumed (`broadsheet pause`, `resume`)."""
    look_again: list[str] = ["1h", "6h", "24h", "7d"]
    """When a young article is looked at again for changes, counted from when it was first read; `[]`: never."""
    workers: int | None = Field(None, ge=0, le=64)
    """Processes that read pages; without it as many as there are cores, 8 at most; 0 reads pages in the crawler's own process."""
    refresh: Literal[15, 20, 30, 60] = 15
    """Minutes between two looks at a feed, told to readers by the feeds and by `broadsheet serve`."""
    hubs: tuple[str, ...] = ()
    """Addresses of WebSub hubs: named in the feeds, told of each change. Need `base_url`."""
    prune: Prune = Prune()
    """What `broadsheet prune` leaves: `pages`, `revisions`, `runs`."""
    server_key: str = ""
    """What `broadsheet serve` asks for; empty: nothing. The environment's BROADSHEET_KEY goes before it."""
    moved: dict[str, str] = {}
    """Feeds that have another path now, `demo/city: demo/town`; what lies below moves along. `broadsheet serve` answers 301."""
    gone: tuple[str, ...] = ()
    """Paths of feeds that are no more; `broadsheet serve` answers 410."""
    allow_private: bool = False
    """Whether hubs and imported lists may lie on private addresses."""

    @field_validator("base_url")
    @classmethod
    def absolute_with_slash(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("an address that begins with http:// or https:// is expected")
        return value.rstrip("/") + "/" if value else ""

    @field_validator("hubs")
    @classmethod
    def addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for hub in value:
            if not hub.startswith(("http://", "https://")) or not hub.isprintable() or " " in hub:
                raise ValueError(f"an address that begins with http:// or https:// is expected, found {hub!r}")
        return tuple(dict.fromkeys(value))

    @field_validator("blog_zone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        if value and value not in available_timezones():
            raise ValueError(f"an IANA zone like Asia/Shanghai is expected, found {value!r}{did_you_mean(value, available_timezones())}")
        return value

    @field_validator("contact", "user_agent")
    @classmethod
    def one_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("one line of printable characters is expected")
        return value


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where things lie. Nothing is made before it is needed."""

    root: Path
    settings: Settings = field(default_factory=Settings)

    @property
    def sources(self) -> Path:
        return self.root / "sources"

    @property
    def documents(self) -> Path:
        return self.root / self.settings.documents

    @property
    def feeds(self) -> Path:
        return self.root / self.settings.feeds

    @property
    def output(self) -> Path:
        """What is served: the front page, and below it feeds, documents, index and kept pictures, as far as they lie there."""
        return self.root / "output"

    @property
    def assets(self) -> Path:
        """Kept pictures."""
        return self.root / self.settings.assets

    @property
    def pages(self) -> Path:
        """Kept pages."""
        return self.own / "pages"

    @property
    def index(self) -> Path:
        """A file of lines for each source and month."""
        return self.output / "index"

    @property
    def own(self) -> Path:
        """Ours alone: store, locks, conflicts."""
        return self.root / OWN_FOLDER

    @property
    def conflicts(self) -> Path:
        """New versions of documents that were edited by hand, each under its document's path."""
        return self.own / "conflicts"

    @property
    def locks(self) -> Path:
        return self.own / "locks"

    @property
    def sent_as(self) -> str:
        """What sites and hubs see: a name, a version, and whom to write to."""
        contact = self.settings.contact
        return self.settings.user_agent or f"Broadsheet/{__version__} ({'+' + contact if contact else 'news crawler'})"

    @property
    def hub_queue(self) -> Path:
        """What WebSub hubs have still to be told."""
        return self.own / "hubs.json"

    @property
    def prepared(self) -> Path:
        """Articles as feeds show them, kept for the next publication; may be deleted at any time."""
        return self.own / "prepared"

    @property
    def store_url(self) -> str:
        return self.settings.store or f"sqlite:///{self.own / 'store.sqlite'}"

    def shown(self, path: Path) -> str:
        """A path as a person sees it: relative to the workspace where it lies in there."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()


def open_workspace(root: Path) -> Workspace:
    """Reads a workspace's settings; a folder without broadsheet.yaml is one with all defaults.

    Raises WorkspaceError naming the file and the key where the settings have a mistake or the folder isn't there.
    """
    root = root.resolve()
    if not root.is_dir():
        raise WorkspaceError(str(root), "there is no such folder; make one with: broadsheet init " + str(root))
    path = root / SETTINGS_FILE
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Workspace(root)
    except (OSError, UnicodeDecodeError) as error:
        raise WorkspaceError(str(path), f"can't be read ({error})") from None
    try:
        values = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}, line {mark.line + 1}" if mark else str(path)
        raise WorkspaceError(where, f"is no YAML ({getattr(error, 'problem', error)})") from None
    if not isinstance(values, dict):
        raise WorkspaceError(str(path), "settings are expected as `key: value` lines")
    try:
        found = Workspace(root, Settings.model_validate(values))
    except ValidationError as error:
        raise WorkspaceError(str(path), "; ".join(told(problem) for problem in error.errors())) from None
    check_documents_alone(found, path)
    return found


def check_documents_alone(workspace: Workspace, path: Path) -> None:
    """A consumer makes a post of whatever lies among its documents: nothing else may be written there.

    In `output/` itself, where nobody builds a site, everything may lie together. Raises WorkspaceError.
    """
    documents = Path(os.path.normpath(workspace.documents))
    if Path(os.path.normpath(workspace.output)).is_relative_to(documents):
        return
    for name, folder in (("feeds", workspace.feeds), ("assets", workspace.assets)):
        if Path(os.path.normpath(folder)).is_relative_to(documents):
            raise WorkspaceError(str(path), f"{name}: lies in the folder of the documents, which may hold nothing else; name another one")


def change_settings(workspace: Workspace, change: Callable[[dict[str, Any]], None]) -> None:
    """Changes broadsheet.yaml, durably; its comments and order stay. Raises OSError."""
    from io import StringIO

    from ruamel.yaml import YAML

    from crawler.files import write_durably

    path = workspace.root / SETTINGS_FILE
    yaml = YAML()
    yaml.preserve_quotes = True
    settings = (yaml.load(path.read_text("utf-8")) if path.exists() else None) or {}
    change(settings)
    lines = StringIO()
    if settings:
        yaml.dump(settings, lines)
    write_durably(path, lines.getvalue().encode())


def told(problem: object) -> str:
    assert isinstance(problem, dict)
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"unknown key {key!r}{did_you_mean(key, Settings.model_fields)}"
    return f"{key}: {problem['msg'].removeprefix('Value error, ')}"
