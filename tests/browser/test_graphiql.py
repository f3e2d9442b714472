"""GraphiQL runs the README's operations, with nothing from elsewhere."""

from __future__ import annotations

import asyncio

import pytest

from tests.browser.driver import Driver
from tests.contract.person import Person

# By command for now (`./bin/test tests/browser -m exploring`): behind a switch of tabs GraphiQL
# puts the chosen person's token back a moment later than an operation can be run.
pytestmark = pytest.mark.exploring


async def test_a_query_a_mutation_and_a_subscription(
    driver: Driver, origin: str, londo: Person
) -> None:
    async with driver.run("graphiql.mjs", origin) as script:
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
