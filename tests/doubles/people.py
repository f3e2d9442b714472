"""People, a group and its messages, made up for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain import time_text
from domain.records import Group, Message, Position, User

ANDREW = User("99895229-e104-4b91-970c-231c9bd729ac", "andrewbrown", "Andrew Brown")
BAYKO = User("c65e3531-b8e1-4457-8b82-636bf8d08aad", "bayko", "Andrew Bayko")
LONDO = User("05d953a0-4750-4a7a-8bdc-fed996de1ed1", "londo", "Londo Mollari")

GROUP = "5ae290ed-55d1-47a0-bc6d-fe2bc2700399"
OTHER_GROUP = "0f8a1c52-6f0e-4a7e-9d53-1f6f7a3f5b10"

START = datetime(2026, 11, 22, 14, 21, tzinfo=UTC)


def time_of(seq: int) -> str:
    """When message `seq` was sent: one a second from START."""
    return time_text.write(START + timedelta(seconds=seq))


def position(seq: int) -> Position:
    return Position(time_of(seq), seq)


def message(seq: int, *, group_uuid: str = GROUP, sender: User = ANDREW) -> Message:
    uuid = f"00000000-0000-4000-8000-{seq:012}"
    return Message(group_uuid, uuid, f"text {seq}", sender, time_of(seq), seq)


def group(
    last_seq: int, *, uuid: str = GROUP, members: tuple[User, ...] = (ANDREW, BAYKO)
) -> Group:
    return Group(uuid, members, position(last_seq))
