"""Feeds: entries become RSS, Atom and JSON Feed files. Reading feeds is a listing, not here."""

from crawler.feeds.archives import Places
from crawler.feeds.custom import CustomFeed, Known, custom_feeds
from crawler.feeds.desk import Membership, PagesAt
from crawler.feeds.feed import ALL, MEDIA_TYPES, Problem, feed_id
from crawler.feeds.flood import Fingerprint, Return, fingerprint, is_flood, returns
from crawler.feeds.item import FeedEntry, KeptPicture
from crawler.feeds.members import members
from crawler.feeds.plans import FeedSettings, Part, Planner, paths_of
from crawler.feeds.prepared import PreparedAt
from crawler.feeds.publish import PublishReport, publish
from crawler.feeds.query import Query, QueryError, parse_query, select
from crawler.feeds.sources import Gathering, Listed, SectionInfo, SourceInfo, Sources
from crawler.feeds.version import version as feed_version

__all__ = [
    "ALL",
    "MEDIA_TYPES",
    "CustomFeed",
    "FeedEntry",
    "FeedSettings",
    "Fingerprint",
    "Gathering",
    "KeptPicture",
    "Known",
    "Listed",
    "Membership",
    "PagesAt",
    "Part",
    "Places",
    "Planner",
    "PreparedAt",
    "Problem",
    "PublishReport",
    "Query",
    "QueryError",
    "Return",
    "SectionInfo",
    "SourceInfo",
    "Sources",
    "custom_feeds",
    "feed_id",
    "feed_version",
    "fingerprint",
    "is_flood",
    "members",
    "parse_query",
    "paths_of",
    "publish",
    "returns",
    "select",
]
