"""Single things by their keys; what is not of our schema is as good as not there."""

from __future__ import annotations

from datasources import conversations, groups, keys, messages
from datasources.copies import from_copy
from datasources.table import Item, Key, Table
from domain.records import Message, User
from maintenance.group_state import Paired, Row
from maintenance.item_validation import is_uuid, validation_error
from maintenance.message_log import MessageLog


class Lookups:
    """Consistent reads, for checks and repairs."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def row(self, key: Key, log: MessageLog) -> Row | None:
        """Return the row at `key` if it is one of the group's, with the message that it shows."""
        item = await self._table.get(key)
        if item is None or item.get("message_group_uuid") != {"S": log.group_uuid}:
            return None
        owner_uuid = keys.uuid_in(key.pk)
        if validation_error(item):
            return Row(
                owner_uuid=owner_uuid,
                sk=key.sk,
                other=_other(item),
                conversation=None,
                message=None,
            )
        state = conversations.from_item(item)
        shown = state.last_message.position
        return Row(
            owner_uuid=owner_uuid,
            sk=key.sk,
            other=state.other,
            conversation=state,
            message=log.last if shown == log.end else await self.message(log.group_uuid, shown.sk),
        )

    async def message(self, group_uuid: str, sk: str) -> Message | None:
        """Return the message at `sk`, or None where there is none of our schema."""
        item = await self._table.get(Key(keys.messages(group_uuid), sk))
        return None if item is None or validation_error(item) else messages.from_item(item)

    async def paired_group(self, group_uuid: str) -> Paired:
        """Return what can be said of the group that a pair item points at."""
        head = await self._table.get(keys.head(group_uuid))
        first = await self._table.query(
            keys.messages(group_uuid), dict, limit=1, newest_first=False
        )
        known = head is not None and validation_error(head) is None
        people = groups.from_item(head).members if head and known else ()
        begun = first[0]["sk"]["S"] if first and not validation_error(first[0]) else None
        return Paired(group_uuid, frozenset(user.uuid for user in people), begun)


def _other(row: Item) -> User | None:
    """The person that a row names, which may be one of the journal's."""
    names = ("user_uuid", "user_display_name", "user_handle")
    if all("S" in row.get(name, ()) for name in names) and is_uuid(row["user_uuid"]["S"]):
        return from_copy(row)
    return None
