"""Scrapy's own resolver, but for the names of a test: those lead where the test says, each look-up to the next address in turn."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer

NAMES = "TEST_NAMES"
"""In the environment: a JSON object, name → addresses."""
LOG = "TEST_NAMES_LOG"
"""In the environment: the file that gets a line for each look-up."""


class ChangingNames(CachingThreadedResolver):
    """`-s TWISTED_DNS_RESOLVER=changing_names.ChangingNames` with this folder in PYTHONPATH."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.known: dict[str, list[str]] = json.loads(os.environ[NAMES])

    def getHostByName(self, name: str, timeout: Any = ()) -> Any:
        if name not in self.known:
            return super().getHostByName(name, timeout)
        addresses = self.known[name]
        addresses.append(addresses.pop(0))
        with Path(os.environ[LOG]).open("a") as log:
            log.write(f"{name} {addresses[-1]}\n")
        return defer.succeed(addresses[-1])
