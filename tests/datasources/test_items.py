"""The layout of the table (design, §3): keys and attributes, exactly.

Tables outlive code: what is pinned here changes only together with a command that adopts the old.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from datasources import conversations, groups, keys, members, messages, pairs, rates, receipts
from datasources.table import AbsentOrBelow, Below, Equal, Item, Key
from domain.records import Conversation, Member, Sent, User
from tests.doubles.people import ANDREW, BAYKO, GROUP, START, group, message, position, time_of
from tests.doubles.typed_items import typed

CLIENT_UUID = "c0ffee00-0000-4000-8000-000000000001"
MEMBER = Member(GROUP, ANDREW, time_of(7), 7)
RATE = rates.count(ANDREW.uuid, 600, START)
SENT = Sent(ANDREW.uuid, CLIENT_UUID, GROUP, position(7))


def row(sender: User = BAYKO) -> Conversation:
    return Conversation(ANDREW.uuid, BAYKO, message(7, sender=sender), time_of(9))


def all_items() -> dict[str, Item]:
    return {
        "message": messages.to_item(message(7)),
        "row": conversations.to_item(row()),
        "head": groups.to_item(group(7)),
        "member": members.to_item(MEMBER),
        "pair": pairs.to_item(ANDREW.uuid, BAYKO.uuid, GROUP),
        "sent": receipts.put(SENT, START).item,
        "rate": {**RATE.key.attributes(), **RATE.attributes, **RATE.adds},
    }


def test_a_message_is_the_journals() -> None:
    assert messages.to_item(message(7)) == typed(
        {
            "pk": f"MSG#{GROUP}",
            "sk": "2026-11-22T14:21:07.000000+00:00",
            "message_uuid": "00000000-0000-4000-8000-000000000007",
            "message": "text 7",
            "seq": 7,
            "user_uuid": ANDREW.uuid,
            "user_display_name": "Andrew Brown",
            "user_handle": "andrewbrown",
        }
    )


def test_a_conversation_row_is_the_journals_and_names_the_other_member() -> None:
    assert conversations.to_item(row()) == typed(
        {
            "pk": f"GRP#{ANDREW.uuid}",
            "sk": "2026-11-22T14:21:09.000000+00:00",
            "message_group_uuid": GROUP,
            "message": "text 7",
            "user_uuid": BAYKO.uuid,
            "user_display_name": "Andrew Bayko",
            "user_handle": "bayko",
            "message_uuid": "00000000-0000-4000-8000-000000000007",
            "sender_uuid": BAYKO.uuid,
            "seq": 7,
            "last_message_at": "2026-11-22T14:21:07.000000+00:00",
        }
    )


def test_a_head_holds_the_members_and_the_end_of_the_log() -> None:
    assert groups.to_item(group(7)) == typed(
        {
            "pk": f"GROUP#{GROUP}",
            "sk": "HEAD",
            "members": [
                {
                    "user_uuid": ANDREW.uuid,
                    "user_display_name": "Andrew Brown",
                    "user_handle": "andrewbrown",
                },
                {
                    "user_uuid": BAYKO.uuid,
                    "user_display_name": "Andrew Bayko",
                    "user_handle": "bayko",
                },
            ],
            "last_sk": "2026-11-22T14:21:07.000000+00:00",
            "last_seq": 7,
        }
    )


def test_a_member_points_at_the_row() -> None:
    assert members.to_item(MEMBER) == typed(
        {
            "pk": f"GROUP#{GROUP}",
            "sk": f"MEMBER#{ANDREW.uuid}",
            "row_sk": "2026-11-22T14:21:07.000000+00:00",
            "seq": 7,
            "user_uuid": ANDREW.uuid,
            "user_display_name": "Andrew Brown",
            "user_handle": "andrewbrown",
        }
    )


@pytest.mark.parametrize("two", [(ANDREW, BAYKO), (BAYKO, ANDREW)])
def test_a_pair_is_the_same_in_both_orders(two: tuple[User, User]) -> None:
    item = pairs.to_item(two[0].uuid, two[1].uuid, GROUP)
    assert item == typed(
        {"pk": f"PAIR#{ANDREW.uuid}#{BAYKO.uuid}", "sk": "PAIR", "group_uuid": GROUP}
    )
    assert pairs.group_uuid_of(item) == GROUP


def test_a_sent_item_expires_after_thirty_days() -> None:
    put = receipts.put(SENT, START)
    assert put.item == typed(
        {
            "pk": f"SENT#{ANDREW.uuid}",
            "sk": CLIENT_UUID,
            "group_uuid": GROUP,
            "message_sk": "2026-11-22T14:21:07.000000+00:00",
            "seq": 7,
            "expires_at": int((START + timedelta(days=30)).timestamp()),
        }
    )
    assert put.when == AbsentOrBelow(typed({"expires_at": int(START.timestamp())}))


def test_a_rate_counts_one_minute_and_expires_soon_after() -> None:
    assert RATE.key == Key(f"RATE#{ANDREW.uuid}", "2026-11-22T14:21:00.000000+00:00")
    expiry = int((START + timedelta(minutes=5)).timestamp())
    assert RATE.attributes == typed({"expires_at": expiry})
    assert RATE.adds == typed({"sends": 1})
    assert RATE.when == Below(typed({"sends": 600}))
    at_the_end = START + timedelta(seconds=59, microseconds=999_999)
    assert rates.count(ANDREW.uuid, 600, at_the_end) == RATE
    assert [rates.seconds_left(moment) for moment in (START, at_the_end)] == [60, 1]


def test_only_conversation_rows_enter_the_index() -> None:
    indexed = {name for name, item in all_items().items() if "message_group_uuid" in item}
    assert keys.ROW_INDEX == "message-group-sk-index"
    assert indexed == {"row"}


def test_only_sent_items_and_rates_expire() -> None:
    expiring = {name for name, item in all_items().items() if "expires_at" in item}
    assert expiring == {"sent", "rate"}


def test_no_two_kinds_share_a_partition_but_head_and_members() -> None:
    prefixes = {name: item["pk"]["S"].partition("#")[0] for name, item in all_items().items()}
    assert prefixes == {
        "message": "MSG",
        "row": "GRP",
        "head": "GROUP",
        "member": "GROUP",
        "pair": "PAIR",
        "sent": "SENT",
        "rate": "RATE",
    }


def test_records_come_back_from_their_items() -> None:
    assert messages.from_item(messages.to_item(message(7))) == message(7)
    assert groups.from_item(groups.to_item(group(7))) == group(7)
    assert members.from_item(members.to_item(MEMBER)) == MEMBER
    assert receipts.from_item(receipts.put(SENT, START).item) == SENT


def test_a_row_copies_the_names_of_the_other_member_only() -> None:
    assert conversations.from_item(conversations.to_item(row())) == row()
    mine = conversations.from_item(conversations.to_item(row(sender=ANDREW)))
    assert mine == row(sender=User(ANDREW.uuid, "", ""))


def test_a_head_advances_only_from_where_it_was() -> None:
    update = groups.advance(group(7), position(8))
    item = groups.to_item(group(7))
    assert update.key == keys.head(GROUP)
    assert update.attributes == typed({"last_sk": time_of(8), "last_seq": 8})
    assert update.when == Equal({name: item[name] for name in ("members", "last_sk", "last_seq")})


def test_a_member_advances_only_from_where_it_was() -> None:
    update = members.advance(MEMBER, time_of(8), 8)
    assert update.key == Key(f"GROUP#{GROUP}", f"MEMBER#{ANDREW.uuid}")
    assert update.attributes == typed({"row_sk": time_of(8), "seq": 8})
    assert update.when == Equal(typed({"row_sk": time_of(7), "seq": 7}))


def test_of_two_rows_of_one_group_the_newer_one_counts() -> None:
    old, new = row(), replace(row(), last_message=message(8), row_sk=time_of(10))
    elsewhere = replace(row(), last_message=message(1, group_uuid=CLIENT_UUID))
    assert conversations.one_per_group([new, elsewhere, old]) == [new, elsewhere]
    assert conversations.one_per_group([old, elsewhere, new]) == [elsewhere, new]
