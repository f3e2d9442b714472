"""How news comes to a server: to ours by the table and the bus, to a peer by its own door."""

from __future__ import annotations

import asyncio
import http.client
import json
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime

from bench.servers import Running
from bench.town import Town
from bench.world import World
from datasources import dynamodb
from datasources.broker_bus import BrokerBus, BrokerPublisher
from datasources.brokers import line_to
from datasources.dynamo_table import DynamoTable
from datasources.users import Users, open_pool
from domain import time_text
from domain.records import Ring
from local.ports import LOOPBACK
from resolvers.send_message import SendMessage, send_message
from resolvers.services import Services

_TEXT = "good morning again, there is some news from the harbour"


@contextmanager
def news_for(server: Running, world: World, town: Town) -> Iterator[Callable[[], None]]:
    """Yield what brings one new message of the long group to the server, each time it is called."""
    if server.name != "ours":
        yield lambda: _post(server.port, town)
        return
    with asyncio.Runner() as runner:
        sending = _sending(world, town)
        send = runner.run(sending.__aenter__())
        try:
            yield lambda: runner.run(send())
        finally:
            runner.run(sending.__aexit__(None, None, None))


@asynccontextmanager
async def _sending(
    world: World, town: Town
) -> AsyncIterator[Callable[[], Coroutine[None, None, None]]]:
    """Yield what stores a message and rings both members, as the stream's Lambda does."""
    settings = world.settings
    group = town.group(0, 1)
    async with AsyncExitStack() as stack:
        store = dynamodb.connect(settings, _now)
        stack.push_async_callback(store.close)
        publisher = BrokerPublisher(line_to(settings.bus_url.reveal()))
        stack.push_async_callback(publisher.close)
        pool = open_pool(settings.database_url.reveal(), size=1, timeout=5)
        services = Services.over(
            DynamoTable(store, settings.messages_table),
            Users(await stack.enter_async_context(pool)),
            BrokerBus(line_to(settings.bus_url.reveal())),
            clock=_now,
            new_uuid=lambda: str(uuid.uuid4()),
            pause=asyncio.sleep,
        )

        async def send() -> None:
            command = SendMessage(text=_TEXT, group_uuid=group)
            sent = await send_message(services, town.people[0], command)
            seq = sent.message.seq
            await publisher.publish([Ring(member.uuid, group, seq) for member in town.people[:2]])

        yield send


def _post(port: int, town: Town) -> None:
    message = {
        "uuid": str(uuid.uuid4()),
        "message": _TEXT,
        "createdAt": time_text.write(_now()),
        "senderUuid": town.people[0].uuid,
    }
    body = json.dumps({"groupUuid": town.group(0, 1), "message": message})
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
    connection.request("POST", "/publish", body, {"Content-Type": "application/json"})
    connection.getresponse().read()
    connection.close()


def _now() -> datetime:
    return datetime.now(UTC)
