"""Feeds: entries become RSS, Atom and JSON Feed files. Reading feeds is a listing, not here."""

from crawler.feeds.feed import MEDIA_TYPES, Problem, feed_id
from crawler.feeds.item import FeedEntry, KeptPicture
from crawler.feeds.members import members
from crawler.feeds.plans import ALL, FeedSettings, SectionInfo, SourceInfo, paths_of
from crawler.feeds.publish import Membership, PublishReport, publish

__all__ = [
    "ALL",
    "MEDIA_TYPES",
    "FeedEntry",
    "FeedSettings",
    "KeptPicture",
    "Membership",
    "Problem",
    "PublishReport",
    "SectionInfo",
    "SourceInfo",
    "feed_id",
    "members",
    "paths_of",
    "publish",
]
