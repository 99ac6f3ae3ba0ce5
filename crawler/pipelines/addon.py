"""Broadsheet's pipelines as one Scrapy add-on: another project switches them on with one line."""

from __future__ import annotations

from scrapy.settings import BaseSettings


class BroadsheetAddon:
    """`ADDONS = {"crawler.pipelines.BroadsheetAddon": 500}`: spiders then yield `Page` or `Article`, documents and feeds follow.

    `BROADSHEET_WORKSPACE` names the workspace (default: the current folder). The project's own scheduler, middlewares and
    pipelines stay as they are; with `BROADSHEET_FRONTIER = True` its requests wait in Broadsheet's store instead.
    """

    def update_settings(self, settings: BaseSettings) -> None:
        from crawler.pipelines.stages import STAGES

        for stage, place in STAGES.items():
            settings.setdefault_in_component_priority_dict("ITEM_PIPELINES", stage, place)
        if settings.getbool("BROADSHEET_FRONTIER"):
            settings.set("SCHEDULER", "crawler.pipelines.scheduler.StoreScheduler", "addon")
