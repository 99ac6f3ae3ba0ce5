"""The frontier: which page is fetched when. Rules only; what it knows lies in the store."""

from crawler.frontier.frontier import Frontier, Plan, Wait
from crawler.frontier.lock import SourceLock

__all__ = ["Frontier", "Plan", "SourceLock", "Wait"]
