"""Makes a table of the journal's ours, group by group, while nobody else writes to it.

The messages of a group get numbers and time texts first, newest first: so none is in the place
of another, and a run that was killed finds what is left in front. The rest is what mending does
to any group without head. In memory are the messages of one group at a time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from datasources import keys
from datasources.moves import Moves
from datasources.table import Item, Key, TransactionRefused
from datasources.whole_table import WholeTable
from domain import time_text
from maintenance.group_reader import GroupReader
from maintenance.group_state import GroupState
from maintenance.item_validation import validation_error
from maintenance.message_log import MessageLog
from maintenance.message_rewrites import Change, renumbered, transactions
from maintenance.numbering import Unadoptable
from maintenance.repair_plan import Unrepairable, plan
from maintenance.repair_steps import RemoveRow, Step, WriteHead
from maintenance.step_executor import StepExecutor


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """What adopting one group has changed, or would change.

    `numbered` messages got a number, `retimed` ones another sort key, too. `steps` says the rest,
    a line each; `aside` counts the rows with a text that no message has: copies of them are kept.
    `strangers` wrote messages, which stay, but are not in the group. `problem` says why the
    group was left as it is; `blocks` that the API would stumble over it.
    """

    group_uuid: str
    messages: int = 0
    numbered: int = 0
    retimed: int = 0
    aside: int = 0
    steps: Sequence[str] = ()
    strangers: Sequence[str] = ()
    problem: str | None = None
    blocks: bool = False


class Adoption:
    """Goes through `table` once; `items` counts what it has scanned. Writes only if `apply`.

    `said` maps group uuids to the uuids of their people, where somebody has said who they are.
    """

    def __init__(
        self,
        table: WholeTable,
        *,
        apply: bool,
        said: Mapping[str, Collection[str]],
        new_uuid: Callable[[], str],
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self.items = 0
        self._table = table
        self._apply = apply
        self._said = said
        self._new_uuid = new_uuid
        self._pause = pause
        self._groups = GroupReader(table)
        self._empty: set[str] = set()

    async def groups(self) -> AsyncIterator[Adopted]:
        """Yield each group that is not ours yet. May raise `domain.errors.StoreUnavailable`."""
        async for items in self._partitions():
            pk = items[0]["pk"]["S"]
            if pk.startswith(keys.MESSAGE_PREFIX):
                found = await self._adopt(keys.uuid_in(pk), items)
            else:
                found = await self._adopt_row(items[0])
            if found:
                yield found

    async def _partitions(self) -> AsyncIterator[list[Item]]:
        """Yield the messages of each group together, and each other item that is not ours."""
        log: list[Item] = []
        async for item in self._table.scan():
            self.items += 1
            if log and item["pk"] != log[0]["pk"]:
                yield log
                log = []
            if item["pk"]["S"].startswith(keys.MESSAGE_PREFIX):
                log.append(item)
            elif validation_error(item):
                yield [item]
        if log:
            yield log

    async def _adopt_row(self, item: Item) -> Adopted | None:
        """Adopt the group of a row that is not ours, if no messages lead to it."""
        key = Key.of(item)
        place = f"{key.pk} {key.sk}"
        group_uuid = item.get("message_group_uuid", {}).get("S")
        if not key.pk.startswith(keys.ROW_PREFIX):
            return Adopted(group_uuid=place, problem="it is no item of ours, nor the journal's")
        if not group_uuid:
            return Adopted(group_uuid=place, problem="the row names no group", blocks=True)
        if group_uuid in self._empty or await self._table.query(
            keys.messages(group_uuid), dict, limit=1, newest_first=False
        ):
            return None
        self._empty.add(group_uuid)
        return await self._adopt(group_uuid, [])

    async def _adopt(self, group_uuid: str, items: Sequence[Item]) -> Adopted | None:
        log = MessageLog(group_uuid)
        try:
            changes = renumbered(group_uuid, items)
            for _, item in changes:
                log.read(item)
            state = await self._groups.read_around(log, self._said.get(group_uuid, ()))
            texts = {item["message"]["S"] for item in items}
            steps = [await self._without_known_texts(step, texts) for step in _steps(state)]
            if self._apply:
                await self._write(changes, steps, state)
        except (Unadoptable, Unrepairable) as error:
            has_rows = bool(await self._table.rows_of(group_uuid))
            return Adopted(
                group_uuid=group_uuid, messages=len(items), problem=str(error), blocks=has_rows
            )
        except TransactionRefused:
            problem = "somebody else writes to it: stop that, and run this again"
            return Adopted(group_uuid=group_uuid, messages=len(items), problem=problem, blocks=True)
        people = {user.uuid for user in state.people or ()}
        adopted = Adopted(
            group_uuid=group_uuid,
            messages=len(items),
            numbered=sum(old != new for old, new in changes),
            retimed=sum(old["sk"] != new["sk"] for old, new in changes),
            aside=sum(isinstance(step, RemoveRow) and step.aside for step in steps),
            steps=[str(step) for step in steps],
            strangers=sorted(log.senders.keys() - people),
        )
        return adopted if adopted.numbered or adopted.steps else None

    async def _without_known_texts(self, step: Step, texts: Collection[str]) -> Step:
        """A row of the journal's is no loss where a message has its text."""
        if not isinstance(step, RemoveRow) or step.row.conversation is not None:
            return step
        item = await self._table.get(Key(keys.rows(step.row.owner_uuid), step.row.sk))
        known = item is None or item.get("message", {}).get("S") in texts
        return replace(step, aside=not known)

    async def _write(
        self, changes: Sequence[Change], steps: Sequence[Step], state: GroupState
    ) -> None:
        # The list keeps its order: each row stands at the time of its message.
        last = state.log.end.sk
        moves = Moves(
            self._table,
            clock=lambda: time_text.parse(last),
            new_uuid=self._new_uuid,
            pause=self._pause,
        )
        executor = StepExecutor(self._table, moves, self._new_uuid)
        # What an old writer has put into a group of ours moves the head as every message does.
        moved = [step for step in steps if isinstance(step, WriteHead) and step.before]
        with_it = [write for step in moved for write in await executor.writes(step, state)]
        for writes in transactions(changes):
            await executor.write(*writes, *with_it)
            with_it = []
        for step in steps:
            if step not in moved or with_it:
                await executor.carry_out(step, state)


def _steps(state: GroupState) -> list[Step]:
    """What is to be done once the messages have their numbers. Raises Unadoptable, Unrepairable."""
    if state.head and state.head.last.seq > state.log.end.seq:
        raise Unadoptable("it is ours, and its head is ahead: bin/ddb/repair")
    return plan(state, alone=True)
