"""Pages for people: a front page and one page a feed, readable from the disk without a network."""

from crawler.feeds.pages.write import FRONT, STYLE, Shelfmark, Story, style, write_feed_page, write_front_page, write_list_page

__all__ = ["FRONT", "STYLE", "Shelfmark", "Story", "style", "write_feed_page", "write_front_page", "write_list_page"]
