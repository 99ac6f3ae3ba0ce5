"""Kept pictures as the pages for each consumer tell it: every picture of a built page is a file of the site."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from builders import test_eleventy, test_hexo, test_hugo, test_jekyll
from builders.sites import MODULES, marks, page, run
from conftest import Broadsheet, write_recipe
from documents.documented import blocks
from local_site import Answer, Site, listing, recipe
from pipelines.test_images import picture, story

PICTURES = {"/lead.jpg": picture("JPEG", (1200, 800)), "/body.png": picture("PNG"), "/other.webp": picture("WEBP")}


def hexo(workspace: Path) -> Path:
    blog = workspace / "blog"
    test_hexo.set_up(blog, "volantis", "UTC")
    run(["hexo", "generate"], blog)
    return blog / "public"


def hugo(workspace: Path) -> Path:
    site = workspace / "site"
    (site / "hugo.toml").write_text(test_hugo.CONFIG + blocks("consumers/hugo.md", "toml", "hugo.toml")[0])
    (site / "layouts" / "_default").mkdir(parents=True)
    (site / "layouts" / "_default" / "single.html").write_text(
        test_hugo.SINGLE.replace("<main>", '<img src="{{ index .Params.images 0 }}"><main>')
    )
    run(["hugo", "--config", "hugo.toml"], site)
    return site / "public"


def jekyll(workspace: Path) -> Path:
    site = workspace / "site"
    (site / "_config.yml").write_text(test_jekyll.CONFIG.format(timezone="UTC") + blocks("consumers/jekyll.md", "yaml", "_config.yml")[0])
    (site / "_layouts").mkdir()
    (site / "_layouts" / "post.html").write_text(test_jekyll.POST.replace("<main>", '<img src="{{ page.image }}"><main>'))
    run(["jekyll", "build", "--quiet"], site)
    return site / "_site"


def eleventy(workspace: Path) -> Path:
    site = workspace / "site"
    (site / "node_modules").symlink_to(MODULES)
    (site / "eleventy.config.js").write_text(blocks("consumers/eleventy.md", "js", "eleventy.config.js")[1])
    (site / "src" / "_includes").mkdir()
    (site / "src" / "_includes" / "post.njk").write_text(test_eleventy.POST.replace("<main>", '<img src="{{ image }}"><main>'))
    run(["eleventy", "--quiet"], site)
    return site / "_site"


BUILDERS = {hexo: "hexo", hugo: "hugo", jekyll: "jekyll", eleventy: "@11ty/eleventy"}


@pytest.mark.parametrize("build", [pytest.param(build, marks=marks(program)) for build, program in BUILDERS.items()])
def test_every_picture_of_a_page_is_a_file_of_the_site(build: Callable[[Path], Path], broadsheet: Broadsheet, tmp_path: Path) -> None:
    (tmp_path / "broadsheet.yaml").write_text(blocks(f"consumers/{build.__name__}.md", "yaml", "broadsheet.yaml")[-1])
    pages = {"/": listing("/1", "/2"), "/1": Answer(story("One", "/lead.jpg", "/body.png")), "/2": Answer(story("Two", "/other.webp"))}
    with Site(pages | {path: Answer(content) for path, content in PICTURES.items()}) as site:
        write_recipe(tmp_path, "here", recipe(site))
        broadsheet("crawl", "-q")
    built = build(tmp_path)
    shown: dict[str, set[str]] = {}
    for path in built.rglob("posts/**/index.html"):
        sources = [str(image.attributes["src"]) for image in page(path).css('img[src^="/assets/"]')]
        files = [built / unquote(source).lstrip("/") for source in sources]
        shown[path.parent.name.split("-")[3]] = {hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    expected = {name: hashlib.sha256(content).hexdigest() for name, content in PICTURES.items()}
    assert shown == {"one": {expected["/lead.jpg"], expected["/body.png"]}, "two": {expected["/other.webp"]}}
