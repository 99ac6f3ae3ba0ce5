"""The broadsheet command."""

from crawler.cli.loading import loading

with loading():
    from crawler.cli.app import main

__all__ = ["main"]
