"""Puts right what the emulator forgot: it keeps stream records only as long as it runs."""

from __future__ import annotations

import asyncio
import logging
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from datasources.aws import dynamodb_client
from datasources.boto_calls import BotoCalls
from datasources.broker_bus import BrokerPublisher
from datasources.brokers import line_to
from datasources.moves import Moves
from datasources.whole_table import DynamoWholeTable
from maintenance.catch_up import CatchUp, CaughtUp
from settings import StreamSettings

_log = logging.getLogger(__name__)


def catch_up(settings: StreamSettings) -> None:
    """Move the rows that are behind, as the Lambda would have done."""
    moved, left = asyncio.run(_run(settings))
    _log.info("caught up: %d conversations were behind", moved)
    if left:
        _log.warning("%d conversations stay behind: bin/ddb/repair mends them", left)


async def _run(settings: StreamSettings) -> CaughtUp:
    publisher = BrokerPublisher(line_to(settings.bus_url.reveal()))
    with ThreadPoolExecutor(1) as threads:
        table = DynamoWholeTable(
            BotoCalls(dynamodb_client(settings), threads), settings.messages_table
        )
        moves = Moves(
            table,
            clock=lambda: datetime.now(UTC),
            new_uuid=lambda: str(uuid.uuid4()),
            pause=asyncio.sleep,
        )
        try:
            return await CatchUp(table, table, moves, publisher).run()
        finally:
            await publisher.close()
