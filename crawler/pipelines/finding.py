"""What the store knows of the articles that a group of verdicts brings, asked at once before they are settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crawler.frontier import Plan
from crawler.frontier.queueing import in_order
from crawler.pipelines.identify import Sighting, known_entries, sighting
from crawler.pipelines.verdict import Verdict
from crawler.store import KnownEntry, Transaction


@dataclass(frozen=True, slots=True)
class Found:
    """An article that was read, and what is known of it."""

    seen: Sighting
    sections: tuple[str, ...]
    """Whose lists show it by now."""
    known: KnownEntry | None


def find_articles(transaction: Transaction, verdicts: Sequence[Verdict], plans: Mapping[str, Plan]) -> dict[int, Found]:
    """Place in the group → what is known of the article there; verdicts that bring none have no place."""
    articles = {place: verdict for place, verdict in enumerate(verdicts) if verdict.failure is None and verdict.outcome.article is not None}
    led_to = transaction.pages.led_to([lease.page_id for verdict in articles.values() if (lease := verdict.outcome.lease)])
    seen = {place: seen_now(verdict, led_to, plans) for place, verdict in articles.items()}
    known = transaction.entries.by_guids([verdict.guid for verdict in articles.values() if verdict.guid])
    strange = [place for place, verdict in articles.items() if not verdict.guid]
    by_address = dict(zip(strange, known_entries(transaction, [seen[place][0] for place in strange]), strict=True))
    return {place: Found(*seen[place], known.get(verdict.guid) or by_address.get(place)) for place, verdict in articles.items()}


def seen_now(
    verdict: Verdict, led_to: Mapping[int, tuple[tuple[str, ...], tuple[str, ...]]], plans: Mapping[str, Plan]
) -> tuple[Sighting, tuple[str, ...]]:
    """The article with all that led to it, and its sections. `led_to`: others may have led there while it was fetched."""
    outcome, lease = verdict.outcome, verdict.outcome.lease
    recipe = plans[outcome.source].recipe
    sections = lease.sections if lease else ()
    if lease and lease.page_id in led_to:
        sections, also = led_to[lease.page_id]
        sections, outcome = in_order(recipe, sections), replace(outcome, aliases=(*outcome.aliases, *also))
    return replace(sighting(outcome, recipe), image_files=verdict.image_files), sections
