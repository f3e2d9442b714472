"""Plans answer as graphql-core does: random documents, data and variables, over a nasty schema.

tests/execution/compare runs as many as it is told to, far from those that run here.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.execution.comparison import Comparison
from tests.execution.nasty.nasty import Nasty
from tests.execution.ours import Ours
from tests.fuzz.profile import bounded

# As many as graphql-core leaves: of awaitables whose tasks it cancels before they begin.
pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")


@pytest.fixture(scope="module")
def nasty() -> Nasty:
    return Nasty()


@pytest.fixture(scope="module")
def ours() -> Ours:
    return Ours()


@bounded(400)
@given(seed=st.integers(0, 10**9))
async def test_nothing_differs(nasty: Nasty, seed: int) -> None:
    await _compare(nasty, seed)


@bounded(100)
@given(seed=st.integers(0, 10**9))
async def test_nothing_differs_in_our_own_schema(ours: Ours, seed: int) -> None:
    await _compare(ours, seed)


def test_nearly_everything_was_compiled(nasty: Nasty, ours: Ours) -> None:
    """Or else graphql-core would have been compared with itself."""
    for outcomes in (nasty.outcomes, ours.outcomes):
        assert outcomes.count("fallback") * 20 < len(outcomes)
        assert outcomes.count("hit") * 3 > len(outcomes)


async def _compare(comparison: Comparison, seed: int) -> None:
    drawn = comparison.draw(seed)
    if drawn is not None:
        assert await comparison.differences(*drawn) is None
