from __future__ import annotations

import pytest

from tests.schema.counted import Counted


@pytest.fixture
async def counted() -> Counted:
    """A town in which nothing has been counted yet."""
    counted = Counted()
    await counted.begin()
    return counted
