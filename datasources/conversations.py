"""The conversation row (`GRP#<user>`, time text): a person's list of conversations (pattern B)."""

from __future__ import annotations

from collections.abc import Iterable

from datasources import keys
from datasources.attributes import Number, Text, read
from datasources.copies import Copy, to_copy
from datasources.table import Item, Key, Table
from domain.records import Conversation, Message, User


class Conversations:
    """Reads of `GRP#` partitions. Each is one person's own: the viewer's uuid is right enough."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def newest(
        self, owner_uuid: str, limit: int, *, below: str | None = None
    ) -> list[Conversation]:
        """Return up to `limit` rows, newest first, from below the sort key `below` downwards."""
        return await self._read(owner_uuid, limit, newest_first=True, below=below)

    async def oldest(
        self, owner_uuid: str, limit: int, *, above: str | None = None
    ) -> list[Conversation]:
        """Return up to `limit` rows, oldest first, from above the sort key `above` upwards."""
        return await self._read(owner_uuid, limit, newest_first=False, above=above)

    async def _read(
        self,
        owner_uuid: str,
        limit: int,
        *,
        newest_first: bool,
        above: str | None = None,
        below: str | None = None,
    ) -> list[Conversation]:
        items = await self._table.query(
            keys.rows(owner_uuid),
            RowItem,
            limit=limit,
            newest_first=newest_first,
            above=above,
            below=below,
        )
        return [item.record(owner_uuid) for item in items]


def one_per_group(rows: Iterable[Conversation]) -> list[Conversation]:
    """Drop the older of two rows of one group, which a Query sees while a move is written."""
    rows = list(rows)
    if len({row.last_message.group_uuid for row in rows}) == len(rows):
        return rows
    newest: dict[str, Conversation] = {}
    for row in rows:
        known = newest.get(row.group_uuid)
        if known is None or row.last_message.seq > known.last_message.seq:
            newest[row.group_uuid] = row
    return [row for row in rows if newest[row.group_uuid] is row]


def key_of(owner_uuid: str, row_sk: str) -> Key:
    return Key(keys.rows(owner_uuid), row_sk)


def to_item(row: Conversation) -> Item:
    message = row.last_message
    return {
        "pk": {"S": keys.rows(row.owner_uuid)},
        "sk": {"S": row.row_sk},
        "message_group_uuid": {"S": row.group_uuid},
        "message": {"S": message.text},
        "message_uuid": {"S": message.uuid},
        "sender_uuid": {"S": message.sender.uuid},
        "seq": {"N": str(message.seq)},
        "last_message_at": {"S": message.created_at},
        **to_copy(row.other),
    }


class RowItem(Copy, frozen=True, gc=False):
    """What of a conversation row makes its record, beside the person whose partition it is in."""

    sk: Text
    message_group_uuid: Text
    message: Text
    message_uuid: Text
    sender_uuid: Text
    seq: Number
    last_message_at: Text

    def record(self, owner_uuid: str) -> Conversation:
        other = self.user()
        sender_uuid = self.sender_uuid.S
        # A row copies the other member only: the owner's own names come from Postgres.
        sender = other if sender_uuid == other.uuid else User(sender_uuid, "", "")
        last_message = Message(
            self.message_group_uuid.S,
            self.message_uuid.S,
            self.message.S,
            sender,
            self.last_message_at.S,
            self.seq.N,
        )
        return Conversation(owner_uuid, other, last_message, self.sk.S)


def from_item(item: Item) -> Conversation:
    return read(item, RowItem).record(keys.uuid_in(item["pk"]["S"]))
