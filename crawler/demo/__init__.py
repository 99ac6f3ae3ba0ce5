"""The demo newspaper: a small news site that ships with Broadsheet, so that a first crawl needs no network.

It is known by addresses that never change (`http://demo.broadsheet.example/…`); `.example` resolves nowhere (RFC 6761), so whoever asks for
them does it through `DemoServer`, as through a proxy.
"""

from crawler.demo.masthead import ADDRESS, HOST
from crawler.demo.server import DemoServer

__all__ = ["ADDRESS", "HOST", "DemoServer"]
