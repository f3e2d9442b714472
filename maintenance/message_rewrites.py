"""Rewrites the messages of one of the journal's groups: each gets its number and its time text."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from datasources import messages
from datasources.table import Absent, Delete, Equal, Item, Key, Put, Write
from domain.records import Position
from maintenance.item_validation import is_uuid, validation_error
from maintenance.numbering import Unadoptable, numbering

Change: TypeAlias = tuple[Item, Item]  # a message as it is, and as it is to be
_CHUNK = 25  # messages a transaction: two actions each, of 100


def renumbered(group_uuid: str, items: Sequence[Item]) -> list[Change]:
    """Return each message of a group beside what it is to be, in order. Raises Unadoptable."""
    if not is_uuid(group_uuid):
        raise Unadoptable("its name is no uuid")
    numbered = [item for item in items if "seq" in item]
    if any(validation_error(item) for item in numbered):
        raise Unadoptable("a message has a number, but not our schema")
    known = {item["sk"]["S"]: messages.from_item(item).position for item in numbered}
    places = numbering(
        [item["sk"]["S"] for item in items if "seq" not in item],
        sorted(known.values(), key=lambda position: position.sk),
    )
    places.update(known)
    changes = [(item, _placed(group_uuid, item, places[item["sk"]["S"]])) for item in items]
    return sorted(changes, key=lambda change: change[1]["sk"]["S"])


def transactions(changes: Sequence[Change]) -> Iterator[list[Write]]:
    """Yield the writes of each transaction, the newest messages first.

    So a message that gives way to an earlier one of the same moment has gone before that comes,
    and what is left after a crash stands in front of what is done.
    """
    real = [(old, new) for old, new in changes if old != new]
    for end in range(len(real), 0, -_CHUNK):
        yield _replacing(real[max(end - _CHUNK, 0) : end])


def _placed(group_uuid: str, item: Item, position: Position) -> Item:
    made_up = str(uuid.uuid5(uuid.UUID(group_uuid), item["sk"]["S"]))
    place: Item = {"sk": {"S": position.sk}, "seq": {"N": str(position.seq)}}
    new = {"message_uuid": {"S": made_up}, **item, **place}
    found = validation_error(new)
    if found:
        raise Unadoptable(f"a message is not the journal's: {found}")
    return new


def _replacing(changes: Sequence[Change]) -> list[Write]:
    """Replace some messages at once; a place that one leaves another may take."""
    before = {Key.of(item): item for item, _ in changes}
    after = {Key.of(item): item for _, item in changes}
    puts: list[Write] = [
        Put(item, when=Equal(before[key]) if key in before else Absent())
        for key, item in after.items()
    ]
    return [*puts, *(Delete(key) for key in before if key not in after)]
