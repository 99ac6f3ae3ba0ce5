"""Which links of a list page lead to articles: ours beside the heuristics of others, on the links labelled by hand.

Usage: python -m benchmarks.discovery REPLAY

Precision and recall of addresses, page by page and for each half of the sites. Ours: the shipped weights; those of the last step learnt
from the building half. The others are asked about each labelled address (newspaper4k's `valid_url`, courlan's filters); one that isn't
installed is left out (`make bench-discovery` makes an environment that has them). Neither sees text or place of a link.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

from crawler.discovery.embedded import anchors_in
from crawler.discovery.ranking import rank
from crawler.urls import address_key
from tools.labelled import Count, Labelled, with_pages

Taker = Callable[[Labelled], dict[str, bool]]
"""Address key → whether it is taken for an article's."""


def ours(page: Labelled) -> dict[str, bool]:
    return {address_key(one.url): one.is_article for one in rank(anchors_in(page.text, page.url), page.url)}


def by_address(judge: Callable[[str], bool]) -> Taker:
    def take(page: Labelled) -> dict[str, bool]:
        return {key: judge(f"https://{key}") for key in page.articles | page.others}

    return take


def newspaper() -> Taker:
    valid_url = importlib.import_module("newspaper.urls").valid_url
    return by_address(lambda url: bool(valid_url(url)))


def courlan() -> Taker:
    library = importlib.import_module("courlan")
    return by_address(
        lambda url: (
            library.check_url(url, with_redirects=False) is not None
            and not library.is_navigation_page(url)
            and not library.is_not_crawlable(url)
        )
    )


OTHERS = {"newspaper4k": ("newspaper", newspaper), "courlan": ("courlan", courlan)}


def main() -> None:
    takers: dict[str, Taker] = {"ours": ours}
    for name, (module, make) in OTHERS.items():
        if importlib.util.find_spec(module) is not None:
            takers[name] = make()
    pages = list(with_pages(Path(sys.argv[1])))
    counts: dict[str, dict[str, Count]] = {name: {} for name in takers}
    print("| page | half | " + " | ".join(f"{name} P / R" for name in takers) + " |")
    print("|---|---|" + "---|" * len(takers))
    for page in pages:
        cells = []
        for name, take in takers.items():
            taken = take(page)
            counts[name].setdefault(page.half, Count()).add(taken, page)
            cells.append(shown(Count().add(taken, page)))
        print(f"| {page.name} | {page.half} | {' | '.join(cells)} |", flush=True)
    for half in ("building", "measuring", "blog"):
        print(f"| **all** | {half} | {' | '.join(shown(counts[name][half]) for name in takers)} |")


def shown(count: Count) -> str:
    return f"{count.precision:.3f} / {count.recall:.3f}"


if __name__ == "__main__":
    main()
