"""What a subscription asks of the stores: see `test_store_calls.py`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest

from tests.doubles.people import ANDREW
from tests.schema.costs import COSTS
from tests.schema.counted import Counted
from tests.schema.whole_answers import FOLLOW

Updates = AsyncGenerator[dict[str, Any], None]


def follow(counted: Counted, of_a_group: bool, since: str | None = None) -> Updates:
    where: dict[str, Any] = {"group": counted.group} if of_a_group else {}
    return counted.api.follow(FOLLOW, since=since, **where)


@pytest.mark.parametrize(
    ("of_a_group", "first", "then"),
    [
        (
            True,
            "of a group: from `since`, with one event",
            "of a group: each event after that",
        ),
        (
            False,
            "of all conversations: from `since`, with one event",
            "of all conversations: each event after that",
        ),
    ],
)
async def test_from_since(counted: Counted, of_a_group: bool, first: str, then: str) -> None:
    found = await counted.ask(
        """query ($group: UUID!) {
          conversations { syncCursor }
          messages(groupUuid: $group) { syncCursor }
        }""",
        group=counted.group,
    )
    since = found["messages" if of_a_group else "conversations"]["syncCursor"]
    async with aclosing(follow(counted, of_a_group, since)) as updates:
        for text, cost in (("one", first), ("two", then), ("three", then)):
            await counted.news(text)
            counted.start()
            event = (await anext(updates))["data"]["messageGroupUpdated"]
            assert event["message"]["message"] == text
            assert counted.cost == COSTS[cost]


@pytest.mark.parametrize(
    ("of_a_group", "idle"),
    [
        (True, "of a group: to begin, or to look again, without news"),
        (False, "of all conversations: to begin, or to look again, without news"),
    ],
)
async def test_without_news(counted: Counted, of_a_group: bool, idle: str) -> None:
    async with aclosing(follow(counted, of_a_group)) as updates:
        event = asyncio.ensure_future(anext(updates))
        await counted.rest()
        assert counted.cost == COSTS[idle]
        counted.start()
        counted.world.bus.bells[ANDREW.uuid][0].interrupted()
        await counted.rest()
        assert counted.cost == COSTS[idle]
        await counted.news("one")
        assert (await event)["data"]["messageGroupUpdated"]["message"]["message"] == "one"


async def test_of_others(counted: Counted) -> None:
    async with aclosing(counted.api.follow(FOLLOW, group=counted.others)) as updates:
        answer = await anext(updates)
        assert answer["errors"][0]["extensions"]["code"] == "GROUP_NOT_FOUND"
    assert counted.cost == COSTS["`messageGroupUpdated` of a group, of others"]
