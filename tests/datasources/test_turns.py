"""Who writes to the same item takes turns."""

from __future__ import annotations

import asyncio
import weakref

from datasources.turns import Turns


class Visits:
    """People who take a turn of one name each, and stay until they are let go."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.inside: list[str] = []
        self.doors: dict[str, asyncio.Event] = {}

    async def begin(self, who: str, name: str = "a") -> asyncio.Task[None]:
        task = asyncio.create_task(self._visit(who, name))
        await settled()
        return task

    async def end(self, who: str) -> None:
        self.doors[who].set()
        await settled()

    async def _visit(self, who: str, name: str) -> None:
        self.doors[who] = asyncio.Event()
        async with self.turns.of(name):
            self.inside.append(who)
            try:
                await self.doors[who].wait()
            finally:
                self.inside.remove(who)


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_one_at_a_time_in_the_order_in_which_they_came() -> None:
    visits = Visits()
    for who in "123":
        await visits.begin(who)
    for who in "123":
        assert visits.inside == [who]
        await visits.end(who)
    assert visits.inside == []


async def test_other_names_have_other_turns() -> None:
    visits = Visits()
    await visits.begin("1", "a")
    await visits.begin("2", "b")
    assert visits.inside == ["1", "2"]


async def test_whoever_fails_lets_the_next_one_have_the_turn() -> None:
    visits = Visits()
    first = await visits.begin("1")
    await visits.begin("2")
    first.cancel()
    await settled()
    assert visits.inside == ["2"]


async def test_whoever_leaves_the_queue_is_passed_over() -> None:
    visits = Visits()
    await visits.begin("1")
    second = await visits.begin("2")
    await visits.begin("3")
    second.cancel()
    await settled()
    assert visits.inside == ["1"]
    await visits.end("1")
    assert visits.inside == ["3"]


async def test_whoever_leaves_as_the_turn_comes_passes_it_on() -> None:
    visits = Visits()
    await visits.begin("1")
    second = await visits.begin("2")
    await visits.begin("3")
    visits.doors["1"].set()
    await asyncio.sleep(0)
    assert visits.inside == []  # the second one's turn has come, but it does not know yet
    second.cancel()
    await settled()
    assert visits.inside == ["3"]


class Name(str):
    __slots__ = ("__weakref__",)


async def test_a_name_is_kept_only_while_somebody_has_its_turn() -> None:
    turns, name = Turns(), Name("a")
    kept = weakref.ref(name)
    async with turns.of(name):
        pass
    del name
    assert kept() is None
