"""Work that is cheaper for many at once: what comes while the group before is worked on is done together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class Together(Generic[T, R]):
    """Takes one thing after the other and gives each its own result; some that came close together are worked on at once."""

    work: Callable[[Sequence[T]], Awaitable[Sequence[R]]]
    """One result for each, in order. What it raises all of the group get."""
    most: int
    """In one group."""
    more_may_come: Callable[[int], bool] = lambda waiting: False
    """Whether it is worth to wait for others: so many wait already."""
    patience: float = 0.0
    """Seconds that the first of a group waits for others, at most."""
    _waiting: list[tuple[T, asyncio.Future[R]]] = field(default_factory=list)
    _working: asyncio.Task[None] | None = None
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, one: T) -> R:
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, future))
        self._came.set()
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        while self._waiting:
            await self._gather()
            group, self._waiting = self._waiting[: self.most], self._waiting[self.most :]
            try:
                results = await self.work([one for one, _ in group])
            except Exception as error:
                for _, future in group:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), result in zip(group, results, strict=True):
                if not future.done():
                    future.set_result(result)

    async def _gather(self) -> None:
        """Waits for others as long as it is worth it."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self.patience
        while len(self._waiting) < self.most and self.more_may_come(len(self._waiting)) and (left := until - loop.time()) > 0:
            self._came.clear()
            try:
                await asyncio.wait_for(self._came.wait(), left)
            except TimeoutError:
                return
