"""Holds a whole table to its invariants (`maintenance/invariants.py`), beside live traffic.

One scan says what there is; whatever an item refers to is looked up by its key. What looks wrong
is looked at again, several times, and reported if it stays wrong. In memory are some heads with
their members, what is known of some logs, and some hundred things to look at again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from datasources import keys
from datasources.table import Item, Key
from datasources.whole_table import WholeTable
from maintenance.checks import Checks, item_violations
from maintenance.invariants import Violation
from maintenance.message_log import MessageLog

_SUSPECTS = 500
_AT_ONCE = 16
_LOOKS = 5
_Look: TypeAlias = Callable[[], Awaitable[list[Violation]]]


@dataclass(frozen=True, slots=True)
class _Suspect:
    """Something to look at, and what every look so far has found; None before the first one."""

    look: _Look
    found: list[Violation] | None = None


class Verification:
    """Goes through `table` once. `items` counts what it has scanned.

    A violation has stood for `patience` seconds when it is reported: half a move looks like one,
    and the stream needs a moment.
    """

    def __init__(
        self, table: WholeTable, *, pause: Callable[[float], Awaitable[None]], patience: float
    ) -> None:
        self.items = 0
        self._table = table
        self._checks = Checks(table)
        self._pause = pause
        self._patience = patience

    async def violations(self) -> AsyncIterator[Violation]:
        """Yield what does not hold. May raise `domain.errors.StoreUnavailable`."""
        unseen: list[_Suspect] = []
        suspects: list[_Suspect] = []
        async for look in self._looks():
            unseen.append(_Suspect(look))
            if len(unseen) == _AT_ONCE:
                suspects += await _look_at(unseen)
                unseen = []
            if len(suspects) >= _SUSPECTS:
                for violation in await self._settled(suspects):
                    yield violation
                suspects = []
        for violation in await self._settled(suspects + await _look_at(unseen)):
            yield violation

    async def _settled(self, suspects: list[_Suspect]) -> list[Violation]:
        """Return what every look at each of them finds."""
        for _ in range(_LOOKS):
            if suspects:
                await self._pause(self._patience / _LOOKS)
                suspects = await _look_at(suspects)
        return [violation for suspect in suspects for violation in suspect.found or ()]

    async def _looks(self) -> AsyncIterator[_Look]:
        yield self._checks.layout
        log: MessageLog | None = None
        partition = ""
        async for item in self._table.scan():
            self.items += 1
            key = Key.of(item)
            begins = key.pk != partition
            partition = key.pk
            if log and begins:
                yield self._look_at_group(log)
                log = None
            if partition.startswith(keys.MESSAGE_PREFIX):
                log = log or MessageLog(keys.uuid_in(partition))
                log.read(item)
            look = self._look_at_item(key, item, begins)
            if look:
                yield look
        if log:
            yield self._look_at_group(log)

    def _look_at_group(self, log: MessageLog) -> _Look:
        """The first look takes the messages that were scanned, each later one reads them again."""
        group_uuid = log.group_uuid
        scanned: MessageLog | None = log
        due: int | None = None

        async def look() -> list[Violation]:
            nonlocal scanned, due
            read, scanned = scanned or MessageLog(group_uuid), None
            found = await self._checks.group(read, due)
            # A log that grows faster than its rows move is no violation.
            due = due or read.end.seq
            return found

        return look

    def _look_at_item(self, key: Key, item: Item, begins: bool) -> _Look | None:
        check = {
            keys.ROW_PREFIX: self._checks.row,
            keys.PAIR_PREFIX: self._checks.pair,
            keys.SENT_PREFIX: self._checks.sent,
        }.get(key.pk[: key.pk.find("#") + 1])
        if item_violations(item):
            check = self._checks.item
        elif begins and key.pk.startswith(keys.GROUP_PREFIX):
            return partial(self._checks.silent_group, keys.uuid_in(key.pk))
        return partial(check, key) if check else None


async def _look_at(suspects: Sequence[_Suspect]) -> list[_Suspect]:
    """Look once more, at some of them at once; return those of which something stays."""
    still = []
    for start in range(0, len(suspects), _AT_ONCE):
        part = suspects[start : start + _AT_ONCE]
        found = await asyncio.gather(*(suspect.look() for suspect in part))
        still += [
            _Suspect(each.look, _stays(each, now)) for each, now in zip(part, found, strict=True)
        ]
    return [suspect for suspect in still if suspect.found]


def _stays(suspect: _Suspect, now: list[Violation]) -> list[Violation]:
    if suspect.found is None:
        return now
    before = {(each.invariant, each.pk, each.sk) for each in suspect.found}
    return [each for each in now if (each.invariant, each.pk, each.sk) in before]
