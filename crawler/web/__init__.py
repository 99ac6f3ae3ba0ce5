"""The server: what lies in a workspace's output, under the same paths, and queries over its feeds."""

from crawler.web.app import make_app

__all__ = ["make_app"]
