"""Cases over our own schema, on a world in memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Any

from msgspec.structs import replace

from domain.cursors import group_cursor
from domain.errors import StoreUnavailable
from domain.records import Position, User
from schema.build import build_schema, core_schema
from schema.context import Context, new_context
from schema.shortcuts import strawberry_shortcuts
from tests.doubles.people import ANDREW, BAYKO, LONDO, time_of
from tests.doubles.world import World
from tests.execution.comparison import Comparison

# World counts its uuids: this is its first, and so the group of its first message.
_GROUP = "00000000-0000-4000-8000-000000000001"
_KNOWN: dict[str, list[Any]] = {
    "Int": [1, 2, 3, 20, 100, 0, 101],
    "String": [
        *("bayko", "LONDO", "nobody", "", "good morning", " ", "x" * 1025),
        group_cursor(_GROUP, Position(time_of(2), 2)),
    ],
    "Boolean": [True, False],
    "UUID": [*[_GROUP] * 6, _GROUP.upper(), ANDREW.uuid, "no uuid"],
}


class Ours(Comparison):
    """Whoever asks is a member, a stranger or nobody; people are there, renamed, erased or away."""

    def __init__(self) -> None:
        schema = core_schema(build_schema())
        super().__init__(schema, strawberry_shortcuts(), _KNOWN, ("sender", "otherUser"))

    def roots(self, _: Random) -> None:
        return None

    def contexts(self, seed: int, lot: Random) -> Callable[[], Awaitable[object]]:
        caller = lot.choice([ANDREW, ANDREW, ANDREW, BAYKO, BAYKO, LONDO, None])
        trouble = lot.choice(["", "", "renamed", "erased", "away"])
        limit = lot.choice([None, 2])

        async def fresh() -> Context:
            world = World(max_sends_per_minute=limit)
            await world.chat(3)
            await world.send(LONDO, "hello", recipient_handle="andrewbrown")
            await world.deliver()
            if trouble == "renamed":
                world.users.put(replace(BAYKO, handle="captain"))
            if trouble == "erased":
                world.users.erase(BAYKO)
            if trouble == "away":
                setattr(world.users, "by_uuids", _away)  # noqa: B010 a method, to mypy
            return new_context(world.services, caller, request_id=f"request {seed}")

        return fresh


async def _away(_: Sequence[str]) -> list[User | None]:
    raise StoreUnavailable("The directory of users did not answer. Try again.")
