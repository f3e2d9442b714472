"""What all of the model's tests need."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from settings import Settings
from tests.model.emulated_table import EmulatedTable


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
