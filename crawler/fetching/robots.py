"""robots.txt by RFC 9309: what may be asked of a host, and how slowly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from protego import Protego

FRESH = 24 * 3600  # seconds; RFC 9309, 2.4: not longer than 24 hours
MOST_BYTES = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB are read
LONGEST_DELAY = 120.0  # seconds; a Crawl-delay above this would stop a crawl without saying so


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host's robots.txt said."""

    status: int
    """Of the answer; 0: not reached."""
    text: str = ""
    reason: str = ""
    """Why it was not reached, in plain words."""

    @property
    def unreachable(self) -> bool:
        """No answer, a server's error or too many requests: then nothing may be asked (RFC 9309, 2.3.1.4)."""
        return self.status == 0 or self.status == 429 or self.status >= 500

    def allows(self, url: str, user_agent: str) -> bool:
        if self.unreachable:
            return False
        return not 200 <= self.status < 300 or bool(parsed(self.text).can_fetch(url, user_agent))

    def crawl_delay(self, user_agent: str) -> float:
        """Seconds between two requests that the file asks for; 0 without a wish."""
        if not 200 <= self.status < 300:
            return 0.0
        return min(float(parsed(self.text).crawl_delay(user_agent) or 0.0), LONGEST_DELAY)

    def why_not(self) -> str:
        """The reason for a refusal, in one line."""
        if self.status == 0:
            return f"{self.reason or 'not reached'}; without its robots.txt nothing else of the site is asked"
        if self.unreachable:
            return f"its robots.txt answered {self.status}, so nothing may be asked"
        return "its robots.txt forbids it"


def read_robots(status: int, body: bytes) -> Robots:
    """A robots.txt of its answer. Of a file that is too long as many whole lines are read as fit: half a rule would be another rule."""
    if not 200 <= status < 300:
        return Robots(status)  # an error's page says nothing
    if len(body) > MOST_BYTES:
        body = body[:MOST_BYTES].rpartition(b"\n")[0]
    return Robots(status, body.decode("utf-8-sig", "replace").replace("\0", ""))


@lru_cache(256)
def parsed(text: str) -> Protego:
    return Protego.parse(text)
