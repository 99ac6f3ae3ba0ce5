"""`broadsheet init`: a new workspace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from crawler.cli.app import app, folder
from crawler.cli.report import own_command
from crawler.cli.terminal import out
from crawler.errors import WorkspaceError
from crawler.files import make_folder, write_durably
from crawler.recipes import recipe_schema

SETTINGS = """\
# Settings of this Broadsheet workspace. All are optional; these are the defaults.
# title: Broadsheet               # of the feed of all articles
# base_url: https://example.org/  # where output/ will be served: self links, OPML and archives need it
# contact: https://example.org/about-our-crawler   # sent with every request, so that a site's owner can reach you
# profile: hexo                   # or hugo, jekyll, eleventy, obsidian, plain
# documents: output               # or a blog's source/_posts
# feeds: output/feeds
# hubs: [https://hub.example/]    # WebSub hubs that are told of changes
# look_again: [1h, 6h, 24h, 7d]   # when young articles are looked at again for changes
# delay: 1.0                      # seconds between two requests to one host
"""
EXAMPLE = """\
# yaml-language-server: $schema=../recipe.schema.json
# Name this file SOURCE.yaml to have it crawled: `broadsheet crawl` takes every .yaml in this folder.
url: https://www.example.com/
name: Example News
zone: Europe/London
language: en
sections:
  - id: home
    name: Home
    list: {url: https://www.example.com/, link: "h2 a"}
article:
  url: '/news/(?P<id>\\d+)'
"""
SCRAPY = "[settings]\ndefault = crawler.settings\n"
IGNORED = ".broadsheet/*\n!.broadsheet/removed/\n"  # what was taken down stays away, even where the store is lost


@app.command()
def init(place: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="The new folder; without one: here.")] = None) -> None:
    """Make a new workspace: settings, a folder for recipes, an example. Nothing that is there already is touched.

    Example:

        broadsheet init news
    """
    root = folder() / place if place else folder()
    files = {
        "broadsheet.yaml": SETTINGS,
        "sources/example.yaml.txt": EXAMPLE,
        "recipe.schema.json": json.dumps(recipe_schema(), ensure_ascii=False, indent=2) + "\n",
        "scrapy.cfg": SCRAPY,
        ".gitignore": IGNORED,
    }
    if root.exists() and not root.is_dir():
        raise WorkspaceError(str(root), "is a file; a workspace is a folder")
    make_folder(root.resolve())
    console = out()
    for name, content in files.items():
        path = root / name
        if path.exists():
            console.print(Text(f"kept   {path}"))
        else:
            write_durably(path, content.encode())
            console.print(Text(f"made   {path}"))
    command = f"{own_command()} -C {root}"
    console.print(Text(f"Next:  {command} add https://www.example.com/   # or write a recipe {root / 'sources'}/SITE.yaml"))
