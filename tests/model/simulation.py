"""The stores, and the processes that work on them: servers and Lambdas, each with its clock."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from datasources.heads import RememberedHeads
from datasources.moves import Moves
from lambdas.messaging_stream import MessagingStream
from maintenance.catch_up import CatchUp
from resolvers.services import Services
from tests.doubles.memory_table import MemoryTable
from tests.doubles.people import START
from tests.model.directory import Directory
from tests.model.half_table import HalfTable
from tests.model.lossy_bus import LossyBus
from tests.model.model import Model
from tests.model.operation import FREELY, Operation, Pace, Then
from tests.model.people import PEOPLE
from tests.model.stale_index import StaleIndex
from tests.model.still_loop import StillLoop
from tests.model.turns import TurnBus, TurnTable

# Sends are counted, as they are in production, and no run comes near the limit.
_FAR_AWAY = 1_000
Work = Callable[[Services, Operation], Coroutine[Any, Any, object]]


class Process:
    """A server process, or a Lambda's: `offset` is by how many seconds its clock is wrong."""

    def __init__(self) -> None:
        self.offset = 0.0
        self.heads = RememberedHeads()
        self.operations: list[Operation] = []


class Simulation:
    """Everything below the schema, one operation's next call at a time."""

    def __init__(self) -> None:
        self.model = Model()
        memory = MemoryTable()
        self.stream = memory.stream
        self.table = HalfTable(memory, self._committed)
        self.index = StaleIndex(self.stream)
        self.bus = LossyBus()
        self.users = Directory(*PEOPLE.values())
        self.processes = {name: Process() for name in ("one", "two", "lambda")}
        self._loop = StillLoop()
        self.latest = Operation("nothing yet", lambda _, __: None)
        self._told = 0
        self._ended: list[Operation] = []
        self._violations: list[AssertionError] = []
        self._numbers = itertools.count(1)

    def close(self) -> None:
        """Give everything that is still going on the chance to clean up."""
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_quiet()
        self._loop.close()

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self._loop.time())

    @property
    def operations(self) -> list[Operation]:
        """Those that are under way, in a fixed order."""
        return [
            operation for process in self.processes.values() for operation in process.operations
        ]

    def serve(self, server: str, name: str, work: Work, pace: Pace, then: Then) -> Operation:
        """Let a server process work on a request; `then` is handed its outcome."""
        process = self.processes[server]
        operation = Operation(name, then)
        services = Services.over(
            TurnTable(self.table, self.index, operation),
            self.users,
            TurnBus(self.bus, operation),
            clock=lambda: self._clock(process),
            new_uuid=self._new_uuid,
            pause=_pause,
            max_sends_per_minute=_FAR_AWAY,
        )
        services = dataclasses.replace(services, heads=process.heads)
        return self._begin(process, operation, work(services, operation), pace)

    def invoke(self, records: Sequence[Mapping[str, Any]], pace: Pace, then: Then) -> Operation:
        """Hand a batch of stream records to the Lambda."""
        operation = Operation(f"lambda with {len(records)} records", then)
        handler = MessagingStream(self._moves(operation), TurnBus(self.bus, operation))
        work = handler.handle({"Records": list(records)})
        return self._begin(self.processes["lambda"], operation, work, pace)

    def catch_up(self, pace: Pace, then: Then) -> Operation:
        """Do what lost records would have done."""
        operation = Operation("catching up", then)
        table = TurnTable(self.table, self.index, operation)
        work = CatchUp(table, table, self._moves(operation), TurnBus(self.bus, operation))
        return self._begin(self.processes["lambda"], operation, work.run(), pace)

    def go_on(self, operation: Operation, pace: Pace) -> None:
        operation.go_on(pace)
        self.run()

    def crash(self, process: Process) -> None:
        """Kill a process: what it was doing stops where it is, and what it knew is gone."""
        for operation in process.operations:
            operation.crash()
        process.heads = RememberedHeads()
        self.run()

    def finish(self, spared: Collection[Operation] = ()) -> None:
        """Let everything but `spared` go on to its end, or to its bell."""
        self.table.make_whole()
        while stopped := [each for each in self.operations if each.stopped and each not in spared]:
            for operation in stopped:
                self.go_on(operation, FREELY)
                self.table.make_whole()

    def pass_time(self, seconds: float) -> None:
        self._loop.pass_time(seconds)
        self.run()

    def run(self) -> None:
        """Run until everything is stopped, over, or waits for a bell."""
        self._loop.run_until_quiet()
        for violation in self._violations:
            raise violation
        self.model.check()
        for process in self.processes.values():
            ended = [operation for operation in process.operations if operation.over]
            process.operations = [each for each in process.operations if each not in ended]
            # Kept, or tasks that were stopped for ever would be collected as garbage.
            self._ended += ended
            for operation in ended:
                operation.conclude()

    def _begin(
        self,
        process: Process,
        operation: Operation,
        work: Coroutine[Any, Any, object],
        pace: Pace,
    ) -> Operation:
        process.operations.append(operation)
        self.latest = operation
        operation.begin(self._loop, work)
        self.go_on(operation, pace)
        return operation

    def _moves(self, operation: Operation) -> Moves:
        return Moves(
            TurnTable(self.table, self.index, operation),
            clock=lambda: self._clock(self.processes["lambda"]),
            new_uuid=self._new_uuid,
            pause=_pause,
        )

    def _committed(self) -> None:
        """Tell the model at once. Whoever commits may swallow an error: `run` raises it."""
        records, self._told = self.stream[self._told :], len(self.stream)
        try:
            for record in records:
                self.model.take(record, self.now)
        except AssertionError as violation:
            self._violations.append(violation)

    def _clock(self, process: Process) -> datetime:
        return self.now + timedelta(seconds=process.offset)

    def _new_uuid(self) -> str:
        return str(UUID(int=next(self._numbers), version=4))


async def _pause(_seconds: float) -> None:
    """No time passes: what others do meanwhile is for the test to say."""
    await asyncio.sleep(0)
