"""A site's page with the parts outlined that were taken, beside the document that came out: one file, no script, no network."""

from crawler.health.preview.extras import wanted_beside
from crawler.health.preview.write import Shown, preview_page

__all__ = ["Shown", "preview_page", "wanted_beside"]
