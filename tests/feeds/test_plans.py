from __future__ import annotations

from collections.abc import Sequence

import pytest
from feeds.entries import SITE

from crawler.errors import FeedError
from crawler.feeds.plans import FeedSettings, Part, Plan, Planner, paths_of
from crawler.feeds.sources import Gathering, Listed, SectionInfo, SourceInfo
from crawler.recipes.model import HtmlList, Recipe, Section

GUANCHA = Recipe(
    id="guancha",
    name="观察者网",
    url="https://www.guancha.cn/",
    language="zh-CN",
    icon="https://www.guancha.cn/favicon.ico",
    sections=[
        Section(id="home", name="首页", list=HtmlList(url="https://www.guancha.cn/")),
        Section(id="english", feed="https://www.guancha.cn/en.rss", language="en"),
    ],
)
SOURCES = [SourceInfo.of(GUANCHA), SourceInfo("demo", "Demo", f"{SITE}/", language="en")]


def test_a_recipe_gives_what_feeds_say_of_a_source() -> None:
    about = SourceInfo.of(GUANCHA)
    assert (about.id, about.title, about.url, about.icon) == ("guancha", "观察者网", GUANCHA.url, GUANCHA.icon)
    assert about.sections == (SectionInfo("home", "首页", ""), SectionInfo("english", "english", "en"))


def plans(sources: Sequence[SourceInfo], settings: FeedSettings | None = None, in_all: Sequence[str] | None = None) -> dict[str, Plan]:
    planner = Planner(Listed(sources, in_all), settings or FeedSettings())
    return {path: plan for path in planner.paths() if (plan := planner.plan(path))}


def test_one_feed_for_all_one_a_source_one_a_section() -> None:
    made = plans(SOURCES)
    assert list(made) == ["guancha/home", "guancha/english", "guancha", "demo", "all"]
    assert [made[path].channel.title for path in made] == ["观察者网 · 首页", "观察者网 · english", "观察者网", "Demo", "Broadsheet"]
    assert made["guancha/home"].parts == (Part(("guancha",), "home"),)
    assert made["all"].parts == (Part(without=()),)
    assert [path for path in made if made[path].gathered] == ["all"]


@pytest.mark.parametrize("path", ["nobody", "guancha/none", "guancha/home/more", "nobody/home", ""])
def test_a_path_that_leads_to_no_feed_has_no_plan(path: str) -> None:
    assert Planner(Listed(SOURCES), FeedSettings()).plan(path) is None


def test_languages_are_the_sections_the_sources_and_none_for_a_mixture() -> None:
    made = plans(SOURCES)
    assert [made[path].channel.language for path in made] == ["zh-CN", "en", "zh-CN", "en", ""]
    assert plans(SOURCES[1:])["all"].channel.language == "en"


def test_the_caller_says_which_sources_make_up_all() -> None:
    assert plans(SOURCES, in_all=["guancha"])["all"].part == Part(without=("demo",))
    assert "all" not in plans(SOURCES, in_all=[])


def test_without_base_url_links_are_the_sites() -> None:
    made = plans(SOURCES, FeedSettings(hubs=("https://hub.example/",)))
    assert made["all"].channel.link == made["guancha"].channel.link == "https://www.guancha.cn/"
    assert made["all"].channel.links("rss") == []


@pytest.mark.parametrize("base_url", ["https://x.example/news", "https://x.example/news/"])
def test_base_url_may_have_a_path(base_url: str) -> None:
    made = plans(SOURCES, FeedSettings(base_url=base_url))
    assert made["guancha/home"].channel.links("rss")[0].href == "https://x.example/news/feeds/guancha/home.rss"
    assert made["all"].channel.link == "https://x.example/news/"
    assert made["guancha"].channel.link == "https://www.guancha.cn/"


def test_no_id_depends_on_base_url() -> None:
    with_it, without = plans(SOURCES, FeedSettings(base_url="https://x.example")), plans(SOURCES)
    assert [plan.channel.id for plan in with_it.values()] == [plan.channel.id for plan in without.values()]


def test_titles_with_control_characters_are_cleaned() -> None:
    source = SourceInfo("a", "A\x00\nB", "https://a.example")
    assert plans([source], FeedSettings(title="T\x0b"))["all"].channel.title == "T"
    assert plans([source])["a"].channel.title == "A B"


def test_a_change_concerns_section_source_and_all() -> None:
    of_news = Gathering("https://news.example/", without=("demo",))
    assert paths_of([("demo", "city"), ("demo", ""), ("news", "a")], of_news) == ["demo/city", "demo", "news/a", "news", "all"]
    assert paths_of([], of_news) == []


def test_a_rhythm_that_readers_can_not_be_told_is_refused() -> None:
    with pytest.raises(FeedError, match="15, 20, 30, 60"):
        FeedSettings(refresh=17)
