"""The seven promises, against everything that people, processes and stores may do."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.machine import Messaging

ROUNDS = 10


def test_every_promise_whatever_happens() -> None:
    """The same steps each time."""
    run_state_machine_as_test(
        Messaging, settings=settings(max_examples=300, stateful_step_count=50)
    )


@pytest.mark.exploring
@pytest.mark.timeout(0)
def test_every_promise_at_length() -> None:
    """Other steps each time; `--hypothesis-seed` repeats those of a failure."""
    at_length = settings(max_examples=300, stateful_step_count=80, derandomize=False)
    # In rounds: Hypothesis remembers all that it has tried in one.
    for _ in range(ROUNDS):
        run_state_machine_as_test(Messaging, settings=at_length)
