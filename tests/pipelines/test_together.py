"""What comes while a group is worked on is worked on together, and each gets its own result."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence

import pytest

from crawler.pipelines.together import Together


class Groups:
    """Doubles numbers; notes the groups in which they came. One that is not even fails its group."""

    def __init__(self) -> None:
        self.seen: list[list[int]] = []

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.seen.append(list(numbers))
        await asyncio.sleep(0.01)
        if any(number % 2 for number in numbers):
            raise ValueError(f"odd: {numbers}")
        return [number * 2 for number in numbers]


async def all_of(asked: list[Awaitable[int]]) -> list[int | BaseException]:
    return list(await asyncio.gather(*asked, return_exceptions=True))


def test_what_comes_while_a_group_is_worked_on_is_the_next_group() -> None:
    groups = Groups()

    async def run() -> list[int | BaseException]:
        together = Together(groups, most=3)
        first = asyncio.ensure_future(together(2))
        await asyncio.sleep(0.005)
        return await all_of([first, *(together(number) for number in (4, 6, 8, 10))])

    assert asyncio.run(run()) == [4, 8, 12, 16, 20]
    assert groups.seen == [[2], [4, 6, 8], [10]]


def test_what_a_group_fails_with_is_told_to_all_of_it_and_to_no_other() -> None:
    groups = Groups()

    async def run() -> list[int | BaseException]:
        together = Together(groups, most=2)
        return await all_of([together(number) for number in (2, 3, 4, 6)])

    found = asyncio.run(run())
    assert [str(one) for one in found] == ["odd: [2, 3]", "odd: [2, 3]", "8", "12"]


def test_one_that_is_waited_for_no_more_leaves_the_others_theirs() -> None:
    groups = Groups()

    async def run() -> list[int | BaseException]:
        together = Together(groups, most=4)
        given_up, kept = asyncio.ensure_future(together(2)), asyncio.ensure_future(together(4))
        await asyncio.sleep(0.005)
        given_up.cancel()
        return await all_of([kept, together(6)])

    assert asyncio.run(run()) == [8, 12]


@pytest.mark.parametrize(("on_their_way", "groups_seen"), [(2, [[2, 4]]), (1, [[2], [4]])])
def test_others_are_waited_for_while_they_are_on_their_way(on_their_way: int, groups_seen: list[list[int]]) -> None:
    groups = Groups()

    async def run() -> list[int | BaseException]:
        together = Together(groups, most=9, more_may_come=lambda waiting: waiting < on_their_way, patience=60.0)
        first = asyncio.ensure_future(together(2))
        await asyncio.sleep(0.02)
        return await all_of([first, together(4)])

    assert asyncio.run(asyncio.wait_for(run(), 5)) == [4, 8]
    assert groups.seen == groups_seen


def test_nobody_is_waited_for_longer_than_patience_lasts() -> None:
    groups = Groups()

    async def run() -> int:
        together = Together(groups, most=9, more_may_come=lambda waiting: True, patience=0.01)
        return await asyncio.wait_for(together(2), 5)

    assert asyncio.run(run()) == 4
