"""The steps that Hypothesis takes: whatever people, processes and stores may do, in any order."""

from __future__ import annotations

import sys

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    multiple,
    precondition,
    rule,
)

from tests.model.operation import FREELY, Pace
from tests.model.paces import PACES
from tests.model.people import PAIRS, PEOPLE, name_of
from tests.model.readers import Reader
from tests.model.sendings import Sending
from tests.model.stale_index import STALENESS
from tests.model.town import Town

people = st.sampled_from(list(PEOPLE))
handles = st.sampled_from([*(user.handle for user in PEOPLE.values()), "newcomer"])
# Who and where, the members of each pair before its stranger.
seats = st.sampled_from(
    [(name, pair) for pair in PAIRS for name in pair.split("+")] * 3
    + [(name, pair) for pair in PAIRS for name in PEOPLE if name not in pair]
)
servers = st.sampled_from(["one", "two"])
processes = st.sampled_from(["one", "two", "lambda"])
paces = st.just(FREELY) | st.sampled_from(PACES)
sizes = st.none() | st.integers(1, 3)
spans = st.sampled_from([0.000001, 0.5, 61.0, 11 * 60.0, 20 * 60.0])


class Messaging(RuleBasedStateMachine):
    """Three people, two servers, a Lambda, and stores that fail them."""

    sendings = Bundle("sendings")
    readers = Bundle("readers")

    def __init__(self) -> None:
        super().__init__()
        self.town = Town()
        self.simulation = self.town.simulation

    @initialize(pairs=st.sampled_from([list(PAIRS), list(PAIRS)[:1], []]))
    def converse(self, pairs: list[str]) -> None:
        """Let some have a conversation already."""
        for pair in pairs:
            one, other = PAIRS[pair]
            self.town.start(name_of(one.uuid), other.handle, "one")
        self.town.settle()

    # People write.

    @rule(target=sendings, who=people, to=handles, server=servers, pace=paces)
    def start(self, who: str, to: str, server: str, pace: Pace) -> Sending:
        return self.town.start(who, to, server, pace)

    @rule(
        target=sendings,
        pair=st.sampled_from(list(PAIRS)),
        calls=st.integers(0, 2),
        offset=st.integers(-30, 30),
    )
    def start_with_each_other(self, pair: str, calls: int, offset: int) -> MultipleResults[Sending]:
        """Both press send at once, by clocks that disagree; both are stopped on the way."""
        one, other = PAIRS[pair]
        self.simulation.processes["two"].offset = offset
        return multiple(
            self.town.start(name_of(one.uuid), other.handle, "one", Pace(calls)),
            self.town.start(name_of(other.uuid), one.handle, "two", Pace(calls)),
        )

    @rule(target=sendings, seat=seats, server=servers, pace=paces)
    def write(self, seat: tuple[str, str], server: str, pace: Pace) -> Sending:
        return self.town.write(*seat, server, pace)

    @rule(seat=seats, server=servers, pace=paces)
    def write_without_uuid(self, seat: tuple[str, str], server: str, pace: Pace) -> None:
        self.town.write(*seat, server, pace, named=False)

    @rule(target=sendings, sending=sendings, server=servers, pace=paces, same=st.booleans())
    def send_again(self, sending: Sending, server: str, pace: Pace, same: bool) -> Sending:
        """Send the `same`, or something else, with the client uuid of before."""
        if not same:
            return self.town.write_with_its_uuid(sending, server, pace)
        self.town.retry(sending, server, pace)
        return sending

    # People read and follow.

    @rule(target=readers, seat=seats, size=sizes, server=servers, pace=paces)
    def follow_group(
        self, seat: tuple[str, str], size: int | None, server: str, pace: Pace
    ) -> Reader:
        return self.town.follow_group(*seat, size, server, pace)

    @rule(target=readers, who=people, size=sizes, server=servers, pace=paces)
    def follow_inbox(self, who: str, size: int | None, server: str, pace: Pace) -> Reader:
        return self.town.follow_inbox(who, size, server, pace)

    @rule(reader=readers)
    def leave(self, reader: Reader) -> None:
        self.town.leave(reader)

    @rule(reader=readers, lost=st.integers(0, 2), server=servers, pace=paces)
    def come_back(self, reader: Reader, lost: int, server: str, pace: Pace) -> None:
        """Follow again; the last events were lost on the way to the client."""
        self.town.come_back(reader, server, pace, lost=lost)

    @rule(reader=readers, pace=paces)
    def slow_down(self, reader: Reader, pace: Pace) -> None:
        self.town.go_on(reader.operation, pace)

    @rule(seat=seats, size=st.integers(1, 3), server=servers, pace=paces)
    def browse(self, seat: tuple[str, str], size: int, server: str, pace: Pace) -> None:
        self.town.browse(*seat, size, server, pace)

    # The stream is delivered.

    @rule(picks=st.lists(st.integers(0, 3), min_size=1, max_size=4), pace=paces)
    @precondition(lambda self: self.town.deliveries.pending)
    def deliver(self, picks: list[int], pace: Pace) -> None:
        """Deliver some of the new messages' records, in any order, some of them twice."""
        records = self.town.deliveries.pending
        self.town.deliver([records[pick % len(records)] for pick in picks], pace)

    @rule(checkpoint=st.integers(0, 99), count=st.integers(1, 50), pace=paces)
    @precondition(lambda self: self.simulation.stream)
    def replay(self, checkpoint: int, count: int, pace: Pace) -> None:
        """Deliver records of every kind, from a checkpoint on, whether they were before or not."""
        first = checkpoint % len(self.simulation.stream)
        self.town.deliver(self.simulation.stream[first : first + count], pace)

    # Everything else happens.

    @rule(which=st.integers(0, 9), pace=paces)
    @precondition(lambda self: any(each.stopped for each in self.simulation.operations))
    def go_on(self, which: int, pace: Pace) -> None:
        """Let something that is stopped at a call go on."""
        stopped = [each for each in self.simulation.operations if each.stopped]
        note(f"what goes on: {stopped[which % len(stopped)]}")
        self.town.go_on(stopped[which % len(stopped)], pace)

    @rule(process=processes)
    @precondition(lambda self: any(each.stopped for each in self.simulation.operations))
    def crash(self, process: str) -> None:
        self.town.crash(process)

    @rule(seconds=spans, process=processes, offset=st.integers(-30, 30))
    def pass_time(self, seconds: float, process: str, offset: int) -> None:
        """Let time pass; meanwhile the clock of a process went wrong, or was set right."""
        self.simulation.processes[process].offset = offset
        self.town.pass_time(seconds)

    @rule(event=st.sampled_from(["loses a ring", "goes away", "comes back"]))
    def bus(self, event: str) -> None:
        self.town.bus(event)

    @rule(
        event=st.sampled_from([*STALENESS, "records expire"]),
        who=st.none() | people,
        handle=st.none() | handles,
    )
    def happen(self, event: str, who: str | None, handle: str | None) -> None:
        """What is rare: something with the table, and a person has another handle, or none."""
        self.town.table(event)
        if who is not None:
            self.town.rename(who, handle)

    @rule()
    def settle(self) -> None:
        self.town.settle()

    def teardown(self) -> None:
        try:
            if sys.exception() is None:
                self.town.settle()
        finally:
            self.town.close()
