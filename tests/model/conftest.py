"""What all of the model's tests need."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import hypothesis
import pytest
from hypothesis import Phase

from settings import Settings
from tests.model.emulated_table import EmulatedTable

# For mutants: that it fails is all that matters.
hypothesis.settings.register_profile(
    "unshrunk",
    hypothesis.settings.get_profile("ci"),
    phases=[Phase.generate],
    report_multiple_bugs=False,
)


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """The Lambda logs each failure that a test makes up; thousands of them say nothing."""
    logger = logging.getLogger("lambdas.messaging_stream")
    logger.disabled = True
    yield
    logger.disabled = False


@pytest.fixture
def emulated(settings: Settings) -> Iterator[EmulatedTable]:
    table = EmulatedTable(settings)
    yield table
    table.delete()
