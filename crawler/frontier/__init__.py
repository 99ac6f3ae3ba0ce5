"""The frontier: which page is fetched when. Rules only; what it knows lies in the store."""

from crawler.frontier.frontier import LONGEST_WAIT, Frontier, Plan, Wait, in_words
from crawler.frontier.lock import SourceLock, is_held

__all__ = ["LONGEST_WAIT", "Frontier", "Plan", "SourceLock", "Wait", "in_words", "is_held"]
