"""The chat page of one person: tabs, keyboard, drafts, tokens, signing in and out."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

from local.stack import Stack
from tests.browser.driver import Driver
from tests.browser.writing import begin, stored
from tests.contract.deployment import start_server
from tests.contract.person import Person, texts

pytestmark = pytest.mark.long


async def test_drafts_the_keyboard_refusals_and_a_second_tab(
    driver: Driver, origin: str, londo: Person, group: str, mark: str
) -> None:
    other = await begin(londo, "Amara")
    async with driver.run("habits.mjs", origin, group=group, mark=mark, other=other) as script:
        drafts = (await script.says("drafts"))["drafts"]
        assert drafts == ["here", "there", "here", "there", ""]
        to_tobias, in_the_list, again = (await script.says("focus"))["focus"]
        assert to_tobias == again == "Message to Tobias Wren"
        assert "Tobias Wren" in in_the_list
        refused = await script.says("refusals")
        assert refused["refusals"] == [
            "Nobody has this handle.",
            "You cannot write to yourself.",
            "A message needs at least one character that is not white space.",
        ]
        assert refused["found"] == []
        assert refused["focus"] == "New conversation"
        assert (await script.says("focus"))["focus"] == "Message to Tobias Wren"
        expected = [f"{mark}{text}" for text in ("here", "by handle", "from the second tab")]
        assert (await script.says("shown"))["shown"] == [expected, expected]
        assert (await script.says("complaints"))["complaints"] == []
    assert await stored(londo, group, mark) == expected
    assert not any("there" in text for text in texts(await londo.messages(other, first=100)))


async def test_refused_tokens_reloading_and_whoever_is_next(
    driver: Driver, origin: str, londo: Person, group: str, mark: str
) -> None:
    async with driver.run("sessions.mjs", origin, group=group, mark=mark) as script:
        expected = [f"{mark}with a third token"]
        assert (await script.says("shown"))["shown"] == [expected]
        assert (await script.says("signIns"))["signIns"] == 3
        assert (await script.says("shown"))["shown"] == [expected]
        left = await script.says("left")
        assert left["asked"] == ["beforeunload", "confirm"]
        assert left["left"] is False
        assert left["kept"] == {"handle": "solveig-k"}
        assert (await script.says("complaints"))["complaints"] == []
    assert await stored(londo, group, mark) == expected


@pytest.mark.usefixtures("origin")  # whose pages are built
async def test_signing_in_to_cognito_and_the_end_of_a_session(
    driver: Driver, stack: Stack, londo: Person, group: str, mark: str
) -> None:
    as_in_production = {
        "MODE": "production",
        "SEED_PASSWORD": "",
        "WEB_PAGES": "on",
        "DRAIN_SECONDS": "0",
    }
    people = {
        "password": stack.environment["SEED_PASSWORD"],
        "cognito": stack.environment["AWS_ENDPOINT_URL"],
    }
    with start_server(stack, **as_in_production) as url:
        async with driver.run(
            "password.mjs", urljoin(url, "/"), group=group, mark=mark, **people
        ) as script:
            refused = await script.says("refusal")
            assert refused["refusal"] == "Incorrect username or password."
            assert refused["found"] == []
            expected = [f"{mark}{text}" for text in ("with a password", "and another token")]
            assert (await script.says("shown"))["shown"] == [expected[:1]]
            assert (await script.says("shown"))["shown"] == [expected]
            left = await script.says("left")
            assert left["left"] is False
            assert left["kept"] == {}
            assert (await script.says("complaints"))["complaints"] == []
    assert await stored(londo, group, mark) == expected
