"""Mends groups, one at a time, beside live traffic.

Every write has a condition, so that whoever was faster wins; what was refused is looked at and
planned anew. A process that dies in between leaves something that the next one mends.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from datasources.bus import Publisher
from datasources.judgement import Judgement
from datasources.mender import Mender
from datasources.moves import Moves
from datasources.pictures import Pictures
from datasources.table import Delete, Key, TransactionRefused
from datasources.whole_table import WholeTable
from domain.errors import HistoryInFlight
from domain.invariants import Invariant, Violation
from domain.mending import Unmendable, plan
from domain.pictures import Picture
from domain.records import Ring
from domain.steps import MoveRows

# Pauses before another look, in seconds, while others are faster.
PAUSES = (0.05, 0.1, 0.3, 1.0, 2.0)
# After such a pause nothing is half written any more.
WHOLE_AFTER = 0.3


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done to a group or an item, or would be, a line each.

    `refusal` says why it is not right even so.
    """

    what: str
    steps: Sequence[str]
    refusal: str | None = None


class Repairs:
    """Mends what verification finds; writes only if `apply`.

    `alone` says that nobody else writes to the table: see `domain.mending.plan`.
    """

    def __init__(
        self,
        table: WholeTable,
        publisher: Publisher,
        *,
        apply: bool,
        alone: bool,
        clock: Callable[[], datetime],
        new_uuid: Callable[[], str],
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        moves = Moves(table, clock=clock, new_uuid=new_uuid, pause=pause)
        self._mender = Mender(table, moves, new_uuid)
        self._pictures = Pictures(table)
        self._judgement = Judgement(table)
        self._publisher = publisher
        self._apply = apply
        self._alone = alone
        self._pause = pause

    async def mend(self, group_uuid: str) -> Mended:
        """Make the group right and ring its members; again changes nothing.

        Raises StoreUnavailable.
        """
        done: list[str] = []
        for pause in (0.0, *PAUSES):
            await self._pause(pause)
            picture = await self._pictures.take_whole(group_uuid)
            try:
                steps = plan(picture, alone=self._alone)
                if not self._apply:
                    return Mended(group_uuid, [str(step) for step in steps])
                for step in steps:
                    await self._mender.carry_out(step, picture)
                    done.append(str(step))
            except Unmendable as error:
                if pause >= WHOLE_AFTER:
                    return Mended(group_uuid, done, str(error))
            except (TransactionRefused, HistoryInFlight):
                continue
            else:
                # In a lively group the rows are always about to move.
                if all(isinstance(step, MoveRows) for step in steps):
                    await self._ring(picture)
                    return Mended(group_uuid, done)
        return Mended(group_uuid, done, "others keep writing to it: run this again")

    async def mend_item(self, violation: Violation) -> Mended:
        """Mend what belongs to no group: a pair or sent item that points nowhere goes.

        Raises StoreUnavailable.
        """
        key = Key(violation.pk, violation.sk)
        what = f"{key.pk} {key.sk}"
        match violation.invariant:
            case Invariant.COUPLE:
                still = await self._judgement.of_pair(key)
            case Invariant.SENT:
                still = await self._judgement.of_sent(key)
            case Invariant.LAYOUT:
                return Mended(what, [], "bin/ddb/adopt --apply makes the table ours")
            case _:
                return Mended(what, [], f"{violation.detail}: look at it, and remove it by hand")
        if not still:
            return Mended(what, [])
        if not self._alone:
            return Mended(what, [], "where nobody writes to the table, --alone removes it")
        if self._apply:
            await self._mender.write(Delete(key))
        return Mended(what, ["remove the item"])

    async def _ring(self, picture: Picture) -> None:
        """Ring also where nothing was written: a crash may have come between write and ring."""
        seq = picture.log.end.seq
        rings = [Ring(each.user.uuid, picture.group_uuid, seq) for each in picture.members]
        if rings:
            await self._publisher.publish(rings)
