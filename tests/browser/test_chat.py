"""The chat page, in two windows: live, over processes and networks that go away."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

from local.stack import Stack
from tests.browser.driver import Driver
from tests.browser.front import Front
from tests.browser.writing import stored
from tests.contract.deployment import one_more_server
from tests.contract.person import Person

pytestmark = pytest.mark.long

_ODD = [
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd, and back",
    '<img src="x" onerror="throw 1"><b>no markup</b>',
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308 e\u0301",
    "two\nlines",
]


async def test_two_people_chat_live_of_odd_things(
    driver: Driver, origin: str, londo: Person, group: str, mark: str
) -> None:
    odd = [*_ODD, "W" * (1024 - len(mark))]
    async with driver.run("live.mjs", origin, group=group, mark=mark, texts=odd) as script:
        expected = [f"{mark}{text}" for text in odd]
        assert (await script.says("shown"))["shown"] == [expected, expected]
        heard = (await script.says("heard"))["heard"]
        assert heard == [f"Tobias Wren: {text}" for text in expected[1::2]]
        assert (await script.says("found"))["found"] == []
        assert (await script.says("complaints"))["complaints"] == []
    assert await stored(londo, group, mark) == expected


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
    kept = await stored(londo, group, mark)
    assert sorted(kept) == sorted(f"{mark}{who}-{number}" for who in (0, 1) for number in range(10))
    assert shown == [kept, kept]
    for who in (0, 1):
        own = [text for text in kept if text.startswith(f"{mark}{who}")]
        assert own == [f"{mark}{who}-{number}" for number in range(10)]


async def test_ten_seconds_without_a_network(
    driver: Driver, origin: str, londo: Person, group: str, mark: str
) -> None:
    async with driver.run("offline.mjs", origin, group=group, mark=mark, seconds=10) as script:
        shown = (await script.says("shown"))["shown"]
        assert (await script.says("complaints"))["complaints"] == []
    kept = await stored(londo, group, mark)
    assert len(kept) == 4
    assert shown == [kept, kept]


async def test_lost_answers_refusals_and_giving_up(
    driver: Driver, origin: str, londo: Person, group: str, mark: str
) -> None:
    async with driver.run("retries.mjs", origin, group=group, mark=mark) as script:
        kept = [f"{mark}lost twice", f"{mark}tried again"]
        for shown in (kept[:1], kept, kept):
            assert (await script.says("shown"))["shown"] == [shown]
        sent = await script.says("sent")
        assert (await script.says("complaints"))["complaints"] == []
    assert [message for message, _ in sent["sent"]] == [
        *[kept[0]] * 3,
        *[kept[1]] * 3,
        f"{mark}given up",
    ]
    assert len({uuid for _, uuid in sent["sent"]}) == 3
    assert sent["found"] == []
    assert await stored(londo, group, mark) == kept
