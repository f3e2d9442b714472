"""The Lambda on the table's stream (pattern E): moves conversation rows, then rings the bells.

It takes whole batches, in any order and more than once: of each group only the newest message
matters, and a move never goes back. What fails is reported by sequence number, so that Lambda
delivers from there again.
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from __future__ import annotations

import asyncio
import functools
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from datasources import dynamodb, keys, messages
from datasources.broker_bus import BrokerPublisher
from datasources.brokers import line_to
from datasources.bus import Publisher
from datasources.dynamo_table import DynamoTable
from datasources.moves import Moves
from domain.records import Message, Ring
from logs import configure_logging
from settings import StreamSettings, process_environment

_log = logging.getLogger(__name__)


class MessagingStream:
    """Handles batches of stream records with the datasources that it is given."""

    def __init__(self, moves: Moves, publisher: Publisher) -> None:
        self._moves = moves
        self._publisher = publisher

    async def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Take `{"Records": [...]}`; return `{"batchItemFailures": [{"itemIdentifier"}, ...]}`.

        Every record of a group whose move or publication failed is reported.
        """
        groups: dict[str, list[tuple[str, Message]]] = {}
        failed: list[str] = []
        for record in event["Records"]:
            sequence_number = str(record["dynamodb"]["SequenceNumber"])
            try:
                message = message_of(record)
            except Exception as error:  # noqa: BLE001 a poison record must not stop the others
                _log.error("unreadable record %s", sequence_number, exc_info=error)
                failed.append(sequence_number)
                continue
            if message is not None:
                groups.setdefault(message.group_uuid, []).append((sequence_number, message))

        outcomes = await asyncio.gather(
            *(self._update([message for _, message in news]) for news in groups.values()),
            return_exceptions=True,
        )
        for news, outcome in zip(groups.values(), outcomes, strict=True):
            if isinstance(outcome, BaseException):
                _log.error("group not updated", exc_info=outcome)
                failed += [sequence_number for sequence_number, _ in news]
        fields = {"records": len(event["Records"]), "groups": len(groups), "failed": len(failed)}
        _log.info("batch", extra={"fields": fields})
        return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}

    async def _update(self, news: Sequence[Message]) -> None:
        newest = max(news, key=lambda message: message.seq)
        members = await self._moves.to(newest)
        # Also where nothing had to be moved: a crash may have come between move and ring.
        await self._publisher.publish(
            [Ring(member.user.uuid, newest.group_uuid, newest.seq) for member in members]
        )


def message_of(record: Mapping[str, Any]) -> Message | None:
    """Return the message whose INSERT this record tells of, or None for any other record."""
    change = record["dynamodb"]
    if record["eventName"] != "INSERT":
        return None
    if not change["Keys"]["pk"]["S"].startswith(keys.MESSAGE_PREFIX):
        return None
    if "seq" not in change["NewImage"]:
        return None  # written by the journal's scripts: bin/ddb/adopt numbers it and moves its rows
    return messages.from_item(change["NewImage"])


def make_handler(
    settings: StreamSettings,
) -> Callable[[Mapping[str, Any], object], dict[str, Any]]:
    """Return a handler for Lambda that keeps its connections and event loop between batches."""
    runner = asyncio.Runner()
    store = dynamodb.connect(settings, _now)
    moves = Moves(
        DynamoTable(store, settings.messages_table),
        clock=_now,
        new_uuid=lambda: str(uuid.uuid4()),
        pause=asyncio.sleep,
    )
    stream = MessagingStream(moves, BrokerPublisher(line_to(settings.bus_url.reveal())))
    return lambda event, _context: runner.run(stream.handle(event))


def _now() -> datetime:
    return datetime.now(UTC)


@functools.cache
def _handler() -> Callable[[Mapping[str, Any], object], dict[str, Any]]:
    # The runtime's own formatter prints the texts of exceptions.
    configure_logging("info", "json")
    return make_handler(StreamSettings.from_environment(process_environment()))


def lambda_handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """The entry point that AWS Lambda and the local stream runner call."""
    return _handler()(event, context)
