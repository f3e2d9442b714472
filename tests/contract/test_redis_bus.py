"""The update bus on Redis: server processes and a stream runner that know no other one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.data_directory import DataDirectory
from local.stack import Stack
from tests.contract import documents
from tests.contract.deployment import start_runner, start_server
from tests.contract.person import People
from tests.datasources.buses import channel
from tests.stores.redis_server import RedisServer


@pytest.fixture(scope="module")
def urls_on_redis(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[str]]:
    if request.config.getoption("--url", default=None):
        pytest.skip("this starts servers of its own")
    request.getfixturevalue("deployment")  # which makes the table
    stack: Stack = request.getfixturevalue("stack")
    redis_server: RedisServer = request.getfixturevalue("redis_server")
    data = DataDirectory(tmp_path_factory.mktemp("redis-runner"))
    bus = {"UPDATE_BUS_URL": redis_server.url}
    with (
        start_server(stack, **bus) as one,
        start_server(stack, **bus) as other,
        start_runner(stack, data, **bus),
    ):
        yield [one, other]


async def test_what_one_process_stores_another_one_delivers(
    urls_on_redis: list[str], people: People, redis_server: RedisServer
) -> None:
    here, there = urls_on_redis
    alice, bob = people(2)
    alice, bob = alice.through(here), bob.through(there)
    async with alice.socket() as hers, bob.socket() as his:
        inboxes = [
            await socket.subscribe(
                documents.UPDATES, since=(await person.conversations())["syncCursor"]
            )
            for socket, person in ((hers, alice), (his, bob))
        ]
        for number in range(3):
            text = f"Hello {number}"
            await alice.write(text, to=bob)
            for inbox in inboxes:
                # Long before either would look into the table unasked.
                assert (await inbox.next())["message"]["message"] == text
        channels = {channel((await person.me())["uuid"]) for person in (alice, bob)}
        with redis_server.admin() as admin:
            assert set(admin.pubsub_channels()) == channels
