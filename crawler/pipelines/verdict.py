"""What the pipelines have said of an outcome so far."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.outcome import Failure, Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome on its way; pipelines add to it and never raise DropItem: a lease that is not settled leaks."""

    outcome: Outcome
    guid: str = ""
    """Of the known entry that the article is; empty: nobody knows it yet."""
    refused: Failure | None = None
    """Why the article is not taken."""
    pictures: tuple[str, ...] = ()
    """Addresses of pictures that are to be kept."""
    image_files: tuple[tuple[str, str], ...] = ()
    """Pictures that are kept: original address, file below the assets folder."""

    @property
    def failure(self) -> Failure | None:
        return self.refused or self.outcome.failure
