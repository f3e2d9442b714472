"""Subscriptions that share their updates are counted one by one."""

from __future__ import annotations

from telemetry.measures import Measures
from telemetry.operation_names import OperationNames
from telemetry.seams.gateway import MeasuredGateway
from telemetry.tracing import NoTracer
from tests.doubles.api import Api
from tests.doubles.known_callers import KnownCallers
from tests.doubles.people import ANDREW
from tests.doubles.world import World
from tests.transport.test_fan_out import following, heard, write
from transport.live_connections import LiveConnections
from transport.websocket import WebSocketEndpoint

_FOLLOW = """subscription Updates($group: UUID!) {
  messageGroupUpdated(groupUuid: $group) { message { message } } }"""


async def test_each_is_open_ends_and_has_its_events() -> None:
    world, measures = World(), Measures()
    app = WebSocketEndpoint(
        MeasuredGateway(Api(world).gateway, measures, NoTracer(), OperationNames(10)),
        KnownCallers(),
        LiveConnections(most=9, most_a_person=9),
        new_request_id=lambda: "r-1",
        allowed_origins=(),
        max_operations=9,
    )
    group = (await world.chat(2))[0].group_uuid
    async with following(app, 3, _FOLLOW, group=group) as (slow, *others):
        for number in range(8):
            if number == 4:
                slow.stall()
            await write(world, group, str(number))
            for index, socket in enumerate(others, start=1):
                assert await heard(socket, f"own {index}") == str(number)
        # One listens for the two that share, and one for who goes alone.
        assert len(world.bus.bells[ANDREW.uuid]) == 2
        slow.read_on()
        for number in range(8):
            assert await heard(slow, "own 0") == str(number)
        assert await slow.is_quiet()
        assert dict(measures.subscriptions.read()) == {("Updates",): 3}
        assert dict(measures.events.read()) == {("Updates",): 3 * 8}
        assert measures.subscription_ends.read() == []
    assert dict(measures.subscriptions.read()) == {("Updates",): 0}
    assert dict(measures.subscription_ends.read()) == {("Updates", "OK"): 3}
