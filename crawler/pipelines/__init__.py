"""From an outcome to its verdict: identity, contract, settle. One Scrapy add-on switches them on."""

from crawler.pipelines.addon import BroadsheetAddon

__all__ = ["BroadsheetAddon"]
