"""How discovery asks a site: through somebody else's hands, who keep the guard, robots.txt, the host's pace and a limit of requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from crawler.outcome import Failure
from crawler.page import Page

MOST_REQUESTS = 40
"""That one look at a site may send, robots.txt and redirects among them."""


class Ask(Protocol):
    """Fetches single pages for discovery."""

    async def fetch(self, url: str) -> Page | Failure:
        """One page, redirects followed; why there is none."""
        ...

    def robots_text(self, url: str) -> str:
        """The robots.txt of an address's host, as far as it was read on the way; "" without one."""
        ...

    @property
    def sent(self) -> int:
        """Requests sent so far."""
        ...


@dataclass(slots=True)
class Desk:
    """What was asked so far: nothing is asked twice, and something is left for what matters more."""

    ask: Ask
    most: int = MOST_REQUESTS
    answers: dict[str, Page | Failure] = field(default_factory=dict)

    @property
    def left(self) -> int:
        return self.most - self.ask.sent

    async def page(self, url: str, *, keep: int = 0) -> Page | Failure:
        """A page, or why there is none. `keep`: with fewer requests left than these, it isn't asked."""
        if url not in self.answers:
            if self.left <= keep:
                return Failure("it was not asked: the requests of one look at a site are used up", "later")
            self.answers[url] = await self.ask.fetch(url)
        return self.answers[url]
