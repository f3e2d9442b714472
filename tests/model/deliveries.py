"""The stream's records on their way to the Lambda: at least once, in any order and company."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datasources import keys
from domain.errors import CruddurError
from tests.model.operation import FREELY, Operation, Pace
from tests.model.people import PEOPLE
from tests.model.simulation import Simulation

_TRIES = 20


class Deliveries:
    """`lost` tells that records went away before anybody handled them."""

    def __init__(self, simulation: Simulation) -> None:
        self.lost = False
        self._simulation = simulation
        self._handled: set[str] = set()

    @property
    def pending(self) -> list[dict[str, Any]]:
        """The records of messages that no Lambda has handled yet, in order."""
        return [each for each in self.news if _number(each) not in self._handled]

    @property
    def news(self) -> list[dict[str, Any]]:
        """The records of messages."""
        return [
            record
            for record in self._simulation.stream
            if record["dynamodb"]["Keys"]["pk"]["S"].startswith(keys.MESSAGE_PREFIX)
        ]

    def deliver(self, records: Sequence[dict[str, Any]], pace: Pace) -> None:
        """Invoke the Lambda; what it does not report as failed is not delivered again."""

        def handled(_operation: Operation, outcome: object) -> None:
            assert isinstance(outcome, dict)
            failed = {each["itemIdentifier"] for each in outcome["batchItemFailures"]}
            given = {_number(record) for record in records}
            assert failed <= given, "reports what it was not given"
            self._handled |= given - failed

        self._simulation.invoke(records, pace, handled)

    def lose(self) -> None:
        """The stream forgets what is older than a day."""
        self.lost = self.lost or bool(self.pending)
        # Some may have moved the rows already, but rung nobody.
        self._simulation.bus.unheard |= {user.uuid for user in PEOPLE.values()}
        self._handled |= {_number(record) for record in self.news}

    def drain(self) -> None:
        """Deliver until nothing is pending."""
        for _ in range(_TRIES):
            if not self.pending:
                break
            self.deliver(self.pending, FREELY)
            self._simulation.finish()
        assert not self.pending, "records that nobody can handle"
        if self.lost:
            self._simulation.catch_up(FREELY, _done)
            self._simulation.finish()
            self.lost = False


def _done(_operation: Operation, outcome: object) -> None:
    assert not isinstance(outcome, CruddurError), outcome


def _number(record: dict[str, Any]) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
