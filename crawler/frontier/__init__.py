"""The frontier: which page is fetched when. Rules only; what it knows lies in the store."""

from crawler.frontier.frontier import LONGEST_WAIT, Frontier, Plan, Wait
from crawler.frontier.lock import WHOLE_STORE, SourceLock, is_held
from crawler.frontier.pace import in_words

__all__ = ["LONGEST_WAIT", "WHOLE_STORE", "Frontier", "Plan", "SourceLock", "Wait", "in_words", "is_held"]
