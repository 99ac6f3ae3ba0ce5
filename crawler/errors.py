"""The tree of errors. Each names the thing it is about and what to do; a person sees one line, never a traceback."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Literal


class BroadsheetError(Exception):
    """The root of all errors that Broadsheet raises on purpose.

    `subject` names the thing (an address, a file and line, a source), `problem` says what is wrong and what to do.
    """

    def __init__(self, subject: str, problem: str) -> None:
        super().__init__(subject, problem)
        self.subject = subject
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.subject}: {self.problem}" if self.subject else self.problem


class WorkspaceError(BroadsheetError):
    """broadsheet.yaml can't be read, or a folder can't be written. Subject: the path."""


class RecipeError(BroadsheetError):
    """A recipe has a mistake. Subject: file and line."""


class PatternError(BroadsheetError):
    """A pattern or selector that a person gave can't be read. Subject: its text."""


class UnknownSource(BroadsheetError):
    """A source is named that there is no recipe for. Subject: the name."""


class UnknownArticle(BroadsheetError):
    """An article is named that nobody knows. Subject: the guid or address."""


class ListingError(BroadsheetError):
    """A list page, feed or sitemap can't be read. Subject: its address."""


class ExtractionError(BroadsheetError):
    """A page holds no article. Subject: its address."""


class NotAnArticle(ExtractionError):
    """A page is something else: an error page, a login, a paywall, a consent or a list page."""


class RecordingError(BroadsheetError):
    """A recorded page can't be read. Subject: its file."""


class DocumentError(BroadsheetError):
    """A file is no document, or was edited by hand. Subject: its path."""


class DiscoveryError(BroadsheetError):
    """A site's ways in can't be found from its address. Subject: the address."""


class FeedError(BroadsheetError):
    """A feed can't be built or is not valid. Subject: its name."""


class StoreError(BroadsheetError):
    """The store can't be opened, read or written. Subject: its path or URL, without credentials."""


class DamagedStore(StoreError):
    """The store's file is no database any more: it can be set aside and made again from the documents."""


class SourceBusy(BroadsheetError):
    """Another run holds the source. Subject: the source's id."""


class FetchRefused(BroadsheetError):
    """The guard refused an address before a byte was sent. Subject: the address."""


class HostRests(BroadsheetError):
    """A host is left alone for longer than a run waits: it asked for that, or its budget is spent. Subject: the host."""


class AnswerError(BroadsheetError):
    """A site's answer is no whole page: cut off, too large, not in the form that it names. Subject: the address."""

    def __init__(self, subject: str, problem: str, again: Literal["soon", "next run", "later"] = "next run") -> None:
        super().__init__(subject, problem)
        self.again = again


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'title'?`, ready to follow a message, or "" where nothing known is near."""
    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
