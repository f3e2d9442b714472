"""The chat page, in two windows: live, over processes and networks that go away."""

from __future__ import annotations

import secrets
from urllib.parse import urljoin

import pytest

from local.stack import Stack
from tests.browser.driver import Driver
from tests.browser.front import Front
from tests.contract.deployment import one_more_server
from tests.contract.person import Person, texts

pytestmark = pytest.mark.long

_ODD = [
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd, and back",
    '<img src="x" onerror="throw 1"><b>no markup</b>',
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308 e\u0301",
    "two\nlines",
]


@pytest.fixture
def mark() -> str:
    """What the texts of one test begin with: digits, which say nothing of a text's direction."""
    return f"{secrets.randbelow(10**6):06} "


async def _begin(londo: Person, handle: str) -> str:
    payload = await londo.write("Let us begin.", to=Person(handle, "", "", "", londo.http))
    return str(payload["conversation"]["groupUuid"])


@pytest.fixture
async def group(londo: Person) -> str:
    """A conversation that no other test reads: the README's test reads the seeded ones."""
    return await _begin(londo, "tobias.wren")


async def _stored(londo: Person, group: str, mark: str) -> list[str]:
    page = await londo.messages(group, first=100)
    return [text for text in reversed(texts(page)) if text.startswith(mark)]


async def test_two_people_chat_live_of_odd_things(
    driver: Driver, origin: str, londo: Person, group: str, mark: str
) -> None:
    odd = [*_ODD, "W" * (1024 - len(mark))]
    async with driver.run("live.mjs", origin, group=group, mark=mark, texts=odd) as script:
        expected = [f"{mark}{text}" for text in odd]
        assert (await script.says("shown"))["shown"] == [expected, expected]
        assert (await script.says("found"))["found"] == []
        assert (await script.says("complaints"))["complaints"] == []
    assert await _stored(londo, group, mark) == expected


async def test_nothing_is_lost_when_a_server_process_is_killed(
    driver: Driver, origin: str, stack: Stack, londo: Person, group: str, mark: str
) -> None:
    service, url = one_more_server(stack)
    service.start()
    try:
        service.wait_until_ready()
        async with (
            Front(url) as front,
            driver.run(
                "takeover.mjs", urljoin(front.url, "/"), group=group, mark=mark, each=10
            ) as script,
        ):
            await script.says("kill")
            service.kill()
            front.move(urljoin(origin, "/graphql"))
            await script.go_on()
            shown = (await script.says("shown"))["shown"]
            assert (await script.says("complaints"))["complaints"] == []
    finally:
        service.stop()
    stored = await _stored(londo, group, mark)
    assert sorted(stored) == sorted(
        f"{mark}{who}-{number}" for who in (0, 1) for number in range(10)
    )
    assert shown == [stored, stored]
    for who in (0, 1):
        own = [text for text in stored if text.startswith(f"{mark}{who}")]
        assert own == [f"{mark}{who}-{number}" for number in range(10)]


async def test_ten_seconds_without_a_network(
    driver: Driver, origin: str, londo: Person, group: str, mark: str
) -> None:
    async with driver.run("offline.mjs", origin, group=group, mark=mark, seconds=10) as script:
        shown = (await script.says("shown"))["shown"]
        assert (await script.says("complaints"))["complaints"] == []
    stored = await _stored(londo, group, mark)
    assert len(stored) == 4
    assert shown == [stored, stored]


async def test_drafts_the_keyboard_refusals_and_a_second_tab(
    driver: Driver, origin: str, londo: Person, group: str, mark: str
) -> None:
    other = await _begin(londo, "Amara")
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
        assert refused["focus"] == "New conversation"
        expected = [f"{mark}{text}" for text in ("here", "by handle", "from the second tab")]
        assert (await script.says("shown"))["shown"] == [expected, expected]
        assert (await script.says("complaints"))["complaints"] == []
    assert await _stored(londo, group, mark) == expected
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
    assert await _stored(londo, group, mark) == expected
