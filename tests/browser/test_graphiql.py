"""GraphiQL runs the README's operations, with nothing from elsewhere."""

from __future__ import annotations

import asyncio

import pytest

from tests.browser.driver import Driver
from tests.contract.person import Person

pytestmark = pytest.mark.long


async def test_a_query_a_mutation_and_a_subscription(
    driver: Driver, origin: str, londo: Person
) -> None:
    async with driver.run("operations.mjs", origin) as script:
        assert "Noted. Twice." in (await script.says("query"))["query"]
        assert "Friday still stands?" in (await script.says("mutation"))["mutation"]
        hearing = asyncio.create_task(script.says("subscription"))
        # Without a cursor a subscription begins at some moment near now: it may miss the first.
        while not hearing.done():
            payload = await londo.send(message="And Saturday?", recipientHandle="bayko")
            assert payload["__typename"] == "SendMessageSuccess"
            await asyncio.wait([hearing], timeout=1)
        assert "displayName" in (await hearing)["subscription"]
        await script.go_on()
        assert (await script.says("complaints"))["complaints"] == []


@pytest.mark.usefixtures("londo")  # which seeds
async def test_each_tab_has_the_token_of_whom_the_menu_shows(driver: Driver, origin: str) -> None:
    async with driver.run("tabs.mjs", origin) as script:
        for moment, shown, sender in (
            ("meanwhile", "andrewbrown", "the first"),
            ("afterwards", "bayko", "bayko"),
            ("back", "londo", "londo"),
            ("closed", "mirela", "mirela"),
        ):
            assert (await script.says(moment))[moment] == {"shown": shown, "sender": sender}
        assert (await script.says("complaints"))["complaints"] == []


@pytest.mark.usefixtures("londo")
async def test_there_are_no_barriers(driver: Driver, origin: str) -> None:
    async with driver.run("barriers.mjs", origin) as script:
        for place in ("documentation", "history", "short keys", "settings"):
            assert (await script.says(place))[place] == []
        assert (await script.says("complaints"))["complaints"] == []


async def test_the_build_notices_another_graphiql(driver: Driver, origin: str) -> None:
    async with driver.run("upgraded.mjs", origin) as script:
        other, absent = (await script.says("complaints"))["complaints"]
        assert "graphiql/dist/GraphiQL.js has 0 times, not once: jsx(Tab.Button" in other
        assert "not in the build: @graphiql/react/dist/components/tabs/index.js" in absent
