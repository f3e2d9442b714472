"""The sent item (`SENT#<sender>`, client message uuid): what a retry is answered from.

It outlives DynamoDB's own `ClientRequestToken` (ten minutes) by far: thirty days.
"""

from __future__ import annotations

from datetime import datetime

from datasources import keys
from datasources.table import AbsentOrBelow, Item, Put, Table
from domain.records import Position, Sent

# Thirty days, in seconds.
_KEPT = 30 * 24 * 60 * 60


class Receipts:
    """Reads of sent items."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def find(self, sender_uuid: str, client_uuid: str, now: datetime) -> Sent | None:
        """Return what this client uuid has sent, unless that has expired."""
        item = await self._table.get(keys.sent(sender_uuid, client_uuid))
        if item is None or int(item["expires_at"]["N"]) < int(now.timestamp()):
            return None
        return from_item(item)


def put(sent: Sent, now: datetime) -> Put:
    """The write that keeps `sent`, unless its client uuid has been used."""
    second = int(now.timestamp())
    return Put(
        {
            **keys.sent(sent.sender_uuid, sent.client_message_uuid).attributes(),
            "group_uuid": {"S": sent.group_uuid},
            "message_sk": {"S": sent.position.sk},
            "seq": {"N": str(sent.position.seq)},
            "expires_at": {"N": str(second + _KEPT)},
        },
        # DynamoDB deletes what has expired days late:
        # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
        when=AbsentOrBelow({"expires_at": {"N": str(second)}}),
    )


def from_item(item: Item) -> Sent:
    return Sent(
        sender_uuid=keys.uuid_in(item["pk"]["S"]),
        client_message_uuid=item["sk"]["S"],
        group_uuid=item["group_uuid"]["S"],
        position=Position(item["message_sk"]["S"], int(item["seq"]["N"])),
    )
