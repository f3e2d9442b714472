"""Mends groups, one at a time, beside live traffic.

Every write has a condition, so that whoever was faster wins; what was refused is looked at and
planned anew. A process that dies in between leaves something that the next one mends.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from datasources.bus import Publisher
from datasources.moves import Moves
from datasources.table import Delete, Key, TransactionRefused
from datasources.whole_table import WholeTable
from domain.errors import HistoryInFlight
from domain.records import Ring
from maintenance.checks import Checks
from maintenance.group_reader import GroupReader
from maintenance.group_state import GroupState
from maintenance.invariants import Invariant, Violation
from maintenance.repair_plan import Unrepairable, plan
from maintenance.repair_steps import MoveRows
from maintenance.step_executor import StepExecutor

# Pauses before another look, in seconds, while others are faster.
PAUSES = (0.05, 0.1, 0.3, 1.0, 2.0)
# After such a pause nothing is half written any more.
WHOLE_AFTER = 0.3


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was done to a group or an item, or would be, a line each.

    `refusal` says why it is not right even so.
    """

    what: str
    steps: Sequence[str]
    refusal: str | None = None


class Repairs:
    """Mends what verification finds; writes only if `apply`.

    `alone` says that nobody else writes to the table: see `maintenance.repair_plan.plan`.
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
        self._executor = StepExecutor(table, moves, new_uuid)
        self._groups = GroupReader(table)
        self._checks = Checks(table)
        self._publisher = publisher
        self._apply = apply
        self._alone = alone
        self._pause = pause

    async def repair_group(self, group_uuid: str) -> Repaired:
        """Make the group right and ring its members; again changes nothing.

        They hear of it also where it is given up half-way. Raises StoreUnavailable.
        """
        done: list[str] = []
        refusal: str | None = "others keep writing to it: run this again"
        for pause in (0.0, *PAUSES):
            await self._pause(pause)
            state = await self._groups.read_with_orphans(group_uuid)
            try:
                steps = plan(state, alone=self._alone)
                if not self._apply:
                    return Repaired(group_uuid, [str(step) for step in steps])
                for step in steps:
                    await self._executor.carry_out(step, state)
                    done.append(str(step))
            except Unrepairable as error:
                if pause >= WHOLE_AFTER:
                    refusal = str(error)
                    break
            except (TransactionRefused, HistoryInFlight):
                continue
            else:
                # In a lively group the rows are always about to move.
                if all(isinstance(step, MoveRows) for step in steps):
                    refusal = None
                    break
        if done or refusal is None:
            await self._ring(state)
        return Repaired(group_uuid, done, refusal)

    async def repair_item(self, violation: Violation) -> Repaired:
        """Mend what belongs to no group: a pair or sent item that points nowhere goes.

        Raises StoreUnavailable.
        """
        key = Key(violation.pk, violation.sk)
        what = f"{key.pk} {key.sk}"
        match violation.invariant:
            case Invariant.COUPLE:
                still = await self._checks.pair(key)
            case Invariant.SENT:
                still = await self._checks.sent(key)
            case Invariant.LAYOUT:
                return Repaired(what, [], "bin/ddb/adopt --apply makes the table ours")
            case _:
                return Repaired(what, [], f"{violation.detail}: look at it, and remove it by hand")
        if not still:
            return Repaired(what, [])
        if not self._alone:
            return Repaired(what, [], "where nobody writes to the table, --alone removes it")
        if self._apply:
            await self._executor.write(Delete(key))
        return Repaired(what, ["remove the item"])

    async def _ring(self, state: GroupState) -> None:
        """Ring also where nothing was written: a crash may have come between write and ring."""
        seq = state.log.end.seq
        rings = [Ring(each.user.uuid, state.group_uuid, seq) for each in state.members]
        if rings:
            await self._publisher.publish(rings)
