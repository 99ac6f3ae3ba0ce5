"""From an outcome to its verdict: identity, contract, settle. One Scrapy add-on switches them on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.pipelines.addon import BroadsheetAddon

__all__ = ["BroadsheetAddon"]


def __getattr__(name: str) -> Any:
    """The add-on, loaded when Scrapy asks for it: a command that fetches nothing does without Scrapy."""
    if name != "BroadsheetAddon":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from crawler.pipelines.addon import BroadsheetAddon

    return BroadsheetAddon
