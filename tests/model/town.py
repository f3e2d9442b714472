"""Three people, two servers, a Lambda and their stores: what may happen there, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from resolvers.send_message import SendMessage
from resolvers.updates import RECHECK_SECONDS
from tests.model.browsing import Browsing
from tests.model.deliveries import Deliveries
from tests.model.group_reader import GroupReader
from tests.model.inbox_reader import InboxReader
from tests.model.operation import FREELY, Operation, Pace
from tests.model.people import NO_GROUP, PAIRS, PEOPLE
from tests.model.readers import Reader
from tests.model.sendings import Sending, Sendings
from tests.model.simulation import Simulation
from tests.model.stale_index import STALENESS

# By then all that a transaction has written can be read.
_COMMIT = 0.1
# An operation that takes longer is given up: requests and Lambdas have time limits.
_PATIENCE = 1.0


class Town:
    """Every step ends at rest: all that may go on without the test has."""

    def __init__(self) -> None:
        self.simulation = Simulation()
        self.model = self.simulation.model
        self.sendings = Sendings(self.simulation, self.model)
        self.deliveries = Deliveries(self.simulation)
        self.readers: list[Reader] = []
        self._numbers = count(1)

    def close(self) -> None:
        self.simulation.close()

    def group(self, pair: str) -> str:
        """The group of the pair; one that does not exist if they have none yet."""
        return self.model.group_of(user.uuid for user in PAIRS[pair]) or NO_GROUP

    # People write.

    def start(
        self, sender: str, handle: str, server: str, pace: Pace = FREELY, *, named: bool = True
    ) -> Sending:
        """Send to whoever has this handle; `named`: with a client uuid."""
        return self._send(sender, server, pace, named, recipient_handle=handle)

    def write(
        self, sender: str, pair: str, server: str, pace: Pace = FREELY, *, named: bool = True
    ) -> Sending:
        """Send into the group of the pair."""
        return self._send(sender, server, pace, named, group_uuid=self.group(pair))

    def retry(self, sending: Sending, server: str, pace: Pace = FREELY) -> None:
        self.sendings.attempt(sending, server, pace)
        self.rest()

    def write_with_its_uuid(self, sending: Sending, server: str, pace: Pace = FREELY) -> Sending:
        """Send something else with the client uuid of `sending`."""
        command = replace(sending.command, text=self._text())
        sending.rivals.append(command.text)
        rival = Sending(sending.sender_uuid, command, sending.rivals)
        self.retry(rival, server, pace)
        return rival

    def _send(self, sender: str, server: str, pace: Pace, named: bool, **where: str) -> Sending:
        client_uuid = str(UUID(int=next(self._numbers), version=4)) if named else None
        command = SendMessage(text=self._text(), client_uuid=client_uuid, **where)
        sending = Sending(PEOPLE[sender].uuid, command, [command.text])
        self.retry(sending, server, pace)
        return sending

    def _text(self) -> str:
        return f"message {next(self._numbers)}"

    # People read and follow.

    def follow_group(
        self, person: str, pair: str, size: int | None, server: str, pace: Pace = FREELY
    ) -> Reader:
        name = f"{person} following {pair}"
        reader = GroupReader(name, self.model, PEOPLE[person], self.group(pair), size)
        return self._follow(reader, server, pace)

    def follow_inbox(
        self, person: str, size: int | None, server: str, pace: Pace = FREELY
    ) -> Reader:
        name = f"{person} following the inbox"
        return self._follow(InboxReader(name, self.model, PEOPLE[person], size), server, pace)

    def come_back(self, reader: Reader, server: str, pace: Pace = FREELY, *, lost: int = 0) -> None:
        """Let a reader that was cut off, or that leaves now, go on from its last cursor.

        The last `lost` events never reached it.
        """
        self.leave(reader)
        reader.rewind(lost)
        self.simulation.serve(server, repr(reader), reader.follow, pace, reader.judge)
        self.rest()

    def leave(self, reader: Reader) -> None:
        if reader.operation is not None:
            reader.operation.cancel()
        self.rest()

    def browse(self, person: str, pair: str, size: int, server: str, pace: Pace = FREELY) -> None:
        browsing = Browsing(self.model, PEOPLE[person], self.group(pair), size)
        name = f"{person} browsing {pair}"
        self.simulation.serve(server, name, browsing.work, pace, browsing.judge)
        self.rest()

    def _follow(self, reader: Reader, server: str, pace: Pace) -> Reader:
        self.readers.append(reader)
        self.come_back(reader, server, pace)
        return reader

    # Processes and stores.

    def rename(self, person: str, handle: str | None) -> None:
        """Give the person a handle, if it is free; None erases the person."""
        self.simulation.users.rename(PEOPLE[person], handle)

    def bus(self, event: str) -> None:
        self.simulation.bus.happen(event)
        self.rest()

    def table(self, event: str) -> None:
        if event in STALENESS:
            self.simulation.index.happen(event)
        elif event == "records expire":
            self._finish()  # that takes a day
            self.deliveries.lose()

    def deliver(self, records: Sequence[dict[str, Any]], pace: Pace = FREELY) -> None:
        self.deliveries.deliver(records, pace)
        self.rest()

    def go_on(self, operation: Operation | None, pace: Pace = FREELY) -> None:
        if operation is not None:
            self.simulation.go_on(operation, pace)
        self.rest()

    def crash(self, process: str) -> None:
        self.simulation.crash(self.simulation.processes[process])
        self.rest()

    def pass_time(self, seconds: float) -> None:
        if seconds >= _COMMIT:
            self.simulation.table.make_whole()
        if seconds > _PATIENCE:
            self._finish()
        self.simulation.pass_time(seconds)
        self.rest()

    def _finish(self) -> None:
        """End what has a time limit. Those who follow something may take as long as they like."""
        following = [each.operation for each in self.readers if each.operation is not None]
        self.simulation.finish(spared=following)

    def settle(self) -> None:
        """Let every trouble end, and see whether all promises are kept."""
        self.simulation.bus.mend()
        self.simulation.finish()
        for sending in self.sendings.all:
            if sending.open and sending.command.client_uuid is not None:
                self.retry(sending, "one")
                assert not sending.open, "no answer, and nothing is wrong"
        # Who has been erased hears no more.
        readers = [each for each in self.readers if self.simulation.users.knows(each.user)]
        for reader in readers:
            if reader.is_gone:
                self.come_back(reader, "two")
            self.go_on(reader.operation)
        self.deliveries.drain()
        self.rest()
        self.model.check_drained()
        for reader in readers:
            if reader.hears_everything(self.simulation.bus):
                reader.check_caught_up()
        self.pass_time(RECHECK_SECONDS)
        for reader in readers:
            reader.check_caught_up()
            if reader.operation is not None:
                reader.operation.met_half = False
        self.simulation.bus.unheard.clear()

    def rest(self) -> None:
        self.simulation.run()
        self.sendings.check()
        for reader in self.readers:
            reader.notice()
