from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import tree
from pipelines.newsroom import BASE, Newsroom, story

from crawler.entry import Entry
from crawler.feeds import desk, opml
from crawler.frontier import SourceLock
from crawler.pipelines import flooding, publishing
from crawler.pipelines.publishing import publish_feeds
from crawler.store import Store


def guids(entries: Sequence[Entry]) -> set[str]:
    return {entry.guid for entry in entries}


def test_feeds_pages_and_list_are_written_once(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.settle(story(n) for n in range(3))
    assert room.written(room.publish()) == {"all", "here", "here/home", "feeds"}
    before = tree(tmp_path / "output")
    assert {"index.html", "assets/broadsheet.css", "feeds/feeds.opml", "feeds/here/home.html"} <= set(before)
    again = room.publish()
    assert (again.written, again.unchanged, room.told(again)) == ((), 0, [])
    everything = room.publish(everything=True)
    assert everything.written == ()
    assert everything.unchanged > 12
    assert tree(tmp_path / "output") == before


def test_another_base_url_changes_addresses_and_no_id(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.settle(story(n) for n in range(60))
    room.publish()
    before = room.chain("here/home")
    room.settings("base_url: https://other.example/\n")
    room.publish()
    feeds = tmp_path / "output/feeds"
    assert not [path for path in feeds.rglob("*.*") if b"e.example/news" in path.read_bytes()]
    assert json.loads((feeds / "here/home/archive/1.json").read_bytes())["feed_url"].startswith("https://other.example/")
    assert room.ids("here/home") == before["here/home.json"]
    room.settings("")
    room.publish()
    assert not (feeds / "feeds.opml").exists()
    assert "next_url" not in json.loads((feeds / "here.json").read_bytes())


def test_a_recipe_that_names_its_source_anew_has_that_sources_feeds_written(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, sources=("here", "there"))
    room.settle([*(story(n) for n in range(60)), *(story(n, source="there") for n in range(3))])
    room.publish()
    room.recipe("here", "Harbour Times")
    room.settle([story(4, source="there")])
    written = room.written(room.publish())
    assert {"here", "here/home", "here/archive/1", "all", "there"} <= written
    assert json.loads((tmp_path / "output/feeds/here/archive/1.json").read_bytes())["title"] == "Harbour Times"


def test_a_broken_recipe_changes_no_title(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.settle([story(1)])
    room.publish()
    (tmp_path / "sources" / "here.yaml").write_text("url: [", "utf-8")
    room.settle([story(2)])
    room.publish()
    assert json.loads((tmp_path / "output/feeds/here/home.json").read_bytes())["title"] == "Here · home"
    assert room.ids("here") == guids([story(1), story(2)])


def test_feeds_of_ones_own(tmp_path: Path) -> None:
    own = 'own_feeds:\n  third: {title: The third, filters: {filter_title: "Quay 3 "}}\n  sea: {title: Sea, sources: [here/sea]}\n'
    room = Newsroom(tmp_path, own)
    room.settle([story(2), story(3, sections=("sea",))])
    room.publish()
    assert room.ids("third") == room.ids("sea") == {story(3).guid}
    room.settings('own_feeds:\n  sea: {title: Sea, sources: [nowhere]}\n  late: {title: Late, filters: {filter: "("}}\n')
    good = (tmp_path / "output/feeds/sea.rss").read_bytes()
    report = room.publish()
    (sea, late) = room.told(report)
    assert sea == "feed sea: there is no source 'nowhere'; it is written as its id, or as id/section"
    assert late.startswith("feed late: filter: '(' is no pattern")
    assert (tmp_path / "output/feeds/sea.rss").read_bytes() == good
    assert not list((tmp_path / "output/feeds").glob("third.*"))
    assert {path.name for path in report.deleted} == {"third.rss", "third.atom", "third.json", "third.html"}
    assert room.told(room.publish()) == [sea, late]  # as long as it is so


def test_archives_keep_their_members_and_nothing_is_out_of_reach(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    stories = [story(n, run=n // 30) for n in range(130)]
    for run in range(5):
        room.settle(stories[30 * run : 30 * run + 30])
        room.publish()
    chain = room.chain("here")
    assert list(chain) == ["here.json", "here/archive/2.json", "here/archive/1.json"]
    assert chain["here/archive/1.json"] == guids(stories[:50])
    assert set().union(*chain.values()) == guids(stories)


def test_an_article_that_joins_a_section_late_moves_no_other(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.settle([story(0), *(story(n, sections=("sea",), run=1) for n in range(1, 121))])
    room.publish()
    before = room.chain("here/sea")
    late = story(0, sections=("home", "sea"))
    room.settle([late])
    room.publish()
    after = room.chain("here/sea")
    assert {path: ids for path, ids in after.items() if "archive" in path} == {
        path: ids for path, ids in before.items() if "archive" in path
    }
    assert late.guid in after["here/sea.json"]


def test_an_archive_shows_its_articles_as_they_are_now(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    stories = [story(n) for n in range(120)]
    room.settle(stories)
    room.publish()
    old = stories[10]
    room.settle([replace(old, article=replace(old.article, title="Corrected"))])
    written = room.written(room.publish())
    assert {"here/archive/1", "here/home/archive/1", "all/archive/1"} <= written
    assert "here/archive/2" not in written
    assert "Corrected" in (tmp_path / "output/feeds/here/archive/1.atom").read_text("utf-8")
    room.take_down(old)
    room.publish()
    assert set().union(*room.chain("here").values()) == guids(stories) - {old.guid}
    for gone in stories[:50]:
        room.take_down(gone)
    room.publish()
    assert list(room.chain("here")) == ["here.json", "here/archive/2.json"]
    assert not (tmp_path / "output/feeds/here/archive/1.json").exists()


def test_an_archive_holds_fifty_whatever_the_limit_of_the_live_feed_is(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, f"base_url: {BASE}\nfeed_limit: 10\n")
    stories = [story(n) for n in range(120)]
    room.settle(stories)
    room.publish()
    chain = room.chain("here")
    assert chain == {
        "here.json": guids(stories[110:]),
        "here/archive/2.json": guids(stories[50:100]),
        "here/archive/1.json": guids(stories[:50]),
    }
    room.settings(f"base_url: {BASE}\nfeed_limit: 80\n")
    room.publish()
    assert room.chain("here") == chain | {"here.json": guids(stories[40:])}


def test_one_that_joins_late_pushes_the_feed_over_no_limit(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.settle([story(0), *(story(n, sections=("sea",), run=1) for n in range(1, 61))])
    room.publish()
    room.settle([story(0, sections=("home", "sea"))])
    room.publish()
    assert room.ids("here/sea") == guids([story(0), *(story(n, sections=("sea",), run=1) for n in range(12, 61))])


def test_long_articles_stay_within_reach_as_summaries(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, f"base_url: {BASE}\nfeed_bytes: 65536\n")
    stories = [story(n, text=f"{n} " + "word " * 3000) for n in range(70)]
    room.settle(stories)
    room.publish()
    chain = room.chain("here")
    assert set().union(*chain.values()) == guids(stories)
    assert chain["here.json"] == guids(stories[50:])
    for suffix in ("rss", "atom", "json"):
        assert (tmp_path / f"output/feeds/here.{suffix}").stat().st_size <= 65536


def test_all_of_a_source_taken_down_its_feeds_go(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, sources=("here", "there"))
    room.settle([story(1), story(1, source="there")])
    room.publish()
    room.take_down(story(1))
    room.publish()
    assert not [path for path in (tmp_path / "output/feeds").rglob("*.*") if "here" in path.name and "there" not in path.name]
    assert room.ids("all") == {story(1, source="there").guid}


@pytest.mark.parametrize("writes", [0, 1, 3, 5, 12])
def test_what_a_full_disk_or_a_kill_left_out_comes_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int) -> None:
    stories = [story(n) for n in range(110)]
    whole = Newsroom(tmp_path / "whole")
    whole.settle(stories)
    whole.publish()
    room = Newsroom(tmp_path / "cut")
    room.settle(stories)
    left = writes
    write = desk.write_all_durably

    def until_full(files: object) -> int:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(28, "No space left on device")
        return write(files)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(desk, "BATCH", 1)
        patched.setattr(desk, "write_all_durably", until_full)
        with pytest.raises(OSError, match="No space"):
            room.publish()
    room.publish()
    assert tree(tmp_path / "cut/output") == tree(tmp_path / "whole/output")


def test_what_another_run_settles_meanwhile_is_not_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Newsroom(tmp_path, sources=("here", "there"))
    room.settle([story(1), story(1, source="there")])
    late = story(2, source="there")
    write = desk.write_all_durably

    def and_then_another_settles(files: Sequence[tuple[Path, bytes]]) -> int:
        if any(path.name == "there.rss" for path, _ in files):
            room.settle([late])
        return write(files)

    with monkeypatch.context() as patched:
        patched.setattr(desk, "BATCH", 1)
        patched.setattr(desk, "write_all_durably", and_then_another_settles)
        room.publish()
    assert late.guid not in room.ids("there")
    room.publish()
    assert late.guid in room.ids("there")
    assert late.guid in room.ids("all")


def moved(count: int, *, run: int = 1) -> list[Entry]:
    """The first articles again, under other addresses and ids, as after a move of their site."""
    return [story(n, guid=f"moved-{n}", run=run) for n in range(count)]


def test_a_flood_stops_its_source_until_it_is_forced(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, sources=("here", "there"))
    old = [story(n) for n in range(60)]
    room.settle([*old, story(1, source="there")])
    room.publish()
    good = {path: content for path, content in tree(tmp_path / "output/feeds").items() if path.startswith("here")}
    other = story(2, source="there", run=1)
    flood = moved(20)
    room.settle([*flood, other])
    report = room.publish()
    told = room.told(report)
    assert {path: content for path, content in tree(tmp_path / "output/feeds").items() if path.startswith("here")} == good
    assert any("not published: 20 of 60 known articles came back under other ids" in line and "feeds --force" in line for line in told)
    assert any(flood[0].path in line and old[0].path in line for line in told)
    assert told[-1].endswith("… and 10 more")
    assert other.guid in room.ids("all")
    assert not guids(flood) & room.ids("all")
    assert room.told(room.publish())  # as long as it lasts
    archived = room.chain("all")["all/archive/1.json"]
    room.publish(force=True)
    assert guids(flood) <= room.ids("here")
    assert guids(flood) <= room.ids("all")
    assert room.chain("all")["all/archive/1.json"] == archived
    assert room.told(room.publish()) == []


def test_a_held_source_follows_the_settings_once_it_is_forced(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.settle(story(n) for n in range(60))
    room.publish()
    room.settle(moved(20))
    room.publish()
    room.settings("base_url: https://other.example/\n")
    room.publish()
    room.publish(force=True)
    assert not [path for path in (tmp_path / "output/feeds").rglob("*.*") if b"e.example/news" in path.read_bytes()]


@pytest.mark.parametrize(("known", "again", "stopped"), [(60, 12, False), (60, 13, True), (10, 4, False), (10, 5, True)])
def test_more_than_a_fifth_and_at_least_five(tmp_path: Path, known: int, again: int, stopped: bool) -> None:
    room = Newsroom(tmp_path)
    room.settle(story(n) for n in range(known))
    room.publish()
    room.settle(moved(again))
    assert bool(room.told(room.publish())) is stopped
    assert bool(guids(moved(again)) & room.ids("here")) is not stopped


def test_one_article_writes_only_the_feeds_it_is_in(tmp_path: Path) -> None:
    names = [f"s{n}" for n in range(40)]
    room = Newsroom(tmp_path, sources=names)
    room.settle(story(n, source=name) for n, name in enumerate(names))
    room.publish()
    room.settle([story(100, source="s7", run=1)])
    report = room.publish()
    assert room.written(report) == {"s7", "s7/home", "all"}
    assert {path.name for path in report.written if not path.is_relative_to(room.workspace.feeds)} == {"index.html"}


def test_articles_of_a_run_that_still_goes_on_wait_for_its_end(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, sources=("here", "there"))
    old = [story(n) for n in range(30)]
    room.settle([*old, story(1, source="there")])
    room.publish()
    before = tree(tmp_path / "output/feeds")
    with SourceLock(room.workspace.locks, "here"):
        room.settle([*moved(4), story(2, source="there")])
        report = room.publish()
        assert report.waiting == ("here",)
        assert room.told(report) == []
        assert story(2, source="there").guid in room.ids("all")
        assert not guids(moved(4)) & room.ids("all")
        assert {path: content for path, content in tree(tmp_path / "output/feeds").items() if path.startswith("here")} == {
            path: content for path, content in before.items() if path.startswith("here")
        }
        room.settle(moved(20)[4:])
        assert room.told(room.publish(everything=True)) == []
        assert not guids(moved(20)) & room.ids("all")
    assert any("20 of 30 known articles" in line for line in room.told(room.publish()))
    assert not guids(moved(20)) & room.ids("all")


def test_a_check_for_floods_that_was_cut_off_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks at some articles at a time; until the last of them nothing is shown, and nothing is forgotten."""
    room = Newsroom(tmp_path)
    room.settle(story(n) for n in range(7))
    parts: list[Sequence[str]] = []

    def two_at_a_time(store: Store, source: str, *, whole: bool) -> Iterator[Sequence[str]]:
        assert whole  # nothing of it was published yet
        after = ("", "", "")
        while True:
            with store.begin() as transaction:
                new = transaction.publications.new_of_all(source, after, 2)
            if not new:
                return
            after = new[-1]
            parts.append([guid for *_, guid in new])
            if len(parts) == 3:
                raise KeyboardInterrupt
            yield parts[-1]

    monkeypatch.setattr(flooding, "new_guids", two_at_a_time)
    with pytest.raises(KeyboardInterrupt):
        room.publish()
    assert not (tmp_path / "output/feeds/here.json").exists()
    with room.store.read() as transaction:
        assert transaction.publications.last(9, ["here"]) == []
        assert transaction.publications.held_sources() == ["here"]
    room.publish()
    assert [len(part) for part in parts] == [2, 2, 2, 2, 2, 2, 1]
    assert room.ids("here") == guids([story(n) for n in range(7)])


def test_a_run_that_begins_while_floods_are_looked_for_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Newsroom(tmp_path)
    room.settle(story(n) for n in range(3))
    monkeypatch.setattr(flooding, "new_guids", lambda store, source, whole: iter([[story(n).guid] for n in range(3)]))
    held = iter([False, True])
    monkeypatch.setattr(publishing, "is_held", lambda locks, name: next(held))
    report = room.publish()
    assert report.waiting == ("here",)
    assert "here" not in room.written(report)
    monkeypatch.undo()
    room.publish()
    assert room.ids("here") == guids([story(n) for n in range(3)])


def test_a_run_publishes_what_it_holds_itself(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    with SourceLock(room.workspace.locks, "here"):
        room.settle([story(1)])
        publish_feeds(room.store, room.documents, room.workspace, ours=["here"])
        assert room.ids("here") == guids([story(1)])


def test_a_section_that_its_recipe_has_no_more_leaves_no_files(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.settle([*(story(n, sections=("sea",)) for n in range(60)), story(60)])
    room.publish()
    assert (tmp_path / "output/feeds/here/sea/archive/1.rss").exists()
    room.recipe("here", "Here", sections=("home",))
    report = room.publish()
    assert not list((tmp_path / "output/feeds/here").glob("sea*.*"))
    assert not list((tmp_path / "output/feeds/here/sea").rglob("*.*"))
    assert len(report.deleted) == 7
    assert b"here/sea" not in (tmp_path / "output/feeds/feeds.opml").read_bytes()
    assert room.ids("here") >= guids([story(60)])
    room.recipe("here", "Here")
    room.publish()
    assert (tmp_path / "output/feeds/here/sea/archive/1.rss").exists()


def test_archives_of_all_follow_its_language(tmp_path: Path) -> None:
    def language_of(archive: str) -> object:
        return json.loads((tmp_path / f"output/feeds/{archive}.json").read_bytes()).get("language")

    room = Newsroom(tmp_path)
    room.recipe("here", "Here", language="en")
    room.settle(story(n) for n in range(60))
    room.publish()
    assert language_of("all/archive/1") == language_of("all") == "en"
    room.recipe("there", "Dort", language="de")
    room.settle([story(1, source="there")])
    room.publish()
    assert language_of("all/archive/1") is language_of("all") is None
    assert language_of("here/archive/1") == "en"


def test_the_demo_is_in_all_only_while_there_is_nothing_else(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, sources=("here",))
    demo, other = story(1, source="demo"), story(2)
    room.settle([demo])
    room.publish()
    assert room.ids("all") == guids([demo])
    room.settle([other])
    room.publish()
    assert room.ids("all") == guids([other])
    assert room.ids("demo") == guids([demo])
    room.take_down(other)
    room.publish()
    assert room.ids("all") == guids([demo])


def test_a_kill_before_the_lists_of_feeds_is_made_up_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Newsroom(tmp_path, sources=("here", "there"))
    room.settle([story(1)])
    room.publish()
    room.settle([story(1, source="there")])

    def killed(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(desk, "BATCH", 1)
        patched.setattr(opml, "write_opml", killed)
        with pytest.raises(KeyboardInterrupt):
            room.publish()
    assert b"there" not in (tmp_path / "output/feeds/feeds.opml").read_bytes()
    room.publish()
    assert b"there.atom" in (tmp_path / "output/feeds/feeds.opml").read_bytes()
    assert "There" in (tmp_path / "output/feeds/feeds.html").read_text("utf-8")
