"""A long history and a long list, scrolled from the newest to the oldest in Chromium."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import urljoin

import pytest

from bench.town import Writer, group_items
from datasources.aws import dynamodb_client
from datasources.registrations import Registrations
from datasources.table_definition import create_table
from domain.records import User
from local.stack import Stack
from settings import Settings
from tests.browser.driver import Driver
from tests.contract.deployment import start_server

pytestmark = pytest.mark.long

_COUNT = 5_000
_GROUP = str(uuid.UUID(int=6))
_TABLE = "history"
_OTHERS = 65  # conversations with people of long names: with the one above three pages
_GOALS = [4001, 3001, 2001, 1001, 1]  # numbers of messages to scroll to

# A list that shows everything has 30,000 elements in the end, and long tasks 79 % of the time.
_MOST_ELEMENTS = 1_000
_MOST_SHARE = 0.5  # 0 to 5 % on a calm machine, 20 % on a very busy one


@pytest.fixture(scope="module")
def long_history(settings: Settings) -> Settings:
    """Settings whose table has a long conversation between londo and tobias.wren, londo's newest,
    and short ones with people of this table only.

    It has no stream: nobody is to hear of all these messages.
    """
    own = replace(settings, messages_table=_TABLE)
    client = dynamodb_client(own)
    create_table(client, _TABLE)
    client.update_table(TableName=_TABLE, StreamSpecification={"StreamEnabled": False})
    with closing(Registrations(own.database_url.reveal())) as registrations:
        known = {row.handle: row for row in registrations.people()}
    londo, tobias = (
        User(row.uuid, row.handle, row.display_name)
        for row in (known["londo"], known["tobias.wren"])
    )
    begun = datetime(2026, 1, 1, 12, tzinfo=UTC)
    words = Random(6)  # noqa: S311 no secret
    writer = Writer(own)
    writer.write(group_items(_GROUP, (londo, tobias), _COUNT, begun, words))
    for number in range(1, _OTHERS + 1):
        other = User(str(uuid.UUID(int=200 + number)), f"other-{number}", f"{number} {'W' * 90}")
        when = begun - timedelta(hours=number)
        writer.write(group_items(str(uuid.UUID(int=100 + number)), (londo, other), 1, when, words))
    return own


@pytest.fixture
def history_origin(stack: Stack, long_history: Settings) -> Iterator[str]:
    with start_server(stack, MESSAGES_TABLE=long_history.messages_table) as url:
        yield urljoin(url, "/")


@pytest.mark.usefixtures("origin")  # whose pages are built
async def test_5000_messages_are_scrolled_through_one_after_the_other(
    driver: Driver, history_origin: str
) -> None:
    seen: set[int] = set()
    async with driver.run(
        "history.mjs", history_origin, group=_GROUP, goals=_GOALS, count=_COUNT
    ) as script:
        assert (await script.says("atEnd"))["atEnd"] is True
        for goal in _GOALS:
            scrolled = (await script.says("scrolled"))["scrolled"]
            held_up = sum(scrolled["longTasks"]) / scrolled["milliseconds"]
            print(  # noqa: T201 for who runs it with -s
                f"down to message {goal}: at most {scrolled['elements']} elements, "
                f"{len(scrolled['longTasks'])} long tasks, {held_up:.0%} of the time"
            )
            assert scrolled["disorder"] == []
            assert scrolled["elements"] < _MOST_ELEMENTS
            assert held_up < _MOST_SHARE
            seen.update(scrolled["seen"])
        assert (await script.says("complaints"))["complaints"] == []
    assert sorted(seen) == [*range(1, _COUNT + 1)]


@pytest.mark.usefixtures("origin")
async def test_a_page_that_was_refused_is_read_again(driver: Driver, history_origin: str) -> None:
    async with driver.run(
        "refused_pages.mjs", history_origin, group=_GROUP, others=_OTHERS
    ) as script:
        listed = await script.says("names")
        assert listed["names"] == ["Tobias", *map(str, range(1, _OTHERS + 1))]
        assert listed["overflow"] <= 0
        refused = (await script.says("refused"))["refused"]
        assert refused == ["Conversations", "Conversations, older", "Messages", "Messages, older"]
        assert (await script.says("complaints"))["complaints"] == []
