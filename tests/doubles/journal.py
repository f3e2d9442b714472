"""A table as the journal's own scripts, API and Lambda leave it, every defect included.

https://github.com/omenking/aws-bootcamp-cruddur-2023 is the code that wrote such tables.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from uuid import NAMESPACE_URL, uuid5

from datasources.table import Item
from domain.records import User
from tests.doubles.people import ANDREW, BAYKO, LONDO
from tests.doubles.typed_items import typed

TOKYO = timezone(timedelta(hours=9))
NEW_YORK = timezone(timedelta(hours=-5))
UTC = timezone(timedelta(0))

PLAIN = "5ae290ed-55d1-47a0-bc6d-fe2bc2700399"
OFFSETS = "10000000-0000-4000-8000-000000000001"
OLDER = "20000000-0000-4000-8000-000000000002"
NEWER = "20000000-0000-4000-8000-000000000003"
COLLIDING = "30000000-0000-4000-8000-000000000004"
PHANTOM = "40000000-0000-4000-8000-000000000005"
LOST_ROW = "50000000-0000-4000-8000-000000000006"
TWO_ROWS = "60000000-0000-4000-8000-000000000007"
INTRUDED = "70000000-0000-4000-8000-000000000008"
UNTOLD = "80000000-0000-4000-8000-000000000009"

MORT = User("a0000000-0000-4000-8000-00000000000a", "mort", "Mort")
DELENN = User("b0000000-0000-4000-8000-00000000000b", "delenn", "Delenn")
GKAR = User("c0000000-0000-4000-8000-00000000000c", "gkar", "G'Kar")


def at(second: float, zone: timezone = UTC) -> str:
    """What the journal wrote as time: isoformat, microseconds dropped where there are none."""
    start = datetime(2023, 3, 25, 14, 0, tzinfo=UTC)
    return (start + timedelta(seconds=second)).astimezone(zone).isoformat()


def message(group: str, time: str, text: str, sender: User) -> Item:
    return typed(
        {
            "pk": f"MSG#{group}",
            "sk": time,
            "message": text,
            "message_uuid": str(uuid5(NAMESPACE_URL, f"{group} {time}")),
            "user_uuid": sender.uuid,
            "user_display_name": sender.display_name,
            "user_handle": sender.handle,
        }
    )


def row(group: str, time: str, text: str, owner: User, other: User) -> Item:
    return typed(
        {
            "pk": f"GRP#{owner.uuid}",
            "sk": time,
            "message_group_uuid": group,
            "message": text,
            "user_uuid": other.uuid,
            "user_display_name": other.display_name,
            "user_handle": other.handle,
        }
    )


def rows(group: str, time: str, text: str, one: User, two: User) -> list[Item]:
    return [row(group, time, text, one, two), row(group, time, text, two, one)]


def conversation(group: str, one: User, two: User, *lines: tuple[str, str]) -> list[Item]:
    """Messages of (time, text), written in turn, and both rows at the last one."""
    people = (one, two)
    log = [message(group, *line, people[n % 2]) for n, line in enumerate(lines)]
    return [*log, *rows(group, *lines[-1], one, two)]


def journal() -> list[Item]:
    """Every defect, one group each."""
    micro = 0.000001
    return [
        # The seed: whole seconds without microseconds, and rows with a text that is no message.
        *(message(PLAIN, at(60 * n), f"plain {n}", (ANDREW, BAYKO)[n % 2]) for n in range(30)),
        *rows(PLAIN, at(0), "this is a filler message", ANDREW, BAYKO),
        # Machines in three zones: sorted as texts the order is another one.
        *conversation(
            OFFSETS,
            ANDREW,
            LONDO,
            (at(100, TOKYO), "first"),
            (at(101.5, NEW_YORK), "second"),
            (at(102).replace("+00:00", "Z"), "third"),
            (at(103.000001, TOKYO), "fourth"),
        ),
        # "New conversation" twice: a group each time.
        *conversation(OLDER, BAYKO, LONDO, (at(200), "older"), (at(900), "but written to again")),
        *conversation(NEWER, BAYKO, LONDO, (at(300.25), "newer")),
        # One moment, written in different ways; and the microsecond behind it is taken, too.
        *conversation(
            COLLIDING,
            ANDREW,
            MORT,
            (at(400), "same"),
            (at(400, TOKYO), "moment"),
            (at(400, NEW_YORK), "thrice"),
            (at(400 + micro), "right behind"),
            (at(400 + 2 * micro), "and that"),
        ),
        # The batch write of a new group lost its message.
        *rows(PHANTOM, at(500), "only the rows have this", ANDREW, DELENN),
        # The Lambda died between delete and put.
        *conversation(LOST_ROW, BAYKO, MORT, (at(600), "a"), (at(601), "b"))[:-1],
        # It died between put and the next delete, after a retry.
        *conversation(TWO_ROWS, BAYKO, DELENN, (at(700), "c"), (at(701), "d")),
        row(TWO_ROWS, at(700), "c", BAYKO, DELENN),
        # Anybody could write into any group.
        *conversation(INTRUDED, LONDO, DELENN, (at(800), "e"), (at(801), "f")),
        message(INTRUDED, at(800.5), "hello you two", MORT),
        # Nobody knows whom this was for.
        message(UNTOLD, at(900), "anybody there?", GKAR),
    ]
