"""The same services that the API has, for a script."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from datasources.boto_calls import BotoCalls
from datasources.broker_bus import BrokerBus
from datasources.brokers import line_to
from datasources.dynamo_table import DynamoTable
from datasources.users import Users, open_pool
from resolvers.services import Services
from settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def now() -> datetime:
    return datetime.now(UTC)


def new_uuid() -> str:
    return str(uuid.uuid4())


@asynccontextmanager
async def open_services(
    settings: Settings,
    client: DynamoDBClient,
    clock: Callable[[], datetime] = now,
    *,
    max_sends_per_minute: int | None = None,
) -> AsyncIterator[Services]:
    """Open the services on `client` and Postgres, at the time that `clock` tells.

    What a script sends is neither counted nor limited, unless it says so.
    """
    with ThreadPoolExecutor(1) as threads:
        table = DynamoTable(BotoCalls(client, threads), settings.messages_table)
        async with open_pool(settings.database_url.reveal(), size=1, timeout=5) as pool:
            yield Services.over(
                table,
                Users(pool),
                BrokerBus(line_to(settings.bus_url.reveal())),
                clock=clock,
                new_uuid=new_uuid,
                pause=asyncio.sleep,
                max_sends_per_minute=max_sends_per_minute,
            )
