"""Answers at hand, bounded by bytes: what was asked for last stays."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """Values by key, each kept under a mark: one that has another mark now (a file's time of change) is not given any more."""

    def __init__(self, most: int) -> None:
        """`most`: bytes, as far as `put` is told."""
        self.most = most
        self.held = 0
        self._values: OrderedDict[K, tuple[Hashable, int, V]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K, mark: Hashable) -> V | None:
        with self._lock:
            found = self._values.get(key)
            if found is None or found[0] != mark:
                return None
            self._values.move_to_end(key)
            return found[2]

    def put(self, key: K, mark: Hashable, value: V, size: int) -> None:
        """Keeps a value; one that is larger than a quarter of all is not worth what it would drive out."""
        with self._lock:
            if (old := self._values.pop(key, None)) is not None:
                self.held -= old[1]
            if size > self.most // 4:
                return
            self._values[key] = (mark, size, value)
            self.held += size
            while self.held > self.most:
                _, (_, dropped, _) = self._values.popitem(last=False)
                self.held -= dropped

    def __len__(self) -> int:
        return len(self._values)
