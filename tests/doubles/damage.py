"""Every way to break a healthy table that an invariant has a name for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias
from uuid import UUID

from datasources import keys
from datasources.table import Key
from tests.doubles.patient import CLIENT, NOBODY, Patient
from tests.doubles.people import ANDREW, BAYKO, LONDO
from tests.doubles.typed_items import typed

Break: TypeAlias = Callable[[Patient], Awaitable[None]]


async def no_layout(patient: Patient) -> None:
    await patient.drop(keys.LAYOUT)


async def foreign_item(patient: Patient) -> None:
    await patient.put(Key("TODO#1", "buy milk").attributes())


async def row_without_sender(patient: Patient) -> None:
    await patient.lose(await patient.row(), "sender_uuid")


async def row_time_of_the_journal(patient: Patient) -> None:
    key = await patient.row()
    item = await patient.table.get(key)
    assert item
    await patient.drop(key)
    await patient.put({**item, "sk": {"S": key.sk[:19] + "Z"}})


async def member_without_number(patient: Patient) -> None:
    await patient.lose(patient.member, "seq")


async def head_of_one(patient: Patient) -> None:
    head = await patient.table.get(patient.head)
    assert head
    await patient.put({**head, "members": {"L": head["members"]["L"][:1]}})


async def message_missing(patient: Patient) -> None:
    await patient.drop(patient.message(4))


async def message_without_number(patient: Patient) -> None:
    await patient.lose(patient.message(4), "seq")


async def numbers_swapped(patient: Patient) -> None:
    await patient.change(patient.message(4), seq=5)
    await patient.change(patient.message(5), seq=4)


async def message_in_the_index(patient: Patient) -> None:
    await patient.change(patient.message(4), message_group_uuid=patient.group)


async def no_head(patient: Patient) -> None:
    await patient.drop(patient.head)


async def neither_head_nor_members(patient: Patient) -> None:
    await patient.drop(patient.head, patient.member, keys.member(patient.group, BAYKO.uuid))


async def head_behind(patient: Patient) -> None:
    position = patient.log[5].position
    await patient.change(patient.head, last_sk=position.sk, last_seq=position.seq)


async def head_ahead(patient: Patient) -> None:
    """Half of a send, as a restore to a point in time may leave it."""
    sk = patient.log[7].created_at.replace(".000000", ".900000")
    await patient.change(patient.head, last_sk=sk, last_seq=9)


async def head_of_another_time(patient: Patient) -> None:
    await patient.change(patient.head, last_sk="2026-11-22T23:00:00.000000+00:00")


async def last_message_missing(patient: Patient) -> None:
    """Both rows still have it."""
    await patient.drop(patient.message(8))


async def last_send_undone(patient: Patient) -> None:
    """Head and message of it are gone; both rows still have it."""
    position = patient.log[6].position
    await patient.change(patient.head, last_sk=position.sk, last_seq=position.seq)
    await patient.drop(patient.message(8))


async def messages_all_gone(patient: Patient) -> None:
    await patient.drop(*(patient.message(seq) for seq in range(1, 9)))


async def no_member_item(patient: Patient) -> None:
    await patient.drop(patient.member)


async def member_too_many(patient: Patient) -> None:
    item = await patient.table.get(patient.member)
    assert item
    key = keys.member(patient.group, LONDO.uuid)
    await patient.put({**item, **key.attributes(), "user_uuid": {"S": LONDO.uuid}})


async def no_row(patient: Patient) -> None:
    await patient.drop(await patient.row())


async def row_too_many(patient: Patient) -> None:
    item = await patient.table.get(await patient.row())
    assert item
    await patient.put({**item, "sk": {"S": patient.log[2].created_at}})


async def row_of_a_stranger(patient: Patient) -> None:
    item = await patient.table.get(await patient.row())
    assert item
    await patient.put({**item, "pk": {"S": keys.rows(LONDO.uuid)}})


async def pointer_at_anothers_row(patient: Patient) -> None:
    rows = await patient.table.query(keys.rows(ANDREW.uuid), dict, limit=9, newest_first=True)
    other = next(row for row in rows if row["message_group_uuid"]["S"] != patient.group)
    await patient.change(patient.member, row_sk=other["sk"]["S"])


async def row_of_another_text(patient: Patient) -> None:
    await patient.change(await patient.row(), message="never written")


async def row_of_another_number(patient: Patient) -> None:
    await patient.change(await patient.row(), seq=7)


async def row_with_oneself(patient: Patient) -> None:
    await patient.change(await patient.row(), user_uuid=ANDREW.uuid)


async def row_beyond_the_head(patient: Patient) -> None:
    sk = patient.log[7].created_at.replace(".000000", ".900000")
    await patient.change(await patient.row(), seq=10, last_message_at=sk, message_uuid=NOBODY)
    await patient.change(patient.member, seq=10)


async def row_behind(patient: Patient) -> None:
    old = patient.log[5]
    row, sk = await patient.row(), old.created_at
    item = await patient.table.get(row)
    assert item
    await patient.drop(row)
    shown = {"seq": 6, "last_message_at": sk, "message_uuid": old.uuid, "sk": sk}
    shown |= {"message": old.text, "sender_uuid": old.sender.uuid}
    await patient.put({**item, **typed(shown)})
    await patient.change(patient.member, row_sk=sk, seq=6)


async def no_pair(patient: Patient) -> None:
    await patient.drop(keys.pair(ANDREW.uuid, BAYKO.uuid))


async def pair_of_others(patient: Patient) -> None:
    other = await patient.table.get(keys.pair(ANDREW.uuid, LONDO.uuid))
    assert other
    await patient.change(keys.pair(ANDREW.uuid, BAYKO.uuid), group_uuid=other["group_uuid"]["S"])


async def pair_of_nothing(patient: Patient) -> None:
    await patient.change(keys.pair(BAYKO.uuid, LONDO.uuid), group_uuid=NOBODY)


async def sent_of_nothing(patient: Patient) -> None:
    key = keys.sent(ANDREW.uuid, str(UUID(int=1)))
    item = await patient.table.get(keys.sent(ANDREW.uuid, CLIENT))
    assert item
    await patient.put({**item, **key.attributes(), "group_uuid": {"S": NOBODY}})


async def sent_of_another(patient: Patient) -> None:
    await patient.change(
        keys.sent(ANDREW.uuid, CLIENT), message_sk=patient.log[1].created_at, seq=2
    )
